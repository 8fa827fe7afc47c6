"""Do probabilities mean what they say: reliability, expected calibration error, risk against coverage."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancewire.models.evaluation.bootstrap import Interval, draws, percentile_interval
from stancewire.models.evaluation.metrics import FloatArray, IntArray

BINS = 10


@dataclass(frozen=True, slots=True)
class Reliability:
    """Sentences by their top probability in bins of equal width: shapes (bins,). Empty bins hold 0 everywhere."""

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


def reliability(probabilities: FloatArray, gold: IntArray, bins: int = BINS) -> Reliability:
    """Bin the top of (n, k) probabilities into ``bins`` of equal width (Guo et al. 2017); edges belong below."""
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    place = _places(top, bins)
    counts = np.bincount(place, minlength=bins)
    filled = np.maximum(counts, 1)
    return Reliability(
        edges=np.linspace(0, 1, bins + 1).astype(np.float64),
        counts=counts.astype(np.int64),
        confidence=np.bincount(place, weights=top, minlength=bins) / filled,
        accuracy=np.bincount(place, weights=right.astype(np.float64), minlength=bins) / filled,
    )


def expected_calibration_error(found: Reliability) -> float:
    """Return the mean distance of accuracy from confidence over bins, weighed by their counts."""
    return float((found.counts * np.abs(found.accuracy - found.confidence)).sum() / max(1, found.counts.sum()))


def calibration_figures(
    task: str,
    probabilities: FloatArray,
    gold: IntArray,
    groups: Sequence[Hashable],
    *,
    resamples: int = 1000,
    seed: int,
) -> CalibrationFigures:
    """Measure one task's calibration. The interval of ``ece`` resamples whole groups (articles)."""
    found = reliability(probabilities, gold)
    top = probabilities.max(axis=1)
    truth = np.eye(probabilities.shape[1])[gold]
    filled = found.counts > 0
    return CalibrationFigures(
        task=task,
        ece=_ece_interval(probabilities, gold, groups, resamples, seed),
        mce=float(np.abs(found.accuracy - found.confidence)[filled].max()),
        nll=float(-np.log(np.clip(probabilities[np.arange(len(gold)), gold], 1e-12, None)).mean()),
        brier=float(((probabilities - truth) ** 2).sum(axis=1).mean()),
        confidence=float(top.mean()),
        accuracy=float((probabilities.argmax(axis=1) == gold).mean()),
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


def _places(top: FloatArray, bins: int) -> NDArray[np.int64]:
    return np.clip(np.ceil(top * bins - 1e-9).astype(np.int64) - 1, 0, bins - 1)


def _ece_interval(
    probabilities: FloatArray, gold: IntArray, groups: Sequence[Hashable], resamples: int, seed: int
) -> Interval:
    """Resample per-group sums of count, confidence and hits in each bin."""
    order = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    owner = np.array([order[group] for group in groups], dtype=np.int64)
    top, right = probabilities.max(axis=1), (probabilities.argmax(axis=1) == gold).astype(np.float64)
    cell = owner * BINS + _places(top, BINS)
    gap = np.bincount(cell, weights=right - top, minlength=len(order) * BINS).reshape(len(order), BINS)
    count = np.bincount(owner, minlength=len(order)).astype(np.float64)
    weights = draws(len(order), resamples, seed)
    sample = np.abs(weights @ gap).sum(axis=1) / (weights @ count)
    return percentile_interval(float(np.abs(gap.sum(axis=0)).sum() / count.sum()), sample)
