"""Grouped cross-validation of any classifier: no sentence is predicted by a model that has seen its article."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stancewire.data.errors import DataError
from stancewire.data.splits import Fold
from stancewire.features.inputs import Example
from stancewire.models.base import Classifier

DIGITS = 6

Fit = Callable[[Sequence[Example], int], Classifier]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """One sentence's prediction by the model of the fold that left its article out; ``probabilities`` by task, in the
    codebook's order."""

    id: str
    article: str
    fold: int
    seed: int
    probabilities: dict[str, tuple[float, ...]]

    def to_json(self) -> dict[str, Any]:
        """Return the line of an out-of-fold file."""
        rounded = {task: [round(value, DIGITS) for value in row] for task, row in self.probabilities.items()}
        return {"id": self.id, "article": self.article, "fold": self.fold, "seed": self.seed, "probabilities": rounded}


def cross_validate(
    fit: Fit,
    examples: Sequence[Example],
    synthetic: Sequence[Example],
    folds: Sequence[Fold],
    seed: int,
    report: Callable[[int, Sequence[OutOfFold]], None] | None = None,
) -> list[OutOfFold]:
    """Fit once a fold with ``fit(train, seed)`` and return one row per example, in the examples' order.

    ``synthetic`` joins every fold's training side only; ``report`` is told each fold's rows as soon as they are there.
    Raises DataError where the folds do not test each example's article exactly once, or train on what they test.
    """
    _check(examples, folds)
    found: dict[str, OutOfFold] = {}
    for fold in folds:
        train, test = set(fold.train), set(fold.test)
        classifier = fit([*(row for row in examples if row.article in train), *synthetic], seed)
        judged = [row for row in examples if row.article in test]
        matrices = classifier.predict_proba([row.input for row in judged])
        rows = []
        for number, row in enumerate(judged):
            own = {task: tuple(matrix[number].tolist()) for task, matrix in matrices.items()}
            rows.append(OutOfFold(row.id, row.article, fold.number, seed, own))
        found.update({row.id: row for row in rows})
        if report:
            report(fold.number, rows)
    return [found[row.id] for row in examples]


def stacked(rows: Sequence[OutOfFold], task: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the rows' probabilities of one task, shape (n, values)."""
    return np.asarray([row.probabilities[task] for row in rows], dtype=np.float64)


def _check(examples: Sequence[Example], folds: Sequence[Fold]) -> None:
    tested = [article for fold in folds for article in fold.test]
    if len(set(tested)) != len(tested):
        raise DataError("cross-validation: an article is tested in two folds; expected each in one")
    missing = sorted({row.article for row in examples} - set(tested))
    if missing:
        raise DataError(f"cross-validation: article {missing[0]} is tested in no fold (and {len(missing) - 1} more)")
    shared = sorted(article for fold in folds for article in set(fold.train) & set(fold.test))
    if shared:
        raise DataError(f"cross-validation: article {shared[0]} stands on both sides of a fold")
    written = [row.id for row in examples if row.synthetic]
    if written:
        raise DataError(f"cross-validation: {written[0]} is a written sentence; those are for training only")
