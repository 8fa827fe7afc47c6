"""Probabilities that mean what they say, and when to ask a person: both fitted on inner validation data only."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from stancewire.data.codebook import Codebook, first_problem
from stancewire.data.errors import ArtefactError, DataError
from stancewire.models.base import FloatArray, Probabilities

TINY = 1e-12
HOTTEST = 20.0
UNREACHABLE = 1.001
SURE = 0.9


class Abstention(BaseModel):
    """When a sentence goes to review: its least certain task of ``tasks`` has a top probability below ``threshold``.

    ``error_rate`` is what was asked for, at most that share of wrong values among sentences not sent to review;
    ``expected_error`` and ``coverage`` are what the fitting data gave. A threshold above 1 sends everything: the rate
    could not be reached, or too few articles were there to tell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tasks: tuple[str, ...] = Field(min_length=1)
    threshold: float = Field(ge=0, le=UNREACHABLE)
    error_rate: float = Field(gt=0, lt=1)
    expected_error: float = Field(ge=0, le=1)
    coverage: float = Field(ge=0, le=1)
    fitted_on: int = Field(ge=1)


class Calibration(BaseModel):
    """Temperatures per task and the abstention threshold; frozen, stored as JSON with the model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperatures: dict[str, float]
    abstention: Abstention | None = None

    def apply(self, probabilities: Probabilities) -> dict[str, FloatArray]:
        """Return calibrated probabilities, shapes as given; a task without a temperature passes unchanged."""
        return {task: scale(matrix, self.temperatures.get(task, 1.0)) for task, matrix in probabilities.items()}

    def needs_review(self, calibrated: Probabilities) -> NDArray[np.bool_]:
        """Tell for each sentence whether a person should look, shape (n,); without a threshold nobody has to."""
        if self.abstention is None:
            return np.zeros(len(next(iter(calibrated.values()), ())), dtype=np.bool_)
        return np.asarray(confidence(calibrated, self.abstention.tasks) < self.abstention.threshold)

    def with_abstention(self, abstention: Abstention) -> Self:
        """Return the same temperatures with this threshold."""
        return self.model_copy(update={"abstention": abstention})

    def to_json(self) -> str:
        """Serialise completely; ``from_json`` reads it back."""
        return self.model_dump_json(indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``to_json`` wrote; ArtefactError names what is wrong."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ArtefactError(f"calibration: {first_problem(error)}") from error


def scale(probabilities: FloatArray, temperature: float) -> FloatArray:
    """Return softmax(log p / temperature) by row, which equals dividing the logits; the most probable value stays."""
    if not len(probabilities):
        return np.asarray(probabilities, dtype=np.float64)
    logits = np.log(np.clip(probabilities, TINY, None)) / temperature
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def fit_temperatures(
    probabilities: Probabilities, gold: Mapping[str, Sequence[int]], codebook: Codebook
) -> Calibration:
    """Fit one temperature per task by negative log-likelihood (Guo et al. 2017).

    ``gold[task][i]`` is a value's index in the codebook, or -1 where the sentence has no label. A task without any
    label keeps temperature 1. Give inner validation data: sentences that neither fitted the model nor will judge it.
    """
    temperatures = {}
    for name in (name for name in codebook.task_names if name in probabilities):
        matrix, labels = _labelled(name, probabilities[name], gold.get(name, ()), len(codebook.task(name).names))
        temperatures[name] = _temperature(matrix, labels) if len(labels) else 1.0
    return Calibration(temperatures=temperatures)


def fit_threshold(
    calibrated: Probabilities,
    gold: Mapping[str, Sequence[int]],
    tasks: Sequence[str],
    error_rate: float,
    articles: Sequence[str],
) -> Abstention:
    """Choose the lowest threshold at which at most ``error_rate`` of the kept sentences' values are wrong, by a margin.

    A threshold whose own data show just ``error_rate`` misses it on every second set of new articles. So the upper end
    of a one-sided interval of level ``SURE`` has to stay below: selection with guaranteed risk (Geifman and El-Yaniv
    2017), with a bound for articles drawn whole instead of the binomial one, for errors cluster in articles. ``articles``
    (n) names each sentence's; fewer than two of them allow no threshold. Sentences unlabelled (-1) in a task count with
    their other tasks. DataError where nothing is labelled.
    """
    wrong, known = _errors(calibrated, gold, tasks)
    certainty, some = confidence(calibrated, tasks), known > 0
    if not some.any():
        raise DataError(f"abstention: expected validation labels of {', '.join(tasks)}, found none")
    order = np.flatnonzero(some)[np.argsort(-certainty[some], kind="stable")]
    ordered = certainty[order]
    errors, values = np.cumsum(wrong[order]), np.cumsum(known[order])
    bound = _upper_bounds(wrong[order], known[order], [articles[at] for at in order], error_rate)
    last = np.append(ordered[1:] != ordered[:-1], True)
    allowed = np.flatnonzero(last & (bound <= error_rate))
    reached = len(allowed) > 0
    at = int(allowed[-1]) if reached else 0
    return Abstention(
        tasks=tuple(tasks),
        threshold=float(ordered[at]) if reached else UNREACHABLE,
        error_rate=error_rate,
        expected_error=float(errors[at] / values[at]) if reached else 0.0,
        coverage=(at + 1) / len(ordered) if reached else 0.0,
        fitted_on=len(ordered),
    )


def _upper_bounds(
    wrong: NDArray[Any], known: NDArray[Any], articles: Sequence[str], error_rate: float
) -> NDArray[np.float64]:
    """Return for each number of sentences kept, (n,), how high the error rate may be with confidence ``SURE``.

    The error rate is a ratio of sums over articles: its standard error is the linearised one (Cochran 1977, section 6.4),
    at least that of as many independent values at ``error_rate``, with Student's t for the number of articles (Cameron
    and Miller 2015).
    """
    errors: dict[str, float] = {}
    values: dict[str, float] = {}
    sums = np.zeros(3)
    squares, counts = np.empty((len(wrong), 3)), np.empty(len(wrong))
    for at, (bad, all_, article) in enumerate(zip(wrong.tolist(), known.tolist(), articles, strict=True)):
        e, n = errors.get(article, 0.0), values.get(article, 0.0)
        sums += (2 * e * bad + bad * bad, e * all_ + n * bad + bad * all_, 2 * n * all_ + all_ * all_)
        errors[article], values[article] = e + bad, n + all_
        squares[at], counts[at] = sums, len(errors)
    total = np.cumsum(known)
    rate = np.cumsum(wrong) / total
    spread = np.maximum(squares[:, 0] - 2 * rate * squares[:, 1] + rate**2 * squares[:, 2], 0.0)
    degrees = np.maximum(counts - 1, 1)
    variance = np.maximum(spread * counts / degrees / total**2, error_rate * (1 - error_rate) / total)
    return np.where(counts > 1, rate + student.ppf(SURE, degrees) * np.sqrt(variance), np.inf)


def confidence(probabilities: Probabilities, tasks: Sequence[str]) -> FloatArray:
    """Return each sentence's lowest top probability over ``tasks``, shape (n,)."""
    tops = [np.max(probabilities[task], axis=1, initial=0.0) for task in tasks]
    return np.asarray(np.min(tops, axis=0), dtype=np.float64)


