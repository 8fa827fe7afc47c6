import numpy as np
import pytest

from stancewire.data.errors import ConfigError, DataError
from stancewire.data.review.reading import read_predictions
from stancewire.data.review.selection import Strategy, choose, distinct, diverse, scores_of

SHARES = {"t": np.array([0.8, 0.1, 0.1])}


def _probabilities(*rows):
    return {"t": np.array(rows, dtype=float)}


def test_a_close_call_scores_above_a_sure_one():
    sure, close = scores_of(_probabilities([0.98, 0.01, 0.01], [0.5, 0.49, 0.01]), SHARES, 0.0)
    assert close == pytest.approx(0.99)
    assert sure == pytest.approx(0.03)


def test_of_two_equally_unsure_sentences_the_rarer_value_comes_first():
    common, rare = scores_of(_probabilities([0.6, 0.4, 0.0], [0.0, 0.6, 0.4]), SHARES, 0.5)
    assert rare > common
    assert scores_of(_probabilities([0.6, 0.4, 0.0]), SHARES, 0.0)[0] == pytest.approx(0.8)


def test_near_duplicates_and_annotated_sentences_are_left_out():
    texts = [
        "The ministry said on Monday that its aircraft had struck nine targets in the province of Homs.",
        "The ministry said on Monday that its aircraft had struck nine targets in the province of Idlib.",
        "Turkey summoned the ambassador after a second violation of its air space near Hatay.",
        "Nobody was hurt.",
    ]
    assert distinct(texts, ["Nobody was hurt."], 0.5) == [0, 2]


def test_the_choice_covers_topics_rather_than_one_topic_many_times():
    ships = [f"the ship number {number} left the harbour with grain" for number in range(12)]
    texts = [*ships, "voters queue for bread rationing", "snow closes mountain passes again"]
    scores = np.array([1.0] * 12 + [0.9, 0.9])
    assert {12, 13} <= set(diverse(texts, scores, 4, seed=1))


def test_choose_keeps_budget_order_and_repeats_itself(records, codebook, write_records, corpus):
    path = write_records(records)

    def read():
        return read_predictions([path], codebook)

    first = choose(read, 40, seed=3)
    assert len(first) == len({choice.prediction.unit for choice in first}) == 40
    assert [choice.score for choice in first] == sorted((choice.score for choice in first), reverse=True)
    assert [choice.prediction.unit for choice in choose(read, 40, seed=3)] == [
        choice.prediction.unit for choice in first
    ]
    seen = {choice.prediction.text for choice in first}
    again = choose(read, 40, seed=3, annotated=seen)
    assert not seen & {choice.prediction.text for choice in again}
    average = np.mean([choice.score for choice in choose(read, 2000, seed=3, strategy=Strategy(pool_factor=1))])
    assert np.mean([choice.score for choice in first]) > average


def test_copies_of_articles_are_not_offered(records, codebook, write_records):
    rows = [{**row, "duplicate_of": "000-01"} if row["article_id"] != "001-01" else row for row in records]
    path = write_records(rows)
    chosen = choose(lambda: read_predictions([path], codebook), 30, seed=1)
    assert {choice.prediction.record["article_id"] for choice in chosen} == {"001-01"}


def test_the_sentences_before_come_from_the_same_article(records, codebook, write_records):
    path = write_records(records)
    by_unit = {item.unit: item for item in read_predictions([path], codebook)}
    article = [row for row in records if row["article_id"] == "000-01"]
    assert by_unit["000-01#0"].before == ()
    assert by_unit["000-01#9"].before == tuple(row["text"] for row in article[3:9])


def test_bad_calls_and_records_say_what_is_wrong(records, codebook, write_records):
    path = write_records(records[:5])
    with pytest.raises(ConfigError, match="budget: expected at least 1 sentence, found 0"):
        choose(lambda: read_predictions([path], codebook), 0, seed=1)
    bare = {name: value for name, value in records[0].items() if name != "probabilities"}
    path = write_records([bare])
    with pytest.raises(DataError, match=r"records.jsonl:1: no probabilities for any of"):
        list(read_predictions([path], codebook))
    path = write_records([{**records[0], "probabilities": {codebook.task_names[0]: {"elsewhere": 1.0}}}])
    with pytest.raises(DataError, match="unknown value 'elsewhere', expected one of"):
        list(read_predictions([path], codebook))
