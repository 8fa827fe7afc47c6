"""What the queue's choice is worth, on posts whose verb tells the label."""

from dataclasses import replace

import mlflow
import numpy as np
import pytest

from stancewire.data.errors import DataError
from stancewire.models.retrain.simulation import CHOSEN, RANDOM, Plan, Simulated, log_simulation, simulate
from stancewire.models.training import prepare_experiment

PLAN = Plan(start=20, batch=60, folds=2, repeats=2)


@pytest.fixture(scope="module")
def found(small_settings, posts) -> Simulated:
    experiment = prepare_experiment(small_settings, posts)
    test = set(experiment.split.test)
    # Labels of test articles are torn out: a simulation that looked at one would fail.
    blind = replace(
        posts, sentences=tuple(row if row.article not in test else replace(row, labels={}) for row in posts.sentences)
    )
    return simulate(
        small_settings, replace(experiment, corpus=blind, examples={**experiment.examples, "test": ()}), PLAN
    )


def test_both_choices_start_and_end_with_the_same_labels(found):
    assert found.labels[:2] == (20, 80)
    assert found.scores[CHOSEN].shape == found.scores[RANDOM].shape == (4, len(found.labels))
    np.testing.assert_array_equal(found.scores[CHOSEN][:, 0], found.scores[RANDOM][:, 0])
    np.testing.assert_allclose(found.scores[CHOSEN][:, -1], found.scores[RANDOM][:, -1], atol=0.05)
    assert not np.array_equal(found.scores[CHOSEN], found.scores[RANDOM])
    assert found.full > found.scores[RANDOM][:, 0].mean() + 0.1


def test_the_labels_needed_stand_on_the_curves(found):
    for kind, needed in found.needed.items():
        curve = found.scores[kind].mean(axis=0)
        assert np.interp(needed, found.labels, curve) == pytest.approx(found.goal)
        assert len(found.by_repeat[kind]) == PLAN.repeats
    assert found.goal == pytest.approx(PLAN.share * found.full)
    assert "in 2 repeats) labels chosen by the queue" in found.in_words()


def test_curves_and_words_go_to_mlflow(found, small_settings, store):
    run = log_simulation(found, small_settings)
    client = mlflow.MlflowClient()
    history = client.get_metric_history(run, "random_macro_f1")
    assert [point.step for point in history] == list(found.labels)
    assert [point.value for point in history] == pytest.approx(found.scores[RANDOM].mean(axis=0).tolist())
    assert mlflow.artifacts.load_text(f"runs:/{run}/simulation.txt").strip() == found.in_words()


def test_too_few_sentences_are_told(small_settings, posts):
    with pytest.raises(DataError, match="expected at least 900 sentences a fold"):
        simulate(small_settings, prepare_experiment(small_settings, posts), Plan(start=500, batch=400))
