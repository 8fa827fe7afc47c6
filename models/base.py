"""What every classifier offers, whatever is inside."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from stancewire.data.codebook import Codebook
from stancewire.features.inputs import SentenceInput

FloatArray = NDArray[np.float64]
Probabilities = Mapping[str, FloatArray]


class Classifier(Protocol):
    """Maps sentences to probabilities, one matrix a task, columns in the codebook's order; ``Bundle`` calibrates them.

    ``predict_proba`` returns for n inputs ``{task: array (n, len(values))}``; rows sum to 1; n may be 0. The result for a
    sentence does not depend on the other sentences of the call.
    """

    kind: str
    codebook: Codebook

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks it predicts, in the codebook's order."""
        ...

    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        """Return probabilities before calibration, shape (n, values) per task."""
        ...

    def save(self, folder: Path) -> None:
        """Write every file that ``load`` needs into the empty ``folder``; never pickle."""
        ...

    @classmethod
    def load(cls, folder: Path, codebook: Codebook) -> Self:
        """Read what ``save`` wrote; ArtefactError where a file is missing or damaged."""
        ...


class MetricLog(Protocol):
    """Where a fit reports its progress (learning curves); MLflow in training, nothing in tests."""

    def metric(self, name: str, value: float, step: int) -> None:
        """Record one value at one optimiser step."""
        ...


class SilentLog:
    """A MetricLog that keeps nothing."""

    def metric(self, name: str, value: float, step: int) -> None:
        """Discard the value."""
