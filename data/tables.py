"""Files as articles, one at a time: text, JSON lines, CSV and Parquet. What cannot be taken becomes a ``Reject``."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from stancewire.data.article import Article
from stancewire.data.errors import ConfigError
from stancewire.data.formats import HEAD, decode, delimiter_of, encoding_of, marked_encoding
from stancewire.data.rejects import Reason, Reject

COLUMNS = ("id", "title", "text", "source", "published", "url", "target")

LONGEST_TITLE = 300
"""Code points; a longer first line of a text file is its first paragraph, not its title."""

Result = Article | Reject
ByteStream: TypeAlias = "io.BufferedReader[Any]"
Row = Mapping[str, object]

_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"[^\S\r\n]*(?:\r\n|\r|\n)\s*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BATCH = 128


@dataclass(frozen=True, slots=True)
class Columns:
    """What the input calls our columns, and how long an article may be (``max_bytes``: of a line, a cell or a file)."""

    names: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 10_000_000

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.names) - set(COLUMNS)):
            raise ConfigError(
                f"column {unknown[0]!r}: expected one of {', '.join(COLUMNS)} before the =, as in text=body"
            )

    def called(self, name: str) -> str:
        """Return the input's name of our column ``name``."""
        return self.names.get(name, name)

    @property
    def all(self) -> tuple[str, ...]:
        """The input's names of all our columns."""
        return tuple(self.called(name) for name in COLUMNS)


def read_text(location: str, stream: ByteStream, columns: Columns) -> Iterator[Result]:
    """Yield the one article of a text file: its first line is the title when a blank line and more text follow it."""
    data = stream.read(columns.max_bytes + 1)
    if len(data) > columns.max_bytes:
        yield Reject(Reason.TOO_LONG, f"more than {columns.max_bytes:,} bytes", location)
        return
    text = decode(data)
    if text is None:
        yield Reject(Reason.UNDECODABLE, "neither UTF-8, UTF-16 nor a Windows code page; convert it to UTF-8", location)
        return
    yield article_of(_titled(text), location)


def read_jsonl(location: str, stream: ByteStream, columns: Columns) -> Iterator[Result]:
    """Yield an article or a reject a line; blank lines are passed over."""
    for number, line in _lines(stream, columns.max_bytes):
        place = f"{location}:{number}"
        if line is None:
            yield Reject(Reason.TOO_LONG, f"a line of more than {columns.max_bytes:,} bytes", place)
        elif _SURROGATE.search(line):
            yield Reject(Reason.UNDECODABLE, "the line is not UTF-8", place)
        elif line.strip("\ufeff \t\r\n"):
            yield _json_article(line, place, columns)


def read_csv(location: str, stream: ByteStream, columns: Columns) -> Iterator[Result]:
    """Yield an article or a reject a row of a CSV or TSV file; the first line names the columns."""
    # The limit belongs to the process, and the default of 128 KiB is less than an article may have.
    csv.field_size_limit(max(csv.field_size_limit(), columns.max_bytes + 1))
    lines = _CsvLines(stream, columns)
    rows = csv.reader(lines, delimiter=lines.delimiter)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if columns.called("text") not in header:
            yield _no_column(header, location, columns)
            return
        while (result := _csv_result(rows, lines, header, columns, location)) != "end":
            if result is not None:
                yield result
    finally:
        lines.reader.detach()


def read_parquet(location: str, stream: ByteStream, columns: Columns) -> Iterator[Result]:
    """Yield an article or a reject a row, a small batch in memory at a time."""
    number = 0
    try:
        with pq.ParquetFile(stream, pre_buffer=False) as table:
            names = [name for name in columns.all if name in table.schema_arrow.names]
            if columns.called("text") not in names:
                yield _no_column(table.schema_arrow.names, location, columns)
                return
            for batch in table.iter_batches(batch_size=_BATCH, columns=names):
                for row in _raw_rows(batch):
                    number += 1
                    yield _sized(_ours(row, columns), f"{location} row {number}", columns)
    except (pa.ArrowException, OSError) as error:
        detail = " ".join(str(error).split())[:300]
        yield Reject(Reason.DAMAGED, f"after row {number}: {detail}", location)


def article_of(row: Row, place: str) -> Result:
    """Return the article of a row with our column names, or why it is none. A missing id follows from the content."""
    values: dict[str, str | None] = {}
    for name in COLUMNS:
        try:
            values[name] = _cell(row.get(name))
        except UnicodeDecodeError:
            return Reject(Reason.UNDECODABLE, f"{name}: not UTF-8", place)
        except TypeError:
            return Reject(Reason.BAD_ROW, f"{name}: expected a string, found {type(row[name]).__name__}", place)
    known = values["id"]
    text = values["text"] or ""
    if not text.strip():
        return Reject(Reason.NO_TEXT, "text is missing or blank", place, known)
    for name, value in values.items():
        if value and "\x00" in value:
            return Reject(Reason.NUL_BYTES, f"{name} holds NUL characters; take them out", place, known)
        if value and _SURROGATE.search(value):
            shown = None if name == "id" else known
            return Reject(
                Reason.UNDECODABLE, f"{name} holds half a character (a lone surrogate or a stray byte)", place, shown
            )
    title = values["title"]
    origin = (values["source"], values["published"], values["url"], values["target"])
    return Article(known or derived_id(title, text), text, title, *origin)


