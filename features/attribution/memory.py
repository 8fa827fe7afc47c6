"""What an article has said so far about its people and bodies: full names, offices, descriptions, who spoke last."""

from collections import deque

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.acronyms import introduced
from stancewire.features.attribution.bodies import Bodies, names_body
from stancewire.features.attribution.described import predicate
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.frame import Frame, text_of
from stancewire.features.attribution.lexicon import (
    ADV,
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    HUMAN,
    MARK,
    NEWS,
    OFFICE,
    PAST,
    PREP,
    PRON,
    QUOTE,
    REL,
    SUB,
    THIRD,
    TIME,
    VERB,
    Lexicon,
)
from stancewire.features.attribution.names import is_adjective, is_joint_run
from stancewire.features.attribution.papers import papers
from stancewire.features.attribution.phrases import NAME_PARTICLES
from stancewire.features.attribution.posts import posts, strangers
from stancewire.features.attribution.sources import Kind
from stancewire.features.attribution.styles import PORTFOLIOS
from stancewire.features.attribution.titles import is_country_of_post

_MAX_RUN = 9
_NAMES = 2
# How far back sources are looked for: bounds the work on any text, and no article refers farther.
_RECENT = 200
_MAX_NAMESAKES = 20
_TOPICS = 3
_ROYAL = frozenset(("prince", "princess", "king", "emir", "sheikh", "sultan"))
_SON_OF = frozenset(("bin", "ibn", "bint"))
_LONG_RUN = 3
_AGE = 2
_MAX_DESCRIPTIONS = 10
_ADDRESS = frozenset(("mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "madam"))
_LETTERS = 3  # that a body named before may be called by


class Memory:
    """The entities of one article, grown sentence by sentence; nothing is looked up ahead."""

    def __init__(self, lexicon: Lexicon, actors: Actors, body_from: int = 0) -> None:
        self.lexicon = lexicon
        self.actors = actors
        self.entities: dict[str, Entity] = {}
        self.by_last: dict[str, list[str]] = {}
        self.acronyms: dict[str, str] = {}
        self.bodies = Bodies(actors)
        self.spoken: deque[Entity] = deque(maxlen=_RECENT)
        self.recent: deque[Entity] = deque(maxlen=_RECENT)
        self.subject: Entity | None = None
        self.person: Entity | None = None
        self.named: list[Entity] = []
        self.topics: deque[tuple[int, Entity]] = deque(maxlen=_TOPICS)
        self.at = 0
        self.body_from = body_from
        self.papers: dict[str, tuple[int, str | None]] = {}
        self.posts: dict[str, str] = {}
        self.strangers: dict[str, int] = {}
        self.lettered: dict[str, str] = {}

    # --- reading ---------------------------------------------------------------------------------------------------------------

    def observe(self, frame: Frame) -> None:
        """Take in the names of a sentence."""
        tags = frame.tags
        size = len(frame)
        self.named = []
        self.acronyms.update(introduced(frame))
        self.papers.update({head: (self.at, owner) for head, owner in papers(frame).items()})
        self.posts.update(posts(frame, self.actors))
        self.strangers.update(dict.fromkeys(strangers(frame), self.at))
        self.lettered.update(
            (noun, frame.words[frame.lows.index(name)])
            for name, noun in self.lexicon.epithets.items()
            if name in frame.lows
        )
        at = 0
        while at < size:
            tag = tags[at]
            citing = at == 0 and frame.lows[0] in ("citing", "quoting")
            if (
                citing
                or not tag & CAP
                or (tag & (TIME | PRON | DET | REL | SUB | QUOTE | PREP | CONJ | AUX | BE | ADV) and not tag & OFFICE)
            ):
                at += 1
                continue
            stop = self._run(frame, at)
            if stop < size and tags[stop] & BODY and not tags[stop] & CAP:
                while stop < size and tags[stop] & BODY and not tags[stop] & CAP:
                    stop += 1
                if not self._names_next(frame, stop):
                    self._note_body(frame, at, stop)
            elif stop - at > 1:
                self._note(frame, at, stop)
            at = stop

    @staticmethod
    def _names_next(frame: Frame, at: int) -> bool:
        """ "International charity Harbour Aid": tell whether the name of what was just described begins at item ``at``."""
        tag = frame.tags[at] if at < len(frame) else 0
        return bool(tag & CAP) and not tag & (
            OFFICE | TIME | PRON | DET | AUX | BE | PREP | CONJ | QUOTE | SUB | REL | ADV
        )

    def _run(self, frame: Frame, start: int) -> int:
        """Return the item behind the capitalised run that begins at ``start``."""
        tags, lows, words = frame.tags, frame.lows, frame.words
        size = min(len(frame), start + _MAX_RUN)
        stop = start + 1
        at = stop
        while at < size:
            tag = tags[at]
            if tag & CAP and not tag & (TIME | PRON | QUOTE):
                stop = at + 1
            elif not (
                (lows[at] in NAME_PARTICLES and (lows[at] != "the" or lows[at - 1] in ("of", "for", "and")))
                or words[at] in ("-", "’", "'")
                or (tag & OFFICE and not tag & MARK and lows[at].startswith(("spokes", "minister", "president")))
            ):
                break
            elif tag & OFFICE:
                stop = at + 1
            at += 1
        return stop

    def _note(self, frame: Frame, start: int, stop: int) -> None:
        """Take in a capitalised run: a body, or a name behind a title or a body."""
        tags = frame.tags
        offices = [at for at in range(start, stop) if tags[at] & OFFICE and not (tags[at] & BODY and at + 1 == stop)]
        plural = tags[start] & HUMAN and frame.lows[start][-1] == "s" and not offices  # "Ambassadors Anna B. and …"
        title = offices[-1] if offices else start if plural else start - 1
        first = title + 1
        body = max((at for at in range(first, stop) if tags[at] & BODY), default=None)
        if body is not None:
            named = body + 2 < stop <= body + 4 and frame.lows[body + 1] not in ("of", "for")
            self._note_body(frame, start, body + 1 if named else stop)
            if not named:
                return
            title, first = body, body + 1
        while first < stop and (not tags[first] & CAP or is_adjective(frame, first)):
            first += 1  # "the Qaeda-linked JNIM"
        if stop - first < 1 or any(tags[at] & CLITIC for at in range(first, stop)):
            return
        if stop - first > _NAMES and (
            is_country_of_post(frame, first) or frame.lows[stop - _NAMES - 1] in PORTFOLIOS | {"class"}
        ):
            first = stop - _NAMES
        if first == start and start > 0 and tags[start - 1] & (OFFICE | HUMAN) and not tags[start - 1] & CAP:
            title = start - 1
        entity = self._named(frame, first, stop, title >= start)
        if entity is None:
            return
        if entity not in self.named and len(self.named) < _MAX_NAMESAKES:
            self.named.append(entity)
        if title >= start or (title == start - 1 and title >= 0 and tags[title] & OFFICE):
            self.describe(entity, text_of(frame, self._title_start(frame, min(start, title)), title + 1))
        self.note_apposition(frame, stop, entity)

    def _named(self, frame: Frame, first: int, stop: int, titled: bool) -> Entity | None:
        """Return the entity that items ``first:stop`` name, or None where they name no person."""
        first += frame.lows[first] == "base" and stop - first == _LONG_RUN  # "Air Defense Base Jan Keller"
        if stop - first > _LONG_RUN and frame.lows[first + 1] in ("east", "africa", "asia", "caucasus"):
            first += 2  # "Envoy for the Middle East Jan Keller"
        words = text_of(frame, first, stop)
        if stop - first < 2 and self.actors.nation_of(words) is not None:
            return None
        if stop - first < 2:
            return self.entity(self.full_name(words), "person") if titled else None
        if any(low in ("of", "for", "the") for low in frame.lows[first:stop]):
            return None
        if self.actors.state_of(frame.words[first]) is not None or self.actors.state_of(words) is not None:
            return None
        self.index(words)
        before = frame.tags[first - 2] if first > 1 and frame.lows[first - 1] == "and" else 0
        alone = first < 3 or not frame.tags[first - 3] & CAP or frame.tags[first - 3] & (BODY | OFFICE)
        if before & CAP and alone and stop - first == 2 and not before & (BODY | TIME | OFFICE):
            self.index(f"{frame.words[first - 2]} {frame.words[stop - 1]}")  # "Alexander and Svetlana Kostenko"
        return self.entity(words, "person" if titled else "name")

    @staticmethod
    def _title_start(frame: Frame, begin: int) -> int:
        """Return where the title that ends behind ``begin`` starts: words such as "Turkish" or "ministry" belong to it."""
        stop = max(begin - 5, 0)
        while begin > stop:
            tag = frame.tags[begin - 1]
            if tag & (MARK | QUOTE | DET | REL | SUB | TIME) or not tag & (CAP | OFFICE | BODY | CLITIC | HUMAN):
                break
            begin -= 1
        return begin

    def note_apposition(self, frame: Frame, at: int, entity: Entity) -> None:
        """ ", a Pentagon spokesman,", "(R-Ohio)": remember what a name is said to be."""
        told = predicate(frame, at)
        if told is not None:
            self.describe(entity, told)
            return
        if frame.words[at : at + 1] == ["("] and at + 1 < len(frame) and frame.tags[at + 1] & OFFICE:
            self.describe(entity, frame.words[at + 1])
            return
        if at + 2 >= len(frame) or frame.words[at] != "," or len(entity.description) > 6:
            return
        first = frame.tags[at + 1]
        if frame.lows[at + 1] in _ADDRESS:
            return  # "After talks with Anna Brandt, Mr Keller said"
        if not entity.description and frame.words[at + 1].isdigit() and len(frame.words[at + 1]) == _AGE:
            entity.age = frame.words[at + 1]
            self.note_apposition(frame, at + 2, entity)
            if not entity.description:
                self.describe(entity, "aged")  # news gives an official's age with the office, a private person's alone
            return
        if first & (PRON | SUB | PREP | TIME | AUX | BE | CONJ) or (first & VERB and first & (PAST | THIRD)):
            return
        stop = at + 1
        while (
            stop < len(frame)
            and stop < at + 16
            and not frame.tags[stop] & QUOTE
            and frame.words[stop] not in (",", ".", ";", ":")
        ):
            stop += 1
        if self._is_place(frame, at) and any(
            frame.tags[i] & VERB and frame.tags[i] & (PAST | THIRD) and not frame.tags[i] & (BODY | HUMAN | CAP)
            for i in range(at + 3, stop)
        ):
            return  # "In Bergen, the mayor said no"
        if (
            first & REL
            or frame.lows[at + 1] in ("a", "an")
            or any(frame.tags[i] & (OFFICE | HUMAN | BODY | NEWS) for i in range(at + 1, stop))
        ):
            self.describe(entity, text_of(frame, at + 1, stop))

    @staticmethod
    def _is_place(frame: Frame, at: int) -> bool:
        """Tell whether the name that ends before item ``at`` stands behind a preposition."""
        first = at - 1
        while first > 0 and frame.tags[first] & CAP and not frame.tags[first] & PREP:
            first -= 1
        return bool(frame.tags[first] & PREP)

    def _note_body(self, frame: Frame, start: int, stop: int) -> None:
        while start < stop and (
            frame.tags[start] & DET
            or is_adjective(frame, start)
            or (start + 2 < stop and frame.lows[start + 1].endswith("-based"))  # "the New York-based Harbour Aid"
        ):
            start += 1
        if stop - start < 2 or (not frame.tags[stop - 1] & CAP and is_joint_run(frame, start, stop)):
            return
        end = stop
        if end + 1 < len(frame) and frame.lows[end] in ("for", "of") and frame.tags[end + 1] & CAP:
            more = end + 1
            while (
                more < len(frame)
                and (frame.tags[more] & CAP or frame.lows[more] in ("and", "the", "of"))
                and more - start < _MAX_RUN
            ):
                more += 1
            end = more
        head = next(
            (frame.lows[at - 1] for at in range(start + 1, stop) if frame.lows[at] in ("of", "for")),
            frame.lows[stop - 1],
        )
        if stop == end and frame.tags[stop - 1] & NEWS and not frame.tags[stop - 1] & CAP:
            while end - start > 1 and frame.tags[end - 1] & NEWS and not frame.tags[end - 1] & CAP:
                end -= 1
            if self.actors.nation_of(text_of(frame, start, end).replace("’s", "").replace("'s", "")):
                return
        if frame.tags[stop - 1] & OFFICE and not frame.tags[stop - 1] & BODY:
            return
        self.bodies.note(text_of(frame, start, end), head)

    def only_person(self) -> Entity | None:
        """Return the one person whom the sentence last observed names in full or, of several, introduces; or None."""
        persons = [one for one in self.named if one.kind in ("person", "name") and not self._is_known_body(one)]
        if len(persons) > 1:
            persons = [one for one in persons if one.description and one.since == self.at]
        return persons[0] if len(persons) == 1 else None

    # --- people ----------------------------------------------------------------------------------------------------------------

    def entity(self, name: str, kind: Kind) -> Entity:
        """Return the entity called ``name``, made where it is new."""
        found = self.entities.get(name)
        if found is None:
            found = self.entities[name] = Entity(name, kind, since=self.at)
            self.recent.append(found)
        elif kind in ("person", "body") and found.kind == "name":
            found.kind = kind
        return found

    def index(self, name: str) -> None:
        """Remember a full name under each last name and pair of names that may stand for it."""
        words = name.split()
        for tail in {fold(words[-1]), fold(words[-1].split("-", 1)[-1]), fold(" ".join(words[-2:])), fold(words[0])}:
            names = self.by_last.setdefault(tail, [])
            if len(names) < _MAX_NAMESAKES and name not in names:
                names.append(name)

    def full_name(self, name: str) -> str:
        """Return the fullest form given so far for a name (itself where nothing fuller fits, or two persons share it)."""
        if name in self.acronyms:
            return self.acronyms[name]
        if len(name) >= _LETTERS and name.isupper() and name in self.bodies.by_letters:
            return self.bodies.by_letters[name]
        if (ministry := self.bodies.ministry(name)) is not None:
            return ministry
        if name.isupper() and " " in name:  # a transcript's label
            shouted = fold(name)
            return next((full for full in self.by_last.get(fold(name.split()[-1]), ()) if fold(full) == shouted), name)
        if len(name.split()) > 2 or self.actors.state_of(name) is not None:
            return name
        key = fold(name)
        fuller = [full for full in self.by_last.get(key, ()) if full != name and len(full.split()) > len(name.split())]
        if not fuller and "-" in name:
            fuller = [
                full
                for full in self.by_last.get(fold(name.split("-", 1)[-1]), ())
                if len(full.split()) > len(name.split())
            ]
        last = [
            full
            for full in fuller
            if fold(full.split()[-1]) == key
            or fold(full.split()[-1].split("-", 1)[-1]) == key.split("-", 1)[-1]
            or fold(full).endswith(" " + key)
        ]
        if not last and " " not in name and self.actors.state_of(name) is None:
            last = [
                full
                for full in fuller
                if fold(full.split()[0]) == key
                and (len(full.split()) == 2 or self._is_prince(full))
                and self._is_personal(full)
            ]
        if not last:
            return self.bodies.by_first.get(key, name)
        distinct = list(dict.fromkeys(last))
        if len(distinct) > 1:
            for entity in reversed(self.spoken):
                if entity.name in distinct:
                    return entity.name
        return distinct[-1]

    def may_be_person(self, entity: Entity) -> bool:
        """Tell whether a name may be a person's: no body's, no state's, no news organisation's."""
        named = entity.kind in ("person", "name") and not entity.plural
        return named and not self.is_body(entity) and entity.name.lower() not in self.lexicon.news

    def is_body(self, entity: Entity) -> bool:
        """Tell whether an entity is a state, a body or a party rather than a person."""
        return self._is_known_body(entity) or any(names_body(self.lexicon, text) for text in entity.description)

    def _is_known_body(self, entity: Entity) -> bool:
        """Tell whether an entity is a body by its own name, whatever the article says it is."""
        if entity.kind in ("body", "document"):
            return True
        return entity.kind in ("name", "thing") and any(clue.kind != "role" for clue in self.actors.clues(entity.name))

    def describe(self, entity: Entity, text: str) -> None:
        """Remember what an entity is said to be."""
        if len(entity.description) < _MAX_DESCRIPTIONS and text not in entity.description:
            entity.description.append(text)
            self._gender(entity)

    def _is_personal(self, name: str) -> bool:
        entity = self.entities.get(name)
        return entity is None or entity.kind == "person" or (entity.kind == "name" and not self.is_body(entity))

    def _is_prince(self, name: str) -> bool:
        """Tell whether a "bin" is of a ruling house, whose members go by their first names ("Prince Mohammed")."""
        entity = self.entities.get(name)
        told = " ".join(entity.description).lower().split() if entity is not None else []
        return name.split()[1].lower() in _SON_OF and not _ROYAL.isdisjoint(told)

    def _gender(self, entity: Entity) -> None:
        if entity.gender:
            return
        words = set(" ".join(entity.description).lower().split())
        if words & self.lexicon.feminine:
            entity.gender = "she"
        elif words & self.lexicon.masculine:
            entity.gender = "he"
