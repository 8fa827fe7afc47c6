"""Adverbials of several words: "once more", "in reply" before a verb, "Late on Monday", "Two days later" before a subject."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV,
    AUX,
    BE,
    CAP,
    CLITIC,
    CONJ,
    DET,
    HUMAN,
    MARK,
    NUM,
    OFFICE,
    PAST,
    PREP,
    THIRD,
    TIME,
    VERB,
)
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
        *(("of", word) for word in words("late course necessity")),
        ("to", "date"),
        ("until", "now"),
        ("up", "to", "now"),
        ("above", "all"),
        ("after", "all"),
        ("all", "along"),
        ("at", "least", "once"),
        ("at", "least", "twice"),
        *((soon, after) for soon in words("shortly soon immediately") for after in words("after afterwards afterward")),
    )
)
_LONGEST = 4
# Nouns that with a preposition before them tell how, when or where something was said, and not whose source somebody is.
_MANNERS = words(
    "response reply fact part return moment time contrast particular end meantime interim past occasion occasions point "
    "start outset beginning move step exchange statement statements interview interviews letter letters tweet tweets email "
    "e-mail post posts message messages speech address briefing remarks article column twitter facebook telegram instagram "
    "youtube television tv radio phone telephone spokesman spokeswoman spokesperson evidence details elaborating explanation "
    "comment pressure principle practice essence short general advance anger earnest unison addition conclusion retrospect "
    "hindsight detail hand example instance time hours days weeks months years minutes weekend"
)
_LEADING = words("in on at for by from without via through under within during over amid after before")
_CROWDS = words("people users others some many reports channels accounts videos comments commenters activists")
_MAX_MANNER = 6
_AFTER = words("later earlier before afterwards afterward after ago")
_TIMES = words("several many two three four five few multiple numerous countless")
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
    return _counted(frame, end, low) or _manner(frame, end, low)


def _counted(frame: Frame, end: int, low: int) -> int:
    """ "two days later", "moments later", "several times", "the following day": how many items, or 0."""
    lows, tags = frame.lows, frame.tags
    if lows[end] == "times" and lows[end - 1] in _TIMES and end - 1 > low:
        return 2
    if tags[end] & TIME and lows[end - 1] in _NEARER and end - 2 > low and tags[end - 2] & DET:
        return 3 + (end - 3 > low and lows[end - 3] in ("on", "by"))
    if lows[end] not in _AFTER or end - 1 <= low or not (tags[end - 1] & TIME or lows[end - 1] == "moments"):
        return 0
    counted = end - 2 > low and (tags[end - 2] & (NUM | DET) or lows[end - 2] in _COUNTED | _TIMES)
    return 3 if counted else 2 if lows[end - 1].endswith("s") else 0


def _manner(frame: Frame, end: int, low: int) -> int:
    """ "in reply", "for the first time", "in a rare move", "via Telegram": how many items, or 0."""
    if frame.lows[end] not in _MANNERS:
        return 0
    for at in range(end - 1, max(end - _MAX_MANNER, low), -1):
        if frame.tags[at] & PREP and not frame.tags[at] & CAP:
            crowd = frame.lows[at - 1] in _CROWDS
            return end - at + 1 if frame.lows[at] in _LEADING and not crowd else 0
        noun = frame.tags[at] & (OFFICE | HUMAN) and frame.lows[at] not in _TIMES | _COUNTED | {"first", "second"}
        if (
            noun
            or frame.tags[at] & (CLITIC | BE | AUX | MARK | CONJ)
            or (frame.tags[at] & VERB and frame.tags[at] & (PAST | THIRD))
        ):
            return 0
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
