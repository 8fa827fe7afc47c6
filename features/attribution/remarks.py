"""What stands behind a noun without a verb: remarks that tell sources apart, and how an outlet came to hear them."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    CAP,
    CONJ,
    DET,
    HUMAN,
    MARK,
    NUM,
    OFFICE,
    PREP,
    QUOTE,
    SUB,
    VERB,
)
from stancewire.features.attribution.tokens import words

_REMARKS = (("involved", "in"), ("briefed", "on"), ("acquainted", "with"))
_COUNTS = words("two three four five six several many some other")
_BEFORE_NOUN = NUM | MARK | CONJ | DET | PREP | QUOTE | VERB | SUB
HEARD = words("reached contacted interviewed questioned")


def is_remark(frame: Frame, at: int) -> bool:
    """ "officials involved in the talks", "two people briefed on the plan": what belongs to a noun that nothing else tells
    apart."""
    if at < 1 or at + 2 >= len(frame) or (frame.lows[at], frame.lows[at + 1]) not in _REMARKS:
        return False
    noun = frame.tags[at - 1]
    if not noun & (HUMAN | OFFICE) or (noun & CAP and at > 1):
        return False
    return at == 1 or frame.lows[at - 2] in _COUNTS or bool(frame.tags[at - 2] & _BEFORE_NOUN)


def before_hearing(frame: Frame, end: int, low: int) -> int:
    """ "residents reached by phone": the last item of whom an outlet heard so, else ``end``."""
    noun = end - 3
    heard = noun >= low and frame.lows[end - 1] == "by" and frame.lows[end - 2] in HEARD
    return noun if heard and frame.tags[noun] & (HUMAN | OFFICE) else end
