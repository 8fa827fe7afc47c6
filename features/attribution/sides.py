"""Which side every source of an article is on: by rule, else by the group model."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stancewire.data.actors import Actors
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.groups import (
    decide,
    department_of,
    foreign_causes,
    governs,
    group_of,
    holds_local_office,
    in_politics,
    is_commissioned,
    is_common,
    plain,
)
from stancewire.features.attribution.guess import Guesser, Surroundings, features_of
from stancewire.features.attribution.lexicon import NEWS, Lexicon
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.transcripts import ROLES
from stancewire.features.attribution.whose import Introductions, below, bodies_of, is_nobody, meant_by, ministries_of

_MAX_TEXT = 2000
_MAX_DESCRIPTIONS = 6
_COMMON = 2
# A state named once is no article's subject.
_HOST = 2
_DATELINES = 4
_OPENING = 5
_OWNED = re.compile(r"(?:[Oo]ne of )?[Ii]ts ")
_OWNER = re.compile(r"\w['’]s? |\b(?:for|of) ")
_OF_STATE = re.compile(r"\b[Tt]he (?:\w+ ){0,2}(?:ministry|government|army|parliament|presidency|navy)\b")
_CHIEF = re.compile(r"\b[Ss]ecretary[- ][Gg]eneral\b")
# "IDA VOSS, HOST: …"
_ON_AIR = re.compile(rf"[A-Z .'’-]{{3,40}}, (?:{'|'.join(sorted(ROLES)).upper()})\s?:")
_PRESS_OFFICE = re.compile(r"\b[Pp]ress (?:[Oo]ffice|[Ss]ervice|[Cc]ent(?:er|re)|[Dd]epartment)$")
# Below this probability a side cannot be told: on the development articles it costs no right answer.
_UNSURE = 0.25


@dataclass(frozen=True, slots=True)
class Seen:
    """A source where it first speaks in an article. ``rule_group`` is what the rules tell of its side."""

    sentence: int
    name: str
    kind: str
    descriptions: tuple[str, ...]
    around: Surroundings
    rule_group: str | None


@dataclass(slots=True)
class _Setting:
    """What an article tells of all its sources: causes of wars that are not its own, the group of the state it is mostly
    about, that of its dateline; ``ministries`` grows from department to the group of the last body that heads it, and
    ``body`` is the group of the body that spoke last ("its leader"), ``topic`` that of the state which a sentence of the outlet's
    own, just before, begins with; ``politics`` that of the last politician. ``bodies`` and ``named`` are the groups of the bodies
    and ministries that it names, by noun and by department."""

    foreign: frozenset[str]
    host: str | None
    place: str | None
    bodies: Mapping[str, str]
    named: Mapping[str, str]
    introductions: Introductions
    ministries: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    topic: str | None = None
    politics: str | None = None


class Sides:
    """Finds groups; ``groups`` are the values that the codebook allows, and no other is ever given."""

    def __init__(self, lexicon: Lexicon, actors: Actors, guesser: Guesser | None, groups: frozenset[str]) -> None:
        self.lexicon = lexicon
        self.actors = actors
        self.guesser = guesser
        self.groups = groups
        self.states = frozenset(state.group for state in actors.states.values())
        self.intervening = None if actors.intervener is None else actors.states[actors.intervener].group
        self.tied = {state.yields_to[0]: state.group for state in actors.states.values() if state.yields_to}

    def of(self, title: str, lines: Sequence[Line]) -> dict[int, str | None]:
        """Return the group of every source of an article, by the identity of its entity; None where nothing tells."""
        found: dict[int, str | None] = {}
        sources = self.seen(title, lines)
        for key, seen in sources.items():
            group = seen.rule_group
            if group is None and seen.kind == "pronoun":
                group = self.actors.unknown
            if group is None and self.guesser is not None:
                features = features_of(self.actors, seen.name, seen.kind, seen.descriptions, seen.around)
                barred = self.actors.media if is_commissioned(seen.descriptions) else None
                group, probability = self.guesser.guess(features, barred)
                near = seen.around.common or {clue.group for clue in self.actors.clues(seen.around.sentence)}
                if probability < _UNSURE or (group in self.states and not near):
                    group = self.actors.unknown  # an official of a state, where no state is named
            found[key] = group if group in self.groups else None
        self._head(lines, sources, found)
        return found

    @staticmethod
    def _head(lines: Sequence[Line], sources: Mapping[int, Seen], found: dict[int, str | None]) -> None:
        """Give the sources that only a heading names, and no rule tells, the side of whom they are in the text."""
        in_text = {id(line.entity) for line in lines if line.sentence.part == "body"}
        body = [key for key in sources if key in in_text]
        named = [(sources[key].name, sources[key].kind, sources[key].descriptions) for key in body]
        for key, seen in sources.items():
            if key not in in_text and seen.rule_group is None:
                at = below(seen.name, seen.kind, named)
                if at is not None:
                    found[key] = found[body[at]]

    def seen(self, title: str, lines: Sequence[Line]) -> dict[int, Seen]:
        """Return every source where it first speaks, by the identity of its entity."""
        found: dict[int, Seen] = {}
        before: str | None = None
        texts = (title, *(line.sentence.text for line in lines))
        clues = [self.actors.clues(text[:_MAX_TEXT]) for text in texts]
        states = Counter(clue.state for part in clues for clue in part if clue.state is not None)
        foreign = foreign_causes(self.actors, states.keys(), texts)
        setting = _Setting(
            foreign,
            self._host(states),
            self._place(lines),
            bodies_of(self.actors, texts),
            ministries_of(self.actors, texts),
            Introductions([line.sentence.text for line in lines]),
        )
        counts = Counter(clue.group for part in clues for clue in part if clue.kind == "state")
        common = tuple(group for group, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_COMMON])
        near: str | None = None
        again = {id(line.entity) for line in lines if line.sentence.part == "body"}
        for line, part in zip(lines, clues[1:], strict=True):
            here, near = near, next((clue.group for clue in reversed(part) if clue.kind == "state"), near)
            if line.entity is None:
                setting.topic = self._begins_with(line.sentence.text)
                continue
            key = id(line.entity)
            if line.sentence.part == "title" and key in again:
                continue  # a heading says little: who speaks in the text too is judged there
            if key not in found:
                side = line.entity.first or line.entity.fuller or line.entity
                around = Surroundings(
                    line.sentence.text[:_MAX_TEXT], title[:_MAX_TEXT], before, common, here, setting.host, setting.place
                )
                descriptions = _fullest(side.description[:_MAX_DESCRIPTIONS])
                text = line.sentence.text
                posts = side.kind in ("name", "person") and not descriptions and f"{line.name} (@" in text
                posts = posts or _ON_AIR.match(text) is not None
                told = line.sentence.text[line.frame.start - line.sentence.start :][:_MAX_TEXT]
                group = self._told(side, descriptions, told, setting) or (self.actors.media if posts else None)
                found[key] = Seen(line.sentence.index, line.name, side.kind, descriptions, around, group)
                setting.topic = None
                if group is not None and in_politics(line.name, descriptions):
                    setting.politics = group
                headed = department_of(line.name, descriptions) if side.kind == "body" else None
                if headed is not None and group is not None:
                    setting.ministries[headed] = group
            before = found[key].rule_group or before
            if found[key].kind == "body":
                setting.body = found[key].rule_group
        return found

    def _told(self, side: Entity, descriptions: Sequence[str], text: str, setting: "_Setting") -> str | None:
        """Return the group that the text tells: by what a source is called, its colleagues, its place, the dateline."""
        group = self._possessed(descriptions, text, setting) if self._is_chief(descriptions) else None
        group = group or self._by_rule(side)
        if group is None:
            group = self._headed(side, setting)
        if group is None:
            group = governs(self.actors, side.name, descriptions)
        if group is None:
            group = meant_by(side.name, descriptions, setting.bodies)
        if group is None and not descriptions and side.kind in ("name", "person"):
            told = map(self._introduced, setting.introductions.of(side.name))
            group = next((found for found in told if found is not None), None)
        if group is None and is_nobody(side.name):
            group = self.actors.unknown
        if group is None:
            group = self._possessed(descriptions, text, setting)
        home = setting.place or setting.host
        if group is None and home == setting.politics and in_politics(side.name, descriptions):
            group = home  # of the parliament whose members spoke before
        if group is None and holds_local_office(side.name, descriptions):
            group = self._stricken(text) or home
        opposes = group in self.tied and self._elsewhere(group, home) and in_politics(side.name, descriptions)
        if not opposes and group not in setting.foreign:
            return group
        common = any(is_common(self.actors, called) for called in (side.name, *descriptions))
        if not common or not opposes:
            return self.actors.unknown if common else group
        return home

    def _headed(self, side: Entity, setting: "_Setting") -> str | None:
        """Return the group of a ministry without an owner, or its minister: "Minister X" after "Estonia's ministry"."""
        department = self._department(side)
        if department is None:
            return None
        if department in setting.ministries:
            return setting.ministries[department]
        named = setting.named.get(department)
        return named if named != self.intervening or setting.host is None else None

    def _introduced(self, text: str) -> str | None:
        """Return the group that the words before a name tell: by a trade or by whose office; nationality tells nothing."""
        group = decide(self.actors, plain(text))
        return group if group == self.actors.media or _OWNER.search(text) else None

    @staticmethod
    def _is_chief(descriptions: Sequence[str]) -> bool:
        """Tell whether a source is "its secretary general": of the body meant, not of the United Nations."""
        return any(_OWNED.match(phrase) and _CHIEF.search(phrase) for phrase in descriptions)

    def _elsewhere(self, cause: str | None, home: str | None) -> bool:
        """Tell whether an article's home is another state than the one whose opposition ``cause`` is."""
        return home is not None and cause is not None and self.tied.get(cause, home) != home

    def _stricken(self, text: str) -> str | None:
        """Return the group of the state, the intervening one aside, whose place a sentence reports from, or None where it
        names none or several: its authorities speak, wherever the report was written."""
        states = {clue.state for clue in self.actors.clues(text) if clue.state is not None}
        named = states - {self.actors.intervener}
        return self.actors.states[next(iter(named))].group if len(named) == 1 else None

    def _begins_with(self, text: str) -> str | None:
        """Return the group of the state that the first words of a sentence name, or None."""
        clues = self.actors.clues(" ".join(text.split()[:_OPENING]))
        return clues[0].group if clues and clues[0].kind == "state" else None

    def _possessed(self, descriptions: Sequence[str], text: str, setting: "_Setting") -> str | None:
        """Return the group of "its leader": of the state or body that the sentence names first, else that spoke last."""
        own = next((phrase for phrase in descriptions if _OWNED.match(phrase)), None)
        if own is None:
            return None
        before = text[: max(text.find(own), 0)]
        named = [clue for clue in self.actors.clues(before) if clue.kind != "role"]
        if not named and _OF_STATE.search(before):
            return setting.place or setting.host  # "the ministry put out a note, with its director X saying"
        return named[0].group if named else setting.topic or setting.body

    def _host(self, states: Mapping[str, int]) -> str | None:
        """Return the group of the state that an article is mostly about, the intervening one aside; None where two tie."""
        ranked = sorted(
            ((count, name) for name, count in states.items() if name != self.actors.intervener), reverse=True
        )
        if not ranked or ranked[0][0] < _HOST or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return None
        return self.actors.states[ranked[0][1]].group

    @staticmethod
    def _department(entity: Entity) -> str | None:
        """Return the department that a minister or ministry without an owner heads, or None."""
        if entity.owner is not None:
            return None
        name = entity.name if entity.kind in ("body", "office") else ""
        return department_of(name, entity.description[:_MAX_DESCRIPTIONS])

    def _place(self, lines: Sequence[Line]) -> str | None:
        """Return the group of the state that an article's dateline names ("ZUGDIDI, Georgia (AP) —"), or None."""
        for line in lines[:_DATELINES]:
            if line.frame.start > line.sentence.start:
                head = line.sentence.text[: line.frame.start - line.sentence.start]
                clues = [clue for clue in self.actors.clues(head) if clue.kind == "state"]
                if clues:
                    return clues[-1].group
        return None

    def _by_rule(self, entity: Entity) -> str | None:
        personal = entity.kind == "person" or (entity.kind == "name" and self._may_be_person(entity))
        news = entity.name.lower() in self.lexicon.news or (entity.kind == "body" and self._is_medium(entity.name))
        group = group_of(self.actors, entity.name, _fullest(entity.description[:_MAX_DESCRIPTIONS]), personal, news)
        if group is None and entity.owner is not None and entity.owner is not entity and entity.owner.owner is None:
            return self._by_rule(entity.owner)
        return group

    def _may_be_person(self, entity: Entity) -> bool:
        """Tell whether a bare name with clues in it may still be a person's ("Jordan Smith")."""
        clues = self.actors.clues(entity.name)
        whole = clues and len(clues[0].words) >= len(entity.name.split())
        return " " in entity.name and not whole and not any(clue.kind == "term" for clue in clues)

    def _is_medium(self, name: str) -> bool:
        if _PRESS_OFFICE.search(name):
            return False
        return any(self.lexicon.tags.get(word, 0) & NEWS for word in name.lower().split()[-2:])


def _fullest(descriptions: Sequence[str]) -> tuple[str, ...]:
    """Return the descriptions that are no end of a longer one: "Rear Admiral" behind "Deputy Head of the Navy Rear Admiral"."""
    return tuple(
        one for one in descriptions if not any(other != one and other.endswith(f" {one}") for other in descriptions)
    )
