"""What a noun phrase names: a person without rank or office, a body, an office, a document."""

from dataclasses import dataclass
from typing import Literal

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV, BADHEAD, BODY, CAP, CLITIC, CONJ, DET, DOC, HUMAN, MARK, MODIFIER, NEWS, NUM, OFFICE, POSS, PREP, PRON, TIME,
)  # fmt: skip
from stancewire.features.attribution.phrases import NAME_PARTICLES, Phrase

Kind = Literal["person", "name", "body", "office", "people", "document", "pronoun", "thing"]
_QUANTIFIERS = frozenset("one some many most few all both others".split())
UNNAMED = frozenset(("unnamed", "unidentified", "anonymous", "another", "that", "this"))
_ADJECTIVES = ("-based", "-backed", "-led", "-language", "-run", "-owned", "-funded", "‑based", "-born", "-allied", "-linked", "-controlled")
_PEOPLE_ENDINGS = ("ist", "ists", "ian", "ians", "man", "men", "woman", "women", "er", "ers", "or", "ors", "eer", "eers", "ant", "ants")
_NO_PEOPLE = frozenset(
    "order orders border borders number numbers matter matters power powers water winter summer paper papers letter letters corner river other another "
    "error floor door factor factors sector corridor terror horror rumour rumor weather fighter helicopter bomber bombers fighters carrier carriers cruiser "
    "destroyer tanker tankers disaster encounter answer offer murder member quarter shelter rubber silver timber tower transfer trigger manner dinner "
    "chapter character camera computer counter cover danger december november october september figure fire anger hunger latter former future disorder "
    "want grant restaurant moment tenant specimen regimen motor mirror harbour harbor favour favor labour labor rigor vigour colour error errors".split()
)
_MAX_NAME = 5


@dataclass(frozen=True, slots=True)
class Source:
    """A phrase read as a source. ``mention`` is what names it (items, inclusive), ``phrase`` all of it, ``head`` its head word."""

    kind: Kind
    phrase: Phrase
    mention: Phrase
    head: str
    plural: bool = False


def read_source(frame: Frame, phrase: Phrase) -> Source | None:
    """Return the source that ``phrase`` names, or None where it can be none (a time, a number, an event)."""
    start, end = _strip(frame, phrase)
    if start > end:
        return None
    tags = frame.tags
    if tags[start] & PRON and start == end:
        return Source("pronoun", phrase, (start, end), frame.lows[start], frame.lows[start] in ("they", "we", "you"))
    name = _person(frame, start, end) or _medium(frame, start, end)
    if name is not None:
        while name[0] < name[1] and frame.lows[name[0]].endswith(_ADJECTIVES):
            name = (name[0] + 1, name[1])
        before = name[0] - 1
        named = _after_body(frame, start, end) is not None
        body = not named and before >= start and tags[before] & (NEWS | BODY) and not tags[before] & OFFICE
        titled = before >= start and not body
        kind: Kind = "body" if body or tags[name[1]] & BODY or name[1] < end and tags[name[1] + 1] & NEWS else ("person" if titled or _looks_personal(frame, name) else "name")
        return Source(kind, phrase, name, frame.words[name[1]])
    while start < end and frame.lows[start].endswith(_ADJECTIVES) and all(tags[at] & (CAP | NUM) for at in range(start + 1, end + 1)):
        start += 1
    head = _head(frame, start, end)
    kind = _kind(frame, start, head)
    if kind == "people" and frame.lows[head] in _QUANTIFIERS and head < end and not _is_plural(frame.lows[end]):
        return None
    if kind == "thing" and tags[head] & (BADHEAD | TIME | NUM | MARK | CLITIC):
        return None
    low = frame.lows[head]
    common = not tags[head] & CAP or head == 0 and bool(tags[head] & (HUMAN | OFFICE | BODY))
    plural = (low.endswith("s") and not low.endswith("ss") and common) or _has_and(frame, start, end)
    if kind == "document" and head < end and frame.lows[head + 1] in ("by", "from", "in"):
        inner = read_source(frame, (head + 2, end))
        if inner is not None and inner.kind in ("body", "name", "person"):
            return inner
    first = start
    while first > phrase[0] and frame.lows[first - 1] in UNNAMED:
        first -= 1
    return Source(kind, phrase, (first, end), low, plural or low in ("people", "men", "women", "police", "others", "media"))


def _is_plural(low: str) -> bool:
    return low.endswith("s") and not low.endswith(("ss", "ous")) or low in ("them", "us", "men", "people", "women")


def _strip(frame: Frame, phrase: Phrase) -> Phrase:
    start, end = phrase
    while start <= end:
        tag = frame.tags[start]
        if tag & (DET | POSS) or frame.lows[start] in UNNAMED or (tag & ADV and not tag & CAP) or frame.words[start] in "()'-":
            start += 1
        else:
            break
    return start, end


def _has_and(frame: Frame, start: int, end: int) -> bool:
    return any(frame.lows[at] == "and" for at in range(start, end + 1))


def _head(frame: Frame, start: int, end: int) -> int:
    for at in range(start + 1, end + 1):
        if frame.tags[at] & PREP and not (frame.tags[at] & CAP) and at > start:
            return at - 1
    return end


def _is_name_word(frame: Frame, at: int) -> bool:
    tag = frame.tags[at]
    return bool(tag & CAP) and not tag & (BODY | CLITIC | NUM | NEWS) or frame.lows[at] in NAME_PARTICLES and not tag & DET


