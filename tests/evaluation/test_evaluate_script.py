"""evaluate.py as people call it."""

import json
from pathlib import Path
from typing import Any

import pytest

import evaluate
from stancewire.data.corpus import ANNOTATIONS, Corpus
from stancewire.models.bundle import Bundle
from stancewire.models.evaluation.results import Frame
from stancewire.models.evaluation.run import RESULTS, Evaluation, judge_kept, read_curves, report
from stancewire.models.evaluation.sources import annotate_sentences
from tests.evaluation.conftest import MakeScored

FAST = ["--resamples", "40"]


def test_a_model_folder(
    bundle_folder: Path, bundle: Bundle, corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main([str(bundle_folder), *FAST]) == 0
    shown = capsys.readouterr().out
    test = corpus.select(bundle.data["articles"]["test"])
    assert f"small, test: {len(test.sentences)} sentences of {len(test.by_article)} articles" in shown
    for task in corpus.codebook.task_names:
        assert f"{task} · small" in shown
    assert "ceiling F1" in shown and "floor F1" in shown and "absent" in shown and "ECE" in shown and "Review:" in shown


def test_json_holds_what_the_table_shows(bundle_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(bundle_folder), "--split", "validation", "--json", *FAST]) == 0
    figures = json.loads(capsys.readouterr().out)
    (model,) = figures["sections"]["validation"]["models"]
    for task in model["tasks"].values():
        span = task["intervals"]["macro_f1"]
        assert span["low"] <= task["macro_f1"] <= 1 and span["value"] == task["macro_f1"]
        assert len(task["confusion"]) == len(task["values"])


def test_everything_is_written_whole(bundle_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "evaluation"
    assert evaluate.main([str(bundle_folder), "--output", str(out), *FAST]) == 0
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {"results.json", "tables.txt", "data-card.md", "model-card-small.md", "errors-test-small.html"} <= names
    for picture in ("confusion-small-stance", "reliability-small", "risk-coverage-small", "values-small-claim_type"):
        assert (out / f"pictures/test/{picture}.png").stat().st_size > 5000
    figures = json.loads((out / RESULTS).read_text(encoding="utf-8"))
    tests = figures["sections"]["test"]["behaviour"]["small"]["tests"]
    assert all(0 <= one["rate"] <= 1 and one["n"] > 0 for one in tests.values())
    assert not [path for path in tmp_path.iterdir() if path != out]
    assert "Written to" in capsys.readouterr().out


def test_a_folder_of_something_else_is_left_alone(
    bundle_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert evaluate.main([str(bundle_folder), "--output", str(tmp_path), *FAST]) == 2
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"
    assert "--output" in capsys.readouterr().err


@pytest.fixture
def predictions(bundle: Bundle, corpus: Corpus, tmp_path: Path) -> Path:
    part = corpus.select(list(corpus.by_article)[:6])
    path = tmp_path / "records.jsonl"
    records: list[Any] = annotate_sentences(bundle, "small", part)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_records_are_scored_against_annotations(predictions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--predictions", str(predictions), *FAST]) == 0
    shown = capsys.readouterr().out
    n = len(predictions.read_text(encoding="utf-8").splitlines())
    assert f"{n} sentences joined" in shown and "annotations without a record" in shown
    arguments = ["--predictions", str(predictions), "--annotations", str(ANNOTATIONS), "--task", "speaker", "--json"]
    assert evaluate.main(arguments) == 0
    figures = json.loads(capsys.readouterr().out)
    assert 0.5 < figures["measures"]["right_speaker"]["value"] <= 1


def test_one_task_only(predictions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--predictions", str(predictions), "--task", "stance", *FAST]) == 0
    shown = capsys.readouterr().out
    assert "stance" in shown and "claim_type" not in shown


def test_the_card_is_shown(bundle_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(bundle_folder), "--card", *FAST]) == 0
    assert capsys.readouterr().out.startswith("# Model card: small")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected a MODEL"),
        (["config.yaml"], "--cv"),
        (["no/such/folder"], "manifest.json"),
        (["folder", "--cv", "5"], "CONFIG.yaml"),
        (["folder", "--promote"], "--against"),
        (["--all", "--summary"], "--all and --summary"),
        (["folder", "--summary"], "takes no MODEL"),
        (["none.yaml", "--cv", "5"], "none.yaml"),
        (["--readme", "no-readme.md", "--results", "no-results.json"], "make evaluate"),
    ],
)
def test_wrong_calls_are_one_line_and_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_bad_records_are_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"text": "Nowhere annotated."}\n', encoding="utf-8")
    assert evaluate.main(["--predictions", str(path)]) == 1
    assert "no record matches" in capsys.readouterr().err


def test_a_kept_file_of_another_corpus_is_named_and_the_rest_judged(
    corpus: Corpus, frame: Frame, make_scored: MakeScored, tmp_path: Path
) -> None:
    weak = make_scored("weak", 1.0)
    rows = [
        {"id": row.id, "article": row.article, "fold": int(fold), "seed": 0,
         "probabilities": {task: matrix[at].tolist() for task, matrix in weak.probabilities.items()}}
        for at, (row, fold) in enumerate(zip(weak.sentences, weak.folds, strict=True))
    ]  # fmt: skip
    lines = [json.dumps(row) + "\n" for row in rows]
    (tmp_path / "weak-seed0.jsonl").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "foreign-seed0.jsonl").write_text("".join(lines[:40]), encoding="utf-8")
    (tmp_path / "learning-curve-old.json").write_text(json.dumps({"name": "old", "corpus": "0" * 64}), encoding="utf-8")
    kept = judge_kept(frame, tmp_path)
    assert [one.result["name"] for one in kept.judged] == ["weak"]
    (line,) = kept.left_out
    assert "foreign-seed0.jsonl" in line and "--cv" in line
    curves, others = read_curves(corpus, tmp_path)
    assert not curves and "learning-curve-old.json" in others[0]
    told = Evaluation(frame, {"out-of-fold": kept.judged}, left_out=[*kept.left_out, *others])
    assert line in report(told, told.to_dict()) and others[0] in told.to_dict()["left_out"]


def test_a_model_of_another_codebook_wants_annotations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "mood.yaml"
    book.write_text(
        "name: mood\ntasks:\n  mood:\n    title: Mood\n    values: {up: {definition: a}, down: {definition: b}}\n",
        encoding="utf-8",
    )
    assert evaluate.main(["--predictions", "nothing.jsonl", "--codebook", str(book)]) == 2
    assert "expected --annotations that follow codebook 'mood'" in capsys.readouterr().err
