"""Stretches between marks, and what of a phrase is the source: without its time, its place of publication, its statement."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV,
    BODY,
    CAP,
    DET,
    DOC,
    NUM,
    OFFICE,
    POSS,
    PREP,
    PRON,
    QUOTE,
    SUB,
    TIME,
)
from stancewire.features.attribution.nicknames import gives_nickname
from stancewire.features.attribution.phrases import NAME_PARTICLES, NOMINAL, Phrase, is_participle
from stancewire.features.attribution.tokens import words

_PERSON_PARTICLES = NAME_PARTICLES - {"of", "the", "for"}
# Participles that no "-ed" gives away.
PARTICIPLES = words("shot held made led run built sent taken given seen caught left brought written")
# How a document comes from its author.
_ISSUED = words(
    "issued released published posted circulated distributed signed drafted written prepared read delivered"
)
_MESSAGES = words(
    "statement statements communique communiqué letter message memo note bulletin release readout tweet post notice dispatch "
    "declaration text"
)
BREAKS = frozenset(",;:—–()")
_MAX_SEGMENT = 150  # items: longer in no text that makes sense


def trim(frame: Frame, phrase: Phrase) -> Phrase:
    """Cut a reduced clause off a phrase's end ("officials briefed on the matter")."""
    start, end = phrase
    tags, words = frame.tags, frame.words
    for at in range(start + 1, end + 1):
        word, before = words[at], tags[at - 1]
        reduced = word in PARTICIPLES and not before & (DET | POSS | PREP | NUM | ADV)
        if word == "speaking" and at < end and frame.lows[at + 1] in ("on", "under", "anonymously"):
            return (start, at - 1)  # "rebels in the town speaking on condition of anonymity"
        if _in_statement(frame, at, end) or gives_nickname(frame, at):
            return (start, at - 1)
        if issued_by(frame, at, end) is not None:
            return phrase
        if reduced or is_participle(frame, at) or (frame.heading and _is_headline_verb(frame, at, end)):
            return (start, at - 1)
    return phrase


def issued_by(frame: Frame, at: int, end: int) -> int | None:
    """ "a statement issued on Monday by the council": return the "by" of the participle at ``at`` behind a document, or None."""
    put_out = frame.lows[at : at + 2] == ["put", "out"]
    if not (put_out or frame.lows[at] in _ISSUED) or frame.lows[at - 1] not in _MESSAGES:
        return None
    return next((by for by in range(at + 1, min(at + 5, end)) if frame.lows[by] == "by"), None)


def _in_statement(frame: Frame, at: int, end: int) -> bool:
    """ "the ministry in a statement": where it was said is no part of the name."""
    opens = frame.lows[at] == "in" and at < end and frame.lows[at + 1] in ("a", "an", "its", "his", "her", "their")
    return opens and any(frame.tags[i] & DOC for i in range(at + 2, min(end, at + 4) + 1))


def _is_headline_verb(frame: Frame, at: int, end: int) -> bool:
    """Tell whether a word behind an office or name is a verb that no list has ("President vetoes bill", "Oslo mourns pilot,
    …")."""
    word = frame.words[at]
    plain = word.islower() and word.endswith("s") and not word.endswith(("ss", "'s", "’s"))
    named = frame.tags[at - 1] & CAP and at < end and frame.words[end + 1 : end + 2] == [","]
    return plain and not frame.tags[at] & NOMINAL and bool(frame.tags[at - 1] & OFFICE or named)


def segment_start(frame: Frame, at: int) -> int:
    """Return the first item of the stretch between commas, dashes or quotations that holds item ``at``."""
    stop = max(at - _MAX_SEGMENT, 0)
    while at > stop and not (frame.tags[at - 1] & QUOTE or frame.words[at - 1] in BREAKS):
        at -= 1
    return at


def is_name_only(frame: Frame, start: int, end: int) -> bool:
    """Tell whether a stretch holds nothing but a personal name, titles aside."""
    seen = False
    for at in range(start, end + 1):
        tag = frame.tags[at]
        if tag & CAP and not tag & (TIME | DET | PRON | SUB | PREP):
            seen = seen or not tag & (OFFICE | BODY)
        elif frame.lows[at] not in _PERSON_PARTICLES and frame.words[at] not in ("-", ".", "'", "’", "("):
            return False
    return seen
