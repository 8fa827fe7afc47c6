"""Clauses beside a quotation that report more than it does."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import (
    ACT,
    AUX,
    BE,
    CAP,
    CLITIC,
    CONJ,
    DET,
    ING,
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
    VERB,
    WEAK,
)
from stancewire.features.attribution.means import REFERENCES
from stancewire.features.attribution.phrases import VERB_PARTICLES, phrase_right
from stancewire.features.attribution.tokens import words

# Words that tell of the speaker rather than of what was said ("referring to", "who advised the last two governments").
_ASIDES = words(
    "referring speaking contradicting recalling answering responding replying commenting advises advised advise reports "
    "reported report writes wrote write lectures lectured"
)
_NAMELESS = words("named identified name names anonymous anonymity photographed quoted")
_MAX_CARRIER = 14
_SAYING = frozenset(("as", "saying", ",", "."))
_KEPT = words("answer comment say speak give elaborate name identify specify disclose provide discuss confirm explain")


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


def has_clause(frame: Frame, start: int, stop: int) -> bool:
    """ "said the road was open: “…”": tell whether a subject and its verb stand before a colon."""
    phrase = phrase_right(frame, start + (frame.lows[start] == "that"))
    verb = phrase[1] + 1 if phrase is not None else stop
    return verb < stop and bool(frame.tags[verb] & (BE | AUX)) and not frame.tags[verb] & CLITIC


def _keeps_back(frame: Frame, at: int) -> bool:
    """ "“…,” he said, but gave no details", "and declined to comment": a conjunction and what was not said."""
    verb = frame.lows[at + 1 : at + 3]
    if verb in (["gave", "no"], ["provided", "no"], ["offered", "no"], ["did", "not"], ["would", "not"]):
        return True
    return verb in (["declined", "to"], ["refused", "to"]) and not _KEPT.isdisjoint(frame.lows[at + 3 : at + 5])


def reports(frame: Frame, at: int, opening: bool) -> bool:
    """Tell whether a stretch beside a quotation reports further: "adding …", "and said …", "who denied …", "that …"."""
    tag = frame.tags[at]
    following = frame.tags[at + 1] if at + 1 < len(frame) else 0
    if opening and frame.lows[at] == "that":
        return bool(frame.tags[at - 1] & VERB) and not frame.tags[at - 2] & (
            DET | POSS
        )  # not "in an interview that aired on Friday", "that evening"
    if tag & ING and frame.lows[at : at + 2] in (["calling", "on"], ["calling", "for"]):
        return True
    if tag & (SAY | ACT) and tag & ING:
        return not following & MARK and frame.lows[at] not in _ASIDES
    if tag & REL and frame.lows[at] == "who":
        reports = following & (SAY | ACT) and following & (PAST | THIRD) and frame.lows[at + 1] not in _ASIDES
        return bool(reports) and not _NAMELESS.intersection(frame.lows[at + 2 : at + 8])
    if tag & CONJ and _keeps_back(frame, at):
        return False
    return bool(
        tag & CONJ
        and (
            following & VERB
            or (following & PRON and any(frame.tags[i] & VERB for i in range(at + 2, min(at + 4, len(frame)))))
        )
    )


def is_only_carried(frame: Frame, hit: Hit) -> bool:
    """ "“…,” the agency reported, citing Keller", "“…,” it quoted the mayor, Ole Brandt, as saying": tell whether all that is
    told stands in the quotations."""
    first, last = hit.span
    if hit.rule != "quoting" or not frame.quotes or max(frame.quotes) >= first or min(frame.quotes) > 0:
        return False
    between = frame.tags[max(frame.quotes) + 1 : first]
    if len(between) > _MAX_CARRIER or any(tag & (BE | AUX) and not tag & CLITIC for tag in between):
        return False
    carried = frame.lows[first] in ("quoted", "cited", "quotes", "cites")
    joined = frame.words[first - 1] == "," or not REFERENCES.isdisjoint(frame.lows[max(first - 2, 0) : first])
    reported = joined and any(tag & SAY for tag in between)
    return (carried or reported) and all(word in _SAYING for word in frame.lows[last + 1 :])
