"""Whom "the journalist" or "the senator" means where nobody was called so: a noun of a kind takes up who spoke last."""

from collections.abc import Sequence
from typing import NamedTuple

from stancewire.data.actors import Actors
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.tokens import words

_REACH = 5


class _Kind(NamedTuple):
    """``names`` take up somebody of the kind; ``marks`` are what else such a one may be called or belong to.

    An office that one alone holds ("the minister") is no name of a kind: its holder may speak unannounced.
    """

    names: frozenset[str]
    marks: frozenset[str]


_SENT = words("envoy diplomat negotiator")
_KINDS = (
    _Kind(
        words("journalist reporter correspondent columnist writer commentator blogger photographer presenter"),
        words("editor author broadcaster anchor newspaper magazine television radio"),
    ),
    _Kind(
        words("politician lawmaker senator mp mep congressman congresswoman parliamentarian legislator statesman"),
        words(
            "deputy member minister president premier chancellor leader chairman chairwoman chair speaker whip candidate "
            "spokesperson mayor governor councillor representative opposition party parliament senate congress committee"
        ),
    ),
    _Kind(
        words("analyst expert scholar professor researcher academic historian lecturer economist scientist strategist"),
        words("specialist fellow director author university institute think-tank teaches studies"),
    ),
    _Kind(
        words("soldier officer serviceman fighter gunner mortarman paratrooper marine veteran sergeant"),
        words(
            "general colonel major captain lieutenant admiral commander pilot corporal private volunteer brigade army"
        ),
    ),
    _Kind(
        _SENT | {"mediator"},
        words("ambassador consul representative delegate attache rapporteur"),
    ),
    _Kind(words("doctor medic nurse surgeon physician paramedic"), words("dr hospital clinic")),
    _Kind(
        words("resident villager pensioner shopkeeper farmer grocer fisherman activist campaigner"),
        words("driver worker engineer baker teacher student mother father lawyer volunteer aged"),
    ),
)
_LEGISLATORS = ("member of parliament", "member of congress", "member of the european parliament")


class Sortals:
    """Finds in ``memory`` whom a common noun of a kind takes up."""

    def __init__(self, memory: Memory, actors: Actors) -> None:
        self.memory = memory
        self.actors = actors

    def person(self, text: Sequence[str]) -> Entity | None:
        """Return who spoke last, where ``text`` (lower case: "journalist", "Danish historian") can be what he is, else None.

        A state among the words has to be his too, and what he is said to be must not be of another kind alone.
        """
        head = "politician" if " ".join(text) in _LEGISLATORS else text[-1]
        kinds = [kind for kind in _KINDS if head in kind.names]
        last = self._last_person() if kinds and (head != text[-1] or "of" not in text) else None
        if last is None or self._contradicted(last, text[:-1], head):
            return None
        described = _plain(last.description)
        known = [kind for kind in _KINDS if not described.isdisjoint(kind.names | kind.marks)]
        if self.memory.strangers.get(head, -1) > last.last or (
            not known and self.actors.find_last(last.name) is not None
        ):
            return (
                None  # "Keller said no. A villager wept. The villager said …", "Macron said no. The journalist said …"
            )
        return last if not known or any(kind in known for kind in kinds) else None

    def pair(self, head: str) -> Entity | None:
        """ "the lawmakers" behind "Senators A and B said": the two who spoke last together, or None."""
        last = self.memory.spoken[-1] if self.memory.spoken else None
        known = any(head.removesuffix("s") in kind.names for kind in _KINDS)
        if last is None or not known or last.first is None or self.memory.at - last.last > _REACH:
            return None
        return last if self.memory.may_be_person(last.first) else None

    def _last_person(self) -> Entity | None:
        """Return the subject of the outlet's own sentence before, else who spoke last and lately; peoples and bodies that spoke
        since are none."""
        memory = self.memory
        if memory.subject is not None and memory.may_be_person(memory.subject):
            return memory.subject
        near = (one for one in reversed(memory.spoken) if memory.at - one.last <= _REACH and not one.plural)
        last = next((one for one in near if one.kind != "body" and not memory.is_body(one)), None)
        return last if last is not None and memory.may_be_person(last) else None

    def _contradicted(self, person: Entity, modifiers: Sequence[str], head: str) -> bool:
        """Tell whether a state is named that is not the person's, or a woman is called a -man."""
        woman, man = head.endswith("woman"), head.endswith("man") and not head.endswith("woman")
        if (woman and person.gender == "he") or (man and person.gender == "she"):
            return True
        wanted = {state for word in modifiers if (state := self.actors.nation_of(word)) is not None}
        given = {
            state for text in person.description for word in text.split() if (state := self.actors.nation_of(word))
        }
        if any(word.endswith(("'", "’", "'s", "’s")) for word in modifiers):
            return True  # "the separatists' negotiator"
        sent = head in _SENT  # "the Syrian envoy" speaks for Syria, wherever he is from
        return bool(wanted) and (bool(given) or sent) and wanted.isdisjoint(given)


def _plain(description: Sequence[str]) -> frozenset[str]:
    parts = " ".join(description).lower().replace(",", " ").replace(".", " ").split()
    return frozenset("spokesperson" if part.startswith("spokes") else part for part in parts)
