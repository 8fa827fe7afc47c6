"""Words that are no content: quoted names and terms, and descriptions of the speaker before his name."""

from stancewire.features.attribution.frame import Frame, Scare
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import (
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    HUMAN,
    MARK,
    MODIFIER,
    NUM,
    OFFICE,
    PREP,
    REL,
    VERB,
)
from stancewire.features.attribution.phrases import phrase_right
from stancewire.features.attribution.segments import segment_start
from stancewire.features.attribution.tokens import words

_TERM_MARKERS = words(
    "so-called called sign callsign nickname guerre dubbed known termed named nicknamed titled entitled"
)
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
    if frame.lows[max(first - 2, 0) : first] == ["known", "as"]:
        return True  # "the area known as “the triangle”"
    if first == 0 and last + 1 < len(frame) and frame.tags[last + 1] & BE and first == last:
        return True  # "“Failed” was too polite a word"
    if first == last and first > 0 and frame.tags[first - 1] & BE and frame.lows[first].endswith("ed"):
        return True  # "nine fighters were “neutralised”"
    if first == last and first > 0 and frame.tags[first - 1] & NUM:
        return True  # "12 “bandits” were killed"
    wording = frame.title_case and first < last  # a heading writes all words so
    small = PREP | DET | CONJ  # "the film “Winter of Fire”"
    capital = frame.tags[first] & CAP and frame.tags[last] & (CAP | MARK)
    if first > 0 and not wording and all(frame.tags[at] & (CAP | NUM | MARK) for at in range(first, last + 1)):
        return True
    if capital and first > 0 and all(frame.tags[at] & (CAP | NUM | MARK | small) for at in range(first, last + 1)):
        return not wording
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


def describes_speaker(frame: Frame, left: list[int], hit: Hit) -> bool:
    """ "The council's president, Jan Keller, tweeted: “…”": an office, and nothing else, before the name."""
    comma = left[-1]
    if hit.source.kind not in ("person", "name") or hit.source.phrase[0] != comma + 1:
        return False
    if comma != len(left) - 1 or frame.words[comma] != "," or not frame.tags[comma - 1] & (OFFICE | HUMAN | BODY):
        return False
    begin = segment_start(frame, comma - 1)  # "But the council's president, Jan Keller, asked"
    begin += bool(frame.tags[begin] & CONJ)
    led = begin < 2 or frame.words[begin - 1] == ","
    return led and phrase_right(frame, begin) == (begin, comma - 1)


def is_apposition(frame: Frame, start: int, stop: int) -> bool:
    """ "According to Jan Keller, Norway's envoy, “…”": tell whether nothing but a description stands in ``start:stop``."""
    closed = stop - start > 2 and frame.words[start] == "," and frame.words[stop - 1] == ","
    verbs = any(frame.tags[at] & (BE | AUX | VERB) and not frame.tags[at] & (CAP | CLITIC) for at in range(start, stop))
    return closed and not verbs and any(frame.tags[at] & (OFFICE | HUMAN | BODY) for at in range(start, stop))


def is_described_person(frame: Frame, start: int, hit: Hit) -> bool:
    """ "“…,” a resident who gave only her first name, Anna, said": a description with a clause of its own before a name."""
    stop = hit.span[0] - 1
    if hit.source.kind not in ("person", "name") or stop <= start or frame.words[stop] != ",":
        return False
    who = next((at for at in range(start + 1, stop) if frame.lows[at] in ("who", "whose")), start)
    person = frame.tags[start] & DET and any(frame.tags[at] & (HUMAN | OFFICE) for at in range(start, who))
    return bool(person) and "," not in frame.words[start:stop]
