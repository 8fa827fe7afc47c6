"""Do probabilities mean what they say: reliability, expected calibration error, risk against coverage."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancewire.data.codebook import Task
from stancewire.models.evaluation.bootstrap import Interval, Resampling, draws, percentile_interval
from stancewire.models.evaluation.metrics import FloatArray, IntArray
from stancewire.models.evaluation.scored import Scored

BINS = 10
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Reliability:
    """Sentences by the probability of their given value, bins of equal width: shapes (bins,); empty bins hold 0."""

    edges: FloatArray
    counts: IntArray
    confidence: FloatArray
    accuracy: FloatArray

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {name: getattr(self, name).tolist() for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class CalibrationFigures:
    """How far a task's probabilities can be trusted; ``ece`` with its interval over articles.

    ``confidence`` and ``accuracy`` are means: confidence above accuracy is overconfidence. ``nll`` is the mean negative
    log-likelihood in nats, ``brier`` the mean squared distance from the one-hot truth (0…2).
    """

    task: str
    ece: Interval
    mce: float
    nll: float
    brier: float
    confidence: float
    accuracy: float
    reliability: Reliability

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        flat = {name: getattr(self, name) for name in self.__slots__ if name not in {"ece", "reliability"}}
        return {**flat, "ece": self.ece.to_dict(), "reliability": self.reliability.to_dict()}


def reliability(certainty: FloatArray, right: NDArray[np.bool_], bins: int = BINS) -> Reliability:
    """Bin the probabilities of the given values, (n,), into ``bins`` of equal width (Guo et al. 2017).

    ``right`` tells which of these values are true; an edge belongs to the lower bin.
    """
    place = _places(certainty, bins)
    counts = np.bincount(place, minlength=bins)
    filled = np.maximum(counts, 1)
    return Reliability(
        edges=np.linspace(0, 1, bins + 1).astype(np.float64),
        counts=counts.astype(np.int64),
        confidence=np.bincount(place, weights=certainty, minlength=bins) / filled,
        accuracy=np.bincount(place, weights=right.astype(np.float64), minlength=bins) / filled,
    )


def expected_calibration_error(found: Reliability) -> float:
    """Return the mean distance of accuracy from confidence over bins, weighed by their counts."""
    return float((found.counts * np.abs(found.accuracy - found.confidence)).sum() / max(1, found.counts.sum()))


def calibration_figures(scored: Scored, task: Task, chance: Resampling) -> CalibrationFigures:
    """Measure one task's calibration: the probability given with a value against how often that value is right."""
    matrix, gold, chosen = scored.probabilities[task.name], scored.gold(task), scored.predicted[task.name]
    rows = np.arange(len(gold))
    certainty, right = matrix[rows, chosen], chosen == gold
    found = reliability(certainty, right)
    filled = found.counts > 0
    return CalibrationFigures(
        task=task.name,
        ece=_ece_interval(certainty, right, scored.articles, chance),
        mce=float(np.abs(found.accuracy - found.confidence)[filled].max()),
        nll=float(-np.log(np.clip(matrix[rows, gold], TINY, None)).mean()),
        brier=float(((matrix - np.eye(matrix.shape[1])[gold]) ** 2).sum(axis=1).mean()),
        confidence=float(certainty.mean()),
        accuracy=float(right.mean()),
        reliability=found,
    )


def risk_coverage(confidence: FloatArray, errors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return coverage and risk, both (m,), when only the most certain sentences are answered (El-Yaniv and Wiener
    2010).

    ``errors`` is each sentence's error, 0…1. Sentences of equal confidence are answered together, so m is the number of
    distinct confidences.
    """
    order = np.argsort(-confidence, kind="stable")
    ordered = confidence[order]
    last = np.append(ordered[1:] != ordered[:-1], True)
    answered = np.arange(1, len(order) + 1)
    risk = np.cumsum(errors[order]) / answered
    return (answered / len(order))[last], risk[last]


def area_under_risk_coverage(coverage: FloatArray, risk: FloatArray) -> float:
    """Return the area under the curve as steps: the mean risk over coverages, lower is better."""
    return float((np.diff(np.concatenate([[0.0], coverage])) * risk).sum())


def _places(certainty: FloatArray, bins: int) -> NDArray[np.int64]:
    return np.clip(np.ceil(certainty * bins - 1e-9).astype(np.int64) - 1, 0, bins - 1)


def _ece_interval(
    certainty: FloatArray, right: NDArray[np.bool_], groups: Sequence[Hashable], chance: Resampling
) -> Interval:
    """Resample whole groups: per group and bin, the sum of (right - certainty) is all that ECE needs."""
    order = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    owner = np.array([order[group] for group in groups], dtype=np.int64)
    cell = owner * BINS + _places(certainty, BINS)
    gap = np.bincount(cell, weights=right - certainty, minlength=len(order) * BINS).reshape(len(order), BINS)
    count = np.bincount(owner, minlength=len(order)).astype(np.float64)
    weights = draws(len(order), chance.resamples, chance.seed)
    sample = np.abs(weights @ gap).sum(axis=1) / (weights @ count)
    point = float(np.abs(gap.sum(axis=0)).sum() / count.sum())
    return percentile_interval(point, sample, chance.level)
