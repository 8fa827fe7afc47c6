"""Temperatures and the abstention threshold."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.errors import ArtefactError, DataError
from stancewire.models.calibration import Calibration, confidence, fit_temperatures, fit_threshold, scale

CODEBOOK = load_codebook()
TASK = CODEBOOK.tasks[2]


def overconfident(seed: int, heat: float, n: int = 3000) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """True probabilities sharpened by ``heat``, and labels drawn from the true ones."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1.5, (n, len(TASK.names)))
    labels = np.array([rng.choice(len(TASK.names), p=row) for row in softmax(logits, axis=1)])
    return softmax(logits * heat, axis=1), labels


@pytest.mark.parametrize("heat", [0.4, 1.0, 3.0])
def test_the_planted_temperature_is_found(heat: float) -> None:
    probabilities, labels = overconfident(0, heat)
    found = fit_temperatures({TASK.name: probabilities}, {TASK.name: labels.tolist()}, CODEBOOK)
    assert found.temperatures[TASK.name] == pytest.approx(heat, rel=0.08)


def test_the_minimum_agrees_with_another_optimiser() -> None:
    probabilities, labels = overconfident(1, 2.0, n=300)
    found = fit_temperatures({TASK.name: probabilities}, {TASK.name: labels.tolist()}, CODEBOOK)

    def loss(log_temperature: NDArray[np.float64]) -> float:
        scaled = log_softmax(np.log(probabilities) / np.exp(log_temperature[0]), axis=1)
        return float(-scaled[np.arange(len(labels)), labels].mean())

    other = minimize(loss, x0=np.zeros(1), method="Nelder-Mead")
    assert found.temperatures[TASK.name] == pytest.approx(float(np.exp(other.x[0])), rel=1e-3)


def test_applying_keeps_the_order_and_sums_to_one_even_at_zero_probability() -> None:
    probabilities = np.array([[1.0, 0.0, 0.0, 0.0], [0.4, 0.3, 0.2, 0.1]])
    scaled = Calibration(temperatures={TASK.name: 2.5}).apply({TASK.name: probabilities})[TASK.name]
    assert scaled.sum(axis=1) == pytest.approx(1.0)
    assert (np.diff(scaled[1]) < 0).all()
    assert scaled[1, 0] < 0.4
    assert np.isfinite(scaled).all()
    assert scale(np.empty((0, 4)), 2.0).shape == (0, 4)


def test_unlabelled_sentences_are_left_out_and_a_task_without_labels_keeps_one() -> None:
    probabilities, labels = overconfident(2, 3.0, n=500)
    garbage = np.vstack([probabilities, softmax(np.random.default_rng(0).normal(0, 9, (200, 4)), axis=1)])
    with_gaps = fit_temperatures({TASK.name: garbage}, {TASK.name: [*labels.tolist(), *[-1] * 200]}, CODEBOOK)
    without = fit_temperatures({TASK.name: probabilities}, {TASK.name: labels.tolist()}, CODEBOOK)
    assert with_gaps == without
    assert fit_temperatures({TASK.name: garbage}, {TASK.name: [-1] * 700}, CODEBOOK).temperatures == {TASK.name: 1.0}


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(DataError, match=TASK.name):
        fit_temperatures({TASK.name: np.full((3, 2), 0.5)}, {TASK.name: [0, 0, 1]}, CODEBOOK)


