"""What a person gains from sentences sent to review: the error that was asked for, and the error that results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancewire.models.calibration import Calibration, confidence, fit_threshold
from stancewire.models.evaluation.bootstrap import Interval, Resampling, draws, percentile_interval
from stancewire.models.evaluation.calibration_measures import area_under_risk_coverage, risk_coverage
from stancewire.models.evaluation.metrics import FloatArray
from stancewire.models.evaluation.scored import Scored


@dataclass(frozen=True, slots=True)
class ReviewFigures:
    """What the review mark achieves; every rate is a share of values (sentences × tasks), with intervals over articles.

    ``stated`` is the error rate the threshold was chosen for (None where unknown), ``kept_error`` the one among
    sentences not marked, ``marked_error`` among the marked, ``all_error`` without any review. ``coverage`` is the
    share of sentences not marked. ``per_task`` holds the error among the unmarked by task. ``curve`` is (coverage,
    risk); ``aurc`` its area.
    """

    tasks: tuple[str, ...]
    stated: float | None
    kept_error: Interval
    marked_error: float
    all_error: float
    coverage: Interval
    per_task: dict[str, float]
    curve: tuple[FloatArray, FloatArray]
    aurc: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; the curve thinned to at most 200 points."""
        coverage, risk = (axis[:: max(1, len(axis) // 200)].tolist() for axis in self.curve)
        return {
            "tasks": list(self.tasks),
            "stated": self.stated,
            "kept_error": self.kept_error.to_dict(),
            "marked_error": self.marked_error,
            "all_error": self.all_error,
            "coverage": self.coverage.to_dict(),
            "per_task": self.per_task,
            "curve": {"coverage": coverage, "risk": risk},
            "aurc": self.aurc,
        }


def review_tasks(scored: Scored) -> tuple[str, ...]:
    """Return the tasks whose certainty decides on review: those with probabilities of their own in the record."""
    return tuple(task.name for task in scored.tasks if task.probability and task.name in scored.probabilities)


def error_shares(scored: Scored, tasks: Sequence[str]) -> FloatArray:
    """Return each sentence's share of wrong values over ``tasks``, shape (n,)."""
    wrong = [scored.predicted[task] != scored.gold(scored.codebook.task(task)) for task in tasks]
    return np.asarray(np.mean(wrong, axis=0), dtype=np.float64)


def cross_fitted_review(scored: Scored, error_rate: float) -> NDArray[np.bool_]:
    """Mark sentences of each fold by a threshold chosen on the other folds' held-out predictions, shape (n,).

    So the threshold never saw the sentences it is judged on. Needs at least two folds.
    """
    tasks = review_tasks(scored)
    marked = np.zeros(len(scored.sentences), dtype=np.bool_)
    for fold in np.unique(scored.folds):
        outside, inside = scored.where(scored.folds != fold), scored.where(scored.folds == fold)
        gold = {task: outside.gold(scored.codebook.task(task)).tolist() for task in tasks}
        chosen = fit_threshold(outside.probabilities, gold, tasks, error_rate, outside.articles)
        calibration = Calibration(temperatures={}, abstention=chosen)
        marked[scored.folds == fold] = calibration.needs_review(inside.probabilities)
    return marked


def review_figures(
    scored: Scored, marked: NDArray[np.bool_], stated: float | None, chance: Resampling
) -> ReviewFigures:
    """Measure what the marks achieve; ``marked`` has shape (n,)."""
    tasks = review_tasks(scored)
    errors, kept = error_shares(scored, tasks), ~marked
    coverage, risk = risk_coverage(confidence(scored.probabilities, tasks), errors)
    kept_error, covered = _kept_intervals(scored, errors, kept, chance)
    per_task = {
        task: _mean((scored.predicted[task] != scored.gold(scored.codebook.task(task)))[kept].astype(np.float64))
        for task in tasks
    }
    return ReviewFigures(
        tasks=tasks,
        stated=stated,
        kept_error=kept_error,
        marked_error=_mean(errors[marked]),
        all_error=_mean(errors),
        coverage=covered,
        per_task=per_task,
        curve=(coverage, risk),
        aurc=area_under_risk_coverage(coverage, risk),
    )


def _kept_intervals(
    scored: Scored, errors: FloatArray, kept: NDArray[np.bool_], chance: Resampling
) -> tuple[Interval, Interval]:
    order = {article: at for at, article in enumerate(dict.fromkeys(scored.articles))}
    owner = np.array([order[article] for article in scored.articles])
    sums = [
        np.bincount(owner, weights=column, minlength=len(order))
        for column in (errors * kept, kept.astype(np.float64), np.ones(len(kept)))
    ]
    weights = draws(len(order), chance.resamples, chance.seed)
    wrong, unmarked, every = (weights @ column for column in sums)
    rate = np.divide(wrong, unmarked, out=np.full(len(wrong), np.nan), where=unmarked > 0)
    return (
        percentile_interval(_mean(errors[kept]), rate),
        percentile_interval(float(kept.mean()), unmarked / every),
    )


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else 0.0
