"""Metrics against hand-computed cases and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score, matthews_corrcoef, precision_recall_fscore_support

from stancewire.data.codebook import Task
from stancewire.data.errors import DataError
from stancewire.models.evaluation.metrics import scores, task_metrics

TASK = Task.model_validate(
    {"name": "side", "title": "Side", "values": [{"name": name, "definition": name} for name in ("yes", "no", "open")]}
)


def test_hand_computed_case() -> None:
    # gold y y y n n o, predicted y y n n o o: hits 2, 1, 1 of 6
    found = task_metrics(TASK, [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2])
    assert found.n == 6
    assert found.accuracy == pytest.approx(4 / 6)
    assert [value.f1 for value in found.per_class] == pytest.approx([4 / 5, 1 / 2, 2 / 3])
    assert found.macro_f1 == pytest.approx((4 / 5 + 1 / 2 + 2 / 3) / 3)
    chance = (3 * 2 + 2 * 2 + 1 * 2) / 36
    assert found.kappa == pytest.approx((4 / 6 - chance) / (1 - chance))
    assert found.confusion.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert found.per_class[0] == ("yes", 1.0, pytest.approx(2 / 3), pytest.approx(4 / 5), 3)


@pytest.mark.parametrize("seed", range(5))
def test_equal_to_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, 3, 80)
    predicted = np.where(rng.random(80) < 0.6, gold, rng.integers(0, 3, 80))
    found = task_metrics(TASK, gold.tolist(), predicted.tolist())
    assert found.macro_f1 == pytest.approx(f1_score(gold, predicted, average="macro"))
    assert found.kappa == pytest.approx(cohen_kappa_score(gold, predicted))
    assert found.mcc == pytest.approx(matthews_corrcoef(gold, predicted))
    for column, expected in enumerate(zip(*precision_recall_fscore_support(gold, predicted), strict=True)):
        assert tuple(found.per_class[column])[1:] == pytest.approx(tuple(expected))


def test_value_absent_from_gold_is_shown_and_not_averaged_in() -> None:
    found = task_metrics(TASK, [0, 0, 1, 1], [0, 0, 1, 2])
    assert found.absent == ("open",)
    assert found.per_class[2] == ("open", 0.0, 0.0, 0.0, 0)
    assert found.macro_f1 == pytest.approx((1.0 + 2 / 3) / 2)
    labels = sorted({0, 1})
    assert found.macro_f1 == pytest.approx(f1_score([0, 0, 1, 1], [0, 0, 1, 2], labels=labels, average="macro"))


def test_what_is_undefined_is_zero_and_never_nan() -> None:
    found = task_metrics(TASK, [0, 0], [0, 0])
    assert (found.accuracy, found.macro_f1, found.kappa, found.mcc) == (1.0, 1.0, 0.0, 0.0)


def test_stacked_matrices_score_like_single_ones() -> None:
    rng = np.random.default_rng(3)
    stack = rng.integers(0, 9, (4, 3, 3))
    together = scores(stack)
    for place in range(4):
        assert together.macro_f1[place] == pytest.approx(float(scores(stack[place]).macro_f1))
        assert together.mcc[place] == pytest.approx(float(scores(stack[place]).mcc))


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [([], [], "found none"), ([0], [0, 1], "as many"), ([0], [3], "0 to 2"), ([-1], [0], "0 to 2")],
)
def test_bad_input_is_named(gold: list[int], predicted: list[int], message: str) -> None:
    with pytest.raises(DataError, match=message):
        task_metrics(TASK, gold, predicted)


def test_dictionary_is_plain_json() -> None:
    import json

    back = json.loads(json.dumps(task_metrics(TASK, [0, 1], [0, 1]).to_dict()))
    assert back["values"] == ["yes", "no", "open"]
    assert back["per_class"]["yes"]["support"] == 1
