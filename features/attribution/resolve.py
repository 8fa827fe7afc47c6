"""From what a sentence calls its source to whom the article means."""

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import BODY, DET, OFFICE
from stancewire.features.attribution.memory import Entity, Memory
from stancewire.features.attribution.sources import Source

_PERSON_KINDS = ("person", "office", "name", "people")
_BODY_KINDS = ("body", "name", "thing", "people", "document")


class Resolver:
    """Finds the entity behind a source, in what ``memory`` knows up to and including the sentence."""

    def __init__(self, memory: Memory, actors: Actors) -> None:
        self.memory = memory
        self.actors = actors

    def resolve(self, frame: Frame, source: Source) -> Entity:
        """Return the entity; a source that cannot be resolved becomes an entity of its own, named as it stands."""
        text = self.mention_text(frame, source)
        if source.kind == "pronoun":
            return self._pronoun(source.head, text)
        if source.kind in ("person", "name"):
            return self._name(frame, source, text)
        definite = source.phrase[0] < source.mention[0] and frame.lows[source.phrase[0]] in ("the", "its", "his", "her", "their", "that", "this")
        found = self._described(frame, source, text, definite)
        if found is not None:
            return found
        memory = self.memory
        name = text
        if source.kind == "body" and " " in text:
            name = memory.note_body(text, source.head)
        entity = memory.entity(name, source.kind)
        entity.plural = source.plural
        entity.description.append(self._around(frame, source))
        return entity

    @staticmethod
    def mention_text(frame: Frame, source: Source) -> str:
        """Return the words of the mention as the text has them, white space folded."""
        first, last = source.mention
        return Memory._text(frame, first, last + 1)

    def _around(self, frame: Frame, source: Source) -> str:
        first, last = source.phrase
        return Memory._text(frame, first, last + 1).lower()

    def _name(self, frame: Frame, source: Source, text: str) -> Entity:
        memory = self.memory
        name = memory.full_name(text)
        kind = source.kind
        entity = memory.entity(name, kind)
        if len(text.split()) > 1 and name == text:
            memory._index(text)
        if source.phrase[0] < source.mention[0]:
            entity.description.append(Memory._text(frame, source.phrase[0], source.mention[0]).lower())
            memory._gender(entity)
        memory._apposition(frame, source.mention[1] + 1, entity)
        return entity

    def _pronoun(self, head: str, text: str) -> Entity:
        memory = self.memory
        candidates = ([memory.subject] if memory.subject is not None else []) + memory.spoken[::-1]
        if head in ("he", "she"):
            other = "she" if head == "he" else "he"
            for entity in candidates:
                if entity.kind in _PERSON_KINDS and entity.gender != other and not entity.plural and not self._is_body(entity):
                    if entity.kind == "person" or entity.kind == "name" and " " in entity.name:
                        entity.gender = head
                    return entity
        elif head == "it":
            for entity in candidates:
                if entity.kind in ("body", "thing", "document") or entity.kind == "name" and (self._is_body(entity) or " " not in entity.name):
                    return entity
        elif head == "they":
            for entity in candidates:
                if entity.plural or entity.kind == "people":
                    return entity
            for entity in candidates:
                if entity.kind == "body" or self._is_body(entity):
                    return entity
        return Entity(text, "pronoun")

    def _is_body(self, entity: Entity) -> bool:
        return entity.kind == "body" or self.actors.state_of(entity.name) is not None

    def _described(self, frame: Frame, source: Source, text: str, definite: bool) -> Entity | None:
        memory = self.memory
        head = source.head
        words = text.lower().split()
        if source.kind == "document":
            return memory.spoken[-1] if memory.spoken and len(words) == 1 else None
        if source.kind == "body":
            known = memory.body_keys.get(memory.body_key(text)) or memory.bodies.get(fold(text))
            if known is None and definite and len(words) <= 2:
                known = memory.bodies.get(head)
            if known is not None:
                return memory.entity(known, "body")
            if definite and len(words) == 1:
                return self._last_body(head)
            return None
        if not definite and not (source.kind == "office" and " " in text):
            return None
        return self._by_office(words, source)

    def _last_body(self, head: str) -> Entity | None:
        for entity in reversed(self.memory.spoken):
            if head in entity.name.lower().split() or any(head in described.split() for described in entity.description):
                return entity
        if head in ("group", "organization", "organisation", "agency", "party", "alliance", "movement", "channel", "newspaper"):
            for entity in reversed(self.memory.spoken):
                if entity.kind in ("body", "name"):
                    return entity
        return None

    def _by_office(self, words: list[str], source: Source) -> Entity | None:
        wanted = [self._plain(word) for word in words if word not in ("the", "'s", "’s", "of", "for", "s")]
        wanted = [word for word in wanted if word]
        if not wanted:
            return None
        for entity in reversed(list(self.memory.entities.values())):
            described = {self._plain(word) for text in entity.description for word in text.replace(",", " ").split()}
            offices = self._offices(entity)
            if all(word in described for word in wanted) and entity.kind in ("person", "name", "office", "people"):
                if entity.kind in ("office", "people") and entity not in self.memory.spoken:
                    continue
                return entity
            if any(all(word in office for word in wanted) for office in offices):
                return entity
        return None

    def _plain(self, word: str) -> str:
        word = word.replace("’s", "").replace("'s", "").strip(",.'’")
        state = self.actors.state_of(word)
        return fold(state) if state else fold(word).replace("defence", "defense")

    def _offices(self, entity: Entity) -> list[set[str]]:
        known = self.actors.find(entity.name)
        return [{self._plain(word) for word in office.split()} for office in known[1].offices] if known else []
