"""Attributions at a sentence's end whose marks a page has lost: "… for ten hours the ministry said"."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.inversion import NEEDS_LISTENER, NO_INVERSION
from stancewire.features.attribution.judgement import Hit, can_speak, named_beside
from stancewire.features.attribution.lexicon import (
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    MARK,
    OFFICE,
    POSS,
    PREP,
    QUOTE,
    REL,
    SAY,
    SUB,
    VERB,
)
from stancewire.features.attribution.phrases import Phrase, phrase_left, phrase_right, skip_back
from stancewire.features.attribution.ranks import LATE
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.tokens import words

_LAST_WORDS = 12
# Verbs that end a heading with their subject, and no object, behind them ("Deal a mistake warns Netanyahu").
_HEADING_ENDS = words("say insist warn admit claim hint vow argue reveal announce declare concede boast")


def unmarked(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "… for ten hours the ministry said", "… our sky said a commander": an attribution at the end, its marks lost."""
    tags, lows = frame.tags, frame.lows
    if not tags[at] & SAY or at < 3 or len(frame) - at > _LAST_WORDS:
        return None
    if any(tags[i] & (BE | AUX | QUOTE) or lows[i] in ("that", ",") for i in range(at + 1, len(frame))):
        return None
    before = skip_back(frame, at - 1)
    if before < 1 or tags[before] & (REL | MARK | CONJ | PREP) or lows[before] in ("that", "to"):
        return None
    right = (
        phrase_right(frame, at + 1)
        if lemma not in NEEDS_LISTENER and (not frame.heading or lemma in _HEADING_ENDS)
        else None
    )
    if right is not None and lows[at + 1] not in NO_INVERSION:
        named = read_source(frame, trim(frame, right))
        if named is not None and named.kind in ("person", "name", "office", "people", "body"):
            named = named_beside(frame, named)
            return Hit(named, (at, at), LATE, "unmarked", lemma, (at, named.phrase[1]))
    phrase = phrase_left(frame, before)
    source = read_source(frame, phrase) if phrase is not None else None
    if source is None or source.kind in ("thing", "document") or phrase is None:
        return None
    phrase = _without_content(frame, phrase, source)
    if phrase[0] < 2 or not can_speak(frame, source, tags[at], lemma):
        return None
    if tags[phrase[0] - 1] & (PREP | REL | SUB | VERB | AUX | BE) or lows[phrase[0] - 1] == "that":
        return None
    return Hit(source, (at, at), LATE, "unmarked", lemma, (source.phrase[0], at))


def _without_content(frame: Frame, phrase: Phrase, source: Source) -> Phrase:
    """ "… a fourth time Turkish spokesman Jan Keller said": the phrase from the title's first capital or office on."""
    first = source.mention[0]
    if source.kind != "person" or frame.tags[phrase[0]] & POSS:
        return phrase
    while first > phrase[0] and frame.tags[first - 1] & (CAP | OFFICE | BODY | CLITIC):
        first -= 1
    return phrase if first == phrase[0] + 1 and frame.tags[phrase[0]] & DET else (first, phrase[1])
