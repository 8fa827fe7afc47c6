"""Discourse networks: who says the same, who says the opposite.

The definitions are those of Leifeld (2013), "Reconceptualizing Major Policy Change in the Advocacy Coalition
Framework: A Discourse Network Analysis of German Pension Politics", Policy Studies Journal 41(1), 169-198, and
Leifeld (2017), "Discourse Network Analysis: Policy Debates as Dynamic Networks", in Victor, Montgomery & Lubell
(eds.), The Oxford Handbook of Political Networks, as Discourse Network Analyzer and rDNA compute them
(github.com/leifeld/dna): a statement is an actor, a concept and a binary qualifier (agreement); X[i, j, k] counts
actor i's statements on concept j with qualifier k.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ConfigError
from stancewire.data.views.inputs import ArticleRows, Row

Relation = Literal["congruence", "conflict", "subtract"]
Actors = Literal["speaker", "group"]
Duplicates = Literal["include", "document", "range"]


@dataclass(frozen=True)
class NetworkSettings:
    """What counts as a statement. ``concept`` None takes the claim type as concept and the side as qualifier (claim
    type × stance); a name takes that column of the records instead. ``start`` and ``end`` (both included) bound the
    time window; with either, undated articles are left out. ``duplicates``: count every statement, an actor's
    repeated ones once per ``document``, or once in the whole date ``range``."""

    actors: Actors = "speaker"
    concept: str | None = None
    duplicates: Duplicates = "document"
    start: date | None = None
    end: date | None = None
    join_names: bool = True

    def __post_init__(self) -> None:
        """Check the window; ConfigError."""
        if self.start and self.end and self.start > self.end:
            raise ConfigError(f"time window: expected start before end, found {self.start} to {self.end}")

    def covers(self, day: date | None) -> bool:
        """Say whether ``day`` lies in the window."""
        if self.start is None and self.end is None:
            return True
        return day is not None and (self.start is None or day >= self.start) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Statement:
    """An actor's utterance on a concept. ``agreement`` is True or False (True for all where the codebook knows no
    sides)."""

    article: ArticleRows
    row: Row
    actor: str
    concept: str
    agreement: bool


def statements(article: ArticleRows, codebook: Codebook, settings: NetworkSettings) -> Iterator[Statement]:
    """Yield the statements of one article. A sentence is one if it has an actor and a concept and, where the
    codebook has a task with the role ``side``, takes a side (polarity +1: agreement, -1: disagreement; others are no
    statement)."""
    if not settings.covers(article.published):
        return
    for row in article.rows:
        actor, agreement = _actor(row, codebook, settings.actors), _agreement(row, codebook)
        concept = row.concept if settings.concept else _concept(row, codebook)
        if actor is not None and concept is not None and agreement is not None:
            yield Statement(article, row, actor, concept, agreement)


@dataclass(frozen=True)
class OneMode:
    """A one-mode network: ``matrix`` is symmetric, shape (actors, actors), zero diagonal."""

    relation: Relation
    actors: tuple[str, ...]
    matrix: csr_array


@dataclass(frozen=True)
class TwoMode:
    """X as two sparse matrices of counts, each of shape (actors, concepts): statements that agree and that disagree."""

    actors: tuple[str, ...]
    concepts: tuple[str, ...]
    agree: csr_array
    disagree: csr_array

    @property
    def activity(self) -> npt.NDArray[np.int64]:
        """Statements per actor, all concepts and qualifiers: shape (actors,)."""
        return np.asarray((self.agree + self.disagree).sum(axis=1)).ravel()

    def affiliation(self, qualifier: Literal["ignore", "subtract"]) -> csr_array:
        """Return the two-mode matrix (actors, concepts): statements whatever the qualifier, or agreements minus
        disagreements."""
        return csr_array(self.agree + self.disagree if qualifier == "ignore" else self.agree - self.disagree)

    def one_mode(self, relation: Relation, normalise: bool = True) -> OneMode:
        """Project on the actors (Leifeld 2017).

        congruence: sum over concepts j and equal qualifiers k of X[i,j,k] X[i',j,k]; conflict: the same over unequal
        qualifiers; subtract: congruence minus conflict. ``normalise`` divides by the pair's average activity, (sum
        X[i] + sum X[i']) / 2.
        """
        same = self.agree @ self.agree.T + self.disagree @ self.disagree.T
        other = self.agree @ self.disagree.T + self.disagree @ self.agree.T
        raw = coo_array({"congruence": same, "conflict": other, "subtract": same - other}[relation].astype(float))
        row, column = raw.coords
        weight = raw.data
        if normalise:
            activity = self.activity
            weight = weight / ((activity[row] + activity[column]) / 2)
        keep = (row != column) & (weight != 0)
        matrix = csr_array((weight[keep], (row[keep], column[keep])), shape=raw.shape)
        return OneMode(relation, self.actors, matrix)

    def most_active(self, limit: int) -> "TwoMode":
        """Keep the ``limit`` actors with most statements (ties by name), in that order, and the concepts they use."""
        activity = self.activity.tolist()
        order = sorted(range(len(self.actors)), key=lambda i: (-activity[i], self.actors[i]))[:limit]
        return self.among([self.actors[i] for i in order])

    def among(self, actors: Sequence[str]) -> "TwoMode":
        """Return X for ``actors``, in that order, and the concepts they use; an actor without a statement has an empty
        row."""
        place = {name: i for i, name in enumerate(self.actors)}
        found = [(row, place[name]) for row, name in enumerate(actors) if name in place]
        shape = (len(actors), len(self.actors))
        rows, columns = [row for row, _ in found], [column for _, column in found]
        chosen = csr_array((np.ones(len(found), dtype=int), (rows, columns)), shape=shape)
        agree, disagree = chosen @ self.agree, chosen @ self.disagree
        used = np.flatnonzero(np.asarray((agree + disagree).sum(axis=0)).ravel())
        concepts = tuple(self.concepts[j] for j in used)
        return TwoMode(tuple(actors), concepts, csr_array(agree[:, used]), csr_array(disagree[:, used]))


@dataclass
class Affiliations:
    """Counts statements article by article; memory grows with actors and concepts, not with articles."""

    duplicates: Duplicates = "document"
    counts: Counter[tuple[str, str, bool]] = field(default_factory=Counter)

    def add(self, found: Iterable[Statement]) -> None:
        """Count the statements of one article."""
        keys = [(item.actor, item.concept, item.agreement) for item in found]
        self.counts.update(keys if self.duplicates == "include" else set(keys))

    def two_mode(self) -> TwoMode:
        """Return X for what was counted; actors and concepts in alphabetical order."""
        actors = tuple(sorted({key[0] for key in self.counts}))
        concepts = tuple(sorted({key[1] for key in self.counts}))
        place = {name: i for i, name in enumerate(actors)}, {name: j for j, name in enumerate(concepts)}
        parts = []
        for qualifier in (True, False):
            cells = [(place[0][a], place[1][c], n) for (a, c, q), n in self.counts.items() if q is qualifier]
            table = np.array(cells, dtype=int).reshape(-1, 3)
            data = np.minimum(table[:, 2], 1) if self.duplicates == "range" else table[:, 2]
            parts.append(csr_array((data, (table[:, 0], table[:, 1])), shape=(len(actors), len(concepts))))
        return TwoMode(actors, concepts, parts[0], parts[1])


def _actor(row: Row, codebook: Codebook, actors: Actors) -> str | None:
    if actors == "speaker":
        return row.speaker
    task = codebook.by_role("group")
    if task is None:
        return None
    value = row.values[codebook.tasks.index(task)]
    return None if value is None or task.names[value] == task.unattributed else task.names[value]


def _agreement(row: Row, codebook: Codebook) -> bool | None:
    task = codebook.by_role("side")
    if task is None:
        return True
    value = row.values[codebook.tasks.index(task)]
    polarity = None if value is None else task.values[value].polarity
    return polarity > 0 if polarity else None


def _concept(row: Row, codebook: Codebook) -> str | None:
    task = codebook.by_role("claim")
    if task is None:
        side = codebook.by_role("side")
        return side.name if side else None
    value = row.values[codebook.tasks.index(task)]
    return None if value is None else task.names[value]
