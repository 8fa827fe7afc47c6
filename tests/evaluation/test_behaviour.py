"""Behaviour tests: what they expand to, and what they count."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.corpus import Corpus
from stancewire.data.errors import ConfigError
from stancewire.features.inputs import SentenceInput
from stancewire.models.base import FloatArray
from stancewire.models.bundle import Bundle
from stancewire.models.evaluation.behaviour.cases import Direction, Invariance, Suite, fillings, load_suite
from stancewire.models.evaluation.behaviour.runner import run_behaviour
from stancewire.models.evaluation.behaviour.variants import changed_records

CODEBOOK = load_codebook()


class Rules:
    """A Classifier that follows words: so that it is known what each behaviour test must find."""

    kind = "rules"
    codebook = CODEBOOK
    tasks = CODEBOOK.task_names

    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        matrices = {task.name: np.full((len(inputs), len(task.names)), 0.01) for task in CODEBOOK.tasks}
        for row, item in enumerate(inputs):
            stance, claim = CODEBOOK.task("stance"), CODEBOOK.task("claim_type")
            value = "oppose" if "condemned" in item.text else "support" if "praised" in item.text else "neutral"
            if "Pentagon" in item.text:
                value = "oppose"
            matrices["stance"][row, stance.index(value)] = 1.0
            matrices["claim_type"][row, claim.index("denial" if "denied" in item.text else "report")] = 1.0
            matrices["speaker_group"][row, 0] = matrices["quotation"][row, 0] = 1.0
        return {task: matrix / matrix.sum(axis=1, keepdims=True) for task, matrix in matrices.items()}


def suite(*tests: dict[str, object]) -> Suite:
    return Suite.model_validate({"codebook": "stancewire", "tests": tests})


@pytest.fixture
def rules(bundle: Bundle) -> Bundle:
    return replace(bundle, classifier=Rules(), trust={})  # type: ignore[arg-type]


def test_flips_are_counted_by_task(rules: Bundle) -> None:
    test = {
        "kind": "invariance",
        "name": "verbs",
        "tasks": ["stance", "claim_type"],
        "sentences": ["He {verb} the strikes.", "It rained in Homs."],
        "slots": {"verb": ["praised", "condemned", "denied"]},
    }
    found = run_behaviour(rules, suite(test))["tests"]["verbs"]
    assert found["parts"]["stance"] == {"hits": 2, "n": 2, "rate": 1.0}
    assert found["parts"]["claim_type"] == {"hits": 1, "n": 2, "rate": 0.5}
    assert (found["hits"], found["n"], found["lower_is_better"]) == (3, 4, True)
    assert "stance support → oppose" in found["failures"][0]


def test_a_turn_counts_only_if_the_model_gave_the_old_value_before(rules: Bundle) -> None:
    test = {
        "kind": "direction",
        "name": "turns",
        "task": "stance",
        "from": "support",
        "to": "oppose",
        "sentences": ["She {verb} the strikes."],
        "turns": [["praised", "condemned"], ["liked", "condemned"], ["praised", "liked"]],
    }
    found = run_behaviour(rules, suite(test))["tests"]["turns"]
    assert (found["hits"], found["n"]) == (1, 3)
    assert found["failures"][0].startswith("She liked the strikes. (neutral)")


def test_clear_cases_are_counted_by_value(rules: Bundle) -> None:
    cases = {"support": ["She praised it.", "She adored it."], "oppose": ["She condemned it."]}
    test = {"kind": "minimum", "name": "clear", "task": "stance", "cases": cases}
    found = run_behaviour(rules, suite(test))["tests"]["clear"]
    assert found["parts"] == {
        "support": {"hits": 1, "n": 2, "rate": 0.5},
        "oppose": {"hits": 1, "n": 1, "rate": 1.0},
    }


def test_a_stance_that_hangs_on_the_speaker_is_found(rules: Bundle) -> None:
    test = {
        "kind": "constancy",
        "name": "speakers",
        "task": "stance",
        "sentences": ["{who} praised the strikes."],
        "slots": {"who": ["The Kremlin", "NATO", "Ankara", "The Pentagon"]},
    }
    found = run_behaviour(rules, suite(test))["tests"]["speakers"]
    assert (found["hits"], found["n"]) == (1, 4)
    assert "Pentagon" in found["failures"][0]


def test_real_articles_are_changed_with_their_context(bundle: Bundle, corpus: Corpus) -> None:
    part = corpus.select(list(corpus.by_article)[:2])
    same = changed_records(bundle, part, lambda text: text)
    assert [record["text"] for record in same] == [row.text for rows in part.by_article.values() for row in rows]
    upper = changed_records(bundle, part, str.upper)
    assert all(record["text"] == record["text"].upper() for record in upper)
    assert all(record["title"] is None or record["title"] == record["title"].upper() for record in upper)


def test_only_sentences_that_change_are_counted(rules: Bundle, corpus: Corpus) -> None:
    part = corpus.select(list(corpus.by_article)[:3])
    test = {
        "kind": "invariance",
        "name": "towns",
        "tasks": ["stance"],
        "sentences": [],
        "replace": [["Netanyahu", "Steinitz"]],
        "corpus": True,
    }
    found = run_behaviour(rules, suite(test), part)["tests"]["towns"]
    assert found["n"] == sum("Netanyahu" in row.text for row in part.sentences) > 0
    assert found["rate"] == 0.0


def test_replacement_is_of_whole_words_and_all_at_once() -> None:
    test = Invariance(
        kind="invariance",
        name="x",
        tasks=("stance",),
        sentences=(),
        replace=(("Homs", "Hama"), ("Hama", "Homs"), ("“", '"')),
    )
    assert test.change("“Homs to Hama, not Homsian, nor al-Hama") == '"Hama to Homs, not Homsian, nor al-Hama'


def test_fillings_are_the_product_of_the_slots_used() -> None:
    assert fillings("{a} and {b}", {"a": ("x", "y"), "b": ("1", "2"), "c": ("z",)}) == [
        "X and 1", "X and 2", "Y and 1", "Y and 2",
    ]  # fmt: skip


def test_the_committed_suite_is_wide_and_every_change_changes_something() -> None:
    loaded = load_suite(CODEBOOK)
    assert loaded is not None
    kinds = [test.kind for test in loaded.tests]
    assert {kind: kinds.count(kind) >= least for kind, least in {"invariance": 8, "direction": 4, "minimum": 3}.items()} == {
        "invariance": True, "direction": True, "minimum": True,
    }  # fmt: skip
    for test in loaded.tests:
        if isinstance(test, Invariance | Direction):
            assert test.pairs() or (isinstance(test, Invariance) and test.corpus), test.name
            assert all(before != after and "{" not in before + after for before, after in test.pairs()), test.name
    minimum = {test.task: set(test.cases) for test in loaded.tests if test.kind == "minimum"}
    assert minimum == {task.name: set(task.names) for task in CODEBOOK.tasks}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tests: [", "not YAML"),
        ("codebook: stancewire\ntests: [{kind: minimum, name: a, task: stance, cases: {maybe: [x]}}]", "maybe"),
        ("codebook: stancewire\ntests: [{kind: minimum, name: a, task: mood, cases: {}}]", "mood"),
        ("codebook: stancewire\ntests: [{kind: sorcery, name: a}]", "kind"),
    ],
)
def test_mistakes_in_a_suite_are_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message) as caught:
        load_suite(CODEBOOK, path)
    assert "\n" not in str(caught.value)


def test_another_codebook_has_no_suite() -> None:
    values = {"a": {"definition": "a"}, "b": {"definition": "b"}}
    codebook = Codebook.model_validate({"name": "tweets", "tasks": {"mood": {"title": "Mood", "values": values}}})
    assert load_suite(codebook) is None
