"""No sentence is judged by a model that saw its article, and written sentences only ever train."""

from collections.abc import Sequence

import numpy as np
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.splits import Fold
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.base import Classifier, SilentLog
from stancewire.models.baseline import fit_majority
from stancewire.models.cross_validation import cross_validate, stacked
from stancewire.models.settings import MajoritySettings

FOLDS = [Fold(0, ("b", "c"), ("a",)), Fold(1, ("a",), ("b", "c"))]


def _examples() -> list[Example]:
    labels = {"stance": "neutral", "claim_type": "report", "speaker_group": "narrator", "quotation": "none"}
    return [Example(f"{a}{i}", a, SentenceInput(f"{a} {i}"), labels) for i in range(2) for a in "abc"]


class Recorder:
    """Fits the majority classifier and remembers what it was given."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.seen: list[set[str]] = []

    def __call__(self, train: Sequence[Example], seed: int) -> Classifier:
        self.seen.append({row.article for row in train})
        return fit_majority(MajoritySettings(), self.codebook, train, [], seed, SilentLog())


def test_each_sentence_is_predicted_once_by_a_model_that_never_saw_its_article(codebook: Codebook) -> None:
    fit = Recorder(codebook)
    written = [Example("w", "written", SentenceInput("w"), _examples()[0].labels, synthetic=True)]
    rows = cross_validate(fit, _examples(), written, FOLDS, 7)
    assert [row.id for row in rows] == [example.id for example in _examples()]
    assert fit.seen == [{"b", "c", "written"}, {"a", "written"}]
    assert {(row.article, row.fold, row.seed) for row in rows} == {("a", 0, 7), ("b", 1, 7), ("c", 1, 7)}
    assert np.allclose(stacked(rows, "stance").sum(axis=1), 1.0)


def test_lines_hold_what_the_evaluation_reads(codebook: Codebook) -> None:
    line = cross_validate(Recorder(codebook), _examples(), [], FOLDS, 7)[0].to_json()
    assert set(line) == {"id", "article", "fold", "seed", "probabilities"}
    assert {task: len(row) for task, row in line["probabilities"].items()} == {
        task.name: len(task.names) for task in codebook.tasks
    }


@pytest.mark.parametrize(
    ("folds", "word"),
    [
        ([Fold(0, ("b", "c"), ("a",)), Fold(1, ("a",), ("b",))], "in no fold"),
        ([Fold(0, ("b", "c"), ("a",)), Fold(1, (), ("a", "b", "c"))], "two folds"),
        ([Fold(0, ("a", "b", "c"), ("a",)), Fold(1, ("a",), ("b", "c"))], "both sides"),
    ],
)
def test_folds_that_leak_or_leave_out_are_refused(codebook: Codebook, folds: list[Fold], word: str) -> None:
    with pytest.raises(DataError, match=word):
        cross_validate(Recorder(codebook), _examples(), [], folds, 7)


def test_written_sentences_are_never_judged(codebook: Codebook) -> None:
    written = [Example("w", "a", SentenceInput("w"), {}, synthetic=True)]
    with pytest.raises(DataError, match="for training only"):
        cross_validate(Recorder(codebook), [*_examples(), *written], [], FOLDS, 7)
