"""Attribution and classifier brought together: rules decide who speaks, the classifier which side an unknown is on.

Where attribution gives a value, the probabilities become ``trust · one-hot + (1 - trust) · classifier``: a linear opinion
pool (Stone 1961) whose weight is the share of training sentences on which attribution was right.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stancewire.data.codebook import Codebook, Task
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.base import FloatArray, Probabilities

UNKNOWN = -1


def fuse(
    probabilities: Probabilities, inputs: Sequence[SentenceInput], codebook: Codebook, trust: Mapping[str, float]
) -> dict[str, FloatArray]:
    """Return probabilities with attribution's findings, shapes as given; tasks without ``trust`` pass unchanged."""
    fused = dict(probabilities)
    for task in attributed_tasks(codebook):
        if task.name in trust and task.name in probabilities and len(inputs):
            fused[task.name] = _pool(probabilities[task.name], found_values(inputs, task), task, trust[task.name])
    return fused


def fit_trust(examples: Sequence[Example], codebook: Codebook) -> dict[str, float]:
    """Return per task the share of annotated training sentences on which attribution's value was right.

    One right and one wrong sentence are added (Laplace), so no finding is ever certain.
    """
    annotated = [example for example in examples if not example.synthetic]
    trust = {}
    for task in attributed_tasks(codebook):
        found = found_values([example.input for example in annotated], task)
        gold = np.array([task.index(example.labels[task.name]) for example in annotated])
        known = found != UNKNOWN
        trust[task.name] = float(((found == gold)[known].sum() + 1) / (known.sum() + 2))
    return trust


def attributed_tasks(codebook: Codebook) -> tuple[Task, ...]:
    """Return the tasks on which attribution has a say: roles group and quotation, where the codebook wants speakers."""
    if not codebook.attribution:
        return ()
    tasks = (codebook.by_role("group"), codebook.by_role("quotation"))
    return tuple(task for task in tasks if task is not None and task.unattributed is not None)


def found_values(inputs: Sequence[SentenceInput], task: Task) -> NDArray[np.int64]:
    """Return attribution's value of ``task`` per input as a column number, UNKNOWN where it cannot tell; shape (n,)."""
    nobody = task.index(task.unattributed or task.names[0])
    found = np.empty(len(inputs), dtype=np.int64)
    for row, item in enumerate(inputs):
        value = item.group if task.role == "group" else item.quotation
        if item.speaker is None:
            found[row] = nobody
        else:
            found[row] = task.index(value) if value in task.names else UNKNOWN
    return found


def _pool(matrix: FloatArray, found: NDArray[np.int64], task: Task, trust: float) -> FloatArray:
    pooled = np.array(matrix, dtype=np.float64)
    known = found != UNKNOWN
    pooled[known] *= 1.0 - trust
    pooled[np.flatnonzero(known), found[known]] += trust
    # Somebody speaks, nobody known: the classifier chooses among the speakers' values.
    nobody = task.index(task.unattributed or task.names[0])
    pooled[~known, nobody] *= 1.0 - trust
    return np.asarray(pooled / np.maximum(pooled.sum(axis=1, keepdims=True), 1e-12), dtype=np.float64)
