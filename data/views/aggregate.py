"""Figures of a report, counted article by article: memory grows with speakers, outlets and periods, not with text.

An article that repeats one seen before (``duplicate_of``) counts as an article and for its outlet, and nowhere else:
a wire story printed ten times is one statement, carried ten times.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from scipy.stats import binomtest

from stancewire.data.views.inputs import ArticleRows, Row
from stancewire.data.views.payload import NAME_LIMIT, Json, Names
from stancewire.data.views.roles import Roles, dense
from stancewire.data.views.safety import visible

ACTOR_LIMIT = 400
OUTLET_LIMIT = 40
PERIOD_LIMIT = 1500
PREVIEWS = 40
PREVIEW_LENGTH = 280


@dataclass
class Actor:
    """What is known of one speaker. ``refs`` are (article number, sentence position)."""

    groups: Counter[int] = field(default_factory=Counter)
    sides: Counter[int] = field(default_factory=Counter)
    claims: Counter[int] = field(default_factory=Counter)
    outlets: Counter[tuple[int, int]] = field(default_factory=Counter)
    count: int = 0
    refs: list[tuple[int, int]] = field(default_factory=list)
    previews: dict[tuple[int, int], list[object]] = field(default_factory=dict)


class Aggregate:
    """Counts what the report's overview, actors, time and outlets sections show."""

    def __init__(self, roles: Roles, speakers: Names) -> None:
        self.roles = roles
        self.speakers = speakers
        self.outlets = Names()
        self.numbers: dict[str, int] = {}
        self.totals: Counter[str] = Counter()
        self.days: list[date] = []
        self.values = [Counter[int]() for _ in roles.codebook.tasks]
        self.cross: dict[str, Counter[tuple[int, int]]] = {"group": Counter(), "claim": Counter()}
        self.actors: dict[int, Actor] = {}
        self.periods: Counter[tuple[str, date, int, int]] = Counter()
        self.carried: Counter[tuple[int, int]] = Counter()
        self.models: Counter[str] = Counter()

    def add(self, article: ArticleRows) -> int:
        """Count one article; return its number (0-based)."""
        number = len(self.numbers)
        repeats = article.duplicate_of in self.numbers
        self.numbers[article.id] = number
        self.totals.update(articles=1, sentences=len(article.rows), duplicates=int(article.duplicate_of is not None))
        self.totals.update(repeated=int(repeats), undated=int(article.published is None))
        self.models.update([article.model] if article.model else [])
        outlet = self.outlets.number(article.source)
        self.carried[(outlet, -1)] += 1
        if article.published:
            self.days = [min([*self.days[:1], article.published]), max([*self.days[1:], article.published])]
        for position, row in enumerate(article.rows):
            self._carry(row, outlet)
            if not repeats:
                self._count(row, article.published)
                if row.speaker is not None:
                    self._statement(row, (number, position))
        return number

    def _carry(self, row: Row, outlet: int) -> None:
        side = self.roles.value(row, self.roles.side)
        if side is not None:
            self.carried[(outlet, side)] += 1
        if row.speaker is not None:
            key = self.speakers.number(row.speaker)
            self.actors.setdefault(key, Actor()).outlets[(outlet, -1 if side is None else side)] += 1

    def _count(self, row: Row, day: date | None) -> None:
        self.totals.update(counted=1, attributed=int(row.speaker is not None), review=int(row.needs_review))
        for counter, value in zip(self.values, row.values, strict=True):
            if value is not None:
                counter[value] += 1
        side = self.roles.value(row, self.roles.side)
        group = self.roles.value(row, self.roles.group)
        claim = self.roles.value(row, self.roles.claim)
        if side is None:
            return
        if group is not None:
            self.cross["group"][(group, side)] += 1
        if claim is not None:
            self.cross["claim"][(claim, side)] += 1
        if day is not None:
            monday = day - timedelta(days=day.weekday())
            self.periods[("week", monday, -1 if group is None else group, side)] += 1
            self.periods[("month", day.replace(day=1), -1 if group is None else group, side)] += 1

    def _statement(self, row: Row, ref: tuple[int, int]) -> None:
        actor = self.actors.setdefault(self.speakers.number(row.speaker), Actor())
        actor.count += 1
        actor.refs.append(ref)
        for counter, position in (
            (actor.groups, self.roles.group),
            (actor.sides, self.roles.side),
            (actor.claims, self.roles.claim),
        ):
            value = self.roles.value(row, position)
            if value is not None:
                counter[value] += 1
        if len(actor.previews) < PREVIEWS:
            values = [-1 if value is None else value for value in row.values]
            percent = [None if p is None else round(100 * p) for p in row.probabilities]
            actor.previews[ref] = [*ref, visible(row.text, PREVIEW_LENGTH), values, percent, int(row.needs_review)]

    def result(self, inline: set[int]) -> Json:
        """Return the page's figures. ``inline``: numbers of the articles whose text stands in the page itself."""
        roles = self.roles
        shown = self._ranked_outlets()
        return {
            "totals": {**self.totals, "outlets": len(self.outlets.index), "speakers": self._speaker_count(),
                       "first": self.days[0].isoformat() if self.days else None,
                       "last": self.days[-1].isoformat() if self.days else None},
            "counts": {task.name: dense(counter, len(task.values))
                       for task, counter in zip(roles.codebook.tasks, self.values, strict=True)},
            "cross": {name: self._table(counter, getattr(roles, name)) for name, counter in self.cross.items()},
            "actors": self._actor_rows(inline, shown),
            "time": {unit: self._timeline(unit) for unit in ("week", "month")},
            "outlets": [self._outlet(number) for number in shown],
        }  # fmt: skip

    def _speaker_count(self) -> int:
        return sum(actor.count > 0 for actor in self.actors.values())

    def _table(self, counter: Counter[tuple[int, int]], position: int | None) -> list[list[int]]:
        sides = range(self.roles.size(self.roles.side))
        return [[counter[(value, side)] for side in sides] for value in range(self.roles.size(position))]

    def _actor_rows(self, inline: set[int], outlets: list[int]) -> list[Json]:
        names = self.speakers.names
        place = {outlet: i for i, outlet in enumerate(outlets)}
        known = [key for key, actor in self.actors.items() if actor.count]
        ranked = sorted(known, key=lambda key: (-self.actors[key].count, names[key]))[:ACTOR_LIMIT]
        return [self._actor_row(key, inline, place) for key in ranked]

    def _actor_row(self, key: int, inline: set[int], place: dict[int, int]) -> Json:
        actor, roles = self.actors[key], self.roles
        sides = dense(actor.sides, roles.size(roles.side))
        positive, sided = roles.sided(sides)
        low, high = wilson(positive, sided)
        refs = [list(ref) if ref[0] in inline else actor.previews.get(ref) for ref in actor.refs]
        carried: dict[int, list[int]] = {}
        for (outlet, side), n in actor.outlets.items():
            if outlet in place:
                cell = carried.setdefault(place[outlet], [0] * (roles.size(roles.side) + 1))
                cell[side] += n  # side -1, no side given, counts in the last cell
        return {
            "s": key, "g": actor.groups.most_common(1)[0][0] if actor.groups else -1, "n": actor.count,
            "side": sides, "claim": dense(actor.claims, roles.size(roles.claim)),
            "k": positive, "m": sided, "lo": low, "hi": high,
            "o": len({outlet for outlet, _ in actor.outlets if outlet >= 0}),
            "by": sorted(carried.items()), "st": [ref for ref in refs if ref],
        }  # fmt: skip

    def _timeline(self, unit: str) -> Json:
        found = {key[1:]: n for key, n in self.periods.items() if key[0] == unit}
        if not found:
            return {"axis": [], "cells": []}
        axis = _axis(unit, min(key[0] for key in found), max(key[0] for key in found))
        place = {day: i for i, day in enumerate(axis)}
        cells = sorted([place[day], group, side, n] for (day, group, side), n in found.items() if day in place)
        return {"axis": [day.isoformat() for day in axis], "cells": cells}

    def _ranked_outlets(self) -> list[int]:
        return sorted(range(len(self.outlets.index)), key=lambda i: (-self.carried[(i, -1)], i))[:OUTLET_LIMIT]

    def _outlet(self, number: int) -> Json:
        sides = [self.carried[(number, side)] for side in range(self.roles.size(self.roles.side))]
        return {
            "name": visible(self.outlets.names[number], NAME_LIMIT),
            "articles": self.carried[(number, -1)],
            "side": sides,
        }


def wilson(successes: int, trials: int) -> tuple[float | None, float | None]:
    """Return the 95 % interval of a share (Wilson 1927, score method), (None, None) without trials."""
    if trials == 0:
        return None, None
    interval = binomtest(successes, trials).proportion_ci(confidence_level=0.95, method="wilson")
    return round(float(interval.low), 4), round(float(interval.high), 4)


def _axis(unit: str, first: date, last: date) -> list[date]:
    """Return every period from first to last, those without an article too; the latest PERIOD_LIMIT of them."""
    days = [last]
    while days[-1] > first and len(days) < PERIOD_LIMIT:
        earlier = days[-1] - timedelta(days=7 if unit == "week" else 1)
        days.append(earlier if unit == "week" else earlier.replace(day=1))
    return days[::-1]
