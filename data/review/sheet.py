"""The review queue as a spreadsheet (CSV): one row a sentence, answers filled in with what the model said.

A row counts as reviewed once ``annotator`` is filled in; the others are left for later.
"""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.review.item import ORIGIN, SPEAKER, Item
from stancewire.data.review.returned import Returned
from stancewire.data.review.spreadsheet import guard, unguard

_FIXED = ("part", "sentence", "start", "end", "sha1", *ORIGIN, "context", "shown", "model", "score")


def columns(codebook: Codebook) -> list[str]:
    """Return the header: what to read, what to decide, who decided, then what the import needs."""
    target = ["target"] if codebook.target_column else []
    speaker = list(SPEAKER) if codebook.attribution else []
    return [
        "unit",
        "before",
        *target,
        "text",
        *codebook.task_names,
        *speaker,
        "annotator",
        "annotated_at",
        "article",
        *_FIXED,
    ]


def write_sheet(items: Sequence[Item], codebook: Codebook, path: Path) -> list[Path]:
    """Write ``path`` as UTF-8 with a byte order mark (spreadsheet programs need it), every cell guarded against formulas."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, columns(codebook), restval="", extrasaction="ignore")
        table.writeheader()
        for item in items:
            table.writerow({name: guard(cell) for name, cell in _cells(item).items()})
    return [path]


def _cells(item: Item) -> dict[str, str]:
    return {
        "unit": item.unit,
        "before": " ".join(item.before),
        "target": item.target or "",
        "text": item.text,
        **item.shown,
        SPEAKER[0]: item.speaker or "",
        SPEAKER[1]: item.mention or "",
        "article": item.article,
        "part": item.part,
        "sentence": str(item.sentence),
        "start": str(item.start),
        "end": str(item.end),
        "sha1": item.sha1,
        **{name: item.origin[name] or "" for name in ORIGIN},
        "context": json.dumps(list(item.before), ensure_ascii=False),
        "shown": json.dumps(dict(item.shown), ensure_ascii=False),
        "model": item.model or "",
        "score": str(item.score),
    }


def read_sheet(path: Path, codebook: Codebook) -> Iterator[Returned]:
    """Yield the reviewed rows; comma, semicolon or tab between cells. DataError names file and line."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header = stream.readline()
            stream.seek(0)
            delimiter = max(",;\t", key=header.count)
            table = csv.DictReader(stream, delimiter=delimiter)
            missing = [
                name for name in ("unit", "text", "sha1", *codebook.task_names) if name not in (table.fieldnames or [])
            ]
            if missing:
                raise DataError(f"{path}: expected the columns of review.py export, found no {', '.join(missing)}")
            for raw in table:
                row = {name: unguard(cell) for name, cell in raw.items() if isinstance(name, str)}
                if row.get("annotator", "").strip():
                    yield _returned(row, codebook, f"{path}:{table.line_num}")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}; save the sheet as CSV UTF-8") from error
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); expected a sheet made by review.py export"
        ) from error


def _returned(row: Mapping[str, str], codebook: Codebook, where: str) -> Returned:
    data: dict[str, Any] = {name: row.get(name, "") for name in ("unit", "article", "text", "target", *_FIXED)}
    data["before"] = _json(row.get("context", ""), list, where) or []
    data["shown"] = _json(row.get("shown", ""), dict, where) or {}
    for name in ("sentence", "start", "end"):
        if data[name] and not data[name].isdecimal():
            raise DataError(f"{where}: {name}: expected a whole number, found {data[name]!r}")
    # a value typed with blanks around it is the same value; a speaker's name has none either
    answers = {task: row[task].strip() for task in codebook.task_names}
    answers |= {name: row.get(name, "").strip() for name in SPEAKER if codebook.attribution}
    return Returned(where, data, answers, row["annotator"].strip(), row.get("annotated_at", "").strip() or None)


def _json(cell: str, kind: type, where: str) -> Any:
    if not cell:
        return None
    try:
        value = json.loads(cell)
    except ValueError as error:
        raise DataError(f"{where}: a cell that must not be edited was: {cell[:60]!r}") from error
    if not isinstance(value, kind):
        raise DataError(f"{where}: a cell that must not be edited was: {cell[:60]!r}")
    return value