def derived_id(title: str | None, text: str) -> str:
    """Return the id of an article that brought none: 16 hex digits of the SHA-256 of title and text."""
    return hashlib.sha256(f"{title or ''}\n\n{text}".encode()).hexdigest()[:16]


def _titled(text: str) -> Row:
    """Split a text file into title and text where its first line is one."""
    start = len(text) - len(text.lstrip())
    end = _BREAK.search(text, start)
    gap = _BLANK_LINES.match(text, end.end()) if end else None
    if end is None or gap is None or gap.end() == len(text) or end.start() - start > LONGEST_TITLE:
        return {"text": text}
    return {"title": text[start : end.start()].rstrip(), "text": text[gap.end() :]}


def _csv_result(
    rows: Iterator[list[str]], lines: "_CsvLines", header: list[str], columns: Columns, location: str
) -> Result | Literal["end"] | None:
    """Return what the next row gives: an article, a reject, None for a blank row, "end" after the last."""
    first = lines.number + 1
    place = f"{location}:{first}"
    lines.held = 0
    try:
        cells = next(rows, None)
    except (_RowTooLongError, csv.Error) as error:
        reason = Reason.TOO_LONG if isinstance(error, _RowTooLongError) else Reason.BAD_ROW
        return Reject(reason, f"lines {first} to {lines.number}: {error}", place)
    if cells is None:
        return "end"
    if len(cells) > len(header):
        found = f"{len(cells)} cells, expected {len(header)}; is a quotation mark or delimiter not escaped?"
        return Reject(Reason.BAD_ROW, f"lines {first} to {lines.number}: {found}", place)
    if not any(cells):
        return None
    padded = cells + [""] * (len(header) - len(cells))
    return article_of(_ours(dict(zip(reversed(header), reversed(padded), strict=True)), columns), place)


def _no_column(found: Sequence[str], location: str, columns: Columns) -> Reject:
    shown = ", ".join(found)[:200]
    name = columns.called("text")
    return Reject(Reason.NO_TEXT, f"no column {name!r}, found {shown}; --column text=NAME names it", location)


def _cell(value: object) -> str | None:
    """Return a cell as a string, None for a blank one; TypeError for a list or object, which no column of ours is."""
    if value is None or value != value:  # NaN: how data frames write a missing string
        return None
    if isinstance(value, bytes):
        value = value.decode("utf-8")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise TypeError
    return str(value) if str(value).strip() else None


def _json_article(line: str, place: str, columns: Columns) -> Result:
    try:
        row = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return Reject(Reason.BAD_ROW, f"not JSON: {error}", place)
    if not isinstance(row, dict):
        return Reject(Reason.BAD_ROW, f"expected a JSON object, found {type(row).__name__}", place)
    return article_of(_ours(row, columns), place)


def _ours(row: Row, columns: Columns) -> dict[str, object]:
    return {name: row.get(columns.called(name)) for name in COLUMNS}


def _sized(row: dict[str, object], place: str, columns: Columns) -> Result:
    if any(isinstance(value, bytes | str) and len(value) > columns.max_bytes for value in row.values()):
        return Reject(Reason.TOO_LONG, f"a cell of more than {columns.max_bytes:,} bytes", place)
    return article_of(row, place)


def _raw_rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """Yield rows with strings as bytes, so that one bad byte is one bad row."""
    names = batch.schema.names
    cells = []
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = column.cast(pa.large_binary())
        cells.append(column.to_pylist())
    for values in zip(*cells, strict=True):
        yield dict(zip(names, values, strict=True))


def _lines(stream: ByteStream, limit: int) -> Iterator[tuple[int, str | None]]:
    """Yield numbered lines, None for one beyond the limit; stray bytes come as lone surrogates."""
    reader = _text(stream, marked_encoding(stream.peek(4)) or "utf-8", "\n")
    try:
        number = 0
        while line := reader.readline(limit + 1):
            number += 1
            whole = len(line) <= limit
            while len(line) > limit and not line.endswith("\n"):
                line = reader.readline(limit + 1)
            yield number, line if whole else None
    finally:
        reader.detach()


def _text(stream: ByteStream, encoding: str, newline: str) -> io.TextIOWrapper:
    """Open bytes as text; a byte that does not fit comes as a lone surrogate, or U+FFFD in UTF-16 and UTF-32."""
    errors = "replace" if encoding in ("utf-16", "utf-32") else "surrogateescape"
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline=newline)


class _RowTooLongError(Exception):
    """A row of a table is longer than the limit; a quotation mark that never closes makes such rows."""


class _CsvLines(Iterator[str]):
    """The lines of a table with their number; ``held`` counts the characters of the row being read."""

    def __init__(self, stream: ByteStream, columns: Columns) -> None:
        head = stream.peek(HEAD)[:HEAD]
        encoding = encoding_of(head, whole=False) or "utf-8"
        self.reader = _text(stream, encoding, "")
        self.limit = columns.max_bytes
        self.number = 0
        self.held = 0
        first = head.decode(encoding, "replace").lstrip("\ufeff").splitlines()
        self.delimiter = delimiter_of(first[0] if first else "", columns.all)

    def __next__(self) -> str:
        line = self.reader.readline(self.limit + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.held += len(line)
        if self.held > self.limit:
            while len(line) > self.limit and not line.endswith(("\n", "\r")):
                line = self.reader.readline(self.limit + 1)
            raise _RowTooLongError(f"more than {self.limit:,} characters; is a quotation mark left open?")
        return line
