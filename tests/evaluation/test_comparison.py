"""Two models on the same sentences."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from stancewire.data.errors import DataError
from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.comparison import compare, compare_all, paired_bootstrap
from stancewire.models.evaluation.metrics import task_metrics
from tests.evaluation.conftest import MakeScored

CHANCE = Resampling(seed=1, resamples=500)


def test_the_difference_is_that_of_the_figures(make_scored: MakeScored) -> None:
    weak, strong = make_scored("weak", 1.0), make_scored("strong", 2.5, seed=1)
    for task in weak.tasks:
        found = compare(weak, strong, task, CHANCE)
        assert found.difference.value == pytest.approx(strong.metrics(task).macro_f1 - weak.metrics(task).macro_f1)
        assert found.difference.low > 0
        assert found.p < 0.01
        assert "strong is better than weak" in found.in_words()


def test_mcnemar_counts_and_p_agree_with_the_binomial_test(make_scored: MakeScored) -> None:
    first, second = make_scored("first", 1.5), make_scored("second", 1.6, seed=1)
    task = first.tasks[0]
    found = compare(first, second, task, CHANCE)
    gold = first.gold(task)
    only_first = sum((first.predicted[task.name] == gold) & (second.predicted[task.name] != gold))
    only_second = sum((second.predicted[task.name] == gold) & (first.predicted[task.name] != gold))
    assert (found.only_first_right, found.only_second_right) == (only_first, only_second)
    assert found.mcnemar_p == pytest.approx(binomtest(only_first, only_first + only_second).pvalue)


def test_a_model_is_no_better_than_itself(make_scored: MakeScored) -> None:
    one = make_scored("one")
    found = compare(one, replace(one, name="twin"), one.tasks[0], CHANCE)
    assert (found.difference.low, found.difference.high, found.p, found.mcnemar_p) == (0, 0, 1, 1)
    assert "no difference shown" in found.in_words()


def test_equal_models_are_rarely_called_different(make_scored: MakeScored) -> None:
    first = make_scored("first", 1.5, seed=10)
    task = first.tasks[2]
    called = sum(compare(first, make_scored("other", 1.5, seed=seed), task, CHANCE).p < 0.05 for seed in range(20, 50))
    assert called <= 6


def test_the_paired_interval_is_narrower_than_the_difference_of_two_separate_ones(make_scored: MakeScored) -> None:
    first = make_scored("first", 1.5)
    task = first.tasks[2]
    gold, one = first.gold(task).tolist(), first.predicted[task.name]
    other = one.copy()
    other[::37] = (other[::37] + 1) % len(task.names)
    paired, _ = paired_bootstrap(task, gold, (other.tolist(), one.tolist()), first.articles, CHANCE)
    separate, _ = paired_bootstrap(
        task, gold, (make_scored("x", 1.45, 9).predicted[task.name].tolist(), one.tolist()), first.articles, CHANCE
    )
    assert paired.high - paired.low < 0.6 * (separate.high - separate.low)


def test_holm_correction_of_several_comparisons(make_scored: MakeScored) -> None:
    models = [make_scored("a", 1.4), make_scored("b", 1.5, 1), make_scored("c", 2.5, 2)]
    found = compare_all(models, CHANCE)
    assert len(found) == 3 * len(models[0].tasks)
    ordered = sorted(found, key=lambda one: one.p)
    running = 0.0
    for rank, one in enumerate(ordered):
        running = max(running, min(1.0, one.p * (len(found) - rank)))
        assert one.p_adjusted == pytest.approx(running)


def test_different_sentences_are_refused(make_scored: MakeScored) -> None:
    one = make_scored("one")
    half = one.where(np.arange(len(one.sentences)) < 500)
    with pytest.raises(DataError, match="different sentences"):
        compare(one, half, one.tasks[0], CHANCE)


def test_the_sentence_in_words_names_sizes_and_interval(make_scored: MakeScored) -> None:
    weak, strong = make_scored("weak", 1.0), make_scored("strong", 2.5, seed=1)
    words = compare(weak, strong, weak.tasks[2], CHANCE).in_words()
    assert "1080 sentences of 46 articles" in words
    assert "95 % interval +" in words
    gain = task_metrics  # the same figures that the table shows
    task = weak.tasks[2]
    size = (
        gain(task, strong.gold(task).tolist(), strong.predicted[task.name].tolist()).macro_f1
        - gain(task, weak.gold(task).tolist(), weak.predicted[task.name].tolist()).macro_f1
    )
    assert f"by {size:.3f} macro-F1" in words
