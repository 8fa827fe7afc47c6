"""Which of the bodies that an article has named a common noun means: "the ministry", "the group", "the Rome-based force"."""

import re

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.pronouns import Pronouns
from stancewire.features.attribution.tokens import words
from stancewire.features.spelling import american

_GROUP_WORDS = words(
    "group organization organisation agency party alliance movement channel newspaper bloc militia network charity "
    "company firm union faction body watchdog monitor tank think-tank "
    "broadcaster website outlet newswire portal"
)
_FORCES = words("force forces navy army fleet command mission guard guards corps brigade contingent militia")
_GOVERNING = words(
    "ministry department government parliament embassy administration office court cabinet presidency council "
    "house military army navy forces police staff mission senate congress"
)
_CHAMBERS = words("parliament congress senate council cabinet commission")
# Bodies that are called by another noun.
_ALIKE = {"mission": "embassy", "embassy": "mission"}
_SAME = {
    "military": words("army forces"),
    "army": words("military"),
    "mission": words("embassy"),
    "broadcaster": words("tv television radio channel"),
    "channel": words("tv television"),
    "monitor": words("observatory"),
}
_ARMED = ("defense forces", "armed forces")
# What kind of group "the rights group" is: no part of its name.
_GROUP_KINDS = words(
    "rights human aid relief medical humanitarian charity advocacy campaign monitoring watchdog environmental militant jihadist "
    "jihadi think energy gas oil power shipping tech news islamist extremist armed rebel insurgent terror terrorist opposition"
)
_REACH = 5  # sentences
_DEPARTMENTS = words("ministry committee service directorate agency office administration bureau inspectorate")
_PRESS_SERVICE = re.compile(r"press (?:service|office|department|centre|center) of (?:the )?", re.IGNORECASE)


def is_seated_noun(head: str) -> bool:
    """Tell whether "the Rome-based …" may end in ``head``: a group or a force."""
    return head in _GROUP_WORDS or head in _FORCES


class BodyNouns:
    """Finds bodies in what ``memory`` knows."""

    def __init__(self, memory: Memory, actors: Actors, pronouns: Pronouns) -> None:
        self.memory = memory
        self.pronouns = pronouns
        self.actors = actors

    def named(self, text: str, head: str, words: list[str], definite: bool) -> Entity | None:
        """Return the body that ``text`` means ("the ministry", "the Danish embassy"); ``words`` are its words in lower case."""
        memory = self.memory
        if len(words) > 2 and words[0].rstrip("s'’") in ("country", "nation", "kingdom", "city"):
            text, words = text.split(" ", 1)[1], words[1:]
        known = memory.bodies.known(text)
        if known is not None and memory.bodies.key(text) == memory.bodies.key(known):
            known = memory.bodies.note(text, head)
        if definite or len(words) > 1 or (head in _CHAMBERS and text[0].isupper()):  # "Parliament also voices alarm"
            if known is None and len(words) == 1:
                spoken = self._last_body(head)
                if spoken is not None:
                    return spoken
                if head in memory.lettered and memory.bodies.by_tail.get(head) is None:
                    return memory.entity(memory.lettered[head], "body")  # "The alliance", NATO
            fuller = memory.bodies.by_tail.get(fold(text))
            if fuller is None and len(words) > 1:
                fuller = memory.bodies.by_tail.get(" ".join([fold(text).rsplit(" ", 1)[0], _ALIKE.get(head, head)]))
            if known is None or (fuller is not None and len(fuller.split()) > len(known.split())):
                known = fuller
        if known is None and definite and len(words) > 1:
            shorter = self._shortened(text, head)
            if shorter is not None:
                return shorter
        if known is None and definite and _GROUP_KINDS.issuperset(words[:-1]):
            return self._last_group(head) or (self._last_office() if head == "department" else None)
        return None if known is None else memory.entity(known, "body")

    def _last_body(self, head: str) -> Entity | None:
        """Return the body that spoke last with ``head``, or what means the same, in its name or its description."""
        for alike in ({american(head)}, _SAME.get(head, frozenset())):
            for entity in reversed(self.memory.spoken) if alike else ():
                if entity.plural or (entity.kind not in ("body", "document") and not self.memory.is_body(entity)):
                    continue
                texts = [american(text.lower()) for text in (entity.name, *entity.description)]
                own = head == "army" and texts[0].endswith(_ARMED)
                if own or any(not alike.isdisjoint(text.split()) for text in texts):
                    return entity
        return None

    def those(self, head: str) -> Entity | None:
        """Return whom "the police" or "the monitors" means: the body that spoke so lately ("Bergen police", "OSCE monitors")."""
        for entity in reversed(self.memory.spoken):
            if self.memory.at - entity.last > _REACH:
                return None
            if entity.kind == "body" and entity.name.lower().rsplit(" ", 1)[-1] == head:
                return entity
        return None

    def _shortened(self, text: str, head: str) -> Entity | None:
        """Return the body whose name has the words of ``text`` and more ("the UN agency": "U.N. refugee agency")."""
        wanted = set(self.memory.bodies.key(text).replace(".", "").split())
        for entity in reversed(self.memory.spoken):
            if entity.kind != "body" or entity.plural or head not in entity.name.lower().split():
                continue
            if wanted.issubset(self.memory.bodies.key(entity.name).replace(".", "").split()):
                return entity
        return None

    def seated(self, head: str) -> Entity | None:
        """Return the body that "the Britain-based group" or "the Rome-based force" may mean."""
        if head in _GROUP_WORDS:
            return self._last_group(head)
        bodies = (one for one in reversed(self.memory.spoken) if one.kind in ("body", "name") and not one.plural)
        return next((one for one in bodies if one.name.lower().rsplit(" ", 1)[-1] in _FORCES), None)

    def _last_office(self) -> Entity | None:
        """Return the ministry, service or committee last heard of, which agencies go on to call "the department"."""
        for entity in reversed(self.memory.spoken):
            words = entity.name.lower().split()
            if entity.kind == "body" and not entity.plural and len(words) > 1 and _DEPARTMENTS.intersection(words):
                owner = _PRESS_SERVICE.sub("", entity.name)
                return entity if owner == entity.name else self.memory.entity(owner, "body")
        return None

    def _last_group(self, head: str) -> Entity | None:
        """Return the body last heard of that "the group" or "the alliance" may mean."""
        if head not in _GROUP_WORDS:
            return None
        subject = [self.memory.subject] if self.memory.subject is not None else []
        for entity in (*subject, *reversed(self.memory.spoken), *reversed(self.memory.recent)):
            if entity.plural or self.actors.state_of(entity.name) is not None:
                continue
            last = entity.name.lower().split(" in ", 1)[0].rsplit(" ", 1)[-1]
            proper = (
                entity.name.rsplit(" ", 1)[-1][0].isupper()
                and self.actors.nation_of(entity.name.split(" ", 1)[0]) is None
            )
            if (entity.kind == "body" or self.memory.is_body(entity)) and (
                last == head or last not in _GOVERNING or (last in _FORCES and proper)  # "Free Syrian Army"
            ):
                return entity
        near = (one for one in reversed(self.memory.spoken) if self.memory.at - one.last <= _REACH)
        groups = (one for one in near if self.actors.state_of(one.name) is None)
        return next((one for one in groups if self.pronouns.may_be_body(one)), None)
