"""One model's whole evaluation as plain JSON values: what tables, pictures, cards and the README are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

import numpy as np

from stancewire.data.corpus import Corpus
from stancewire.models.evaluation.abstention import cross_fitted_review, review_figures, review_tasks
from stancewire.models.evaluation.bootstrap import Resampling, intervals
from stancewire.models.evaluation.calibration_measures import calibration_figures
from stancewire.models.evaluation.ceiling import Passes, agreement
from stancewire.models.evaluation.metrics import TaskMetrics
from stancewire.models.evaluation.scored import Scored, majority_floor
from stancewire.models.evaluation.slices import slice_figures

Result = dict[str, Any]
OVERALL = ("accuracy", "macro_f1", "kappa", "mcc")


@dataclass(frozen=True)
class Frame:
    """What every model of one evaluation is seen against.

    ``corpus`` is the whole annotated corpus, ``passes`` the two annotation passes by sentence (may be empty),
    ``chance`` how intervals are drawn, ``error_rate`` the one stated for review where a model's own is not known.
    """

    corpus: Corpus
    passes: Passes
    chance: Resampling
    error_rate: float = 0.2


def model_result(scored: Scored, frame: Frame, stated: float | None = None) -> Result:
    """Evaluate one model: figures with intervals beside ceiling and floor, calibration, review, slices.

    ``stated`` is the error rate that the model's own review threshold was chosen for; without one, and with several
    folds, the threshold is chosen on the other folds for ``frame.error_rate``.
    """
    ceiling = agreement(scored, frame.passes)
    floor = majority_floor(frame.corpus, scored)
    tasks = {}
    for task in scored.tasks:
        gold, predicted = scored.gold(task).tolist(), scored.predicted[task.name].tolist()
        spans = intervals(
            task, gold, predicted, scored.articles, resamples=frame.chance.resamples, seed=frame.chance.seed
        )
        tasks[task.name] = {
            "title": task.title,
            **scored.metrics(task).to_dict(),
            "intervals": {name: span.to_dict() for name, span in spans.items()},
            "ceiling": overall(ceiling[task.name]) if task.name in ceiling else None,
            "floor": overall(floor.metrics(task)),
        }
    return {
        "name": scored.name,
        "origin": scored.origin,
        "sentences": len(scored.sentences),
        "articles": len(set(scored.articles)),
        "tasks": tasks,
        "calibration": {
            task.name: calibration_figures(scored, task, frame.chance).to_dict()
            for task in scored.tasks
            if task.name in scored.probabilities
        },
        "review": review_result(scored, frame, stated),
        "slices": [one.to_dict() for one in slice_figures(scored, seed=frame.chance.seed)],
    }


def review_result(scored: Scored, frame: Frame, stated: float | None) -> Result | None:
    """Measure the review marks, cross-fitted where the predictions carry none; None where there is no way to mark."""
    if not review_tasks(scored):
        return None
    if scored.review is not None:
        return review_figures(scored, scored.review, stated, frame.chance).to_dict()
    if len(np.unique(scored.folds)) > 1:
        marked = cross_fitted_review(scored, frame.error_rate)
        return review_figures(scored, marked, frame.error_rate, frame.chance).to_dict()
    return None


def overall(metrics: TaskMetrics) -> dict[str, float]:
    """Return the figures that stand for a whole task."""
    return {name: getattr(metrics, name) for name in OVERALL}


def seed_spread(by_seed: Mapping[int, Scored]) -> Result:
    """Return mean and sample standard deviation over seeds of every task's figures (spread 0 with one seed)."""
    found: Result = {"seeds": list(by_seed), "tasks": {}}
    first = next(iter(by_seed.values()))
    for task in first.tasks:
        rows = [overall(scored.metrics(task)) for scored in by_seed.values()]
        found["tasks"][task.name] = {
            name: {
                "mean": mean(row[name] for row in rows),
                "sd": stdev(row[name] for row in rows) if len(rows) > 1 else 0.0,
                "values": [row[name] for row in rows],
            }
            for name in OVERALL
        }
    return found
