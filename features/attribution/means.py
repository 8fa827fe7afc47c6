"""Speech told by its means: "took to Telegram to say", "used his speech to warn", "went so far as to call"."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import ACT, MARK, QUOTE, SAY, VERB
from stancewire.features.attribution.tokens import words

_TOOK = words("took takes taken taking")
_USED = words("used uses using seized seizes")
_WENT = words("went goes gone going")
_OCCASIONS = words(
    "speech address interview appearance statement conference briefing visit occasion platform meeting session sermon "
    "remarks letter post column editorial message opportunity moment summit debate chance podium stage trip anniversary"
)
_FLOOR = _OCCASIONS | words("floor microphone air airwaves television tv radio camera cameras screens record")
# What somebody does to be heard, and which word tells it from other deeds ("stood up to demand", "broke his silence to say").
_STEPS = {
    **dict.fromkeys(words("rose rises"), words("up to")),
    **dict.fromkeys(
        words("stood stands got gets came comes stepped steps spoke speaks"), words("up out forward forth")
    ),
    **dict.fromkeys(words("queued queue lined line"), words("up")),
    **dict.fromkeys(words("took takes appeared appears returned returns called calls held convened gave"), _FLOOR),
    **dict.fromkeys(
        words("went goes"), _FLOOR - words("trip visit summit debate meeting session conference briefing") | {"way"}
    ),
    **dict.fromkeys(words("broke breaks broken"), words("silence")),
    **dict.fromkeys(words("intervened intervenes interrupted interrupts paused pauses"), words("to")),
}
_MAX_MEANS = 9
REFERENCES = words("reference references referring link")
_REFERRED = 3
_REPORTED = words("report reports reported reporting said says wrote writes")


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
    return to if not _REPORTED.isdisjoint(near) else None


def speaks_by(frame: Frame, to: int) -> int | None:
    """Return the verb before the "to" at item ``to`` that only tells how somebody came to speak, or None."""
    lows = frame.lows
    if lows[max(to - 3, 0) : to] in (["so", "far", "as"], ["as", "far", "as"]):
        return to - 4 if to > 4 and lows[to - 4] in _WENT else None
    for at in range(to - 1, max(to - _MAX_MEANS, 0), -1):
        if frame.tags[at] & (MARK | QUOTE):
            return None
        if _is_step(frame, at, to):
            return at
        if lows[at] in _TOOK and lows[at + 1] == "to" and at + 1 < to:
            return at  # "took to the airwaves to say"
        if lows[at] in _USED:
            return None if _OCCASIONS.isdisjoint(lows[at + 1 : to]) else at
        if frame.tags[at] & VERB and lows[at] not in _FLOOR | {"state"}:
            return None
    return None


def _is_step(frame: Frame, at: int, to: int) -> bool:
    """ "rose to lament", "took the floor to accuse": tell whether the verb at ``at`` only opens what is said behind "to"."""
    told = to + 1 < len(frame) and frame.tags[to + 1] & (SAY | ACT)
    marks = _STEPS.get(frame.lows[at])
    return bool(told) and marks is not None and not marks.isdisjoint(frame.lows[at + 1 : to + 1])
