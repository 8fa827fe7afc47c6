"""Whom a joint source means: "Reyes and Aydin", "France, Britain and Poland", "both men"."""

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.tokens import words

# How far back the two are looked for that "both men" means.
_PAIR_REACH = 4
_OWN = words("his her its their the")
_PAIRED = words(
    "men women leaders presidents ministers premiers officials diplomats generals envoys politicians negotiators"
)


class Pairs:
    """Finds joint sources in what ``memory`` knows."""

    def __init__(self, memory: Memory, actors: Actors) -> None:
        self.memory = memory
        self.actors = actors

    def named(self, text: str) -> Entity | None:
        """Return all sources of a joint name as one, each by its full name, or None where they are one body's name."""
        if text.count(", ") and " and " in text.rsplit(", ", 1)[1]:
            return self._listed(text)
        left, right = _last_names(text).split(" and ", 1)
        memory = self.memory
        if " " not in left and right.split(" ", 1)[0] in _OWN and memory.full_name(left) != left:
            return self._joint([left, right])  # "Keller and his Danish counterpart"
        if " and " in right or not left[:1].isupper() or not right[:1].isupper() or memory.bodies.known(text):
            return None
        alike = bool(self.actors.state_of(left)) == bool(self.actors.state_of(right))
        if not alike or any(clue.kind == "role" for clue in self.actors.clues(text)):
            return None
        if " " not in left and memory.full_name(left) == f"{left} {right.rsplit(' ', 1)[-1]}":
            return self._joint([left, right], given=True)  # "Alexander and Svetlana Kostenko"
        return self._joint([left, right])

    def _listed(self, text: str) -> Entity | None:
        parts = text.replace(", and ", ", ").replace(" and ", ", ").split(", ")
        return self._joint(parts) if all(part[:1].isupper() for part in parts) else None

    def both(self, name: list[str]) -> Entity | None:
        """Return the two persons that "both men" or "the two" (lower case) means, or None where it cannot be told."""
        if len(name) > 2 or (len(name) > 1 and name[1] not in _PAIRED):
            return None
        memory = self.memory
        near = [one for one in reversed(memory.spoken) if memory.at - one.last <= _PAIR_REACH]
        joint = next((one for one in near if one.plural and one.first is not None), None)
        if joint is not None:
            return joint
        persons = list(dict.fromkeys(one.name for one in near if self._is_person(one)))
        if len(persons) < 2:
            persons = [one.name for one in memory.recent if self._is_person(one)]
        if len(persons) != 2:
            return None
        order = list(memory.entities)
        return self._joint(sorted(persons, key=order.index))

    def _is_person(self, entity: Entity) -> bool:
        return not entity.plural and entity.kind in ("person", "name") and not self.memory.is_body(entity)

    def _joint(self, parts: list[str], given: bool = False) -> Entity:
        memory = self.memory
        names = [self._fullest(part) for part in parts]
        spelled = parts if given else names
        entity = memory.entity(f"{', '.join(spelled[:-1])} and {spelled[-1]}", "people")
        entity.plural = True
        entity.first = memory.entities.get(names[0]) or Entity(names[0], "name")
        return entity

    def in_full(self, name: str) -> str:
        """Return a joint name with the full name of a member that one word stands for ("Keller and aid workers")."""
        left, _, right = name.partition(" and ")
        return " and ".join(self._fullest(part) if part[:1].isupper() else part for part in (left, right))

    def _fullest(self, part: str) -> str:
        """Return the full name of a member; "Observatory" is the body named before."""
        name = self.memory.full_name(part)
        return name if name != part or " " in part else self.memory.bodies.by_tail.get(fold(part), part)


def _last_names(text: str) -> str:
    """ "Anna B. and her counterpart, Carl D." is "Anna B. and Carl D."."""
    left, right = text.split(" and ", 1)
    if ", " in right:
        return f"{left} and {right.rsplit(', ', 1)[1]}"
    words = right.split()
    first = len(words)
    while first and words[first - 1][:1].isupper():
        first -= 1
    described = words[0] in _OWN and len(words) - first > 1  # "… and her counterpart Carl D."
    return f"{left} and {' '.join(words[first:])}" if described else text
