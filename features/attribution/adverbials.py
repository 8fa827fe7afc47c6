"""Adverbials of several words: "once more" before a verb, "Late on Monday", "Two days later" before a subject."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import ADV, AUX, BE, CAP, CLITIC, DET, NUM, PREP, TIME, VERB
from stancewire.features.attribution.tokens import words

_SET = frozenset(
    (
        ("once", "more"),
        ("more", "than", "once"),
        ("once", "and", "for", "all"),
        *(("at", word) for word in words("first last once times length")),
        *(("for", word) for word in words("one now once years decades months weeks days hours")),
        *(("as", word) for word in words("usual ever always")),
        *(("in", word) for word in words("turn effect private public passing")),
        ("time", "and", "again"),
        ("again", "and", "again"),
        ("over", "and", "over"),
        ("over", "and", "over", "again"),
        ("no", "less"),
        ("of", "late"),
    )
)
_LONGEST = 4
_OPENERS = words("late early shortly soon right just")
_COUNTED = words("one two three four five six seven eight nine ten eleven twelve several few couple")
_NEARER = words("following next same previous past last very other")
_MAX_LEAD = 8


def set_adverbial(frame: Frame, end: int, low: int = 0) -> int:
    """Return how many items, the last of them ``end``, are a set adverbial ("once more": 2), or 0; none begins at ``low``."""
    for size in range(_LONGEST, 1, -1):
        first = end - size + 1
        if first > low and tuple(frame.lows[first : end + 1]) in _SET:
            return size
    return 0


def opens_with_time(frame: Frame, at: int) -> bool:
    """Tell whether a time of several words opens a clause at ``at``: "Late on Monday", "This week in Oslo"."""
    tags, lows = frame.tags, frame.lows
    if at + 2 >= len(frame):
        return False
    if lows[at] in _OPENERS:
        timed = tags[at + 1] & TIME or lows[at + 1] in ("this", "last", "in", "on", "before", "after")
        return bool(timed)
    if not (tags[at] & (DET | NUM) or lows[at] in _COUNTED):
        return False
    noun = at + 1
    while noun < at + 3 and lows[noun] in _NEARER:
        noun += 1
    return bool(tags[noun] & TIME and not tags[noun + 1] & (CLITIC | BE | AUX | VERB))


def behind_time(frame: Frame, at: int) -> int | None:
    """Return where the subject begins behind the time that opens a clause at ``at``, its comma passed over or not there."""
    tags, lows = frame.tags, frame.lows
    stop = min(len(frame) - 1, at + _MAX_LEAD)
    comma = next((i for i in range(at + 1, stop) if frame.words[i] == ","), None)
    if comma is not None and not any(tags[i] & (BE | AUX | VERB) and not tags[i] & CAP for i in range(at, comma)):
        return comma + 1
    last = next((i for i in range(stop, at, -1) if tags[i] & TIME or lows[i] in ("later", "earlier")), None)
    if last is None or not all(_is_of_time(frame, i) for i in range(at + 1, last)):
        return None
    return last + 1


def _is_of_time(frame: Frame, at: int) -> bool:
    known = frame.tags[at] & (TIME | NUM | ADV | DET) or frame.lows[at] in _NEARER
    return bool(known or frame.tags[at] & PREP)
