"""Whom an office or a description means: the person that the article, or the list of actors, gives it to."""

from collections.abc import Sequence

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.lexicon import OFFICE
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.tokens import words
from stancewire.features.spelling import american

_PERSON_KINDS = ("person", "name", "office", "people")
_SMALL = frozenset(("the", "'s", "’s", "of", "for", "s", "in", "at", "to", "and", "a", "an"))
_LAST_OFFICIALS = 8
# Who speaks unnamed and is then called "the source".
_SECRETIVE = frozenset(
    ("official", "diplomat", "officer", "commander", "aide", "adviser", "advisor", "insider", "lawmaker", "person")
)
_WITH_KIND = 2
_SOURCE_REACH = 4  # sentences
_PAST = words("former ex onetime")
_SEXES = words("man woman boy girl")
_LATE_OFFICES = words("official diplomat envoy officer commander analyst expert lawmaker")
_RANKS = words(
    "general gen major maj lieutenant lt colonel col captain capt commander cmdr admiral adm vice rear brigadier brig "
    "sergeant sgt mr mrs ms dr"
)
_COLLECTIVE = ("s", "ish", "ch", "ese")
# One office under several words ("who chairs the committee", "its chairwoman").
_ALIKE = {
    "regional": "region",
    "provincial": "province",
    "parliamentary": "parliament",
    **dict.fromkeys(("chairs", "chaired", "chairman", "chairwoman", "chairperson"), "chair"),
    **dict.fromkeys(("heads", "headed"), "head"),
    **dict.fromkeys(("leads", "led"), "leader"),
    **dict.fromkeys(("commands", "commanded"), "commander"),
}


