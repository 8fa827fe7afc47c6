"""Names of bodies that a common noun before them or a number behind them gives away."""

from stancewire.features.attribution.frame import Frame, text_of
from stancewire.features.attribution.lexicon import (
    AUX,
    BADHEAD,
    BE,
    CAP,
    CLITIC,
    CONJ,
    DOC,
    MARK,
    MODIFIER,
    NEWS,
    NUM,
    OFFICE,
    PREP,
    QUOTE,
    REL,
    SUB,
    TIME,
)
from stancewire.features.attribution.phrases import Phrase
from stancewire.features.attribution.tokens import words

_BROADCASTER = 2  # digits
_BROADCASTERS = words("kanal kan rossiya rossia")
_NUMBERED = words(
    "flight boeing airbus route highway article resolution unit point room school hospital hill gate level day"
)
_IS = words("is was has been became remains as served serves worked works")
_GROUPS = words(
    "group alliance charity network movement militia faction tank monitor agency organisation organization coalition party "
    "company watchdog"
)


def behind_group(frame: Frame, start: int, end: int) -> Phrase | None:
    """ "the rebel alliance Army of the North": the name of a body behind the common noun that tells what it is."""
    tags = frame.tags
    noun = next((at for at in range(start, end) if frame.lows[at] in _GROUPS and not tags[at] & CAP), None)
    if noun is None or not tags[noun + 1] & CAP or any(tags[at] & (PREP | MARK | CONJ) for at in range(start, noun)):
        return None
    named = all(
        (tags[at] & CAP and not tags[at] & (TIME | CLITIC | OFFICE | NUM))
        or frame.lows[at] in ("of", "for", "the", "and")
        for at in range(noun + 1, end + 1)
    )
    return (noun + 1, end) if named and tags[end] & CAP else None


def predicate(frame: Frame, at: int) -> str | None:
    """ "Keller has been the mayor of Lund since 2014": what the clause says that the name before item ``at`` is, or None."""
    first = at
    while first < min(at + 3, len(frame)) and frame.lows[first] in _IS:
        first += 1
    bare = frame.lows[first - 1] == "as" and first < len(frame) and frame.tags[first] & (OFFICE | CAP | MODIFIER)
    if first == at or not (bare or frame.lows[first : first + 1] in (["the"], ["a"], ["an"])):
        return None
    stop = first
    while stop < min(first + 8, len(frame)) and not frame.tags[stop] & (MARK | TIME | REL | SUB | QUOTE | AUX | BE):
        stop += 1
    held = any(tag & OFFICE for tag in frame.tags[first:stop])
    return text_of(frame, first, stop) if held else None


def numbers_outlet(frame: Frame, at: int) -> bool:
    """ "Channel 10", "Radio 4", "Ukraine 24": tell whether item ``at`` is the number of a broadcaster."""
    if at < 1 or not frame.words[at].isdigit() or len(frame.words[at]) > _BROADCASTER or not frame.tags[at - 1] & CAP:
        return False
    if frame.tags[at - 1] & (TIME | DOC | BADHEAD | CLITIC) or frame.lows[at - 1] in _NUMBERED:
        return False  # "October 24", "Flight 24"
    return bool(frame.tags[at - 1] & NEWS) or frame.lows[at - 1] in _BROADCASTERS or frame.words[at] == "24"
