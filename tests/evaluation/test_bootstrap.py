"""Intervals over articles."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from stancewire.data.codebook import Task
from stancewire.models.evaluation.bootstrap import draws, group_confusions, intervals, resampled_scores

TASK = Task.model_validate(
    {"name": "side", "title": "Side", "values": [{"name": name, "definition": name} for name in ("yes", "no", "open")]}
)


def sample(seed: int, n: int = 120, articles: int = 12) -> tuple[list[int], list[int], list[str]]:
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, 3, n)
    predicted = np.where(rng.random(n) < 0.7, gold, rng.integers(0, 3, n))
    return gold.tolist(), predicted.tolist(), [f"a{place % articles}" for place in range(n)]


def test_resampled_figures_equal_those_of_the_literally_resampled_sentences() -> None:
    gold, predicted, groups = sample(0)
    confusions, order = group_confusions(gold, predicted, groups, 3)
    weights = draws(len(order), 20, seed=1)
    found = resampled_scores(confusions, weights)
    for place in range(20):
        rows = [
            row
            for article, times in zip(order, weights[place], strict=True)
            for row in [at for at, group in enumerate(groups) if group == article] * int(times)
        ]
        gold_rows, predicted_rows = [gold[row] for row in rows], [predicted[row] for row in rows]
        assert found.macro_f1[place] == pytest.approx(f1_score(gold_rows, predicted_rows, average="macro"))


def test_accuracy_interval_of_independent_sentences_matches_theory() -> None:
    n = 400
    gold, predicted = [0] * n, [0] * 300 + [1] * 100
    found = intervals(TASK, gold, predicted, list(range(n)), resamples=4000, seed=0)["accuracy"]
    half = 1.96 * np.sqrt(0.75 * 0.25 / n)
    assert found.value == 0.75
    assert found.low == pytest.approx(0.75 - half, abs=0.006)
    assert found.high == pytest.approx(0.75 + half, abs=0.006)


def test_sentences_that_hang_together_widen_the_interval() -> None:
    gold, predicted = [0] * 400, [0] * 300 + [1] * 100
    alone = intervals(TASK, gold, predicted, list(range(400)), seed=0)["accuracy"]
    in_articles = intervals(TASK, gold, predicted, [place // 20 for place in range(400)], seed=0)["accuracy"]
    assert in_articles.high - in_articles.low > 3 * (alone.high - alone.low)


def test_one_seed_one_result() -> None:
    assert intervals(TASK, *sample(2), seed=5) == intervals(TASK, *sample(2), seed=5)
    assert intervals(TASK, *sample(2), seed=5) != intervals(TASK, *sample(2), seed=6)


def test_rare_values_say_how_often_they_were_drawn() -> None:
    gold, predicted, groups = [0] * 30 + [2, 2], [0] * 30 + [2, 2], [place // 3 for place in range(30)] + [10, 11]
    found = intervals(TASK, gold, predicted, groups, resamples=500, seed=0)
    assert 0 < found["f1/open"].resamples < 500
    assert found["f1/no"].resamples == 0
    assert found["f1/no"].value == 0.0
    assert all(np.isfinite([one.low, one.high]).all() and one.low <= one.high for one in found.values())


def test_what_one_article_alone_tells_has_the_whole_range_as_interval() -> None:
    gold, predicted = [0, 0, 0, 0, 2, 2], [0, 1, 0, 1, 2, 0]
    found = intervals(TASK, gold, predicted, ["a", "a", "b", "b", "c", "c"], seed=0)
    assert (found["f1/open"].low, found["f1/open"].high) == (0.0, 1.0)
    assert found["f1/yes"].high < 1.0
    single = intervals(TASK, gold, predicted, ["a"] * 6, seed=0)
    assert (single["kappa"].low, single["accuracy"].low, single["accuracy"].high) == (-1.0, 0.0, 1.0)


def test_coverage_of_the_interval() -> None:
    truth, inside = 0.7, 0
    rng = np.random.default_rng(0)
    for trial in range(150):
        chance = rng.beta(7, 3, 40)
        hits = (rng.random((40, 15)) < chance[:, None]).ravel()
        groups = np.repeat(np.arange(40), 15).tolist()
        found = intervals(TASK, [0] * 600, np.where(hits, 0, 1).tolist(), groups, resamples=300, seed=trial)["accuracy"]
        inside += found.low <= truth <= found.high
    assert 0.88 <= inside / 150 <= 0.99
