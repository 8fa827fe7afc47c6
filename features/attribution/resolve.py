"""From what a sentence calls its source to whom the article means."""

import re

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.bodies import is_seat
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.frame import Frame, text_of
from stancewire.features.attribution.judgement import self_named
from stancewire.features.attribution.lexicon import BODY, CAP, CLITIC, DOC, HUMAN, OFFICE, PREP
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.names import is_number
from stancewire.features.attribution.nouns import BodyNouns, is_seated_noun
from stancewire.features.attribution.offices import Offices
from stancewire.features.attribution.pairs import Pairs
from stancewire.features.attribution.phrases import phrase_left
from stancewire.features.attribution.pronouns import Pronouns
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sortals import Sortals
from stancewire.features.attribution.sources import UNNAMED, Source, read_source
from stancewire.features.attribution.subjects import clause_subject
from stancewire.features.attribution.tokens import words

# Whom somebody acts with, or upon, is not who he is.
_AMONG = frozenset(("with", "between", "among", "against", "for", "from", "of", "on", "at", "in"))
_OWN_PAPERS = words("draft conclusions declaration indictment ruling")
_PAPERS_REACH = 10  # sentences
_SEAT_REACH = 3
_ONE_OF = frozenset(("one", "another", "one of them", "others"))
_POSSESSIVES = {"his": "he", "her": "she", "its": "it", "their": "they"}
_INNER_ARTICLE = re.compile(r"\band (?:the|an?) ")
_ADDING = words("added adds continued continues concluded also further")
_THOSE = words("men women pair couple trio")
_COUNTED = 2  # "two officials"
_ANY_OFFICE = words(
    "official officer diplomat politician representative commander general admiral minister envoy ambassador lawmaker mp senator "
    "analyst expert mayor governor leader chief"
)


