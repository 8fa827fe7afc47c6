"""Speech told by its means: "took to Telegram to say", "used his speech to warn", "went so far as to call"."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import MARK, QUOTE, SAY, VERB
from stancewire.features.attribution.tokens import words

_TOOK = words("took takes taken taking")
_USED = words("used uses using seized seizes")
_WENT = words("went goes gone going")
_OCCASIONS = words(
    "speech address interview appearance statement conference briefing visit occasion platform meeting session sermon "
    "remarks letter post column editorial message opportunity moment summit debate chance podium stage trip anniversary"
)
_MAX_MEANS = 9
REFERENCES = words("reference references referring link")
_REFERRED = 3


def refers(frame: Frame, at: int) -> int | None:
    """ "TASS reports with reference to the ministry", "…, referring to it": the last item before whom a report refers to."""
    lows, to = frame.lows, at + 1
    if lows[to : to + 1] != ["to"] or to + 1 >= len(frame):
        return None
    if lows[at] == "referring":
        begin = at
    else:
        begin = at - 2 if at > 1 and lows[at - 1] == "a" else at - 1
        if begin < 0 or lows[begin] != "with":
            return None
    if begin == 0:
        return to if any(tag & SAY and tag & VERB for tag in frame.tags[to:]) else None
    near = lows[max(begin - _REFERRED, 0) : begin]
    return to if any(low in ("report", "reports", "reported", "reporting") for low in near) else None


def speaks_by(frame: Frame, to: int) -> int | None:
    """Return the verb before the "to" at item ``to`` that only tells how somebody came to speak, or None."""
    lows = frame.lows
    if lows[max(to - 3, 0) : to] in (["so", "far", "as"], ["as", "far", "as"]):
        return to - 4 if to > 4 and lows[to - 4] in _WENT else None
    for at in range(to - 2, max(to - _MAX_MEANS, 0), -1):
        if frame.tags[at] & (MARK | QUOTE):
            return None
        if lows[at] in _TOOK and lows[at + 1] == "to" and at + 1 < to:
            return at  # "took to the airwaves to say"
        if lows[at] in _USED:
            return None if _OCCASIONS.isdisjoint(lows[at + 1 : to]) else at
        if frame.tags[at] & VERB and lows[at] not in _OCCASIONS:
            return None
    return None
