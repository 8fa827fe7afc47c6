import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.views.inputs import Reading, iso_date, iter_articles
from stancewire.data.views.names import NameJoiner, name_joiner

Make = Callable[..., dict[str, object]]


def test_every_format_gives_the_same_articles(
    gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path
) -> None:
    rows = gold[:120]
    lines = tmp_path / "r.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    pd.DataFrame(rows).to_csv(tmp_path / "r.csv", index=False)
    store = tmp_path / "store" / "parts"
    store.mkdir(parents=True)
    cut = next(i for i in range(50, 120) if rows[i]["article_id"] != rows[i - 1]["article_id"])
    for name, part in (("0.parquet", rows[:cut]), ("1.parquet", rows[cut:])):
        pq.write_table(pa.Table.from_pylist(part), store / name)
    expected = list(iter_articles(rows, codebook))
    assert len(expected) > 3
    for path in (lines, tmp_path / "r.csv", tmp_path / "store", store):
        paths = [path] if path != store else [store / "0.parquet", store / "1.parquet"]
        assert list(iter_articles(paths, codebook)) == expected, path


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015-09-30", date(2015, 9, 30)),
        ("2015-09-30T12:00:00Z", date(2015, 9, 30)),
        ("2015-09-30 12:00 (updated)", date(2015, 9, 30)),
        ("30/09/2015", None),
        ("0001-01-01", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text: str | None, day: date | None) -> None:
    assert iso_date(text) == day


def test_what_is_wrong_is_named(make_record: Make, codebook: Codebook, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text(json.dumps(make_record()) + "\n{oops\n", encoding="utf-8")
    cases: list[tuple[list[object], str]] = [
        ([{"text": "x"}], "record 1: no article_id"),
        ([make_record(stance="maybe")], "stance: unknown value 'maybe'.*codebook that the records were made with"),
        ([make_record(stance_probability=1.5)], "stance_probability is 1.5, expected 0 to 1"),
        ([make_record(start="one")], "start is 'one', expected a whole number"),
        ([make_record("a"), make_record("b"), make_record("a", 1)], "'a' came before"),
        ([broken], "broken.jsonl:2: not JSON"),
        ([tmp_path / "absent.jsonl"], "absent.jsonl: cannot be read"),
    ]
    for records, message in cases:
        with pytest.raises(DataError, match=message):
            list(iter_articles(records, codebook))  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no column 'topic'"):
        list(iter_articles([make_record()], codebook, Reading(NameJoiner(None), "topic")))


def test_known_spellings_are_one_speaker(codebook: Codebook) -> None:
    join = name_joiner(codebook)
    assert join("Andrei Kartapolov", "russia") == join("Andrey  Kartapolov", "russia") == "Andrey Kartapolov"
    assert join("Lavrov", "russia") == "Sergey Lavrov"
    assert join("Lavrov", "independent") == "Lavrov", "a namesake of another side is another man"
    assert join("Somebody Else", "russia") == "Somebody Else"
    assert name_joiner(codebook, join=False)("Lavrov", "russia") == "Lavrov"


def test_guarded_cells_of_a_csv_read_back(make_record: Make, codebook: Codebook, tmp_path: Path) -> None:
    row = make_record(text="- No, he said.")
    path = tmp_path / "r.csv"
    pd.DataFrame([row | {"text": "'- No, he said."}]).to_csv(path, index=False)
    assert next(iter_articles([path], codebook)).rows[0].text == "- No, he said."


def test_a_mention_outside_its_sentence_is_not_marked(make_record: Make, codebook: Codebook) -> None:
    records = [
        make_record("a", 0, "He said so.", mention_start=0, mention_end=2),
        make_record("a", 1, "No.", mention_start=90, mention_end=99),
    ]
    rows = next(iter_articles(records, codebook)).rows
    assert [row.mention for row in rows] == [(0, 2), None]
