"""Speech told beside the main clause: ", saying …", "with Peskov saying …", "reported Putin saying …", "…, who told …"."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import LATE, Hit, named_beside
from stancewire.features.attribution.lexicon import CAP, CLITIC, PAST, SAY, THIRD
from stancewire.features.attribution.phrases import is_name_only, phrase_left, phrase_right, segment_start, trim
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.subjects import clause_subject

_MIN_WHO = 5
_BEFORE_PARTICIPLES = frozenset((",", "in", "while", "by", "and", "before", "after", "—", "–"))


def participle(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ ", saying …": the subject of the clause speaks; "with Peskov saying …": its own."""
    own = _with_subject(frame, at, lemma)
    if own is not None:
        return own
    apart = at > 0 and frame.lows[at - 1] in _BEFORE_PARTICIPLES
    if not apart and frame.lows[at + 1 : at + 2] != ["that"]:
        return None
    phrase = clause_subject(frame)
    source = read_source(frame, phrase) if phrase else None
    if source is None or source.kind in ("thing", "document") or source.phrase[1] >= at:
        return None
    source = named_beside(frame, source)
    return Hit(source, (at, at), LATE, "participle", lemma, (source.phrase[0], at))


def _with_subject(frame: Frame, at: int, lemma: str) -> Hit | None:
    begin = next((index for index in range(at - 2, max(at - 9, 0), -1) if frame.lows[index] == "with"), None)
    if begin is None:
        return None
    phrase = phrase_left(frame, at - 1, begin + 1)
    if phrase is None or phrase[0] != begin + 1:
        return None
    source = read_source(frame, trim(frame, phrase))
    if source is None or source.kind in ("thing", "document"):
        return None
    return Hit(source, (at, at), LATE, "with_participle", lemma, (begin, at))


def who_tells(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "The remark drew a rebuke from the ambassador, Jan Keller, who told reporters …": the person at the clause's end."""
    comma = at - 2
    if at < _MIN_WHO or frame.lows[at - 1] != "who" or frame.words[comma] != "," or not frame.tags[at] & SAY:
        return None
    begin = segment_start(frame, comma - 1)
    if begin == comma - 1 and frame.words[begin].isdigit() and begin > 1:  # "Jan Keller, 71, who says"
        comma = begin - 1
        begin = segment_start(frame, comma - 1)
    first = comma - 1
    while first > begin and frame.tags[first - 1] & CAP and not frame.tags[first - 1] & CLITIC:
        first -= 1
    if (
        first == 0
        or not is_name_only(frame, first, comma - 1)
        or any(frame.words[i] == "," for i in range(at, len(frame)))
    ):
        return None
    source = read_source(frame, (first, comma - 1))
    if source is None or source.kind not in ("person", "name") or source.mention[0] == source.mention[1]:
        return None
    return Hit(source, (at, at), LATE, "relative", lemma, (first, at))


def relayed(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "The daily reported Putin saying …": the one reported."""
    if lemma not in ("report", "show") or not frame.tags[at] & (PAST | THIRD):
        return None
    phrase = phrase_right(frame, at + 1)
    if phrase is None:
        return None
    end = phrase[1]
    if frame.lows[end] == "saying":
        phrase = (phrase[0], end - 1)
    elif end + 1 >= len(frame) or frame.lows[end + 1] != "saying":
        return None
    source = read_source(frame, phrase) if phrase[1] >= phrase[0] else None
    return None if source is None else Hit(source, (at, at), LATE, "quoting", lemma, (at, phrase[1] + 1))
