"""Predictions of a model folder and kept out-of-fold predictions become the same kind of figures."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stancewire.data.corpus import Corpus
from stancewire.data.errors import DataError
from stancewire.models.bundle import Bundle
from stancewire.models.evaluation.scored import Scored, majority_floor
from stancewire.models.evaluation.sources import read_out_of_fold, score_bundle
from tests.evaluation.conftest import MakeScored

Rows = list[dict[str, Any]]
Write = Callable[[Rows], Path]


def kept_rows(scored: Scored, seed: int = 0) -> Rows:
    return [
        {
            "id": sentence.id,
            "article": sentence.article,
            "fold": int(scored.folds[row]),
            "seed": seed,
            "probabilities": {task: matrix[row].tolist() for task, matrix in scored.probabilities.items()},
        }
        for row, sentence in enumerate(scored.sentences)
    ]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(rows: Rows) -> Path:
        path = tmp_path / "model-seed0.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return made


def test_a_bundle_is_scored_as_the_predictor_would_annotate(bundle: Bundle, corpus: Corpus) -> None:
    test = corpus.select(bundle.data["articles"]["test"])
    scored = score_bundle(bundle, "small", test, "test")
    assert [sentence.id for sentence in scored.sentences] == [sentence.id for sentence in test.sentences]
    assert scored.review is not None
    floor = majority_floor(corpus, scored)
    for task in scored.tasks:
        assert scored.metrics(task).macro_f1 > floor.metrics(task).macro_f1


def test_out_of_fold_predictions_keep_their_order_and_gain_from_attribution(
    make_scored: MakeScored, corpus: Corpus, write: Write
) -> None:
    weak = make_scored("weak", 0.5)
    rows = kept_rows(weak)
    read = read_out_of_fold(write(rows[::-1]), corpus, "weak")[0]
    assert [sentence.id for sentence in read.sentences] == [sentence.id for sentence in corpus.sentences]
    assert (read.folds == weak.folds).all()
    group, side = corpus.codebook.by_role("group"), corpus.codebook.by_role("side")
    assert group is not None and side is not None
    assert read.metrics(group).accuracy > weak.metrics(group).accuracy + 0.2
    assert read.metrics(side).accuracy == pytest.approx(weak.metrics(side).accuracy)


def test_overconfidence_is_corrected_from_the_other_folds(
    make_scored: MakeScored, corpus: Corpus, write: Write
) -> None:
    bold = make_scored("bold", 1.0, heat=6.0)
    side = corpus.codebook.by_role("side")
    assert side is not None
    read = read_out_of_fold(write(kept_rows(bold)), corpus)[0]
    before, after = (scored.probabilities[side.name].max(axis=1).mean() for scored in (bold, read))
    accuracy = read.metrics(side).accuracy
    assert before > accuracy + 0.2
    assert after == pytest.approx(accuracy, abs=0.05)


def test_annotations_of_a_fold_cannot_matter_for_its_own_predictions(
    make_scored: MakeScored, corpus: Corpus, write: Write
) -> None:
    kept = make_scored("kept", 1.0, heat=3.0)
    path = write(kept_rows(kept))
    wrong = {task.name: task.names[-1] for task in corpus.codebook.tasks}
    inside = kept.folds == 2
    spoiled = replace(
        corpus,
        sentences=tuple(
            replace(row, labels=wrong) if held_out else row
            for row, held_out in zip(corpus.sentences, inside, strict=True)
        ),
    )
    honest, other = read_out_of_fold(path, corpus)[0], read_out_of_fold(path, spoiled)[0]
    changed = False
    for task in corpus.codebook.task_names:
        same = honest.probabilities[task] == other.probabilities[task]
        assert same[inside].all(), task
        changed = changed or not same[~inside].all()
    assert changed


def _drop(rows: Rows) -> Rows:
    return rows[1:]


def _double(rows: Rows) -> Rows:
    return [*rows, rows[0]]


def _two_folds(rows: Rows) -> Rows:
    return [{**rows[0], "fold": 4}, *rows[1:]]


def _one_fold(rows: Rows) -> Rows:
    return [{**row, "fold": 0} for row in rows]


def _bad_sum(rows: Rows) -> Rows:
    chances = {task: [value * 2 for value in values] for task, values in rows[0]["probabilities"].items()}
    return [{**rows[0], "probabilities": chances}, *rows[1:]]


def _nameless(rows: Rows) -> Rows:
    return [{key: value for key, value in rows[0].items() if key != "fold"}, *rows[1:]]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_drop, "1 missing"),
        (_double, "predicted twice"),
        (_two_folds, "stands in folds"),
        (_one_fold, "at least two folds"),
        (_bad_sum, "sum to 1"),
        (_nameless, "'fold'"),
    ],
)
def test_damaged_predictions_are_refused(
    make_scored: MakeScored, corpus: Corpus, write: Write, damage: Callable[[Rows], Rows], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read_out_of_fold(write(damage(kept_rows(make_scored()))), corpus)


def test_the_floor_names_the_commonest_value_of_the_other_articles(make_scored: MakeScored, corpus: Corpus) -> None:
    scored = make_scored()
    floor = majority_floor(corpus, scored)
    for task in scored.tasks:
        gold = scored.gold(task)
        for fold in range(5):
            commonest = np.bincount(gold[scored.folds != fold]).argmax()
            assert (floor.predicted[task.name][scored.folds == fold] == commonest).all()
