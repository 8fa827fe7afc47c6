"""Figures of one task, all computed from its confusion matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stancewire.data.codebook import Task
from stancewire.data.errors import DataError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class ValueMetrics(NamedTuple):
    """Figures of one value. ``support`` counts its occurrences in gold; without support recall and F1 are 0."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of a stack of confusion matrices, shape ``(...)`` for the overall ones and ``(..., k)`` per value."""

    accuracy: FloatArray
    macro_f1: FloatArray
    kappa: FloatArray
    mcc: FloatArray
    precision: FloatArray
    recall: FloatArray
    f1: FloatArray
    support: FloatArray


@dataclass(frozen=True, slots=True)
class TaskMetrics:
    """Figures of one task on n sentences.

    ``macro_f1`` is the plain mean of F1 over the values that occur in gold: a value that the split lacks can neither be
    found nor missed, so it is listed in ``absent`` (and in ``per_class`` with support 0) and not averaged in. A
    sentence wrongly given such a value still lowers the recall of its true value. ``confusion`` is (k, k): rows gold,
    columns predicted.
    """

    task: str
    n: int
    accuracy: float
    macro_f1: float
    kappa: float
    mcc: float
    per_class: tuple[ValueMetrics, ...]
    confusion: IntArray
    absent: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "task": self.task,
            "n": self.n,
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "kappa": self.kappa,
            "mcc": self.mcc,
            "per_class": {value.name: value._asdict() for value in self.per_class},
            "values": [value.name for value in self.per_class],
            "confusion": self.confusion.tolist(),
            "absent": list(self.absent),
        }


def confusion_matrix(gold: Sequence[int] | IntArray, predicted: Sequence[int] | IntArray, k: int) -> IntArray:
    """Count pairs into a (k, k) matrix, rows gold; DataError for unequal lengths or an index outside 0…k-1."""
    rows, columns = np.asarray(gold, dtype=np.int64), np.asarray(predicted, dtype=np.int64)
    if rows.shape != columns.shape:
        raise DataError(f"expected as many predictions as gold labels, found {columns.size} and {rows.size}")
    for name, values in (("gold", rows), ("predicted", columns)):
        if values.size and (values.min() < 0 or values.max() >= k):
            raise DataError(f"{name}: expected value indices 0 to {k - 1}, found {values.min()} to {values.max()}")
    return np.bincount(rows * k + columns, minlength=k * k).reshape(k, k).astype(np.int64)


def scores(confusion: NDArray[Any]) -> Scores:
    """Compute every figure for confusion matrices of shape (..., k, k).

    Cohen's kappa (Cohen 1960) and the multi-class Matthews correlation (Gorodkin 2004); what is undefined (a value
    never predicted, only one value on both sides) is 0.
    """
    counts = np.asarray(confusion, dtype=np.float64)
    total = counts.sum(axis=(-2, -1))
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    support, predicted = counts.sum(axis=-1), counts.sum(axis=-2)
    agreement, chance = _ratio(hits.sum(axis=-1), total), _ratio((support * predicted).sum(axis=-1), total**2)
    f1 = _ratio(2 * hits, support + predicted)
    covariance = hits.sum(axis=-1) * total - (support * predicted).sum(axis=-1)
    spread = np.sqrt((total**2 - (support**2).sum(axis=-1)) * (total**2 - (predicted**2).sum(axis=-1)))
    return Scores(
        accuracy=agreement,
        macro_f1=_ratio((f1 * (support > 0)).sum(axis=-1), (support > 0).sum(axis=-1)),
        kappa=_ratio(agreement - chance, 1 - chance),
        mcc=_ratio(covariance, spread),
        precision=_ratio(hits, predicted),
        recall=_ratio(hits, support),
        f1=f1,
        support=support,
    )


def task_metrics(task: Task, gold: Sequence[int], predicted: Sequence[int]) -> TaskMetrics:
    """Score ``predicted`` against ``gold`` (indices in the codebook's order); DataError where nothing is given."""
    return metrics_of_confusion(task, confusion_matrix(gold, predicted, len(task.names)))


def metrics_of_confusion(task: Task, confusion: IntArray) -> TaskMetrics:
    """Score a (k, k) confusion matrix; DataError where it is empty."""
    if not confusion.sum():
        raise DataError(f"{task.name}: expected at least one labelled sentence to score, found none")
    every = scores(confusion)
    per_class = tuple(
        ValueMetrics(name, float(precision), float(recall), float(f1), int(support))
        for name, precision, recall, f1, support in zip(
            task.names, every.precision, every.recall, every.f1, every.support, strict=True
        )
    )
    return TaskMetrics(
        task=task.name,
        n=int(confusion.sum()),
        accuracy=float(every.accuracy),
        macro_f1=float(every.macro_f1),
        kappa=float(every.kappa),
        mcc=float(every.mcc),
        per_class=per_class,
        confusion=confusion,
        absent=tuple(value.name for value in per_class if not value.support),
    )


def _ratio(above: NDArray[Any], below: NDArray[Any]) -> FloatArray:
    """Divide, giving 0 where the divisor is 0."""
    above, below = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    return np.asarray(np.divide(above, below, out=np.zeros(above.shape), where=below != 0), dtype=np.float64)
