"""Review marks: the error asked for and the error that results."""

from dataclasses import replace

import numpy as np
import pytest

from stancewire.models.evaluation.abstention import cross_fitted_review, error_shares, review_figures, review_tasks
from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.terminal import review_line
from tests.evaluation.conftest import MakeScored

CHANCE = Resampling(seed=0, resamples=300)


@pytest.mark.parametrize("rate", [0.03, 0.06, 0.1])
def test_the_stated_rate_results_on_held_out_folds(make_scored: MakeScored, rate: float) -> None:
    scored = make_scored("model", 3.0)
    found = review_figures(scored, cross_fitted_review(scored, rate), rate, CHANCE)
    assert found.kept_error.value == pytest.approx(rate, abs=0.02)
    assert found.kept_error.value < found.all_error < found.marked_error
    assert 0.1 < found.coverage.value < 1


def test_a_lower_rate_keeps_fewer_sentences(make_scored: MakeScored) -> None:
    scored = make_scored("model", 2.0)
    strict, loose = (~cross_fitted_review(scored, rate) for rate in (0.1, 0.2))
    assert strict.sum() < loose.sum()


def test_thresholds_never_see_the_fold_they_judge(make_scored: MakeScored) -> None:
    scored = make_scored("model", 2.0)
    inside = scored.folds == 0
    before = cross_fitted_review(scored, 0.2)
    # Annotations of fold 0 cannot matter for its own marks, only for those of the other folds.
    wrong = {task.name: task.names[-1] for task in scored.tasks}
    sentences = tuple(
        replace(sentence, labels=wrong) if held_out else sentence
        for sentence, held_out in zip(scored.sentences, inside, strict=True)
    )
    after = cross_fitted_review(replace(scored, sentences=sentences), 0.2)
    assert (after[inside] == before[inside]).all()
    assert (after[~inside] != before[~inside]).any()


def test_figures_of_no_and_of_full_review(make_scored: MakeScored) -> None:
    scored = make_scored("model", 1.0)
    nothing = review_figures(scored, np.zeros(len(scored.sentences), dtype=bool), None, CHANCE)
    assert nothing.kept_error.value == pytest.approx(nothing.all_error)
    assert nothing.coverage.value == 1
    everything = review_figures(scored, np.ones(len(scored.sentences), dtype=bool), None, CHANCE)
    assert (everything.coverage.value, everything.kept_error.value) == (0, 0)
    assert "so all are marked" in review_line({"review": everything.to_dict()})


def test_the_error_is_the_share_of_wrong_values(make_scored: MakeScored) -> None:
    scored = make_scored("model", 1.0)
    tasks = review_tasks(scored)
    assert tasks == tuple(task.name for task in scored.codebook.tasks if task.probability)
    accuracies = [scored.metrics(scored.codebook.task(task)).accuracy for task in tasks]
    assert error_shares(scored, tasks).mean() == pytest.approx(1 - np.mean(accuracies))


def test_the_curve_ends_at_the_error_of_everything(make_scored: MakeScored) -> None:
    scored = make_scored("model", 1.5)
    found = review_figures(scored, cross_fitted_review(scored, 0.1), 0.1, CHANCE).to_dict()
    assert len(found["curve"]["risk"]) <= 400
    assert found["all_error"] > found["aurc"] > 0
