"""Soft labels of the written sentences: what networks that never saw their articles think of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stancewire.data.annotation_rows import read_rows
from stancewire.data.codebook import Codebook
from stancewire.data.corpus import DATA, file_digest, written_digest
from stancewire.data.errors import DataError

SOFT_LABELS = DATA / "annotations" / "soft_labels.jsonl"

SoftLabels = Mapping[str, Mapping[str, tuple[float, ...]]]


def load_soft_labels(codebook: Codebook, path: Path = SOFT_LABELS) -> SoftLabels:
    """Return sentence id → task → probabilities in the codebook's order, summing to 1.

    Raises DataError where the files are missing, damaged, or were made for other sentences or another codebook.
    """
    remedy = "run `python -m stancewire.models.distillation CONFIG`, or set distillation to 0"
    companion = _companion(path, remedy)
    if not path.is_file():
        raise DataError(f"{path}: missing; {remedy}")
    expected = {"written": written_digest(), "codebook": codebook.digest, "labels": file_digest(path)}
    for name, digest in expected.items():
        if companion.get(name) != digest:
            raise DataError(
                f"{path}: made with {name} of digest {companion.get(name)}, but they are now {digest}; {remedy}"
            )
    found = {}
    for line, row in read_rows(path):
        try:
            given = row["probabilities"]
            found[str(row["id"])] = {task.name: _whole(given[task.name], len(task.names)) for task in codebook.tasks}
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise DataError(f"{path}:{line}: expected an id and probabilities of every task; {remedy}") from error
    if len(found) != companion.get("sentences"):
        raise DataError(f"{path}: expected {companion.get('sentences')} sentences, found {len(found)}; {remedy}")
    return found


def _companion(path: Path, remedy: str) -> dict[str, Any]:
    beside = path.with_suffix(".json")
    try:
        raw = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{beside}: expected what made the soft labels, found {error}; {remedy}") from error
    if not isinstance(raw, dict):
        raise DataError(f"{beside}: expected a mapping, found {type(raw).__name__}; {remedy}")
    return raw


def _whole(values: list[float], size: int) -> tuple[float, ...]:
    """Undo the rounding of the file: probabilities that sum to 1; ValueError for what are none."""
    total = sum(values)
    if len(values) != size or not all(0 <= value <= 1 for value in values):
        raise ValueError(values)
    return tuple(value / total for value in values)
