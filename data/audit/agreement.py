"""Two annotators on the same sentences: agreement per task and per value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import krippendorff
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from stancewire.data.codebook import Codebook, Task
from stancewire.data.errors import DataError


@dataclass(frozen=True, slots=True)
class ValueAgreement:
    """One value against all others: ``first`` and ``second`` count it, ``both`` where both gave it. Kappa and alpha are None
    where they are not defined (the value occurs on no side)."""

    name: str
    first: int
    second: int
    both: int
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One task on ``n`` sentences: the share of equal labels, Cohen's kappa (1960) and Krippendorff's nominal alpha (2004)."""

    task: str
    n: int
    share: float
    kappa: float | None
    alpha: float | None
    values: tuple[ValueAgreement, ...]


def agreement(codebook: Codebook, first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Agreement]:
    """Compare two annotators, sentence id → row, on the sentences that both labelled; DataError where there are none."""
    shared = [ident for ident in first if ident in second]
    if not shared:
        raise DataError("agreement: expected sentences that both files label, found no id in common")
    return [
        task_agreement(
            task, [first[ident][task.name] for ident in shared], [second[ident][task.name] for ident in shared]
        )
        for task in codebook.tasks
    ]


def task_agreement(task: Task, first: Sequence[str], second: Sequence[str]) -> Agreement:
    """Compare two annotators' values of one task, in the same order of sentences."""
    rows = np.array([[task.index(value) for value in side] for side in (first, second)])
    values = []
    for column, name in enumerate(task.names):
        given = (rows == column).astype(np.int64)
        values.append(
            ValueAgreement(
                name, int(given[0].sum()), int(given[1].sum()), int(given.prod(axis=0).sum()), *_chance(given)
            )
        )
    return Agreement(task.name, rows.shape[1], float((rows[0] == rows[1]).mean()), *_chance(rows), tuple(values))


def _chance(rows: NDArray[np.int64]) -> tuple[float | None, float | None]:
    """Return (kappa, alpha) of a (2, n) matrix, None where only one value occurs: nothing is left to agree on by chance."""
    if np.unique(rows).size < 2:
        return None, None
    alpha = krippendorff.alpha(
        reliability_data=rows, level_of_measurement="nominal", value_domain=np.unique(rows).tolist()
    )
    return float(cohen_kappa_score(rows[0], rows[1])), float(alpha)
