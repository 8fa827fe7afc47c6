"""Whom a pronoun means, or "the officials" after some of them spoke."""

import re
from itertools import takewhile

from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.lexicon import BODY, DOC, HUMAN, OFFICE, PREP, REL
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.names import is_number
from stancewire.features.attribution.tokens import words

# Sentences that a pronoun reaches back: farther, nobody can tell whom it means.
_PRONOUN_REACH = 3
_MAN = 3  # letters
_OFFICIAL_REACH = 8
_COMMON = OFFICE | HUMAN | BODY | DOC
# Words of bodies' names that are no nouns for bodies.
_BODILY = words(
    "international global aid rights without for the of borders doctors lawyers action relief children justice freedom peace "
    "corps solidarity initiative project legal transparency refugees worldwide crescent cross care rescue help hope mothers"
)
_LEGISLATORS = words("lawmakers legislators parliamentarians")
_OF_PARLIAMENT = re.compile(
    r"\b(?:members of (?:the )?(?:\w+ )?(?:congress|house|senate|parliament|knesset|bundestag|duma|assembly)"
    r"|mps|lawmakers|legislators|parliamentarians|senators|congressmen)\b"
)
_PERSON_KINDS = ("person", "office", "name", "people")


class Pronouns:
    """Finds in ``memory`` whom a word means that has no name of its own."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def resolve(self, head: str, text: str, adds: bool = False) -> Entity:
        """Return whom a pronoun means: the subject of an unattributed sentence before, else the last fitting source.

        ``adds`` tells that the pronoun goes on with what it said ("he added"): who spoke comes before whom such a sentence only
        names.
        """
        memory = self.memory
        spoken = [one for one in reversed(memory.spoken) if memory.at - one.last <= _PRONOUN_REACH]
        subject = [one for one in (memory.subject,) if one is not None]
        person = [one for one in (memory.person,) if one is not None]
        candidates = [*subject, *spoken, *person] if adds else [*subject, *person, *spoken]
        fits = {"he": self._may_be_he, "she": self._may_be_he, "it": self._may_be_it, "they": self._may_be_they}.get(
            head
        )
        found = next((entity for entity in candidates if fits is not None and fits(entity, head)), None)
        if found is None and fits is not None and head in ("he", "she"):
            topics = (
                one for at, one in reversed(memory.topics) if memory.at - at <= _PRONOUN_REACH and one.gender == head
            )
            found = next((entity for entity in topics if fits(entity, head)), None)
        if found is None and head == "they":
            found = next((entity for entity in candidates if memory.is_body(entity)), None)
        if found is None and head == "it":
            found = next((entity for entity in candidates if self.may_be_body(entity)), None)
        if found is None and head == "she":
            found = next((entity for entity in candidates if self._is_mans_office(entity)), None)
        if found is None:
            return Entity(text, "pronoun")
        if head in ("he", "she") and (found.kind == "person" or (found.kind == "name" and not memory.is_body(found))):
            found.gender = head
        return found

    def fits(self, entity: Entity, head: str) -> bool:
        """Tell whether "he" or "she" may mean an entity."""
        return self._may_be_he(entity, head)

    def _may_be_he(self, entity: Entity, head: str) -> bool:
        other = "she" if head == "he" else "he"
        if entity.name.isupper() and " " not in entity.name and entity.kind == "name":
            return False  # "JTA"
        if entity.kind == "name" and entity.name[-1].isdigit():
            return False  # "Channel 4"
        if (
            entity.kind == "name"
            and " " not in entity.name
            and self.memory.lexicon.tags.get(entity.name.lower(), 0) & _COMMON
        ):
            return False  # "Prisoner lists", a heading between paragraphs
        if entity.kind not in _PERSON_KINDS or entity.plural or entity.gender == other:
            return False
        return not self.memory.is_body(entity) and entity.name.lower() not in self.memory.lexicon.news

    def _may_be_it(self, entity: Entity, _head: str) -> bool:
        if entity.kind == "name":
            return " " not in entity.name or self.memory.is_body(entity) or self._is_described_body(entity)
        return entity.kind in ("body", "thing", "document")

    @staticmethod
    def _is_mans_office(entity: Entity) -> bool:
        """Tell whether only the name of an office says that somebody is a man ("Maria Larsen, chairman of the board")."""
        told = [word for text in entity.description for word in text.lower().split()]
        return entity.kind in ("person", "name") and any(word.endswith("man") and len(word) > _MAN for word in told)

    def may_be_body(self, entity: Entity) -> bool:
        """Tell whether a name of several words, of which nothing tells whose it is, may be a body's ("Amnesty International")."""
        bodily = not _BODILY.isdisjoint(entity.name.lower().split())
        unknown = (
            bodily and entity.kind == "name" and not entity.plural and not entity.gender and not entity.description
        )
        return unknown and entity.name.lower() not in self.memory.lexicon.news

    def _is_described_body(self, entity: Entity) -> bool:
        """Tell whether an apposition says that a name is a body's: "Northern Watch, a Lund-based monitoring group"."""
        tags = self.memory.lexicon.tags
        for described in entity.description:
            first, *words = described.lower().split()
            noun = list(takewhile(lambda word: not tags.get(word, 0) & (PREP | REL), words))[-1:]
            if first in ("a", "an", "the") and noun and tags.get(noun[0], 0) & BODY:
                return True
        return False

    @staticmethod
    def _may_be_they(entity: Entity, _head: str) -> bool:
        return entity.plural or entity.kind == "people"

    def same_people(self, head: str) -> Entity | None:
        """ "the officials" are the officials who spoke last."""
        for entity in reversed(self.memory.spoken):
            if entity.plural and head in _LEGISLATORS and _OF_PARLIAMENT.search(entity.name.lower()):
                return entity  # "210 members of the House"
            if entity.kind not in ("office", "person", "document") and f" of {head} " in f"{entity.name.lower()} ":
                return entity  # "a group of senators"
            if (
                entity.plural
                and (entity.kind in ("people", "office") or entity.name.lower().endswith(f" {head}"))
                and " " in entity.name
                and head in entity.name.lower().split()
            ):
                return entity
        return None

    def last_people(self) -> Entity | None:
        """ "the women" are the people who spoke last, and lately, by their number ("Two nurses said …")."""
        near = takewhile(lambda one: self.memory.at - one.last <= _PRONOUN_REACH, reversed(self.memory.spoken))
        counted = (
            one for one in near if one.plural and one.kind == "people" and is_number(one.name.split()[0].lower())
        )
        return next(counted, None)

    def same_official(self, words: list[str]) -> Entity | None:
        """ "the official" (lower case) is the nameless official who spoke last, unless somebody was called one since."""
        if words[-1] not in ("official", "diplomat"):
            return None
        for entity in reversed(self.memory.spoken):
            if self.memory.at - entity.last > _OFFICIAL_REACH:
                return None
            called = [entity.name, *entity.description] if entity.kind == "office" else entity.description
            if not entity.plural and any(words[-1] in text.lower().split() for text in called):
                own = entity.kind == "office" and set(words).issubset(entity.name.lower().split())
                return entity if own else None
        return None

    def same_kind(self, text: str) -> Entity | None:
        """ "the aid workers" (lower case) are the aid workers in the camp, "the groups" the opposition groups who spoke last."""
        for entity in reversed(self.memory.spoken):
            longer = (
                entity.plural and entity.first is None and entity.kind not in ("person", "name", "pronoun", "document")
            )
            words = entity.name.lower().split()
            shorter = text.split()
            ends = (
                (words[0], words[-1]) == (shorter[0], shorter[-1]) and set(shorter) < set(words) and "and" not in words
            )
            if longer and entity.name.lower() != text and (f" {text} " in f" {entity.name.lower()} " or ends):
                return entity
        return None