def column(tops: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([tops, 1 - tops, np.zeros(len(tops)), np.zeros(len(tops))])


def alone(n: int) -> list[str]:
    """Every sentence an article of its own."""
    return [f"a{number}" for number in range(n)]


def test_threshold_of_a_hand_computed_case() -> None:
    tops = np.array([0.95] * 20 + [0.9] * 20 + [0.8] * 10)
    probabilities = {TASK.name: column(tops)}
    gold = {TASK.name: [0] * 20 + [0] * 18 + [1] * 2 + [1] * 10}
    found = fit_threshold(probabilities, gold, [TASK.name], 0.15, alone(50))
    # 40 kept, 2 wrong: 0.05 + t(0.9, 39) = 1.304 times the root of 0.15 * 0.85 / 40 is 0.124; all 50: 0.24 + …
    assert found.threshold == 0.9
    assert (found.coverage, found.expected_error) == (pytest.approx(0.8), pytest.approx(0.05))
    assert fit_threshold(probabilities, gold, [TASK.name], 0.11, alone(50)).threshold == 0.95
    calibration = Calibration(temperatures={}).with_abstention(found)
    assert calibration.needs_review(probabilities).tolist() == [False] * 40 + [True] * 10


def test_errors_in_few_articles_are_weaker_evidence() -> None:
    """The same errors, spread over 60 articles or over 6 of which one holds them all: the linearised spread by hand."""
    probabilities = {TASK.name: column(np.full(60, 0.9))}
    gold = {TASK.name: [1] * 9 + [0] * 51}
    assert fit_threshold(probabilities, gold, [TASK.name], 0.25, alone(60)).coverage == 1.0
    articles = [f"a{number // 10}" for number in range(60)]
    # rate 0.15; residuals 7.5 and five of -1.5: variance (7.5² + 5 · 1.5²) · 6 / 5 / 60² = 0.0225; 0.15 + 1.476 · 0.15
    assert fit_threshold(probabilities, gold, [TASK.name], 0.25, articles).coverage == 0.0
    assert fit_threshold(probabilities, gold, [TASK.name], 0.375, articles).coverage == 1.0
    assert fit_threshold(probabilities, gold, [TASK.name], 0.365, articles).coverage == 0.0


def test_one_article_allows_no_threshold() -> None:
    probabilities, gold = {TASK.name: column(np.full(60, 0.9))}, {TASK.name: [0] * 60}
    assert fit_threshold(probabilities, gold, [TASK.name], 0.3, ["a"] * 60).coverage == 0.0


def test_ties_are_never_split() -> None:
    probabilities = {TASK.name: column(np.array([0.9] * 30 + [0.5] * 10))}
    gold = {TASK.name: [0] * 25 + [1] * 5 + [1] * 10}
    found = fit_threshold(probabilities, gold, [TASK.name], 0.1, alone(40))
    assert found.coverage == 0.0
    assert found.threshold > 1


def test_the_stated_error_rate_holds_nine_times_in_ten() -> None:
    """Fitted on 15 articles of 12 sentences whose difficulty differs, judged on 400 such articles."""

    def news(seed: int, count: int) -> tuple[dict[str, NDArray[np.float64]], dict[str, list[int]], list[str]]:
        rng = np.random.default_rng(seed)
        logits = np.zeros((count * 12, 4))
        logits[:, 0] = rng.uniform(0, 4, count * 12)
        shift = np.repeat(rng.normal(0, 0.5, count), 12)
        truth = softmax(logits + np.column_stack([shift, *[np.zeros(count * 12)] * 3]), axis=1)
        labels = [int(rng.choice(4, p=row)) for row in truth]
        return {TASK.name: softmax(logits, axis=1)}, {TASK.name: labels}, [f"a{at // 12}" for at in range(count * 12)]

    fresh, labels, _ = news(1000, 400)
    wrong = fresh[TASK.name].argmax(axis=1) != np.array(labels[TASK.name])
    held = []
    for seed in range(60):
        fitted, gold, articles = news(seed, 15)
        found = fit_threshold(fitted, gold, [TASK.name], 0.2, articles)
        kept = confidence(fresh, [TASK.name]) >= found.threshold
        held.append(not kept.any() or wrong[kept].mean() <= 0.2)
    assert 0.8 <= np.mean(held) <= 1.0


def test_an_unreachable_rate_sends_everything_to_review() -> None:
    _, labels = overconfident(5, 1.0, n=40)
    wrong = {TASK.name: ((labels + 1) % 4).tolist()}
    found = fit_threshold({TASK.name: np.eye(4)[labels]}, wrong, [TASK.name], 0.1, alone(40))
    review = Calibration(temperatures={}, abstention=found).needs_review({TASK.name: np.eye(4)[labels]})
    assert review.all()
    assert found.coverage == 0.0


def test_json_brings_everything_back_and_damage_is_named() -> None:
    probabilities, labels = overconfident(6, 2.0, n=200)
    gold = {TASK.name: labels.tolist()}
    fitted = fit_temperatures({TASK.name: probabilities}, gold, CODEBOOK)
    chosen = fit_threshold(fitted.apply({TASK.name: probabilities}), gold, [TASK.name], 0.3, alone(200))
    full = fitted.with_abstention(chosen)
    assert Calibration.from_json(full.to_json()) == full
    with pytest.raises(ArtefactError, match="calibration"):
        Calibration.from_json('{"temperatures": {"a": "hot"}}')


def test_any_codebook_will_do() -> None:
    codebook = Codebook.model_validate(
        {
            "name": "small",
            "tasks": {"mood": {"title": "Mood", "values": {"a": {"definition": "a"}, "b": {"definition": "b"}}}},
        }
    )
    found = fit_temperatures({"mood": np.array([[0.9, 0.1], [0.2, 0.8]])}, {"mood": [0, 1]}, codebook)
    assert set(found.temperatures) == {"mood"}
