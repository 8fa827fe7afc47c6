"""The corpus loads whole, and every broken rule is named with file and line."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from stancewire.data import corpus as corpora
from stancewire.data.annotation_rows import read_rows
from stancewire.data.corpus import load_corpus, load_passes, load_synthetic
from stancewire.data.dataset import to_dataset
from stancewire.data.errors import DataError
from stancewire.data.splits import grouped_folds, load_split


@pytest.fixture(scope="module")
def corpus() -> corpora.Corpus:
    return load_corpus()


def broken(tmp_path: Path, line: int, **changes: object) -> Path:
    """Copy the annotations with one record changed (line counted from 1)."""
    rows = [json.loads(text) for text in corpora.ANNOTATIONS.read_text(encoding="utf-8").splitlines()]
    rows[line - 1] |= changes
    path = tmp_path / "annotations.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_every_sentence_is_cut_out_of_its_article(corpus: corpora.Corpus) -> None:
    assert len(corpus.sentences) == 1080
    assert len(corpus.by_article) == 46
    for name, rows in corpus.by_article.items():
        article = corpus.article(name)
        for row, unit in zip(rows, corpus.units(name), strict=True):
            assert article.part(unit.part)[unit.start : unit.end] == row.text


def test_first_unit_is_the_title(corpus: corpora.Corpus) -> None:
    for name, rows in corpus.by_article.items():
        assert rows[0].part == "title"
        assert rows[0].text == corpus.titles[name]
        assert {row.part for row in rows[1:]} == {"body"}


@pytest.mark.parametrize(
    ("line", "changes", "message"),
    [
        (3, {"start": 298}, r"annotations.jsonl:3: record s0003: sha1 of 298..456 is \w+, expected d1427a76f3"),
        (3, {"end": 10**9}, r":3: offsets 297..1000000000 leave the document"),
        (5, {"sha1": "0" * 10}, r":5: record s0005: sha1 of 766..883 is"),
        (
            2,
            {"stance": "happy"},
            r":2: stance: unknown value 'happy', expected one of support, oppose, neutral, unrelated",
        ),
        (2, {"id": "s0001"}, r":2: double id 's0001', first used in line 1"),
        (4, {"document": "gone.txt"}, r":4: missing document 'gone.txt'"),
        (4, {"document": "../seeds/x.txt"}, r":4: missing document"),
        (4, {"article": "000-99"}, r":4: unknown article '000-99'"),
        (4, {"speaker_mention": "Nobody"}, r":4: speaker_mention 'Nobody' does not stand in the sentence"),
        (4, {"sha1": None}, r":4: expected 'text' or document, start, end and sha1; sha1 missing"),
    ],
)
def test_broken_record_is_named(tmp_path: Path, line: int, changes: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_corpus(broken(tmp_path, line, **changes))


def test_changed_document_is_found(tmp_path: Path) -> None:
    shutil.copytree(corpora.SEEDS, tmp_path / "seeds")
    first = next((tmp_path / "seeds").glob("003*"))
    first.chmod(0o644)
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("pouring gasoline", "pouring Gasoline"), encoding="utf-8")
    with pytest.raises(DataError, match="sha1"):
        load_corpus(documents=tmp_path / "seeds")


def test_malformed_line_and_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "x"\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"a.jsonl:1: not JSON"):
        load_corpus(path)
    with pytest.raises(DataError, match="file not found"):
        load_corpus(tmp_path / "none.jsonl")


def test_passes_cover_the_corpus(corpus: corpora.Corpus) -> None:
    first, second = load_passes(corpus)
    assert len(first) == len(second) == 1080
    assert first["s0001"]["stance"] == "unrelated"


def test_digest_follows_the_content(tmp_path: Path, corpus: corpora.Corpus) -> None:
    assert load_corpus().digest == corpus.digest
    assert load_corpus(broken(tmp_path, 1, stance="neutral")).digest != corpus.digest


def test_dataset_rows_carry_context_offsets_and_labels(corpus: corpora.Corpus) -> None:
    dataset = to_dataset(corpus)
    assert list(dataset) == ["train", "validation", "test"]
    assert sum(len(part) for part in dataset.values()) == 1080
    row = next(row for row in dataset["train"] if row["position"] == 3)
    assert row["title"] == corpus.titles[row["article"]]
    assert row["previous"] == [one.text for one in corpus.by_article[row["article"]][:3]]
    stance = dataset["train"].features["stance"]
    assert tuple(stance.names) == corpus.codebook.task("stance").names
    source = next(one for one in corpus.sentences if one.id == row["id"])
    assert stance.int2str(row["stance"]) == source.labels["stance"]
    assert (row["start"], row["end"], row["document"]) == (source.start, source.end, source.document)


def test_written_sentences_are_a_corpus_of_their_own(corpus: corpora.Corpus) -> None:
    written = load_synthetic()
    assert len(written.sentences) == 5939 + 1405 + 2954
    assert written.digest == corpora.written_digest() != corpora.written_digest(corpora.SYNTHETIC[:1])
    assert not set(written.by_article) & set(corpus.by_article)
    parts = load_split(corpus)
    assert not set(written.by_article) & set(parts.validation + parts.test)


def test_a_spreadsheets_table_is_read_with_its_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text('\ufefftext,stance\n"It left, he said.",neutral\n', encoding="utf-8")
    assert list(read_rows(path)) == [(2, {"text": "It left, he said.", "stance": "neutral"})]


@pytest.mark.parametrize(
    "content, message",
    [
        ("text,stance\nIt left, he said.,neutral\n", r"labels\.csv:2: more cells than the header has columns"),
        ("text,stance\n" + "a" * 200_000 + ",neutral\n", r"labels\.csv:2: not a table: field larger than"),
    ],
)
def test_a_malformed_table_names_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(content, encoding="utf-8")
    usual = csv.field_size_limit(131_072)  # the process's own: whatever read long articles before has raised it
    try:
        with pytest.raises(DataError, match=message):
            list(read_rows(path))
    finally:
        csv.field_size_limit(usual)


def test_written_files_that_share_an_article_are_refused() -> None:
    first = corpora.SYNTHETIC[0]
    with pytest.raises(DataError, match=r"synthetic\.jsonl: article sa-001 stands in an earlier file too"):
        load_synthetic(paths=(first, first))


def test_folds_are_deterministic(corpus: corpora.Corpus) -> None:
    assert grouped_folds(corpus, 5, 7) == grouped_folds(corpus, 5, 7)
    assert grouped_folds(corpus, 5, 7) != grouped_folds(corpus, 5, 8)
