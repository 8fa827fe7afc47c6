"""What the review queue's choice is worth: labels are hidden, revealed on request, and counted.

Within each grouped fold of the training and validation articles, sentences of the fold's training side are revealed in
batches, chosen once by the queue's strategy and once at random; after each batch the model is fitted anew and judged on
the fold's held-out articles. The test articles take no part. (Pool-based active learning, Settles 2009, section 2.3.)
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import mlflow
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.review.selection import Strategy, distinct, diverse, scores_of
from stancewire.data.splits import grouped_folds
from stancewire.features.inputs import Example
from stancewire.models import tracking
from stancewire.models.base import Classifier, SilentLog
from stancewire.models.evaluation.metrics import task_metrics
from stancewire.models.settings import Settings
from stancewire.models.training import Experiment, fit_classifier, gold_indices

LOG = logging.getLogger(__name__)
CHOSEN, RANDOM = "chosen", "random"
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a simulation runs: ``start`` random labels, then ``batch`` at a time; ``folds`` × ``repeats`` curves are averaged;
    ``share`` of the full performance is the goal."""

    start: int = 50
    batch: int = 50
    folds: int = 3
    repeats: int = 2
    share: float = 0.95
    strategy: Strategy = field(default_factory=Strategy)


@dataclass(frozen=True)
class Simulated:
    """``labels`` counts revealed sentences, shape (steps,); ``scores`` maps ``chosen`` and ``random`` to mean macro-F1
    over tasks, shape (curves, steps).

    ``full`` is the mean with every label, ``needed`` the labels at which the mean curve reaches the goal (None: never),
    ``by_repeat`` the same for each repeat's own curves.
    """

    labels: tuple[int, ...]
    scores: Mapping[str, FloatArray]
    full: float
    goal: float
    needed: Mapping[str, float | None]
    by_repeat: Mapping[str, tuple[float | None, ...]]

    def in_words(self) -> str:
        """Say the result in one sentence, with the least and the most that a repeat needed."""
        return (
            f"To reach {self.goal:.3f} mean macro-F1 (of {self.full:.3f} with all {self.labels[-1]} labels) "
            f"it takes {self._labels(CHOSEN)} labels chosen by the queue and {self._labels(RANDOM)} at random."
        )

    def _labels(self, kind: str) -> str:
        runs = self.by_repeat[kind]
        if len(runs) < 2:
            return _count(self.needed[kind])
        ordered = sorted(runs, key=lambda value: np.inf if value is None else value)
        return f"{_count(self.needed[kind])} ({_count(ordered[0])} to {_count(ordered[-1])} in {len(runs)} repeats)"


def simulate(settings: Settings, data: Experiment, plan: Plan) -> Simulated:
    """Run the simulation; DataError where a fold has too few sentences for the plan."""
    inside = data.corpus.select([*data.split.train, *data.split.validation])
    examples = [*data.part("train"), *data.part("validation")]
    curves: dict[str, list[list[float]]] = {CHOSEN: [], RANDOM: []}
    steps: list[int] = []
    for repeat in range(plan.repeats):
        seed = settings.seed + repeat
        for fold in grouped_folds(inside, plan.folds, seed):
            pool = [row for row in examples if row.article in set(fold.train)]
            judged = [row for row in examples if row.article in set(fold.test)]
            shortest = len(pool) if not steps else min(len(pool), steps[-1])
            if shortest < plan.start + plan.batch:
                raise DataError(
                    f"simulation: expected at least {plan.start + plan.batch} sentences a fold, found {shortest}"
                )
            for kind, found in curves.items():
                curve = list(_curve(settings, data.codebook, (pool, judged), plan, (kind, seed)))
                found.append([score for _, score in curve])
                steps = _common(steps, [count for count, _ in curve])
            LOG.info("simulation: %d of %d folds done", len(curves[CHOSEN]), plan.repeats * plan.folds)
    return _summary(steps, curves, plan)


def _curve(
    settings: Settings, codebook: Codebook, sides: tuple[list[Example], list[Example]], plan: Plan, how: tuple[str, int]
) -> Iterator[tuple[int, float]]:
    """Yield (labels revealed, mean macro-F1) after each batch, last with every label."""
    pool, judged = sides
    kind, seed = how
    rng = np.random.default_rng(seed)
    revealed = _start(pool, codebook, plan.start, rng)
    while True:
        classifier = fit_classifier(settings, codebook, [pool[place] for place in revealed], [], seed, SilentLog())
        yield len(revealed), _score(classifier, judged)
        known = set(revealed)
        hidden = [place for place in range(len(pool)) if place not in known]
        if not hidden:
            return
        if kind == RANDOM:
            revealed = revealed + [int(place) for place in rng.permutation(hidden)[: plan.batch]]
        else:
            revealed = revealed + _ask(classifier, pool, (revealed, hidden), plan, seed)


def _start(pool: Sequence[Example], codebook: Codebook, size: int, rng: np.random.Generator) -> list[int]:
    """Draw the first sentences at random, more where a task would have one value only: no model can be fitted then."""
    order = [int(place) for place in rng.permutation(len(pool))]
    while size < len(pool) and any(
        len({pool[place].labels.get(task) for place in order[:size]}) < 2 for task in codebook.task_names
    ):
        size += 1
    return order[:size]


