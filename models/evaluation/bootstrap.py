"""How sure a figure is: intervals by resampling whole articles, whose sentences are not independent."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancewire.data.codebook import Task
from stancewire.data.errors import DataError
from stancewire.models.evaluation.metrics import FloatArray, Scores, confusion_matrix, scores

# Overall figures and the lowest value each can have.
OVERALL = {"accuracy": 0.0, "macro_f1": 0.0, "kappa": -1.0, "mcc": -1.0}
PER_VALUE = ("precision", "recall", "f1")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Resampling:
    """How chance is drawn: seed, number of resamples, and the interval's level (0…1)."""

    seed: int
    resamples: int = 1000
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval. ``resamples`` counts the draws in which the figure was defined."""

    value: float
    low: float
    high: float
    resamples: int

    def to_dict(self) -> dict[str, float]:
        """Return plain JSON values."""
        return {"value": self.value, "low": self.low, "high": self.high, "resamples": self.resamples}


def group_confusions(
    gold: Sequence[int], predicted: Sequence[int], groups: Sequence[Hashable], k: int
) -> tuple[FloatArray, tuple[Hashable, ...]]:
    """Return one (k, k) confusion matrix per group, shape (groups, k, k), and the groups in order of appearance."""
    if not len(gold) == len(predicted) == len(groups):
        raise DataError(
            f"expected a prediction and a group for each gold label, found {len(gold)} labels, "
            f"{len(predicted)} predictions, {len(groups)} groups"
        )
    order = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    place = np.array([order[group] for group in groups], dtype=np.int64)
    rows, columns = np.asarray(gold, dtype=np.int64), np.asarray(predicted, dtype=np.int64)
    confusion_matrix(rows, columns, k)
    cells = np.bincount(place * k * k + rows * k + columns, minlength=len(order) * k * k)
    return cells.reshape(len(order), k, k).astype(np.float64), tuple(order)


def draws(groups: int, resamples: int, seed: int) -> FloatArray:
    """Return how often each group is drawn in each resample, shape (resamples, groups); rows sum to ``groups``."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(groups, np.full(groups, 1 / groups), size=resamples).astype(np.float64)


def resampled_scores(confusions: FloatArray, weights: FloatArray) -> Scores:
    """Score each resample: confusion matrices (groups, k, k) summed under ``weights`` (resamples, groups)."""
    k = confusions.shape[-1]
    flat = confusions.reshape(len(confusions), k * k)
    parts = [scores((weights[at : at + CHUNK] @ flat).reshape(-1, k, k)) for at in range(0, len(weights), CHUNK)]
    return Scores(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in Scores.__slots__})


def percentile_interval(value: float, sample: NDArray[Any], level: float = 0.95) -> Interval:
    """Return the percentile interval (Efron and Tibshirani 1993, chapter 13) of ``sample``, NaN draws left out."""
    defined = sample[~np.isnan(sample)]
    if not defined.size:
        return Interval(value, value, value, 0)
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high), int(defined.size))


def intervals(
    task: Task,
    gold: Sequence[int],
    predicted: Sequence[int],
    groups: Sequence[Hashable],
    *,
    resamples: int = 1000,
    seed: int,
) -> dict[str, Interval]:
    """Bootstrap over ``groups`` (articles): whole ones are drawn with replacement, as many as there are.

    Returns ``accuracy``, ``macro_f1``, ``kappa``, ``mcc`` and ``precision/VALUE``, ``recall/VALUE``, ``f1/VALUE`` for
    every value. In each resample macro-F1 averages the values that occur there, as ``task_metrics`` does; figures of
    a value that a resample lacks are left out of its interval. What only one group can tell has no interval: it is
    shown as the whole range of the figure, with ``resamples`` 0.
    """
    confusions, _ = group_confusions(gold, predicted, groups, len(task.names))
    if not confusions.sum():
        raise DataError(f"{task.name}: expected at least one labelled sentence to score, found none")
    point = scores(confusions.sum(axis=0))
    sample = resampled_scores(confusions, draws(len(confusions), resamples, seed))
    alone = len(confusions) == 1
    found = {
        name: _interval(float(getattr(point, name)), getattr(sample, name), alone, lowest)
        for name, lowest in OVERALL.items()
    }
    holders = (confusions.sum(axis=2) > 0).sum(axis=0)
    for name in PER_VALUE:
        present = np.where(sample.support > 0, getattr(sample, name), np.nan)
        for column, value in enumerate(task.names):
            figure = float(getattr(point, name)[column])
            found[f"{name}/{value}"] = _interval(figure, present[:, column], bool(holders[column] == 1), 0.0)
    return found


def _interval(value: float, sample: NDArray[Any], alone: bool, lowest: float) -> Interval:
    """Return the percentile interval, or the figure's whole range where one group ``alone`` speaks."""
    return Interval(value, lowest, 1.0, 0) if alone else percentile_interval(value, sample)
