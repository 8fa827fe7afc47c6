"""Records joined with annotations: any file of records can be scored, whoever wrote it."""

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stancewire.data.codebook import Task
from stancewire.data.corpus import AnnotatedSentence, Corpus
from stancewire.data.errors import DataError
from stancewire.data.review import reading
from stancewire.models.evaluation.metrics import FloatArray, IntArray
from stancewire.models.evaluation.scored import Scored

Record = Mapping[str, Any]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Records paired with annotations, and what found no partner.

    ``pairs`` is in the order of the annotations; ``stray`` counts records without an annotation, ``doubled`` records
    whose annotation another record had taken, ``missing`` annotations without a record. ``by`` counts pairs by what
    joined them.
    """

    pairs: tuple[tuple[AnnotatedSentence, Record], ...]
    stray: int
    doubled: int
    missing: int
    by: Mapping[str, int]

    def in_words(self) -> str:
        """Say how the join went in one line."""
        how = ", ".join(f"{count} by {name}" for name, count in self.by.items() if count)
        return (
            f"{len(self.pairs)} sentences joined ({how or 'none'}); {self.missing} annotations without a record, "
            f"{self.stray} records without an annotation, {self.doubled} doubled records left out"
        )


def read_records(path: Path) -> list[Record]:
    """Read records from JSON lines, CSV, TSV, Parquet or a folder of them; DataError names file and line."""
    return [record for _, record in reading.read_records(path)]


def join(records: Iterable[Record], corpus: Corpus) -> Joined:
    """Pair records with annotated sentences: by id, else article, part and offsets, else the text.

    Equal texts are paired in their order, first within the article that the record names, then anywhere.
    """
    waiting = _index(corpus)
    taken: dict[str, Record] = {}
    by = dict.fromkeys(("id", "offset", "text in the article", "text"), 0)
    stray = doubled = 0
    for record in records:
        found, seen = None, False
        for how, key in zip(by, _keys(record), strict=True):
            queue = waiting.get((how, *key), deque())
            seen = seen or bool(queue)
            found = next((sentence for sentence in queue if sentence.id not in taken), None)
            if found:
                by[how] += 1
                taken[found.id] = record
                break
        doubled += found is None and seen
        stray += found is None and not seen
    pairs = tuple((sentence, taken[sentence.id]) for sentence in corpus.sentences if sentence.id in taken)
    return Joined(pairs, stray, doubled, len(corpus.sentences) - len(pairs), by)


def scored_records(name: str, joined: Joined, corpus: Corpus) -> Scored:
    """Turn joined records into Scored: tasks that the first record has, probabilities where every record has them."""
    if not joined.pairs:
        raise DataError(f"{name}: no record matches an annotation ({joined.in_words()}); do both come from one text?")
    sentences, records = zip(*joined.pairs, strict=True)
    tasks = [task for task in corpus.codebook.tasks if task.name in records[0]]
    if not tasks:
        raise DataError(
            f"{name}: expected one of the fields {', '.join(corpus.codebook.task_names)}, found none of them"
        )
    predicted = {task.name: _values(name, task, records) for task in tasks}
    matrices = {task.name: _matrix(task, records) for task in tasks}
    marks = [record.get("needs_review") for record in records]
    return Scored(
        name=name,
        origin="records",
        codebook=corpus.codebook,
        sentences=tuple(sentences),
        predicted=predicted,
        probabilities={task: matrix for task, matrix in matrices.items() if matrix is not None},
        folds=np.zeros(len(records), dtype=np.int64),
        review=None if None in marks else np.array([str(mark).lower() in {"true", "1"} for mark in marks]),
    )


def _index(corpus: Corpus) -> dict[Key, deque[AnnotatedSentence]]:
    """List every annotated sentence under every key that a record may name it by."""
    index: defaultdict[Key, deque[AnnotatedSentence]] = defaultdict(deque)
    for article, rows in corpus.by_article.items():
        for row, unit in zip(rows, corpus.units(article), strict=True):
            index["id", row.id].append(row)
            index["offset", article, unit.part, unit.start, unit.end, row.text].append(row)
            index["text in the article", article, _sha1(row.text)].append(row)
            index["text", _sha1(row.text)].append(row)
    return dict(index)


def _keys(record: Record) -> tuple[Key, Key, Key, Key]:
    """Return the record's keys, surest first; the offset counts only with the text that stands there."""
    article = record.get("article_id") or record.get("article")
    text = str(record.get("text") or "")
    offset = [record.get("part"), *(_whole(record.get(name)) for name in ("start", "end"))]
    seal = _sha1(text) if text else str(record.get("sha1"))
    return (record.get("id"),), (article, *offset, text), (article, seal), (seal,)


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:10]


def _whole(value: object) -> int | None:
    return int(str(value)) if str(value).isdigit() else None


def _values(name: str, task: Task, records: Sequence[Record]) -> IntArray:
    for place, record in enumerate(records):
        if record.get(task.name) not in task.names:
            found = record.get(task.name)
            raise DataError(
                f"{name}: joined record {place + 1}: {task.name}: unknown value {found!r}, expected one of "
                f"{', '.join(task.names)}"
            )
    return np.array([task.index(str(record[task.name])) for record in records], dtype=np.int64)


def _matrix(task: Task, records: Sequence[Record]) -> FloatArray | None:
    """Return probabilities (n, values), or None where a record lacks one."""
    rows = []
    for record in records:
        held = record.get("probabilities")
        tables = json.loads(held) if isinstance(held, str) else held
        table = dict(tables).get(task.name) if tables else None
        if not table or set(dict(table)) != set(task.names):
            return None
        rows.append([float(dict(table)[value]) for value in task.names])
    return np.array(rows, dtype=np.float64)