class Resolver:
    """Finds the entity behind a source, in what ``memory`` knows up to and including the sentence."""

    def __init__(self, memory: Memory, actors: Actors) -> None:
        self.memory = memory
        self.actors = actors
        self.offices = Offices(memory, actors)
        self.sortals = Sortals(memory, actors)
        self.pairs = Pairs(memory, actors)
        self.pronouns = Pronouns(memory)
        self.nouns = BodyNouns(memory, actors, self.pronouns)

    def knows(self, name: str) -> bool:
        """Tell whether the article or the list of actors has somebody called ``name``."""
        memory = self.memory
        known = name in memory.entities or memory.full_name(name) != name
        return known or self.actors.state_of(name) is not None or self.actors.find_last(name) is not None

    def resolve(self, frame: Frame, source: Source) -> Entity:
        """Return the entity, by its fullest name; a source that cannot be resolved becomes one of its own, named as it stands."""
        found = self._found(frame, source)
        if found.kind not in ("name", "person") or " " in found.name:
            return found
        return self.memory.entities.get(self.memory.full_name(found.name), found)

    def _found(self, frame: Frame, source: Source) -> Entity:
        text = self.mention_text(frame, source)
        if source.names:
            *names, last_name = (text_of(frame, first, last + 1) for first, last in source.names)
            text = f"{', '.join(names)} and {last_name}"
        if frame.heading and source.plural and text.count(",") == 1 and " and " not in text:
            text = text.replace(", ", " and ")
        if " and " in text and frame.tags[source.mention[0]] & CAP and (source.plural or source.kind != "body"):
            pair = self.pairs.named(text)
            if pair is not None:
                return pair
        if source.kind == "pronoun":
            return self.pronouns.resolve(source.head, text, _adds(frame, source))
        if self._tells_nation(frame, source, text):
            native = self.offices.bearer([text.lower()]) or self.offices.last_person()
            if native is not None:
                return native
        if source.kind in ("person", "name"):
            return self._name(frame, source, text)
        named = self._surname(source, text)
        if named is not None:
            return named
        found = self._self_named(frame, source)
        if found is not None:
            return found
        definite = source.phrase[0] < source.mention[0] and frame.lows[source.phrase[0]] in (
            "the",
            "its",
            "his",
            "her",
            "their",
            "that",
            "this",
        )
        issued = (
            source.kind == "body" and source.mention[1] < source.phrase[1] and not frame.tags[source.mention[0]] & CAP
        )
        definite = definite or (issued and bool(frame.tags[source.phrase[1]] & DOC))  # "a ministry statement said"
        found = self._described(frame, source, text, definite)
        if found is not None:
            return found
        return self._new(frame, source, text)

    def _tells_nation(self, frame: Frame, source: Source, text: str) -> bool:
        """ "the Dutchman", "the 66-year-old Dane": tell whether one capitalised word means a person by where he is from."""
        if source.kind not in ("name", "person") or frame.lows[source.phrase[0]] != "the":
            return False
        aged = frame.lows[source.mention[0] - 1].endswith("-old") and " " not in text
        return self.offices.is_native(text) or (aged and self.memory.full_name(text) == text and not self.knows(text))

    def _surname(self, source: Source, text: str) -> Entity | None:
        """ "Miner said" behind "Judith Miner": a last name that is an occupation too."""
        full = (
            self.memory.full_name(text)
            if text[0].isupper() and source.phrase == source.mention and " " not in text
            else text
        )
        person = self.memory.entities.get(full) if full != text and full.endswith(f" {text}") else None
        return person if person is not None and self.memory.may_be_person(person) else None

    def _self_named(self, frame: Frame, source: Source) -> Entity | None:
        """ "One resident, who gave her name as V., said": V., with the description before."""
        own = self_named(frame, source.phrase[1]) if source.kind in ("office", "people") and not source.plural else None
        if own is None:
            return None
        entity = self.memory.entity(self.memory.full_name(text_of(frame, own[0], own[1] + 1)), "person")
        self.memory.describe(entity, self._around(frame, source))
        return entity

    def _new(self, frame: Frame, source: Source, text: str) -> Entity:
        """Return an entity for a source that means nobody named before: called as it stands."""
        memory = self.memory
        name = _INNER_ARTICLE.sub("and ", text) if source.plural else text
        name = name.replace(", and ", " and ") if name.count(",") == 1 else name  # "Keller, and the head of its port"
        joint = source.plural and name.count(" and ") == 1
        if joint:
            name = self.pairs.in_full(name)
        while name.split(" ", 1)[0].lower() in UNNAMED and " " in name and not name.lower().startswith("another of "):
            name = name.split(" ", 1)[1]
        if source.kind == "body" and frame.lows[source.phrase[0]] in _POSSESSIVES:
            memory.bodies.rename(text, source.head)  # another state's ministry may have been named before
        elif source.kind == "body" and " " in text and not joint:
            name = memory.bodies.note(text, source.head)
        entity = memory.entity(name, source.kind)
        entity.plural = source.plural
        memory.describe(entity, self._around(frame, source))
        entity.owner = self._owner(frame, source) or entity.owner
        if name.lower() in _ONE_OF:
            entity.owner = next((one for one in reversed(memory.spoken) if one.plural), None)
        return entity

    def _owner(self, frame: Frame, source: Source) -> Entity | None:
        """Return whose servant a source is: "her" of "her office", "Keller" of "Keller's deputy"."""
        first, last = source.phrase
        head = _POSSESSIVES.get(frame.lows[first])
        if head is not None:
            own = self._clause_owner(frame, first) if head in ("it", "they") else None
            if own is not None:
                return own
            found = self.pronouns.resolve(head, frame.words[first])
            return None if found.kind == "pronoun" else found
        if frame.lows[first + 1 : first + 3] == ["of", "the"]:
            return next(
                (
                    one
                    for one in reversed(self.memory.spoken)
                    if one.plural and one.name.lower().endswith(frame.lows[last])
                ),
                None,
            )
        if frame.tags[last] & BODY and source.kind == "office" and not frame.tags[last] & CAP:
            return self._body_of(frame, source)
        around = next((at for at in range(first, last) if frame.lows[at] in ("around", "to")), None)
        if around is not None and frame.tags[last] & CAP and source.kind in ("people", "office"):
            served = self.memory.entities.get(self.memory.full_name(text_of(frame, around + 1, last + 1)))
            # "people around Keller", "aides to Keller", not "the ambassador to Mali"
            return served if served is not None and self.memory.may_be_person(served) else None
        if not frame.tags[first] & CAP:
            return None
        clitic = next((at for at in range(first + 1, min(first + 4, last)) if frame.tags[at] & CLITIC), None)
        if clitic is None:
            return None
        name = self.memory.full_name(text_of(frame, first, clitic))
        known = self.memory.entities.get(name)
        return Entity(name, "name") if known is None and self.actors.find_last(name) is not None else known

    def _body_of(self, frame: Frame, source: Source) -> Entity | None:
        """ "a spokesman for the ministry": the body that "the ministry" means, or None."""
        last = source.phrase[1]
        start = next((at for at in range(last - 1, source.phrase[0], -1) if frame.lows[at] == "the"), None)
        if start is None or not frame.tags[start - 1] & PREP:
            return None
        text = text_of(frame, start + 1, last + 1)
        return self.nouns.named(text, frame.lows[last], text.lower().split(), definite=True)

    def _clause_owner(self, frame: Frame, before: int) -> Entity | None:
        """ "Norway will close the border, its ministry said": the subject of the clause before, where it can own a body."""
        phrase = clause_subject(frame) if before > 1 else None
        if phrase is None or phrase[1] >= before:
            return None
        subject = read_source(frame, trim(frame, phrase))
        if subject is None or subject.kind not in ("name", "body"):
            return None
        name = self.memory.full_name(self.mention_text(frame, subject))
        found = self.memory.entities.get(name) or Entity(name, subject.kind)
        return found if found.kind == "body" or self.memory.is_body(found) else None

    @staticmethod
    def mention_text(frame: Frame, source: Source) -> str:
        """Return the words of the mention as the text has them, white space folded."""
        first, last = source.mention
        return text_of(frame, first, last + 1)

    def _around(self, frame: Frame, source: Source) -> str:
        first, last = source.phrase
        return text_of(frame, first, last + 1)

    def _name(self, frame: Frame, source: Source, text: str) -> Entity:
        memory = self.memory
        name = memory.full_name(text)
        if name == text and " " not in text:
            name = self._other_spelling(text)
        elif name == text and source.mention[0] == source.phrase[0] + 1 and frame.lows[source.phrase[0]] == "the":
            name = memory.bodies.by_tail.get(fold(text), name)  # "the Red Cross"
        kind = source.kind
        entity = memory.entity(name, kind)
        if len(text.split()) > 1 and name == text:
            memory.index(text)
        if source.phrase[0] < source.mention[0]:
            self.memory.describe(entity, text_of(frame, source.phrase[0], source.mention[0]))
        if source.mention[1] + 1 < source.phrase[1] and frame.tags[source.mention[1] + 1] & PREP:
            self.memory.describe(entity, text_of(frame, source.mention[1] + 1, source.phrase[1] + 1))
        memory.note_apposition(frame, source.mention[1] + 1, entity)
        if entity.owner is None:
            entity.owner = self._owner(frame, source)
        self._before_comma(frame, source, entity)
        if not entity.description and entity.since == memory.at:
            self._inherit(entity)
        return entity

    def _inherit(self, entity: Entity) -> None:
        """A person whom nothing introduces is the nameless official who spoke just before ("The deputy minister said …"
        "Jan Keller also recalled …")."""
        memory = self.memory
        official = memory.spoken[-1] if memory.spoken else None
        if (
            official is not None
            and official.kind == "office"
            and not official.plural
            and memory.at - official.last <= 1
            and memory.may_be_person(entity)
        ):
            memory.describe(entity, official.name)

    def _before_comma(self, frame: Frame, source: Source, entity: Entity) -> None:
        """ "the commander of the air campaign, Charles Brown": what stands before the comma describes the name."""
        comma = source.phrase[0] - 1
        if comma < 1 or frame.words[comma] != ",":
            return
        phrase = phrase_left(frame, comma - 1)
        if phrase is None or (phrase[0] and frame.lows[phrase[0] - 1] in _AMONG):
            return  # "They would speak of it among envoys, Keller said"
        kinds = OFFICE | HUMAN | PREP
        head = next((at for at in range(phrase[0], phrase[1] + 1) if frame.tags[at] & kinds), phrase[0])
        plural = frame.tags[head] & HUMAN and frame.lows[head].endswith("s") and not entity.plural
        if plural or not frame.tags[head] & (OFFICE | HUMAN):
            return  # "Speaking to reporters, Keller said", "They would meet with envoys, Keller said"
        self.memory.describe(entity, text_of(frame, phrase[0], phrase[1] + 1))

    def _other_spelling(self, name: str) -> str:
        """Return the name of an entity that the actors know under this spelling too, or whose letters were swapped."""
        known = self.actors.find_last(name)
        letters = sorted(fold(name))
        for entity in self.memory.recent:
            if " " not in entity.name:
                continue
            last = entity.name.rsplit(" ", 1)[1]
            if fold(last) == fold(name):
                continue  # "officials in Kyiv" are not "Kyiv"
            if (
                known is not None
                and self.actors.find_last(last) == known
                and self.actors.find_last(entity.name) == known
            ):
                return entity.name
            if len(name) > 4 and last[0] == name[0] and len(last) == len(name) and sorted(fold(last)) == letters:
                return entity.name
        return name

    def _described(self, frame: Frame, source: Source, text: str, definite: bool) -> Entity | None:
        head, words = source.head, text.lower().split()
        if words[0] == "both" or (source.plural and definite):
            several = self._several(words)
            return self.nouns.those(head) if several is None and len(words) == 1 and source.kind == "body" else several
        if words == ["police"]:
            return self.nouns.those(head)
        if source.kind == "document":
            bare = source.plural and not definite  # "according to reports"
            return self._document(head) if len(words) == 1 and not bare else None
        if definite and any(word.endswith("-based") for word in words[:-1]) and is_seated_noun(head):
            return self.nouns.seated(head)
        if frame.lows[source.phrase[0]] in _POSSESSIVES and source.kind in ("body", "office"):
            return self._servant(frame, source, words)
        if source.kind == "body":
            body = self.nouns.named(text, head, words, definite)
            if body is not None and source.plural and body.kind == "body":
                body.plural = True  # "Western governments"
            return body
        if (source.phrase[0] < source.mention[0] and not definite) or source.plural:
            return None
        if not definite and not (source.kind == "office" and " " in text):
            return None
        return self._holder(frame, source, text, definite)

    def _holder(self, frame: Frame, source: Source, text: str, definite: bool) -> Entity | None:
        """Return the person whom the article gave an office or description to, or None."""
        memory, words = self.memory, text.lower().split()
        found = self.pronouns.same_official(words) if definite else None
        found = found or self.offices.bearer(words) or (self.offices.official(words) if definite else None)
        if found is None:
            return self._unheld(source, text, words) if definite else None
        if found is not None and found.kind == "person" and "anonymity" in frame.lows:
            return None  # whoever speaks on condition of anonymity is none of those named
        last = memory.spoken[-1] if memory.spoken else None
        if found is not None and found.kind == "office" and last is not None and memory.may_be_person(last):
            # Who spoke last was given no office of his own: he is the one whom the article had called by it.
            new = memory.strangers.get(source.head, -1) > last.last
            own = not last.description or self._is_titles_own(found, last, source.head)
            return last if own and not new else found
        return found

    def _several(self, words: list[str]) -> Entity | None:
        """ "both men", "the two", "the officials", "the two officials": persons or people who spoke."""
        pair = self.pairs.both(words) if words[0] in ("both", "two", "pair") else None
        alone = len(words) == 1 or (len(words) == _COUNTED and is_number(words[0]))
        same = self.pronouns.same_people(words[-1]) if alone and words[0] != "both" else None
        same = same or (self.pronouns.same_kind(" ".join(words)) if words[0] != "both" else None)
        same = same or (self.pronouns.last_people() if alone and words[-1] in _THOSE else None)
        if same is not None and pair is not None and same.name.lower().startswith("two ") and same.last > pair.last:
            return same
        return pair or same or (self.sortals.pair(words[-1]) if alone else None)

    def _unheld(self, source: Source, text: str, words: list[str]) -> Entity | None:
        """Return whom a description means that nobody was given so far, or None where that is somebody new."""
        kind = self.sortals.person(words)
        if kind is not None:
            return kind
        titled = source.kind == "office" and " " in text and text[0].isupper()
        return (
            self.offices.called(text)
            or self.offices.named_without(source.head)
            or (self.offices.titles_person(text) if titled else None)
        )

    def _is_titles_own(self, official: Entity, person: Entity, head: str) -> bool:
        """Tell whether "the official", whom only the title has named ("Iran official: …"), holds the office of who spoke last."""
        if official.last >= self.memory.body_from or head not in _ANY_OFFICE:
            return False
        described = " ".join(person.description).lower().split()
        return any(self.memory.lexicon.tags.get(word, 0) & OFFICE for word in described)

    def _document(self, head: str) -> Entity | None:
        """Return whose word "the statement" is: who spoke last; a draft or ruling is one that was named before, or its own."""
        memory = self.memory
        named = (one for one in reversed(memory.spoken) if one.kind == "document" and head in one.name.lower().split())
        found = next(named, None)
        if found is not None or head in _OWN_PAPERS:
            return found
        at, owner = memory.papers.get(head, (memory.at, None))
        if owner is not None and memory.at - at <= _PAPERS_REACH and owner.lower() not in memory.lexicon.news:
            body = memory.bodies.known(owner)
            return memory.entity(body or memory.full_name(owner), "body" if body else "name")
        return memory.spoken[-1] if memory.spoken else None

    def _servant(self, frame: Frame, source: Source, words: list[str]) -> Entity | None:
        """Return the body or official that "its ministry" or "his spokesman" means: one of the owner's own."""
        last = self.memory.spoken[-1] if self.memory.spoken else None
        near = last is not None and self.memory.at - last.last <= _SEAT_REACH
        own = words == ["office"] and frame.lows[source.phrase[0]] in ("his", "her")
        named = self.memory.subject or self.memory.person
        if own and near and named is None and last is not None and is_seat(last.name):
            return last  # "the Elysee said …", then "his office said"
        owner = self._owner(frame, source)
        state = None if owner is None else self.actors.state_of(owner.name)
        if source.kind == "office":
            return self.offices.bearer(words if state is None else [*words[:-1], state.lower(), words[-1]])
        known = None if state is None else self.memory.bodies.known(f"{state} {' '.join(words)}")
        return None if known is None else self.memory.entity(known, "body")


def _adds(frame: Frame, source: Source) -> bool:
    """ "he added", "she also said", "added he": tell whether a pronoun's verb goes on with what was said before."""
    first, last = source.mention
    return not _ADDING.isdisjoint(frame.lows[max(first - 1, 0) : first] + frame.lows[last + 1 : last + 2])
