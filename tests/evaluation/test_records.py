"""Records joined with annotations."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from stancewire.data.corpus import Corpus
from stancewire.data.errors import DataError
from stancewire.models.evaluation.records import join, read_records, scored_records

Record = dict[str, Any]


def perfect(corpus: Corpus, articles: int = 4) -> list[Record]:
    """Records of the first articles, every label right and sure."""
    made = []
    for article in list(corpus.by_article)[:articles]:
        for row, unit in zip(corpus.by_article[article], corpus.units(article), strict=True):
            record: Record = {"article_id": article, "part": unit.part, "start": unit.start, "end": unit.end}
            record |= {"text": row.text, "needs_review": False, **row.labels}
            record["probabilities"] = {
                task.name: {name: float(name == row.labels[task.name]) for name in task.names}
                for task in corpus.codebook.tasks
            }
            made.append(record)
    return made


def test_join_by_article_and_offset(corpus: Corpus) -> None:
    records = perfect(corpus)
    joined = join(records, corpus)
    assert joined.by["offset"] == len(records)
    assert (joined.stray, joined.doubled, joined.missing) == (0, 0, len(corpus.sentences) - len(records))
    scored = scored_records("model", joined, corpus)
    assert all(scored.metrics(task).accuracy == 1 for task in scored.tasks)
    assert scored.review is not None and not scored.review.any()


def test_join_by_id_and_by_text_alone(corpus: Corpus) -> None:
    records = perfect(corpus, 1)
    by_id = [{"id": row.id, **row.labels} for row in corpus.sentences[:5]]
    assert join(by_id, corpus).by["id"] == 5
    elsewhere = [{**record, "article_id": "feed-7", "start": record["start"] + 3} for record in records]
    joined = join(elsewhere, corpus)
    assert joined.by["text"] == len(records)
    assert [sentence.article for sentence, _ in joined.pairs] == ["000-01"] * len(records)


def test_equal_texts_are_paired_in_their_order(corpus: Corpus) -> None:
    texts: dict[str, list[str]] = {}
    for row in corpus.sentences:
        texts.setdefault(row.text, []).append(row.id)
    text, ids = next((text, ids) for text, ids in texts.items() if len(ids) > 1)
    task = corpus.codebook.tasks[0]
    records = [{"text": text, task.name: task.names[at]} for at in range(2)]
    joined = join(records, corpus)
    assert [(sentence.id, record[task.name]) for sentence, record in joined.pairs] == [
        (ids[0], task.names[0]),
        (ids[1], task.names[1]),
    ]


def test_what_finds_no_partner_is_counted_and_said(corpus: Corpus) -> None:
    records = perfect(corpus, 1)
    n = len(records)
    stray = {**records[0], "text": "Never written.", "start": 9999}
    joined = join([*records[1:], records[1], stray], corpus)
    assert (len(joined.pairs), joined.stray, joined.doubled) == (n - 1, 1, 1)
    assert joined.missing == len(corpus.sentences) - n + 1
    assert "1 records without an annotation" in joined.in_words()
    assert "1 doubled" in joined.in_words()


def test_an_offset_counts_only_with_its_text(corpus: Corpus) -> None:
    record = {**perfect(corpus, 1)[2], "text": "Another edition of the article."}
    assert join([record], corpus).stray == 1


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_every_output_format_is_read_back(corpus: Corpus, tmp_path: Path, suffix: str) -> None:
    records = perfect(corpus, 2)
    path = tmp_path / f"records{suffix}"
    if suffix == ".jsonl":
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    else:
        flat = [{**record, "probabilities": json.dumps(record["probabilities"])} for record in records]
        table = pa.Table.from_pylist(flat)
        if suffix == ".parquet":
            parquet.write_table(table, path)
        else:
            table.to_pandas().to_csv(path, index=False)
    joined = join(read_records(path), corpus)
    assert joined.by["offset"] == len(records)
    scored = scored_records("model", joined, corpus)
    assert set(scored.probabilities) == set(corpus.codebook.task_names)
    assert scored.review is not None and not scored.review.any()


def test_records_without_probabilities_are_scored_by_their_values(corpus: Corpus) -> None:
    records = [{key: value for key, value in record.items() if key != "probabilities"} for record in perfect(corpus, 1)]
    scored = scored_records("model", join(records, corpus), corpus)
    assert scored.probabilities == {}
    assert len(scored.tasks) == len(corpus.codebook.tasks)


def test_errors_name_what_is_wrong(corpus: Corpus, tmp_path: Path) -> None:
    task = corpus.codebook.tasks[2].name
    record = perfect(corpus, 1)[0]
    with pytest.raises(DataError, match=f"{task}: unknown value 'maybe'"):
        scored_records("model", join([{**record, task: "maybe"}], corpus), corpus)
    with pytest.raises(DataError, match="no record matches"):
        scored_records("model", join([{"text": "Nowhere."}], corpus), corpus)
    path = tmp_path / "p.parquet"
    path.write_bytes(b"no")
    with pytest.raises(DataError, match=r"p\.parquet"):
        read_records(path)


def test_a_guarded_cell_of_a_sheet_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "records.tsv").write_text("article_id\ttext\na\t'-- and so on\n", encoding="utf-8")
    assert read_records(tmp_path / "records.tsv") == [{"article_id": "a", "text": "-- and so on"}]
