"""Records in: what ``annotate.py`` wrote, with the probabilities that the choice of sentences needs."""

import csv
import json
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from stancewire.data.annotation_rows import read_rows
from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.review.spreadsheet import unguard

BEFORE = 6
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prediction:
    """One predicted sentence. ``probabilities`` maps task to its values' probabilities in the codebook's order, shape
    (values,), rows summing to 1; ``before`` holds up to six sentences before it in the article, oldest first."""

    record: Raw
    probabilities: Mapping[str, np.ndarray[Any, np.dtype[np.float64]]]
    before: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The sentence's name: article and sentence number, unique within a feed."""
        return f"{self.record['article_id']}#{self.record['sentence']}"

    @property
    def text(self) -> str:
        """The sentence."""
        return str(self.record["text"])


def read_predictions(paths: Sequence[Path], codebook: Codebook) -> Iterator[Prediction]:
    """Yield predictions in file order, one in memory at a time; DataError names file, line and rule."""
    before: deque[str] = deque(maxlen=BEFORE)
    article = None
    for path in paths:
        for where, record in read_records(path):
            missing = [name for name in ("article_id", "sentence", "text") if record.get(name) in (None, "")]
            if missing:
                raise DataError(f"{where}: expected a record of annotate.py, found none of {', '.join(missing)}")
            if record["article_id"] != article:
                article = record["article_id"]
                before.clear()
            yield Prediction(record, _probabilities(record, codebook, where), tuple(before))
            before.append(str(record["text"]))


def read_records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (place, record) of a JSON lines, CSV, TSV or Parquet file or of a folder of them, in the order of names."""
    if path.is_dir():
        files = sorted(file for suffix in ("parquet", "jsonl", "csv") for file in path.rglob(f"*.{suffix}"))
        if not files:
            raise DataError(f"{path}: expected a folder of records (.jsonl, .csv or .parquet), found none")
        for file in files:
            yield from read_records(file)
        return
    if not path.is_file():
        raise DataError(f"{path}: file not found; expected records written by annotate.py")
    if path.suffix == ".parquet":
        yield from _parquet(path)
    elif path.suffix in {".csv", ".tsv"}:
        yield from _csv(path)
    else:
        yield from ((f"{path}:{number}", dict(row)) for number, row in read_rows(path))


def _csv(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a sentence may be as long as its article
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = csv.DictReader(stream, delimiter="\t" if path.suffix == ".tsv" else ",")
        for row in table:
            yield f"{path}:{table.line_num}", {name: unguard(value) or None for name, value in row.items() if name}


def _parquet(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        opened = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: expected a readable Parquet file: {error}") from error
    with opened as table:
        number = 0
        for batch in table.iter_batches(batch_size=4096):
            for row in batch.to_pylist(maps_as_pydicts="strict"):
                number += 1
                yield f"{path} row {number}", row


def _probabilities(record: Raw, codebook: Codebook, where: str) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    raw = record.get("probabilities") or {}
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError as error:
            raise DataError(f"{where}: probabilities: expected a JSON object, found {raw[:40]!r}") from error
    found = {}
    for task in codebook.tasks:
        shares = _mapping(raw.get(task.name))
        if not shares:
            continue
        unknown = set(shares) - set(task.names)
        if unknown:
            raise DataError(
                f"{where}: probabilities of {task.name}: unknown value {min(unknown)!r}, expected one of "
                f"{', '.join(task.names)}; give the codebook that the records were made with"
            )
        vector = np.array([float(shares.get(name) or 0.0) for name in task.names])
        if not (np.isfinite(vector).all() and vector.min() >= 0 and vector.sum() > 0):
            raise DataError(
                f"{where}: probabilities of {task.name}: expected numbers from 0 to 1, found {dict(shares)}"
            )
        found[task.name] = vector / vector.sum()
    if not found:
        raise DataError(
            f"{where}: no probabilities for any of {', '.join(codebook.task_names)}; expected annotate.py's records"
        )
    return found


def _mapping(shares: Any) -> dict[str, Any]:
    if isinstance(shares, list):
        return dict(shares)
    return dict(shares or {})
