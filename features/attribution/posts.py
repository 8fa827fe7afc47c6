"""Offices that the outlet names with their state and without their holder: "Russia's emergencies minister"."""

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.frame import Frame, text_of
from stancewire.features.attribution.lexicon import CAP, CLITIC, HUMAN, OFFICE, TIME
from stancewire.features.attribution.phrases import is_noun_like
from stancewire.features.attribution.tokens import words

_WORDS = 4
_HEADS_OF_STATE = words("president chancellor premier king queen emir")


def posts(frame: Frame, actors: Actors) -> dict[str, str]:
    """Return the offices that a sentence names: "emergencies minister" → "Russia's emergencies minister"."""
    found: dict[str, str] = {}
    for at in range(1, len(frame)):
        if not _is_office(frame, at):
            continue
        first = at
        while (
            first > 1
            and at - first < _WORDS
            and not frame.tags[first - 1] & (CAP | CLITIC)
            and is_noun_like(frame, first - 1)
        ):
            first -= 1
        state = first - 1 - bool(frame.tags[first - 1] & CLITIC)
        named = state >= 0 and frame.tags[state] & CAP and actors.nation_of(frame.words[state]) is not None
        if named and (first < at or frame.lows[at] in _HEADS_OF_STATE):
            found[fold(text_of(frame, first, at + 1))] = text_of(frame, state, at + 1)
    return found


def strangers(frame: Frame) -> list[str]:
    """Return what nobody's name stands beside: "villager" of "A villager wept"."""
    found: list[str] = []
    for at, low in enumerate(frame.lows):
        if low in ("a", "an"):
            near = range(at + 1, min(at + 1 + _WORDS, len(frame)))
            head = next((i for i in near if frame.tags[i] & (OFFICE | HUMAN) and not frame.tags[i] & CAP), None)
            if head is not None and (at == 0 or frame.words[at - 1] != ","):
                found.append(frame.lows[head])
    return found


def _is_office(frame: Frame, at: int) -> bool:
    """Tell whether item ``at`` ends an office whose holder is not named behind it."""
    if not frame.tags[at] & OFFICE or frame.tags[at] & (CAP | TIME) or frame.lows[at].endswith("s"):
        return False
    after = frame.tags[at + 1] if at + 1 < len(frame) else 0
    return (
        not after & (OFFICE | CLITIC)
        and not (after & CAP and not after & TIME)
        and frame.lows[at + 1 : at + 2] != ["of"]
    )
