"""Records in, checked rows out: the views read what ``annotate.py`` wrote, in any of its formats."""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import pyarrow.parquet as pq

from stancewire.data.annotation_rows import read_json_lines
from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.review.spreadsheet import unguard
from stancewire.data.views.names import NameJoiner

Raw = Mapping[str, object]
Records = Iterable[Raw] | Sequence[Path]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON may carry them, no file can
_REQUIRED = ("article_id", "sentence", "text")


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence. ``values`` and ``probabilities`` stand in the order of the codebook's tasks; a value is an index
    into ``task.names``. Offsets are code points of ``part``; ``mention`` is relative to ``text``."""

    sentence: int
    part: str
    start: int
    end: int
    text: str
    speaker: str | None
    mention: tuple[int, int] | None
    values: tuple[int | None, ...]
    probabilities: tuple[float | None, ...]
    needs_review: bool
    concept: str | None


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """One article's sentences, in order, with what the records say of the article itself."""

    id: str
    title: str | None
    source: str | None
    published: date | None
    url: str | None
    duplicate_of: str | None
    model: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Reading:
    """How records are read: what names are joined, and which column of the user's holds concepts."""

    names: NameJoiner
    concept: str | None = None


def iter_articles(records: Records, codebook: Codebook, reading: Reading | None = None) -> Iterator[ArticleRows]:
    """Yield articles one by one; only one article is in memory at a time.

    ``records`` are mappings or paths (JSON lines, CSV, Parquet, a folder of Parquet). ``reading`` None takes
    names as written. DataError names file, record and rule where a record breaks the interface, or an article's
    records do not stand together.
    """
    reading = reading or Reading(NameJoiner(None))
    seen: set[str] = set()
    for article_id, group in groupby(_located(records), key=lambda pair: _text_of(pair[1], "article_id", pair[0])):
        rows = list(group)
        if article_id in seen:
            raise DataError(
                f"{rows[0][0]}: article {article_id!r} came before; expected each article once, its records together "
                "(give each file once, sort records by article_id and sentence)"
            )
        seen.add(article_id)
        yield _article(article_id, rows, codebook, reading)


def iso_date(value: object) -> date | None:
    """Return the day of an ISO 8601 text or a date, None where it is no date (or lies before 1900)."""
    if isinstance(value, datetime):
        day: date | None = value.date()
    elif isinstance(value, date):
        day = value
    else:
        day = _parsed(str(value or "").strip())
    return day if day and day.year >= 1900 else None


def _parsed(text: str) -> date | None:
    for candidate in (text, text[:10]):
        try:
            return datetime.fromisoformat(candidate).date()
        except ValueError:
            continue
    return None


def _located(records: Records) -> Iterator[tuple[str, Raw]]:
    for number, item in enumerate(records, start=1):
        if isinstance(item, Path):
            yield from _read(item)
        elif isinstance(item, Mapping):
            yield f"record {number}", item
        else:
            raise DataError(f"record {number}: expected a mapping or a path, found {type(item).__name__}")


def _read(path: Path) -> Iterator[tuple[str, Raw]]:
    if path.is_dir():
        files = sorted(path.rglob("*.parquet")) or sorted(path.rglob("*.jsonl"))
        if not files:
            raise DataError(f"{path}: expected a folder of .parquet or .jsonl records, found none")
        for file in files:
            yield from _read(file)
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); expected JSON lines, CSV or Parquet records"
        ) from error
    if head[:4] == b"PAR1":
        yield from _read_parquet(path)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        yield from ((f"{path}:{number}", row) for number, row in read_json_lines(path))
    elif head:
        yield from _read_csv(path)


