"""Clauses beside a quotation that report more than it does."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ACT,
    AUX,
    BE,
    CAP,
    CLITIC,
    DET,
    MARK,
    PAST,
    POSS,
    PREP,
    PRON,
    REL,
    SAY,
    SUB,
    THIRD,
    TIME,
    WEAK,
)
from stancewire.features.attribution.phrases import VERB_PARTICLES


def rejects(frame: Frame, verb: int) -> bool:
    """ "‘A farce’: Oslo brushes off claim of raid": tell whether a heading's verb behind a quotation has an object of its own."""
    if verb + 2 >= len(frame) or not frame.tags[verb] & (ACT | WEAK) or frame.tags[verb] & SAY:
        return False
    behind = frame.tags[verb + 2 if frame.lows[verb + 1] in VERB_PARTICLES else verb + 1]
    return bool(frame.tags[verb] & (THIRD | PAST)) and not behind & (PREP | MARK | SUB | TIME)


def is_clause(frame: Frame, at: int, end: int) -> bool:
    """ "At the same time, he said, Danish law allows ships to be boarded, “and …”": a subject and its verb before a comma."""
    opens = frame.tags[at] & (DET | POSS | CAP | PRON) and not frame.tags[at] & (REL | SUB | PREP | TIME)
    told = AUX | BE | PAST | THIRD
    return bool(opens) and any(frame.tags[i] & told and not frame.tags[i] & CLITIC for i in range(at + 1, end))
