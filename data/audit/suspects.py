"""Labels that a model trained on the other articles finds unlikely, and nearly equal sentences labelled differently."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from numpy.typing import NDArray

from stancewire.data.annotation_rows import read_rows
from stancewire.data.codebook import Task
from stancewire.data.corpus import AnnotatedSentence, Corpus
from stancewire.data.duplicates import group_duplicates
from stancewire.data.errors import DataError

# Word 3-shingles of two sentences, one content word of a dozen changed, share about this much.
NEARLY_EQUAL = 0.6
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label to look at again: ``suggested`` is what the model says, ``probability`` its confidence in that; ``quality`` is the
    probability of the given label."""

    id: str
    task: str
    given: str
    suggested: str
    probability: float
    quality: float
    text: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Nearly equal sentences with several values of one task: ``labels`` are (id, value, text)."""

    task: str
    labels: tuple[tuple[str, str, str], ...]


def suspects(corpus: Corpus, probabilities: dict[str, FloatArray]) -> list[Suspect]:
    """Find label errors by confident learning (Northcutt, Jiang and Chuang 2021; ``cleanlab``), the most doubtful first.

    ``probabilities`` maps task to out-of-fold probabilities, shape (sentences, values) in corpus order: a model that had
    seen the label would not doubt it.
    """
    found = []
    for task in corpus.codebook.tasks:
        if task.name in probabilities:
            found += _task_suspects(task, corpus.sentences, probabilities[task.name])
    return sorted(found, key=lambda suspect: (suspect.quality, suspect.id, suspect.task))


def _task_suspects(task: Task, sentences: Sequence[AnnotatedSentence], matrix: FloatArray) -> list[Suspect]:
    given = np.array([task.index(row.labels[task.name]) for row in sentences])
    present = np.unique(given)
    if len(present) < 2:
        return []
    # cleanlab counts labels from 0 without gaps: leave out the values that nobody gave
    labels, shares = np.searchsorted(present, given), matrix[:, present]
    shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    places = find_label_issues(labels, shares, return_indices_ranked_by="self_confidence", n_jobs=1)
    quality = get_label_quality_scores(labels, shares)
    best = shares.argmax(axis=1)
    return [
        Suspect(
            id=sentences[place].id,
            task=task.name,
            given=task.names[given[place]],
            suggested=task.names[present[best[place]]],
            probability=round(float(shares[place, best[place]]), 4),
            quality=round(float(quality[place]), 4),
            text=sentences[place].text,
        )
        for place in places
    ]


def contradictions(corpus: Corpus, similar: float = NEARLY_EQUAL) -> list[Contradiction]:
    """Find nearly equal sentences with different values; two may both be right, for context counts: a person decides."""
    groups: dict[int, list[AnnotatedSentence]] = {}
    numbers = group_duplicates([row.text for row in corpus.sentences], similar)
    for number, row in zip(numbers, corpus.sentences, strict=True):
        groups.setdefault(number, []).append(row)
    return [
        Contradiction(task, tuple((row.id, row.labels[task], row.text) for row in rows))
        for rows in groups.values()
        for task in corpus.codebook.task_names
        if len({row.labels[task] for row in rows}) > 1
    ]


def read_probabilities(paths: Sequence[Path], corpus: Corpus) -> dict[str, FloatArray]:
    """Read out-of-fold files and return task → probabilities, shape (sentences, values), the mean over files and seeds.

    Each line holds ``id`` and ``probabilities`` (task → list in the codebook's order). DataError names file and line,
    or the sentence that no line predicts.
    """
    place = {row.id: number for number, row in enumerate(corpus.sentences)}
    sums = {task.name: np.zeros((len(place), len(task.names))) for task in corpus.codebook.tasks}
    counts = {task: np.zeros(len(place)) for task in sums}
    for path in paths:
        for line, row in read_rows(path):
            where = f"{path}:{line}"
            if row.get("id") not in place:
                raise DataError(f"{where}: unknown sentence {row.get('id')!r}; expected predictions of this corpus")
            for task, vector in _vectors(row.get("probabilities"), where).items():
                if task not in sums:
                    raise DataError(f"{where}: unknown task {task!r}, expected one of {', '.join(sums)}")
                if len(vector) != sums[task].shape[1]:
                    raise DataError(
                        f"{where}: {task}: expected {sums[task].shape[1]} probabilities, found {len(vector)}"
                    )
                sums[task][place[str(row["id"])]] += vector
                counts[task][place[str(row["id"])]] += 1
    known = {task: count for task, count in counts.items() if count.any()}
    for task, count in known.items():
        if not count.all():
            ident = corpus.sentences[int(np.argmin(count))].id
            raise DataError(
                f"out-of-fold probabilities of {task}: sentence {ident} is missing; expected every sentence"
            )
    return {task: sums[task] / count[:, None] for task, count in known.items()}


def _vectors(raw: object, where: str) -> dict[str, list[float]]:
    if not isinstance(raw, dict) or not all(isinstance(vector, list) for vector in raw.values()):
        raise DataError(f"{where}: probabilities: expected task → list of numbers, found {json.dumps(raw)[:60]}")
    return raw
