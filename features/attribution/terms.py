"""Quoted words that are a name, a term or of the speaker rather than somebody's wording."""

from stancewire.features.attribution.frame import Frame, Scare
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import BE, CAP, HUMAN, MARK, MODIFIER, NUM, OFFICE, REL
from stancewire.features.attribution.tokens import words

_TERM_MARKERS = words("so-called called dubbed known termed named nicknamed titled entitled")
_SINGLE_MARKS = frozenset("'‘’‚‛")


def is_term(frame: Frame, scare: Scare) -> bool:
    """Tell whether quoted words are a name or term rather than somebody's wording."""
    first, last = scare.first, scare.last
    while first < last and frame.words[first] in _SINGLE_MARKS:
        first += 1
    while last > first and frame.words[last] in _SINGLE_MARKS:
        last -= 1
    if first > 0 and frame.lows[first - 1] in _TERM_MARKERS and "what" not in frame.lows[max(first - 4, 0) : first]:
        return True  # but "what he called “grotesque” delays" is his wording
    if first == 0 and last + 1 < len(frame) and frame.tags[last + 1] & BE and first == last:
        return True  # "“Failed” was too polite a word"
    if first == last and first > 0 and frame.tags[first - 1] & BE and frame.lows[first].endswith("ed"):
        return True  # "nine fighters were “neutralised”"
    if first == last and first > 0 and frame.tags[first - 1] & NUM:
        return True  # "12 “bandits” were killed"
    wording = frame.title_case and first < last  # a heading writes all words so
    if all(frame.tags[at] & (CAP | NUM | MARK) for at in range(first, last + 1)) and first > 0 and not wording:
        return True
    if last - first == 1 and frame.tags[last] & (HUMAN | OFFICE) and not frame.tags[last] & MODIFIER:
        return True  # "“green men”", "its “foreign minister”"
    single = scare.quote.single
    return single and (first == last or (bool(frame.tags[first] & CAP) and not wording))


def of_speaker(frame: Frame, hit: Hit, scare: Scare) -> bool:
    """ "Jan Keller, whose party was called “rotten”, said …": words within a relative clause about the speaker."""
    after = hit.source.phrase[1] + 1
    return after < scare.first < hit.cue[0] and any(
        frame.tags[at] & REL for at in range(after, min(after + 2, scare.first))
    )
