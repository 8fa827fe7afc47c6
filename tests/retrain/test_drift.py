from dataclasses import replace

import numpy as np
import pytest

from stancewire.data.errors import ConfigError, DataError
from stancewire.data.review.reading import read_predictions
from stancewire.models.retrain.drift import Side, calibrate, detect, unknown_words
from stancewire.models.retrain.drift_sides import feed_side, load_thresholds, save_thresholds

WORDS = np.array(["rain", "ferry", "library", "hill", "market", "train", "bridge", "park"])


def _side(seed, articles=30, shares=(0.5, 0.3, 0.2), words=WORDS, centre=0.0, sure=5.0):
    """Articles of 10 sentences; each article leans a little, as articles do."""
    rng = np.random.default_rng(seed)
    names, texts, labels, confidence, vectors = [], [], [], [], []
    for article in range(articles):
        lean = rng.dirichlet(np.array(shares) * 20)
        middle = rng.normal(0, 0.3, 8)
        for _ in range(10):
            names.append(f"{seed}-{article}")
            labels.append(("up", "down", "flat")[int(rng.choice(3, p=lean))])
            confidence.append(rng.beta(sure, 2))
            texts.append(" ".join(rng.choice(words, 8)))
            vectors.append(middle + rng.normal(centre, 1, 8))
    return Side(names, texts, {"mood": labels}, {"mood": np.array(confidence)}, np.array(vectors))


@pytest.fixture(scope="module")
def reference():
    return _side(1)


@pytest.fixture(scope="module")
def limits(reference, codebook):
    return calibrate(reference, codebook, seed=1, halvings=300)


def _alarms(reference, feed, codebook, limits):
    return {
        one.name for one in detect(reference, feed, codebook, limits.thresholds, seed=1, resamples=499) if one.alarm
    }


def test_more_of_the_same_raises_no_alarm(reference, limits, codebook):
    assert set(limits.thresholds) == {"labels/mood", "confidence/mood", "vocabulary", "embedding"}
    assert limits.any_above < 0.06
    for seed in range(2, 6):
        assert _alarms(reference, _side(seed), codebook, limits) == set()


@pytest.mark.parametrize(
    ("change", "measure"),
    [
        ({"shares": (0.1, 0.3, 0.6)}, "labels/mood"),
        ({"sure": 1.5}, "confidence/mood"),
        ({"words": np.array(["rain", "ferry", "tax", "court", "vote", "bank", "price", "law"])}, "vocabulary"),
        ({"centre": 0.8}, "embedding"),
    ],
)
def test_each_shift_is_told_by_its_measure_alone(reference, limits, codebook, change, measure):
    assert _alarms(reference, _side(9, **change), codebook, limits) == {measure}


def test_a_significant_but_small_shift_raises_no_alarm(reference, limits, codebook):
    """A big feed makes a small difference significant; it still lies within the training data's own variation."""
    feed = _side(9, 120, centre=0.12)
    found = {one.name: one for one in detect(reference, feed, codebook, limits.thresholds, seed=1, resamples=499)}
    assert found["embedding"].p <= 0.05
    assert not found["embedding"].alarm


def test_a_feed_of_one_article_is_too_little_to_alarm(reference, limits, codebook):
    assert _alarms(reference, _side(9, 1, shares=(0.01, 0.01, 0.98), centre=1.0), codebook, limits) == set()


def test_unknown_words_are_counted(reference):
    feed = replace(reference, texts=["rain tax", "tax law"])
    assert unknown_words(reference, feed) == pytest.approx(0.75)


def test_thresholds_keep_where_they_come_from(tmp_path, limits, reference, codebook):
    path = tmp_path / "drift.yaml"
    save_thresholds(path, limits, "python review.py drift --calibrate", "abc")
    found = load_thresholds(path)
    assert (found.command, found.digest, found.thresholds) == (
        "python review.py drift --calibrate",
        "abc",
        limits.thresholds,
    )
    with pytest.raises(ConfigError, match="no thresholds; make them with review.py drift --calibrate"):
        load_thresholds(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="labels/other: no such measure here"):
        detect(reference, _side(2), codebook, {"labels/other": 0.1}, seed=1)
    with pytest.raises(DataError, match="expected at least 4 articles"):
        calibrate(_side(1, 3), codebook, seed=1)


@pytest.mark.slow
def test_a_large_feed_is_sampled_by_whole_articles(tmp_path, codebook):
    import json

    lines = [
        {"article_id": f"a{article}", "sentence": number, "text": f"Sentence {number} of {article}", "mood": "up",
         "probabilities": {"mood": {"up": 0.7, "down": 0.2, "flat": 0.1}}, "duplicate_of": "a1" if article == 3 else None}
        for article in range(40) for number in range(6)
    ]  # fmt: skip
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    side = feed_side(read_predictions([path], codebook), codebook, seed=1, limit=60)
    assert len(side.texts) == 60
    assert len(set(side.articles)) == 10
    assert "a3" not in side.articles
    assert side.vectors.shape[0] == 60
    assert np.allclose(np.linalg.norm(side.vectors, axis=1), 1)
    np.testing.assert_allclose(side.confidence["mood"], 0.7)
