"""Who stands behind a document: "figures compiled by reporters", "a tally the ministry released", "a Reuters tally"."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import AUX, BODY, CAP, CLITIC, DET, NEWS, TIME
from stancewire.features.attribution.phrases import phrase_right, skip_back
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.tokens import words

_COMPILED = words("kept compiled collected gathered drawn released published tallied issued provided given")
_SUMS = words("tally count toll")
_OWN_WORDS = frozenset(
    (
        "bulletin",
        "statement",
        "readout",
        "announcement",
        "release",
        "communique",
        "communiqué",
        "tweet",
        "post",
        "dispatch",
        "memo",
    )
)


def compiled_by(frame: Frame, source: Source) -> Source | None:
    """ "figures compiled by local reporters": who stands behind a document."""
    by = next(
        (i for i in range(source.phrase[0] + 1, min(source.phrase[1] + 7, len(frame))) if frame.lows[i] == "by"), None
    )
    if by is None:
        return None
    before = skip_back(frame, by - 1)  # "released on Monday by the ministry"
    before -= frame.lows[before] == "on"
    own = before == source.mention[1] and source.head in _SUMS | _OWN_WORDS and not frame.lows[before].endswith("ed")
    if frame.lows[before] not in _COMPILED and not own:
        return None  # not "a deal mediated by"
    phrase = phrase_right(frame, by + 1)
    named = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    return named if named is not None and named.kind not in ("thing", "document") else None


def released_by(frame: Frame, source: Source) -> Source | None:
    """ "a tally that the ministry has given to the agency", "figures the ministry released": who stands behind a document."""
    start = source.mention[1] + 1
    start += frame.lows[start : start + 1] in (["that"], ["which"])
    phrase = phrase_right(frame, start)
    verb = phrase[1] + 1 if phrase is not None else len(frame)
    verb += verb < len(frame) and bool(frame.tags[verb] & AUX)
    if phrase is None or frame.lows[verb : verb + 1] == [] or frame.lows[verb] not in _COMPILED:
        return None
    named = read_source(frame, trim(frame, phrase))
    return named if named is not None and named.kind not in ("thing", "document") else None


def issuer(frame: Frame, source: Source) -> Source | None:
    """ "according to the ministry's daily bulletin", "a Reuters tally": whose words a document of its own is."""
    first = source.phrase[0] + bool(frame.tags[source.phrase[0]] & DET)
    if source.head in _SUMS and first < source.phrase[1] and frame.tags[first] & (NEWS | BODY | CAP):
        head = next((at for at in range(first, source.phrase[1] + 1) if frame.lows[at] == source.head), first)
        owner = read_source(frame, (first, head - 1)) if head > first else None
        if owner is not None:
            return owner
    if source.head not in _OWN_WORDS:
        return None
    clitic = next((at for at in range(*source.phrase) if frame.tags[at] & CLITIC), None)
    owner = (
        read_source(frame, (source.phrase[0], clitic - 1)) if clitic is not None and clitic > source.phrase[0] else None
    )
    if owner is None or owner.kind in ("thing", "document", "pronoun") or frame.tags[owner.mention[1]] & TIME:
        return None
    return owner
