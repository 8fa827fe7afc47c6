"""The two ends of review: a feed's records to a file for annotators, and their file to annotations."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from stancewire.data.annotation_rows import read_rows
from stancewire.data.codebook import Codebook
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.review.item import Item, review_item
from stancewire.data.review.label_studio import read_label_studio, write_label_studio
from stancewire.data.review.reading import Prediction, read_predictions
from stancewire.data.review.returned import annotations, dump_lines
from stancewire.data.review.selection import Strategy, choose
from stancewire.data.review.sheet import read_sheet, write_sheet

Format = Literal["label-studio", "csv"]


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: ``records`` in, at most ``budget`` sentences out; ``annotated`` are texts that were annotated before."""

    records: tuple[Path, ...]
    budget: int
    seed: int
    annotated: tuple[str, ...] = ()
    strategy: Strategy = field(default_factory=Strategy)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote: ``rows`` annotations, ``changed`` of them unlike what the model had said in some task."""

    path: Path
    rows: int
    changed: int
    annotators: tuple[str, ...]


def export(request: Export, codebook: Codebook, form: Format, output: Path) -> tuple[list[Path], list[Item]]:
    """Choose sentences and write them: a folder for Label Studio, a file for ``csv``. Returns the paths and the items.

    Nothing is left half-written; an existing export is an error, for annotators may be at work on it. DataError where
    there is nothing to review.
    """
    if output.exists():
        raise ConfigError(f"{output}: exists; expected a new place, so that nobody's work is overwritten")

    def read() -> Iterable[Prediction]:
        return read_predictions(request.records, codebook)

    chosen = choose(read, request.budget, request.seed, request.annotated, request.strategy)
    if not chosen:
        raise DataError("no sentence to review: all are annotated already, or nearly equal to ones that are")
    items = [review_item(choice, codebook) for choice in chosen]
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as scratch:
        beside = Path(scratch) / output.name
        write = write_label_studio if form == "label-studio" else write_sheet
        written = write(items, codebook, beside)
        beside.rename(output)
    return [output / path.name if form == "label-studio" else output for path in written], items


def import_review(path: Path, codebook: Codebook, output: Path, now: datetime) -> Imported:
    """Check a returned Label Studio export or sheet and write annotations to ``output``; whole or not at all.

    DataError lists what is wrong, or says that nobody reviewed anything.
    """
    read = read_sheet if path.suffix.lower() in {".csv", ".tsv"} else read_label_studio
    rows = annotations(read(path, codebook), codebook, now)
    if not rows:
        raise DataError(
            f"{path}: no reviewed sentence found; expected annotators' answers (in a sheet: the column annotator)"
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=output.parent, prefix=f".{output.name}.", delete=False
    ) as handle:
        handle.write(dump_lines(rows))
    os.replace(handle.name, output)  # noqa: PTH105 - one atomic step
    people = tuple(dict.fromkeys(str(row["annotator"]) for row in rows))
    return Imported(output, len(rows), sum(bool(row["changed"]) for row in rows), people)


def annotated_texts(paths: Sequence[Path], codebook: Codebook) -> tuple[str, ...]:
    """Return the sentences of annotation files that carry their text."""
    column = codebook.text_column
    return tuple(str(row[column]) for path in paths for _, row in read_rows(path) if row.get(column))
