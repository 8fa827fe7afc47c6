"""Rows of an annotation file, in whichever of the formats it comes."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stancewire.data.errors import DataError

Row = Mapping[str, Any]


def read_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield (line number from 1, row) of a JSON lines, CSV or TSV file; DataError for a malformed line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:  # spreadsheets begin a file with a byte-order mark
            if path.suffix in {".csv", ".tsv"}:
                yield from _table_rows(path, csv.DictReader(handle, delimiter="\t" if path.suffix == ".tsv" else ","))
                return
            yield from _json_rows(path, handle)
    except FileNotFoundError:
        raise DataError(f"{path}: file not found; expected annotations as JSON lines, CSV or TSV") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}; convert the file to UTF-8") from error


def read_json_lines(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield (line number from 1, row) of a JSON lines file, whatever its name.

    DataError for a malformed line, OSError for a file that cannot be opened.
    """
    try:
        with path.open(encoding="utf-8-sig") as handle:
            yield from _json_rows(path, handle)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}; convert the file to UTF-8") from error


def _json_rows(path: Path, handle: Iterable[str]) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(handle, 1):
        if line.strip():
            yield number, _json_row(path, number, line)


def _table_rows(path: Path, table: "csv.DictReader[str]") -> Iterator[tuple[int, Row]]:
    try:
        for row in table:
            if any(row.pop(None, [])):
                raise DataError(
                    f"{path}:{table.line_num}: more cells than the header has columns; quote what holds a comma"
                )
            yield table.line_num, {name: value or None for name, value in row.items()}
    except csv.Error as error:
        raise DataError(
            f"{path}:{table.line_num + 1}: not a table: {error}; save it as CSV with quoted text"
        ) from error


def _json_row(path: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(f"{path}:{number}: not JSON: {error}") from error
    if not isinstance(row, dict):
        raise DataError(f"{path}:{number}: expected a JSON object, found {type(row).__name__}")
    return row
