import json

import pytest

from stancewire.data.annotation_files import load_annotation_files
from stancewire.data.corpus import ANNOTATIONS, load_corpus
from stancewire.data.errors import DataError
from stancewire.data.growth import grown_split
from stancewire.data.splits import load_split


def _write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _row(number, mood, text=None, article="a"):
    return {
        "id": f"p{number}",
        "article": article,
        "post": text or f"post number {number}",
        "topic": "rain",
        "mood": mood,
    }


@pytest.fixture
def files(tmp_path):
    one = _write(tmp_path / "one.jsonl", [_row(1, "up"), _row(2, "up"), _row(3, "flat")])
    two = _write(tmp_path / "two.jsonl", [_row(2, "down"), _row(3, "flat"), _row(4, "up", article="b")])
    three = _write(tmp_path / "three.jsonl", [{**_row(9, "down", "post number 2"), "id": "other"}])
    return one, two, three


def _moods(merged):
    return {row.text[-1]: row.labels["mood"] for row in merged.corpus.sentences}


def test_conflicts_are_listed_and_refused(files, codebook):
    with pytest.raises(DataError) as caught:
        load_annotation_files(files[:2], codebook)
    assert "1 conflicts; settle them in the files or set data.on_conflict" in str(caught.value)
    assert "a: mood: up in one.jsonl, down in two.jsonl: 'post number 2'" in str(caught.value)


@pytest.mark.parametrize(("rule", "settled"), [("first", "up"), ("last", "down"), ("majority", "down")])
def test_a_rule_settles_conflicts_and_still_lists_them(files, codebook, rule, settled):
    """The third file names the same sentence by another id: the text of one article decides."""
    merged = load_annotation_files(files, codebook, rule)
    assert _moods(merged) == {"1": "up", "2": settled, "3": "flat", "4": "up"}
    assert [conflict.values[-1] for conflict in merged.conflicts] == [("three.jsonl", "down")]
    assert [row.position for row in merged.corpus.sentences] == [0, 1, 2, 0]


def test_a_tie_has_no_majority(files, codebook):
    with pytest.raises(DataError, match="ties that a majority cannot settle"):
        load_annotation_files(files[:2], codebook, "majority")


def test_files_that_agree_need_no_rule_and_the_digest_tells_them_apart(files, codebook):
    one, two, _ = files
    agreeing = _write(two.with_name("agreeing.jsonl"), [_row(2, "up"), _row(5, "down")])
    merged = load_annotation_files([one, agreeing], codebook)
    assert len(merged.corpus.sentences) == 4
    assert merged.corpus.digest not in {load_corpus(path, codebook, articles=None).digest for path in (one, agreeing)}


def test_one_id_for_two_sentences_is_an_error(files, codebook):
    other = _write(files[0].with_name("wrong.jsonl"), [_row(1, "up", "something else")])
    with pytest.raises(DataError, match=r"wrong.jsonl: id 'p1' names another sentence than in one.jsonl"):
        load_annotation_files([files[0], other], codebook, "first")


def test_two_equal_sentences_of_one_article_stay_two(tmp_path, codebook):
    one = _write(tmp_path / "one.jsonl", [_row(1, "up", "same"), _row(2, "down", "same")])
    two = _write(tmp_path / "two.jsonl", [_row(3, "flat", "new")])
    assert [row.labels["mood"] for row in load_annotation_files([one, two], codebook).corpus.sentences] == [
        "up",
        "down",
        "flat",
    ]


def test_reviewed_sentences_join_their_document_and_held_out_articles_stay_held_out(tmp_path):
    """A seed sentence reviewed again, a new article, and a copy of a test article from elsewhere."""
    seeds = load_corpus()
    split = load_split(seeds)
    first = seeds.by_article[split.train[0]][2]
    copied = seeds.by_article[split.test[0]]
    rows = [
        {"id": "r1", "article": first.article, "text": first.text, **first.labels},
        {"id": "r2", "article": "new", "text": "Nothing like it was ever seen before.", **first.labels},
        *({"id": f"c{row.id}", "article": "copy", "text": row.text, **row.labels} for row in copied),
    ]
    merged = load_annotation_files([ANNOTATIONS, _write(tmp_path / "reviewed.jsonl", rows)], seeds.codebook)
    assert len(merged.corpus.sentences) == len(seeds.sentences) + 1 + len(copied)
    assert merged.corpus.units(first.article) == seeds.units(first.article)
    grown = grown_split(merged.corpus, merged.first, seed=1)
    assert grown.test == (*split.test, "copy")
    assert grown.validation == split.validation
    assert set(grown.train) == {*split.train, "new"}
