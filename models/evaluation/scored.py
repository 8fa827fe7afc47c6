"""Predictions beside gold: what every part of an evaluation reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stancewire.data.codebook import Codebook, Task
from stancewire.data.corpus import AnnotatedSentence, Corpus
from stancewire.data.errors import DataError
from stancewire.models.evaluation.metrics import FloatArray, IntArray, TaskMetrics, task_metrics


@dataclass(frozen=True)
class Scored:
    """One model's predictions for n annotated sentences.

    ``predicted[task]`` has shape (n,), value indices in the codebook's order; ``probabilities[task]`` has shape
    (n, values) and may lack tasks that came without any. ``folds`` tells, shape (n,), which sentences were held out
    together: the model behind fold f saw no article of fold f. ``review`` tells which the model sent to a person,
    where it did.
    """

    name: str
    origin: str
    codebook: Codebook
    sentences: tuple[AnnotatedSentence, ...]
    predicted: Mapping[str, IntArray]
    probabilities: Mapping[str, FloatArray]
    folds: IntArray
    review: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        n = len(self.sentences)
        if not n:
            raise DataError(f"{self.name}: expected at least one sentence to evaluate, found none")
        for task, column in self.predicted.items():
            if column.shape != (n,):
                raise DataError(f"{self.name}: {task}: expected {n} predictions, found {column.shape}")
        for task, matrix in self.probabilities.items():
            expected = (n, len(self.codebook.task(task).names))
            if matrix.shape != expected:
                raise DataError(f"{self.name}: {task}: expected probabilities {expected}, found {matrix.shape}")

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that were predicted, in the codebook's order."""
        return tuple(task for task in self.codebook.tasks if task.name in self.predicted)

    @cached_property
    def articles(self) -> tuple[str, ...]:
        """The article of each sentence."""
        return tuple(sentence.article for sentence in self.sentences)

    def gold(self, task: Task) -> IntArray:
        """Return the annotated values as indices, shape (n,)."""
        return np.array([task.index(sentence.labels[task.name]) for sentence in self.sentences], dtype=np.int64)

    def metrics(self, task: Task) -> TaskMetrics:
        """Score one task on all sentences."""
        return task_metrics(task, self.gold(task).tolist(), self.predicted[task.name].tolist())

    def where(self, keep: NDArray[np.bool_]) -> "Scored":
        """Return the sentences for which ``keep`` (n,) is true."""
        return Scored(
            name=self.name,
            origin=self.origin,
            codebook=self.codebook,
            sentences=tuple(sentence for sentence, wanted in zip(self.sentences, keep, strict=True) if wanted),
            predicted={task: column[keep] for task, column in self.predicted.items()},
            probabilities={task: matrix[keep] for task, matrix in self.probabilities.items()},
            folds=self.folds[keep],
            review=None if self.review is None else self.review[keep],
        )


def best_values(probabilities: Mapping[str, FloatArray]) -> dict[str, IntArray]:
    """Return the most probable value of each row; the first in the codebook's order where several tie."""
    return {task: matrix.argmax(axis=1).astype(np.int64) for task, matrix in probabilities.items()}


def majority_floor(corpus: Corpus, scored: Scored) -> Scored:
    """Return what always naming the commonest value scores: per fold, the commonest among the other folds' articles.

    ``corpus`` is the whole annotated corpus, of which ``scored`` holds some articles; DataError if it holds all in
    one fold.
    """
    predicted = {task.name: np.zeros(len(scored.sentences), dtype=np.int64) for task in scored.tasks}
    for fold in np.unique(scored.folds):
        inside = scored.folds == fold
        held_out = {article for article, is_in in zip(scored.articles, inside, strict=True) if is_in}
        others = [sentence for sentence in corpus.sentences if sentence.article not in held_out]
        if not others:
            raise DataError("majority floor: expected annotated articles outside the evaluated ones, found none")
        for task in scored.tasks:
            predicted[task.name][inside] = commonest(task, [sentence.labels[task.name] for sentence in others])
    return Scored("majority", scored.origin, scored.codebook, scored.sentences, predicted, {}, scored.folds)


def commonest(task: Task, values: Sequence[str]) -> int:
    """Return the index of the commonest value, the first in the codebook's order where several tie."""
    counts = np.bincount([task.index(value) for value in values], minlength=len(task.names))
    return int(counts.argmax())