def _ask(
    classifier: Classifier, pool: Sequence[Example], places: tuple[list[int], list[int]], plan: Plan, seed: int
) -> list[int]:
    """Choose the next batch as the queue does."""
    revealed, hidden = places
    probabilities = classifier.predict_proba([pool[place].input for place in hidden])
    shares = {task: matrix.mean(axis=0) for task, matrix in probabilities.items()}
    scores = scores_of(probabilities, shares, plan.strategy.balance)
    best = [int(row) for row in np.argsort(-scores, kind="stable")[: plan.batch * plan.strategy.pool_factor]]
    known = [pool[place].input.text for place in revealed]
    kept = [best[row] for row in distinct([pool[hidden[row]].input.text for row in best], known, plan.strategy.similar)]
    picked = diverse([pool[hidden[row]].input.text for row in kept], scores[kept], plan.batch, seed)
    chosen = [hidden[kept[row]] for row in picked]
    if (
        len(chosen) < plan.batch
    ):  # only near-duplicates are left: they come last, so that both curves end with every label
        taken = set(chosen)
        chosen += [hidden[row] for row in best if hidden[row] not in taken][: plan.batch - len(chosen)]
    return chosen


def _score(classifier: Classifier, judged: Sequence[Example]) -> float:
    gold = gold_indices(judged, classifier.codebook)
    probabilities = classifier.predict_proba([row.input for row in judged])
    tasks = [task for task in classifier.codebook.tasks if task.probability and task.name in probabilities]
    guesses = {task.name: np.argmax(probabilities[task.name], axis=1).tolist() for task in tasks}
    return float(np.mean([task_metrics(task, gold[task.name], guesses[task.name]).macro_f1 for task in tasks]))


def _common(steps: list[int], found: list[int]) -> list[int]:
    """Return the steps that every curve has; the last one, with every label, differs between folds and stands at the end."""
    return found if not steps or len(found) < len(steps) else steps


def _summary(steps: Sequence[int], curves: Mapping[str, Sequence[Sequence[float]]], plan: Plan) -> Simulated:
    width = len(steps) - 1
    scores = {
        kind: np.array([[*curve[:width], curve[-1]] for curve in found], dtype=np.float64)
        for kind, found in curves.items()
    }
    full = float(np.mean([found[:, -1].mean() for found in scores.values()]))
    goal = plan.share * full
    needed = {kind: _crossing(steps, found.mean(axis=0), goal) for kind, found in scores.items()}
    by_repeat = {
        kind: tuple(_crossing(steps, part.mean(axis=0), goal) for part in np.split(found, plan.repeats))
        for kind, found in scores.items()
    }
    return Simulated(tuple(steps), scores, full, goal, needed, by_repeat)


def _crossing(steps: Sequence[int], curve: FloatArray, goal: float) -> float | None:
    """Return where the curve reaches the goal, by linear interpolation; None where it never does."""
    above = np.flatnonzero(curve >= goal)
    if not above.size:
        return None
    place = int(above[0])
    if place == 0:
        return float(steps[0])
    rise = (goal - curve[place - 1]) / (curve[place] - curve[place - 1])
    return float(steps[place - 1] + rise * (steps[place] - steps[place - 1]))


def log_simulation(found: Simulated, settings: Settings) -> str:
    """Log both curves (metrics over the number of labels), their picture and the sentence in words; returns the run's id."""
    experiment = tracking.use_experiment(settings.tracking.experiment)
    with mlflow.start_run(experiment_id=experiment, run_name=f"simulate-{settings.name}") as run:
        mlflow.log_params(settings.flat())
        for kind, scores in found.scores.items():
            for step, value in zip(found.labels, scores.mean(axis=0), strict=True):
                mlflow.log_metric(f"{kind}_macro_f1", float(value), step=step)
            if found.needed[kind] is not None:
                mlflow.log_metric(f"{kind}_labels_needed", float(found.needed[kind] or 0))
        mlflow.log_metrics({"full_macro_f1": found.full, "goal_macro_f1": found.goal})
        mlflow.log_figure(simulation_picture(found), "pictures/simulation.png")
        mlflow.log_text(found.in_words() + "\n", "simulation.txt")
        return str(run.info.run_id)


def simulation_picture(found: Simulated) -> Figure:
    """Draw both curves with their spread over folds and repeats (one standard error)."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    axis = figure.subplots()
    for kind, style, colour in ((CHOSEN, "-", "#0072b2"), (RANDOM, "--", "#767676")):
        mean = found.scores[kind].mean(axis=0)
        error = found.scores[kind].std(axis=0) / np.sqrt(len(found.scores[kind]))
        axis.plot(
            found.labels, mean, style, color=colour, label=f"{kind}: {_count(found.needed[kind])} labels to the goal"
        )
        axis.fill_between(found.labels, mean - error, mean + error, color=colour, alpha=0.2, linewidth=0)
    axis.axhline(found.goal, color="#303030", linewidth=0.8, linestyle=":")
    axis.set_xlabel("labelled sentences")
    axis.set_ylabel("mean macro-F1 over tasks, held-out articles")
    axis.legend(frameon=False)
    return figure


def _count(value: float | None) -> str:
    return "never enough" if value is None else f"{value:.0f}"