def _errors(
    probabilities: Probabilities, gold: Mapping[str, Sequence[int]], tasks: Sequence[str]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Count wrong and labelled values per sentence over ``tasks``."""
    labels = np.array([gold[task] for task in tasks], dtype=np.int64)
    best = np.array([np.argmax(probabilities[task], axis=1) for task in tasks])
    known = labels >= 0
    return ((best != labels) & known).sum(axis=0), known.sum(axis=0)


def _labelled(name: str, matrix: FloatArray, gold: Sequence[int], k: int) -> tuple[FloatArray, NDArray[np.int64]]:
    """Keep the rows that have a label; DataError where shapes do not fit."""
    labels = np.asarray(gold, dtype=np.int64)
    if matrix.ndim != 2 or matrix.shape != (len(labels), k):
        raise DataError(f"{name}: expected probabilities of shape {(len(labels), k)}, found {matrix.shape}")
    return matrix[labels >= 0], labels[labels >= 0]


def _temperature(matrix: FloatArray, labels: NDArray[np.int64]) -> float:
    """Minimise the mean negative log-likelihood over log temperature, within 1/HOTTEST…HOTTEST."""
    logits = np.log(np.clip(matrix, TINY, None))

    def loss(log_temperature: float) -> float:
        scaled = logits / np.exp(log_temperature)
        top = scaled.max(axis=1)
        normaliser = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return float(np.mean(normaliser - scaled[np.arange(len(labels)), labels]))

    edge = float(np.log(HOTTEST))
    best = minimize_scalar(loss, bounds=(-edge, edge), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(best.x))
