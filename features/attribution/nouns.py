"""Which of the bodies that an article has named a common noun means: "the ministry", "the group", "the Rome-based force"."""

import re

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.tokens import words

_GROUP_WORDS = words(
    "group organization organisation agency party alliance movement channel newspaper bloc militia network charity "
    "company firm union faction body watchdog monitor tank think-tank"
)
# Of what kind a group is said to be that was named before: "the militant group", "the human rights group".
_DESCRIBING = words(
    "militant rebel rights human jihadist islamist extremist insurgent armed monitoring advocacy aid relief campaign "
    "terrorist terror humanitarian"
)
_FORCES = words("force forces navy army fleet command mission guard guards corps brigade contingent militia")
_GOVERNING = words(
    "ministry department government parliament embassy administration office court cabinet presidency council "
    "house military army navy forces police staff mission senate congress"
)
_CHAMBERS = words("parliament congress senate council cabinet commission")
# Bodies that are called by another noun.
_ALIKE = {"mission": "embassy", "embassy": "mission"}
_DEPARTMENTS = words("ministry committee service directorate agency office administration bureau inspectorate")
_PRESS_SERVICE = re.compile(r"press (?:service|office|department|centre|center) of (?:the )?", re.IGNORECASE)


def is_seated_noun(head: str) -> bool:
    """Tell whether "the Rome-based …" may end in ``head``: a group or a force."""
    return head in _GROUP_WORDS or head in _FORCES


class BodyNouns:
    """Finds bodies in what ``memory`` knows."""

    def __init__(self, memory: Memory, actors: Actors) -> None:
        self.memory = memory
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
            fuller = memory.bodies.by_tail.get(fold(text))
            if fuller is None and len(words) > 1:
                fuller = memory.bodies.by_tail.get(" ".join([fold(text).rsplit(" ", 1)[0], _ALIKE.get(head, head)]))
            if known is None or (fuller is not None and len(fuller.split()) > len(known.split())):
                known = fuller
        if known is None and definite and (len(words) == 1 or _DESCRIBING.issuperset(words[:-1])):
            return self._last_group(head) or (self._last_office() if head == "department" else None)
        return None if known is None else memory.entity(known, "body")

    def _last_body(self, head: str) -> Entity | None:
        """Return the body that spoke last with ``head`` in its name or its description."""
        for entity in reversed(self.memory.spoken):
            if entity.plural or (entity.kind not in ("body", "document") and not self.memory.is_body(entity)):
                continue
            if head in entity.name.lower().split() or any(
                head in described.lower().split() for described in entity.description
            ):
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
            if (entity.kind == "body" or self.memory.is_body(entity)) and (last == head or last not in _GOVERNING):
                return entity
        return None
