"""Speech told by its means: "took to Telegram to say", "used his speech to warn", "went so far as to call"."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import MARK, QUOTE, VERB
from stancewire.features.attribution.tokens import words

_TOOK = words("took takes taken taking")
_USED = words("used uses using seized seizes")
_WENT = words("went goes gone going")
_OCCASIONS = words(
    "speech address interview appearance statement conference briefing visit occasion platform meeting session sermon "
    "remarks letter post column editorial message opportunity moment summit debate chance podium stage trip anniversary"
)
_MAX_MEANS = 9


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
