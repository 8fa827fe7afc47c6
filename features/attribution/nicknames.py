"""How a text gives somebody another name: "known to his crew as Fox", "with the call sign Fox"."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import ADV, AUX, BE, MARK, PREP, QUOTE, VERB
from stancewire.features.attribution.tokens import words

# Most items between "known" and the name.
MAX_CIRCLE = 5
_KNOWN_AS = frozenset(("known", "identified", "named", "styled"))
_BETTER = words("better best also only locally widely popularly simply otherwise")
_NICKNAMES = words("call sign callsign nickname codename alias pseudonym")


def known_as(frame: Frame, end: int) -> int | None:
    """ "known as", "known to his crew as", "known in the valley as": where what ends in "as" at ``end`` begins."""
    if frame.lows[end] != "as":
        return None
    begin = end - 1
    while begin > max(end - MAX_CIRCLE, 1) and frame.lows[begin] not in _KNOWN_AS:
        if frame.tags[begin] & (MARK | QUOTE | VERB | BE | AUX):
            return None
        begin -= 1
    if frame.lows[begin] not in _KNOWN_AS:
        return None
    among = begin + 1 == end or bool(frame.tags[begin + 1] & (PREP | ADV))
    return begin - bool(begin > 1 and frame.lows[begin - 1] in _BETTER) if among else None


def gives_nickname(frame: Frame, at: int) -> bool:
    """ "a gunner with the call sign Fox": what he is called is no part of what he is."""
    if frame.lows[at] == "with" and frame.lows[at + 2 : at + 3] == ["call"]:
        return frame.lows[at + 3 : at + 4] == ["sign"]  # not "familiar with the call"
    return frame.lows[at] == "with" and not _NICKNAMES.isdisjoint(frame.lows[at + 2 : at + 4])
