import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stancewire.data.audit.__main__ import main
from stancewire.data.audit.agreement import task_agreement
from stancewire.data.audit.suspects import contradictions, read_probabilities, suspects
from stancewire.data.codebook import Task
from stancewire.data.corpus import Corpus, load_corpus
from stancewire.data.errors import DataError
from stancewire.data.shift import share_shift

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


def _task(*names: str) -> Task:
    return Task.model_validate({"name": "t", "title": "T", "values": {name: {"definition": ""} for name in names}})


def test_agreement_of_a_case_worked_by_hand():
    """Artstein and Poesio's kind of table: 100 items, 20 + 60 agreed, 10 and 10 apart."""
    first = ["a"] * 20 + ["a"] * 10 + ["b"] * 10 + ["b"] * 60
    second = ["a"] * 20 + ["b"] * 10 + ["a"] * 10 + ["b"] * 60
    found = task_agreement(_task("a", "b", "c"), first, second)
    assert found.share == pytest.approx(0.8)
    assert found.kappa == pytest.approx((0.8 - 0.58) / (1 - 0.58))
    # expected disagreement of the pooled 200 labels, 60 a and 140 b: 2·60·140 / (200·199)
    assert found.alpha == pytest.approx(1 - 0.2 / (2 * 60 * 140 / (200 * 199)))
    a, _, c = found.values
    assert (a.first, a.second, a.both, a.kappa) == (30, 30, 20, pytest.approx(found.kappa))
    assert (c.first, c.kappa, c.alpha) == (0, None, None)


def test_one_value_only_leaves_nothing_to_agree_on_by_chance():
    found = task_agreement(_task("a", "b"), ["a", "a"], ["a", "a"])
    assert (found.share, found.kappa, found.alpha) == (1.0, None, None)


def test_planted_label_errors_are_found(corpus):
    task = corpus.codebook.tasks[-1]
    rng = np.random.default_rng(4)
    gold = np.array([task.index(row.labels[task.name]) for row in corpus.sentences])
    matrix = rng.dirichlet(np.ones(len(task.names)), len(gold)) * 0.4
    matrix[np.arange(len(gold)), gold] += 0.6
    planted = rng.choice(len(gold), 20, replace=False)
    rows = list(corpus.sentences)
    for place in planted:
        wrong = task.names[(gold[place] + 1) % len(task.names)]
        rows[place] = replace(rows[place], labels={**rows[place].labels, task.name: wrong})
    found = suspects(replace(corpus, sentences=tuple(rows)), {task.name: matrix})
    right = {corpus.sentences[place].id: corpus.sentences[place].labels[task.name] for place in planted}
    assert len(found) >= 14
    assert all(suspect.suggested == right[suspect.id] for suspect in found)


def test_values_that_nobody_gave_do_not_disturb(corpus):
    task = corpus.codebook.tasks[-1]
    rows = [row for row in corpus.sentences if row.labels[task.name] != task.names[2]][:300]
    matrix = np.full((300, len(task.names)), 0.01)
    matrix[np.arange(300), [task.index(row.labels[task.name]) for row in rows]] += 1
    matrix[0] = np.roll(matrix[0], 1)
    found = suspects(replace(corpus, sentences=tuple(rows)), {task.name: matrix / matrix.sum(axis=1, keepdims=True)})
    assert all(suspect.given in task.names and suspect.suggested != task.names[2] for suspect in found)


def test_nearly_equal_sentences_with_two_labels_are_listed(corpus):
    rows = list(corpus.sentences[:50])
    task = corpus.codebook.task_names[-1]
    values = corpus.codebook.tasks[-1].names
    rows.append(replace(rows[9], id="copy", text=rows[9].text + " ", labels={**rows[9].labels, task: values[-1]}))
    rows[9] = replace(rows[9], labels={**rows[9].labels, task: values[0]})
    found = contradictions(replace(corpus, sentences=tuple(rows)))
    assert [(one.task, {ident for ident, *_ in one.labels}) for one in found] == [(task, {rows[9].id, "copy"})]


def test_shifted_shares_are_told_from_equal_ones():
    task = _task("a", "b")
    rng = np.random.default_rng(1)

    def sample(share, articles, start):
        return [
            (start + article, "a" if rng.random() < share else "b") for article in range(articles) for _ in range(20)
        ]

    assert share_shift(task, sample(0.5, 20, 0), sample(0.8, 20, 100), seed=1).p < 0.01
    assert share_shift(task, sample(0.5, 20, 0), sample(0.5, 20, 100), seed=1).p > 0.05


def test_sentences_of_one_article_count_once():
    """Ten articles a side, each of one value throughout: 6 against 4 is nothing, though 600 sentences would say otherwise."""
    task = _task("a", "b")
    first = [(n, "a" if n < 6 else "b") for n in range(10) for _ in range(100)]
    second = [(10 + n, "a" if n < 4 else "b") for n in range(10) for _ in range(100)]
    assert share_shift(task, first, second, seed=1).p > 0.2


def _out_of_fold(corpus: Corpus, path: Path, drop: int = 0) -> Path:
    rng = np.random.default_rng(2)
    lines = [
        {
            "id": row.id, "article": row.article, "fold": 0, "seed": 1,
            "probabilities": {task.name: rng.dirichlet(np.ones(len(task.names))).tolist() for task in corpus.codebook.tasks},
        }
        for row in corpus.sentences[drop:]
    ]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_out_of_fold_files_are_checked(corpus, tmp_path):
    whole = _out_of_fold(corpus, tmp_path / "oof.jsonl")
    matrices = read_probabilities([whole], corpus)
    for task in corpus.codebook.tasks:
        assert matrices[task.name].shape == (len(corpus.sentences), len(task.names))
    with pytest.raises(DataError, match=f"sentence {corpus.sentences[0].id} is missing"):
        read_probabilities([_out_of_fold(corpus, tmp_path / "short.jsonl", drop=1)], corpus)
    (tmp_path / "odd.jsonl").write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"odd.jsonl:1: unknown sentence 'x'"):
        read_probabilities([tmp_path / "odd.jsonl"], corpus)


def test_the_command_runs_from_the_checkout_and_reports_the_published_agreement(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "data.audit", "--json", str(tmp_path / "audit.json")],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    kappas = {task["task"]: round(task["kappa"], 3) for task in found["agreement"][0]["tasks"]}
    assert sorted(kappas.values()) == [0.96, 0.965, 0.984, 0.989]
    assert "Agreement of pass_a.jsonl and pass_b.jsonl" in done.stdout


def test_drift_between_files_and_bad_calls(corpus, tmp_path, capsys):
    parts = []
    for number, name in enumerate(["one.csv", "two.csv"]):
        rows = ["id,article,text," + ",".join(corpus.codebook.task_names)]
        for row in corpus.sentences[number * 400 : number * 400 + 200]:
            text = row.text.replace('"', "'")
            rows.append(f'{row.id},{row.article},"{text}",' + ",".join(row.labels.values()))
        parts.append(tmp_path / name)
        parts[-1].write_text("\n".join(rows) + "\n", encoding="utf-8")
    out = tmp_path / "audit.json"
    assert main(["--annotations", *map(str, parts), "--json", str(out)]) == 0
    drift = json.loads(out.read_text(encoding="utf-8"))["drift"]
    assert [row["task"] for row in drift] == list(corpus.codebook.task_names)
    assert main(["--annotations", str(tmp_path / "none.jsonl")]) == 1
    assert "file not found" in capsys.readouterr().err
