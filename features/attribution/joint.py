"""Sources that speak together: "A and her counterpart, B", "A, B and C", and a heading's "A, B agree"."""

from dataclasses import replace

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV,
    AUX,
    BADHEAD,
    BE,
    BODY,
    CAP,
    DET,
    MARK,
    OFFICE,
    PLAIN,
    POSS,
    PREP,
    QUOTE,
    REL,
    SUB,
    TIME,
    VERB,
)
from stancewire.features.attribution.phrases import phrase_right
from stancewire.features.attribution.segments import is_name_only, segment_start, trim
from stancewire.features.attribution.sources import Source, read_source

_MAX_LIST = 6
_PAIR = 2
SPEAKERS = frozenset(("person", "name", "body", "people", "office"))


def is_title_list(frame: Frame, source: Source) -> bool:
    """Tell whether a heading names two sources with a comma: "Putin, Netanyahu agree"."""
    start = source.phrase[0]
    if not frame.heading or source.kind not in ("person", "name", "body") or start < 2 or frame.words[start - 1] != ",":
        return False
    if any(frame.tags[at] & (BE | AUX | VERB | PLAIN) for at in range(1, start - 1)):
        return False  # "Bridge Is Closed, Norway Says"
    longest = 2 if frame.title_case else 3  # "Raid Kills Nine, Norway Says"
    return (
        start - 1 <= longest
        and not frame.tags[0] & (ADV | BADHEAD)
        and (
            is_name_only(frame, 0, start - 2) or (start == _PAIR and bool(frame.tags[0] & CAP and frame.tags[0] & BODY))
        )
    )


def joined_names(frame: Frame, source: Source) -> Source:
    """ "President Anna B. and her Estonian counterpart, Carl D., urged": both speak where they open the sentence."""
    start = source.phrase[0]
    if source.kind not in ("person", "name") or start < 4 or frame.words[start - 1] != ",":
        return source
    joint = next((at for at in range(start - 2, max(start - 9, 0), -1) if frame.lows[at] == "and"), None)
    if joint is None or not frame.tags[joint + 1] & (POSS | DET | OFFICE):
        return source
    first = segment_start(frame, joint - 1)
    left = read_source(frame, (first, joint - 1))
    if left is None or left.kind not in ("person", "name") or left.mention[1] != joint - 1:
        return source
    verbs = range(first, joint)
    if any(frame.tags[at] & (AUX | BE | VERB | QUOTE) and not frame.tags[at] & (OFFICE | CAP) for at in verbs):
        return source
    return replace(
        source,
        kind="people",
        mention=(left.mention[0], source.mention[1]),
        phrase=(first, source.phrase[1]),
        plural=True,
    )


def listed(frame: Frame, source: Source) -> Source:
    """ "Britain, France and Poland condemned": all that a list names, where the phrase found is its end."""
    start = source.phrase[0]
    if start > 2 and frame.lows[start - 1] == "and" and frame.words[start - 2] == ",":
        comma = start - 2
    elif (
        source.plural and start > 1 and frame.words[start - 1] == "," and "and" in frame.lows[start : source.phrase[1]]
    ):
        comma = start - 1
    else:
        return source
    first = start
    for _ in range(_MAX_LIST):
        begin = _behind_opener(frame, segment_start(frame, comma - 1))
        if begin >= comma or not _is_entry(frame, begin, comma - 1):
            first = begin if begin < comma and _are_people_of(frame, begin, comma - 1) else first
            break
        first = begin
        if begin < 2 or frame.words[begin - 1] != ",":
            break
        comma = begin - 1
    if first == start:
        return source
    end = source.phrase[1]
    named = read_source(frame, (first, segment_end(frame, first)))
    begin = named.mention[0] if named is not None else first
    return replace(source, kind="people", phrase=(first, end), mention=(begin, source.mention[1]), plural=True)


def paired(frame: Frame, source: Source) -> Source:
    """ "Turkey and the United States say", "…, rescuers and a war monitor said": both, where they fill their segment."""
    start = source.phrase[0]
    if start < 2 or frame.lows[start - 1] != "and" or source.kind not in SPEAKERS:
        return source
    begin = _behind_opener(frame, segment_start(frame, start - 2))
    if begin > start - 2 or phrase_right(frame, begin) != (begin, start - 2):
        return source
    left = read_source(frame, (begin, start - 2))
    if left is None or left.kind not in SPEAKERS:
        return source
    return _both(left, source)


def followed(frame: Frame, source: Source) -> Source:
    """ "according to the Red Crescent and the UN": both, where the second ends the segment."""
    joint = source.phrase[1] + 1
    second = phrase_right(frame, joint + 1) if frame.lows[joint : joint + 1] == ["and"] else None
    if second is None or (second[1] + 1 < len(frame) and not frame.tags[second[1] + 1] & MARK):
        return source
    right = read_source(frame, trim(frame, second))
    return source if right is None or not {source.kind, right.kind} <= SPEAKERS else _both(source, right)


def _behind_opener(frame: Frame, begin: int) -> int:
    """ "Yet Britain, France and Poland said": where the list begins."""
    return begin + (begin == 0 and frame.lows[0] in ("yet", "but", "and", "so", "still"))


def _both(left: Source, right: Source) -> Source:
    mention, phrase = (left.mention[0], right.mention[1]), (left.phrase[0], right.phrase[1])
    personal = {left.kind, right.kind} <= {"person", "name"} and not left.names and not right.names
    names = (left.mention, right.mention) if personal else ()
    return replace(right, kind="people", mention=mention, phrase=phrase, plural=True, names=names)


def segment_end(frame: Frame, at: int) -> int:
    """Return the last item before the next comma."""
    while at + 1 < len(frame) and frame.words[at + 1] != ",":
        at += 1
    return at


def _are_people_of(frame: Frame, start: int, end: int) -> bool:
    """ "Officials from Norway" before ", Denmark and Iceland said": people whose homes a list names."""
    if frame.lows[start].endswith("ing"):
        return False  # "Addressing lawmakers in Bergen, …"
    home = next((at for at in range(start + 1, end) if frame.lows[at] in ("from", "in", "of", "at")), None)
    if home is None or not all(frame.tags[at] & (CAP | DET) for at in range(home + 1, end + 1)):
        return False
    people = (
        read_source(frame, (start, home - 1))
        if phrase_right(frame, start) in ((start, home - 1), (start, end))
        else None
    )
    return people is not None and people.plural and people.kind in ("people", "office")


def _is_entry(frame: Frame, start: int, end: int) -> bool:
    """Tell whether a segment is a name or a body and nothing else."""
    if frame.lows[start].endswith("ing") and end > start and frame.words[start + 1].islower():
        return False  # "Addressing lawmakers in Bergen, …"
    if frame.tags[start] & (PREP | SUB | REL | TIME | POSS | ADV) or phrase_right(frame, start) != (start, end):
        return False
    named = read_source(frame, (start, end))
    if start == 0 and named is not None and named.plural and named.kind in ("people", "body"):
        return True  # "Aid workers, Jordan and the UN urged"
    if frame.lows[start] in ("a", "an") or not any(frame.tags[at] & CAP for at in range(start, end + 1)):
        return False
    return named is not None and named.kind in ("person", "name", "body")