def _person(frame: Frame, start: int, end: int) -> Phrase | None:
    """Return the part of a phrase that is a proper name standing after a title or a common noun, or alone."""
    tags, words = frame.tags, frame.words
    after = _after_title(frame, start, end) or _after_body(frame, start, end)
    if after is not None:
        return after
    stop = _head(frame, start, end)
    at = stop
    while at >= start and (tags[at] & CAP and not tags[at] & CLITIC or frame.lows[at] in NAME_PARTICLES - {"of", "the", "for"}
                           or (words[at] in "-'’&" and at > start)):  # fmt: skip
        at -= 1
    first = at + 1
    while first <= stop and not tags[first] & CAP and (frame.lows[first] in ("and", "e", "y") or frame.words[first] in "-'’&"):
        first += 1
    if first > stop or stop - first + 1 > _MAX_NAME:
        return None
    if first > start:
        before = tags[first - 1]
        if before & CLITIC:
            return None if any(tags[i] & (BODY | OFFICE | NEWS | HUMAN) for i in range(first, stop + 1)) else (first, stop)
        if before & (MARK | PREP | CONJ):
            return None
        if tags[stop] & (BODY | OFFICE):
            lower = not any(tags[i] & CAP for i in range(start, first))
            return (first, stop) if lower and stop > first and tags[stop] & BODY and not before & OFFICE else None
        return (first, stop)
    if stop < end and frame.lows[stop + 1] in ("in", "at", "on", "during", "after", "with") and not tags[stop] & (BODY | OFFICE | NEWS | HUMAN):
        return (start, stop)
    if stop < end and stop > start and not any(tags[i] & (BODY | OFFICE | NEWS) for i in range(start, stop + 1)):
        return (start, stop)
    return None


def _after_title(frame: Frame, start: int, end: int) -> Phrase | None:
    head = _head(frame, start, end)
    near = _behind_title(frame, start, head, end)
    return near if near is not None or head == end else _behind_title(frame, start, end, end)


def _behind_title(frame: Frame, start: int, stop_at: int, end: int) -> Phrase | None:
    """Return the name behind the last title of ``start:stop_at``; a title that belongs to a prepositional phrase has none."""
    tags = frame.tags
    for title in range(min(stop_at, end - 1), start - 1, -1):
        if not tags[title] & OFFICE or _inside_name(frame, title, start, end):
            continue
        first = title
        while first > start and tags[first - 1] & (OFFICE | CLITIC | CAP):
            first -= 1
        if first > start and tags[first - 1] & PREP and not (tags[title] & MODIFIER and frame.lows[first - 1] == "of"):
            return None
        name = _name_after(frame, title, end)
        if name is not None:
            return name
    return None


def _name_after(frame: Frame, title: int, end: int) -> Phrase | None:
    tags = frame.tags
    stop = title + 1
    while stop <= end and (_is_name_word(frame, stop) or (frame.words[stop] in "-'’." and stop < end)):
        if frame.lows[stop] in ("of", "for", "the") or tags[stop] & TIME:
            break
        stop += 1
    stop -= 1
    if stop <= title or not tags[stop] & CAP:
        return None
    first = title + 1
    if tags[first] & OFFICE:
        return None
    if not (tags[first] & CAP or frame.lows[first] in NAME_PARTICLES):
        return None
    if stop < end and not tags[stop + 1] & PREP:
        return None
    return (first, stop)


def _after_body(frame: Frame, start: int, end: int) -> Phrase | None:
    """"spokesperson for the Defense Ministry Igor K.": two or more names behind the body of an office."""
    tags = frame.tags
    body = next((at for at in range(end - 1, start, -1) if tags[at] & BODY), None)
    if body is None or not 2 <= end - body <= 3 or frame.lows[body + 1] in ("of", "for"):
        return None
    if all(_is_name_word(frame, at) and not tags[at] & OFFICE and frame.lows[at] not in ("of", "for", "the") for at in range(body + 1, end + 1)):
        return (body + 1, end)
    return None


def _medium(frame: Frame, start: int, end: int) -> Phrase | None:
    """"the English language Dabiq magazine": the name before a noun for a medium."""
    tags = frame.tags
    if not tags[end] & NEWS or tags[end] & CAP:
        return None
    stop = end - 1
    while stop > start and tags[stop] & NEWS and not tags[stop] & CAP:
        stop -= 1
    first = stop
    while first >= start and (tags[first] & (CAP | NUM) or frame.lows[first] in NAME_PARTICLES) and not tags[first] & CLITIC:
        first -= 1
    first += 1
    if first > stop or tags[first] & NUM or frame.lows[first].endswith(_ADJECTIVES) and first == stop:
        return None
    return (first, stop) if stop > first or first > start else None


def _inside_name(frame: Frame, at: int, start: int, end: int) -> bool:
    """Tell whether an office word is a given name or surname here ("Major", "Marshal" after a first name)."""
    return at == end and at > start and bool(frame.tags[at] & CAP) and not frame.tags[at - 1] & (OFFICE | BODY | CLITIC) and bool(
        frame.tags[at] & MODIFIER
    )


def _looks_personal(frame: Frame, name: Phrase) -> bool:
    return name[1] > name[0]


def _kind(frame: Frame, start: int, head: int) -> Kind:
    tag, low = frame.tags[head], frame.lows[head]
    if tag & DOC and not tag & CAP:
        return "document"
    if tag & OFFICE and not tag & BODY:
        return "office"
    if tag & (BODY | NEWS):
        return "body"
    if tag & HUMAN:
        return "people"
    if tag & CAP:
        return "name"
    return "people" if low.endswith(_PEOPLE_ENDINGS) and len(low) > 4 and low not in _NO_PEOPLE else "thing"