class Offices:
    """Finds the bearer of an office in what ``memory`` knows; "diplomat" is borne by an envoy too (the lexicon's ``covers``)."""

    def __init__(self, memory: Memory, actors: Actors) -> None:
        self.memory = memory
        self.actors = actors
        self.covers = memory.lexicon.covers
        self.ornaments = memory.lexicon.ornaments
        self._described: dict[str, frozenset[str]] = {}

    def bearer(self, words: Sequence[str]) -> Entity | None:
        """Return the person last heard of whom ``words`` (lower case) describe, or None."""
        if words[-1].endswith("-old"):
            return self._of_age(words[-1].split("-", 1)[0]) or self.last_person()
        aged = next((word for word in words if word.endswith("-old")), "")
        words = [word for word in words if word != aged]
        if len(words) == 1 and words[0] in _SEXES and not aged:
            return self._of_sex(words[0])
        wanted = self._wanted(words)
        if not wanted:
            return None
        memory = self.memory
        if wanted in (["official"], ["source"]):
            for entity in list(reversed(memory.spoken))[:_LAST_OFFICIALS]:
                if wanted[0] in entity.name.lower().split() or (
                    wanted == ["official"] and memory.may_be_person(entity) and self._is_official(entity)
                ):
                    return entity
            return self._nameless() if wanted == ["source"] else None
        persons = [
            entity
            for entity in (*reversed(memory.spoken), *reversed(memory.recent))
            if entity.kind in _PERSON_KINDS and not entity.plural
        ]
        past = not _PAST.isdisjoint(part for word in words for part in word.split("-"))
        persons.sort(key=lambda entity: self._is_past(entity) != past)  # "the former president" is not the president
        exact = next((entity for entity in persons if self._holds(entity, wanted, covered=False)), None)
        found = exact or next((entity for entity in persons if self._holds(entity, wanted, covered=True)), None)
        found = found or self._own_states(wanted)
        return found or (self._of_age(aged.split("-", 1)[0]) if aged else None)

    def _own_states(self, wanted: Sequence[str]) -> Entity | None:
        """ "the Danish foreign minister" behind "Foreign Minister Ida Voss": who spoke last, where no state was given to him."""
        last = self.memory.spoken[-1] if self.memory.spoken else None
        rest = [word for word in wanted if word not in self.actors.folded_states]
        if last is None or last.kind != "person" or len(rest) < _WITH_KIND or len(rest) == len(wanted):
            return None
        described = frozenset().union(*map(self._words, last.description))
        stated = not described.isdisjoint(self.actors.folded_states)
        return last if not stated and described.issuperset(rest) else None

    def _is_official(self, person: Entity) -> bool:
        """Tell whether somebody is said to hold an office: by a title, or by an apposition that has one for its head."""
        tags = self.memory.lexicon.tags
        described = (word for text in person.description for word in text.lower().split())
        return (person.kind == "person" and bool(person.description)) or any(
            tags.get(word, 0) & OFFICE for word in described
        )

    def _nameless(self) -> Entity | None:
        """Return whom "the source" means where none was called so: the nameless official who spoke last."""
        memory = self.memory
        for one in reversed(memory.spoken):
            if memory.at - one.last > _SOURCE_REACH:
                return None
            if (
                one.kind in ("office", "people")
                and not one.plural
                and _SECRETIVE.intersection(one.name.lower().split())
            ):
                return one
        return None

    def _of_sex(self, noun: str) -> Entity | None:
        """Return the person who spoke last, where "the man" or "the woman" can be who it was."""
        memory = self.memory
        gender = "he" if noun in ("man", "boy") else "she"
        told = memory.subject or memory.person
        if told is not None and told.kind in _PERSON_KINDS and not told.plural and told.gender in ("", gender):
            return told
        for one in reversed(memory.spoken):
            if memory.at - one.last > _SOURCE_REACH:
                return None
            if one.kind in _PERSON_KINDS and not one.plural and not memory.is_body(one) and one.gender in ("", gender):
                known = not one.gender and self.actors.find_last(one.name) is not None
                return None if known or memory.strangers.get(noun, -1) > one.last else one
        return None

    def official(self, words: Sequence[str]) -> Entity | None:
        """Return whom "the Danish official" means: who spoke last of those whose office is of that kind; None for other words."""
        wanted = self._wanted(words)
        if len(wanted) < _WITH_KIND or wanted[-1] != "official":
            return None
        spoken = [one for one in list(reversed(self.memory.spoken))[:_LAST_OFFICIALS] if one.kind == "person"]
        kind = ["officer"] if wanted[:-1] == ["military"] else wanted[:-1]
        return next((one for one in spoken if one.description and self._holds(one, kind, covered=True)), None)

    def named_without(self, head: str) -> Entity | None:
        """Return who spoke just before and was given no office but a rank: "the ministry's spokesman" tells which he holds."""
        last = self.memory.spoken[-1] if self.memory.spoken else None
        if last is None or not (head in _LATE_OFFICES or head.startswith("spokes")):
            return None
        ranked = all(word in _RANKS for text in last.description for word in text.lower().replace(".", " ").split())
        new = last.since == last.last and self.memory.at - last.last <= 1 and self.actors.find_last(last.name) is None
        fits = not (head.endswith("woman") and last.gender == "he") and not (
            head.endswith("man") and last.gender == "she"
        )
        return last if last.kind == "person" and new and ranked and fits else None

    def titles_person(self, office: str) -> Entity | None:
        """ "The Trade Secretary said", first of all: whom the title calls by his last name alone ("Holm: Ferries to stay")."""
        memory = self.memory
        last = memory.spoken[-1] if memory.spoken else None
        if last is None or last.last >= memory.body_from or not memory.may_be_person(last):
            return None
        known = self.actors.state_of(last.name) is not None or self.actors.find_last(last.name) is not None
        if " " in last.name or last.name.isupper() or last.description or known:
            return None
        memory.describe(last, office)
        return last

    def called(self, office: str) -> Entity | None:
        """ "the emergencies minister" behind "talks with Russia's emergencies minister": called as he was there."""
        fuller = self.memory.posts.get(fold(office))
        if fuller is None:
            return None
        entity = self.memory.entity(fuller, "office")
        self.memory.describe(entity, fuller)
        return entity

    def is_native(self, text: str) -> bool:
        """Tell whether "the Dutchman" means a person by his nation; "the U.S." and "the Netherlands" are states, "the Danes"
        and "the Dutch" many."""
        state = text.isupper() or text in self.actors.states or text.endswith(_COLLECTIVE)
        return not state and self.actors.nation_of(text) is not None

    def _is_past(self, entity: Entity) -> bool:
        """Tell whether all that an article says of somebody is what he was."""
        return bool(entity.description) and all(not _PAST.isdisjoint(self._words(text)) for text in entity.description)

    def _of_age(self, years: str) -> Entity | None:
        """Return who was said to be so old ("a 29-year-old nurse", "Jan Keller, 29,")."""
        told = f"{years}-year-old"
        spoken = (one for one in reversed(self.memory.spoken) if not one.plural)
        return next((one for one in spoken if one.age == years or any(told in text for text in one.description)), None)

    def last_person(self) -> Entity | None:
        """Return the person whom the sentence before was about, or else who spoke last."""
        subject = [self.memory.subject] if self.memory.subject is not None else []
        for entity in (*subject, *reversed(self.memory.spoken)):
            if entity.kind in ("person", "name") and not entity.plural and not self.memory.is_body(entity):
                return entity
        return None

    def _wanted(self, words: Sequence[str]) -> list[str]:
        """Return the words that the bearer must be described by: states in one form, ornaments left out."""
        if list(words[-3:-1]) == ["head", "of"] and words[-1] in ("state", "government"):
            return [*self._wanted(words[:-3]), "-".join(words[-3:])]
        parts = [part for word in words for part in word.split("-") if part not in _SMALL]
        for at in range(len(parts) - 2, 0, -1):
            state = self.actors.nation_of(f"{parts[at - 1]} {parts[at]}")
            if state is not None:
                parts[at - 1 : at + 1] = [state]
        kept = [part for part in parts[:-1] if part not in self.ornaments] + parts[-1:]
        return [plain for plain in (self._plain(part) for part in kept) if plain]

    def _holds(self, entity: Entity, wanted: list[str], covered: bool) -> bool:
        described = frozenset().union(*map(self._words, entity.description))
        if all(self._fits(word, described, covered) for word in wanted):
            return True
        known = self.actors.find_last(entity.name)
        if known is None:
            return False
        states = {word: self.actors.folded_states[word] for word in wanted if word in self.actors.folded_states}
        if any(self.actors.states[name].group != known[1].group for name in states.values()):
            return False
        rest = [word for word in wanted if word not in states]
        return bool(rest) and any(
            all(self._fits(word, self._words(office), covered) for word in rest) for office in known[1].offices
        )

    def _fits(self, word: str, described: frozenset[str], covered: bool) -> bool:
        if word in described:
            return True
        if not covered:
            return False
        if word in self.covers:
            return any(self._words(one) <= described for one in self.covers[word])
        seat = self.actors.state_of(word)  # "the Kremlin spokesman" is Russia's
        return seat is not None and fold(seat) in described

    def _words(self, office: str) -> frozenset[str]:
        """Return the plain words of an office or description; an article asks for the same ones again and again."""
        known = self._described.get(office)
        if known is None:
            parts = (part for word in office.replace(",", " ").split() for part in word.split("-"))
            known = self._described[office] = frozenset(map(self._plain, parts))
        return known

    def _plain(self, word: str) -> str:
        word = word.replace("’s", "").replace("'s", "").strip(",.'’")
        if word.lower().startswith("spokes"):
            return "spokesperson"
        state = self.actors.nation_of(word)
        return fold(state) if state else _ALIKE.get(fold(word), american(fold(word)))