def _read_parquet(path: Path) -> Iterator[tuple[str, Raw]]:
    number = 0
    with pq.ParquetFile(path) as table:
        columns = [name for name in table.schema_arrow.names if name != "probabilities"]
        for batch in table.iter_batches(batch_size=4096, columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield f"{path} row {number}", row


def _read_csv(path: Path) -> Iterator[tuple[str, Raw]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a sentence may be as long as its article
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=1):
            if None in row:
                raise DataError(f"{path} row {number}: more cells than the header has columns")
            yield f"{path} row {number}", {name: unguard(cell) for name, cell in row.items()}


def _article(article_id: str, rows: list[tuple[str, Raw]], codebook: Codebook, reading: Reading) -> ArticleRows:
    first = rows[0][1]
    return ArticleRows(
        id=article_id,
        title=_optional(first, "title"),
        source=_optional(first, "source"),
        published=iso_date(first.get("published")),
        url=_optional(first, "url"),
        duplicate_of=_optional(first, "duplicate_of"),
        model=_optional(first, "model"),
        rows=tuple(_row(raw, place, codebook, reading) for place, raw in rows),
    )


def _row(raw: Raw, where: str, codebook: Codebook, reading: Reading) -> Row:
    start = _int(raw, "start", where) or 0
    text = _text_of(raw, "text", where)
    concept, speaker, group = reading.concept, _optional(raw, "speaker"), codebook.by_role("group")
    if concept is not None and concept not in raw:
        raise DataError(f"{where}: no column {concept!r}; expected the concept column among {', '.join(map(str, raw))}")
    return Row(
        sentence=_int(raw, "sentence", where) or 0,
        part=_optional(raw, "part") or "body",
        start=start,
        end=_int(raw, "end", where) or start + len(text),
        text=text,
        speaker=reading.names(speaker, _optional(raw, group.name) if group else None) if speaker else None,
        mention=_mention(raw, where, start, len(text)),
        values=tuple(_value(raw, where, codebook, position) for position in range(len(codebook.tasks))),
        probabilities=tuple(_float(raw, f"{name}_probability", where) for name in codebook.task_names),
        needs_review=str(raw.get("needs_review")).lower() in {"true", "1"},
        concept=_optional(raw, concept) if concept else None,
    )


def _value(raw: Raw, where: str, codebook: Codebook, position: int) -> int | None:
    task = codebook.tasks[position]
    name = _optional(raw, task.name)
    if name is None:
        return None
    try:
        return task.index(name)
    except DataError as error:
        raise DataError(f"{where}: {error}; give the codebook that the records were made with") from error


def _mention(raw: Raw, where: str, start: int, length: int) -> tuple[int, int] | None:
    begin, end = _int(raw, "mention_start", where), _int(raw, "mention_end", where)
    if begin is None or end is None or not start <= begin < end <= start + length:
        return None
    return begin - start, end - start


def _text_of(raw: Raw, name: str, where: str) -> str:
    value = raw.get(name)
    if _absent(value) and value != "":
        raise DataError(f"{where}: no {name}; expected a record with {', '.join(_REQUIRED)} (see docs/REPORT.md)")
    return _LONE_SURROGATE.sub("\ufffd", str(value))


def _optional(raw: Raw, name: str) -> str | None:
    value = raw.get(name)
    return None if _absent(value) else _LONE_SURROGATE.sub("\ufffd", str(value))


def _int(raw: Raw, name: str, where: str) -> int | None:
    number = _number(raw, name, where, "a whole number")
    if number is None:
        return None
    if not number.is_integer():
        raise DataError(f"{where}: {name} is {number}, expected a whole number")
    return int(number)


def _float(raw: Raw, name: str, where: str) -> float | None:
    number = _number(raw, name, where, "a number from 0 to 1")
    if number is not None and not 0 <= number <= 1:
        raise DataError(f"{where}: {name} is {number}, expected 0 to 1")
    return number


def _number(raw: Raw, name: str, where: str, expected: str) -> float | None:
    value = raw.get(name)
    if _absent(value):
        return None
    try:
        return float(str(value))
    except ValueError:
        raise DataError(f"{where}: {name} is {value!r}, expected {expected}") from None


def _absent(value: object) -> bool:
    return value is None or value == "" or value != value  # NaN, as data frames write a missing value
