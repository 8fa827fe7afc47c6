"""Reliability, calibration error, risk against coverage."""

import numpy as np
import pytest

from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.calibration_measures import (
    area_under_risk_coverage,
    calibration_figures,
    expected_calibration_error,
    reliability,
    risk_coverage,
)
from tests.evaluation.conftest import MakeScored


def test_calibration_error_of_a_hand_computed_case() -> None:
    certainty = np.array([0.95, 0.95, 0.95, 0.95, 0.65, 0.65])
    found = reliability(certainty, np.array([True, True, True, False, True, True]))
    # two bins: |0.75 - 0.95| on 4 of 6, |1 - 0.65| on 2 of 6
    assert expected_calibration_error(found) == pytest.approx((4 * 0.2 + 2 * 0.35) / 6)
    assert found.counts.tolist() == [0, 0, 0, 0, 0, 0, 2, 0, 0, 4]


def test_an_edge_belongs_to_the_lower_bin_and_one_and_zero_have_a_place() -> None:
    found = reliability(np.array([0.0, 0.1, 0.3, 1.0]), np.array([True] * 4))
    assert found.counts.tolist() == [2, 0, 1, 0, 0, 0, 0, 0, 0, 1]


def test_figures_of_a_calibrated_and_of_an_overconfident_model(make_scored: MakeScored) -> None:
    chance = Resampling(seed=0, resamples=300)
    fair, bold = make_scored("fair", 1.5), make_scored("bold", 1.5, heat=4.0)
    for task in fair.tasks:
        good, bad = calibration_figures(fair, task, chance), calibration_figures(bold, task, chance)
        assert bad.ece.value > good.ece.value + 0.05
        assert bad.confidence > bad.accuracy + 0.05
        assert bad.nll > good.nll
        assert bad.ece.value == pytest.approx(expected_calibration_error(bad.reliability))
        assert bad.ece.low <= bad.ece.value <= bad.ece.high


def test_negative_log_likelihood_and_brier_agree_with_scikit_learn(make_scored: MakeScored) -> None:
    from sklearn.metrics import log_loss

    scored = make_scored()
    task = scored.tasks[2]
    found = calibration_figures(scored, task, Resampling(seed=0, resamples=10))
    gold, matrix = scored.gold(task), scored.probabilities[task.name]
    assert found.nll == pytest.approx(log_loss(gold, matrix, labels=range(len(task.names))))
    assert found.brier == pytest.approx(np.mean(np.sum((matrix - np.eye(len(task.names))[gold]) ** 2, axis=1)))


def test_risk_coverage_of_a_hand_computed_case() -> None:
    coverage, risk = risk_coverage(np.array([0.9, 0.8, 0.8, 0.3]), np.array([0.0, 1.0, 0.0, 1.0]))
    assert coverage.tolist() == [0.25, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0.0, 1 / 3, 0.5])
    assert area_under_risk_coverage(coverage, risk) == pytest.approx(0.5 / 3 + 0.25 * 0.5)
