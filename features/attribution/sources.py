"""What a noun phrase names: a person without rank or office, a body, an office, a document."""

from dataclasses import dataclass, replace
from typing import Literal

from stancewire.features.attribution.described import numbers_outlet
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV,
    BADHEAD,
    BODY,
    CAP,
    CLITIC,
    DET,
    DOC,
    HUMAN,
    MARK,
    NEWS,
    NUM,
    OFFICE,
    POSS,
    PREP,
    PRON,
    TIME,
)
from stancewire.features.attribution.names import ADJECTIVES, find_name, is_after_body, is_number
from stancewire.features.attribution.phrases import Phrase
from stancewire.features.attribution.segments import issued_by
from stancewire.features.attribution.styles import without_letters
from stancewire.features.attribution.titles import head_of
from stancewire.features.attribution.tokens import words

Kind = Literal["person", "name", "body", "office", "people", "document", "pronoun", "thing"]
_DESCRIBED = ("ed", "ing")
_SEATED = ("-based", "‑based")
_NEEDS_REMARK = words("source sources people person persons man woman members member")
_REMARKS = (
    ["close", "to"],
    ["familiar", "with"],
    ["briefed", "on"],
    ["privy", "to"],
    ["involved", "in"],
    ["with", "knowledge"],
    ["with", "direct"],
    ["with", "access"],
)
_ALONE = frozenset(("both", "another", "some"))
_FEW = frozenset(("two", "three", "four"))
_UNCOUNTED = words("others many most few")
_PLACING = words("in at on from near inside outside across around")
_QUANTIFIERS = words("one another some many most few all both others")
# Behind these as behind a document stands who speaks ("accounts in the Turkish press").
_TOLD = words("accounts claims allegations testimony information rumours rumors coverage reporting")
# Whose reports come from a place rather than from a paper of that name.
_OF_PRESS = words("press media news newspaper police intelligence")
_LEADS = words("meanwhile nevertheless nonetheless afterwards today yesterday")
_OPENERS = words("but and so yet only even just also then now still later earlier") | _LEADS
# Behind "news" or "information", or alone where it quotes somebody, a news organisation.
OUTLETS = words("center centre bureau portal site")
UNNAMED = frozenset(("unnamed", "unidentified", "anonymous", "another", "that", "this"))
_PARTS = words("part parts passage passages section sections excerpt excerpts extract extracts")
_STATEMENTS = words("statement communique communiqué bulletin readout")
_PEOPLE_ENDINGS = (
    "ist",
    "ists",
    "ian",
    "ians",
    "man",
    "men",
    "woman",
    "women",
    "er",
    "ers",
    "or",
    "ors",
    "eer",
    "eers",
    "ant",
    "ants",
)
_NO_PEOPLE = words(
    "order orders border borders number numbers matter matters power powers water winter summer paper papers "
    "letter letters corner river other another error floor door factor factors sector corridor terror horror "
    "rumour rumor weather fighter helicopter bomber bombers fighters carrier carriers cruiser destroyer tanker "
    "tankers disaster encounter answer offer murder member quarter shelter rubber silver timber tower transfer "
    "trigger manner dinner chapter character camera computer counter cover danger december november october "
    "september figure fire anger hunger latter former future disorder want grant restaurant moment tenant "
    "specimen regimen chatter clatter laughter banner theatre theater centre center calendar radar grammar barrier "
    "motor mirror harbour harbor favour favor labour labor rigor vigour colour error errors"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A phrase read as a source. ``mention`` is what names it (items, inclusive), ``phrase`` all of it, ``head`` its
    head word, ``names`` those of two persons with titles of their own."""

    kind: Kind
    phrase: Phrase
    mention: Phrase
    head: str
    plural: bool = False
    names: tuple[Phrase, ...] = ()


def read_source(frame: Frame, phrase: Phrase) -> Source | None:
    """Return the source that ``phrase`` names, or None where it can be none (a time, a number, an event)."""
    within = _lettered(frame, phrase) or _released(frame, phrase) or _two_titled(frame, phrase)
    if within is not None:
        return replace(within, phrase=phrase)
    start, end = _strip(frame, phrase)
    tags = frame.tags
    alone = _alone(frame, phrase)
    if alone is not None:
        return alone
    cut = start > phrase[0] and tags[start : start + 1] and tags[start] & PREP and not tags[start] & CAP
    if start > end or cut or (start == end and is_number(frame.lows[start])):  # "some in the barracks"
        return None
    if tags[start] & PRON and start == end:
        return Source("pronoun", phrase, (start, end), frame.lows[start], frame.lows[start] in ("they", "we", "you"))
    name = find_name(frame, start, end)
    return _common(frame, phrase, start, end) if name is None else _named(frame, phrase, (start, end), name)


def _named(frame: Frame, phrase: Phrase, whole: Phrase, name: Phrase) -> Source:
    """Return the source that a proper name gives; ``whole`` is the phrase without what is no part of a source."""
    tags, (start, end) = frame.tags, whole
    while name[0] < name[1] and frame.lows[name[0]].endswith(ADJECTIVES):
        name = (name[0] + 1, name[1])
    before = name[0] - 1
    named = is_after_body(frame, start, end)
    body = not named and before >= start and tags[before] & (NEWS | BODY) and not tags[before] & OFFICE
    titled = before >= start and not body
    name = _in_full(frame, name, start, end)
    kind: Kind = (
        "body"
        if body or tags[name[1]] & BODY or (name[1] < end and tags[name[1] + 1] & NEWS)
        else ("person" if titled or _looks_personal(frame, name) else "name")
    )
    return Source(kind, phrase, name, frame.words[name[1]])


def _common(frame: Frame, phrase: Phrase, start: int, end: int) -> Source | None:
    """Return the source that common nouns give, or None where they name a thing that never speaks."""
    tags = frame.tags
    while (
        start < end
        and frame.lows[start].endswith(ADJECTIVES)
        and (
            frame.lows[start].endswith(_SEATED)
            or all(tags[at] & (CAP | NUM) or frame.lows[at] in ("of", "for", "and") for at in range(start + 1, end + 1))
        )
        and tags[start + 1] & (CAP | NUM)
    ):
        start += 1
    head = head_of(frame, start, end)
    kind = _kind(frame, start, head)
    quantified = kind == "people" and frame.lows[head] in _QUANTIFIERS and head < end
    if quantified and not _is_plural(frame.lows[end]) and not _are_others(frame, head):
        return None
    if kind == "thing" and tags[head] & (BADHEAD | TIME | NUM | MARK | CLITIC):
        return None
    low = frame.lows[head]
    common = not tags[head] & CAP or (head == 0 and (kind == "people" or bool(tags[head] & (OFFICE | BODY))))
    joint = _has_and(frame, start, end) and not _is_one_body(frame, start, end, head)
    plural = (low.endswith("s") and not low.endswith("ss") and common) or joint
    issuer = _issuer(frame, start, head, end) if kind == "document" or low in _TOLD else None
    if issuer is not None:
        return replace(issuer, phrase=phrase)
    first = start
    while first > phrase[0] and (
        frame.lows[first - 1] in UNNAMED or (frame.lows[first - 1] == "both" and not (joint or tags[first] & CAP))
    ):
        first -= 1
    end = _without_remark(frame, start, head, end)
    return Source(
        kind, phrase, (first, end), low, plural or low in ("people", "men", "women", "police", "others", "media")
    )


def _alone(frame: Frame, phrase: Phrase) -> Source | None:
    """ "Another said", "Both denied it", "the two said": people by a word that only counts them."""
    start, end = phrase
    low = frame.lows[end]
    if start == end and low in _ALONE:
        return Source("people", phrase, phrase, low, plural=low != "another")
    if start + 1 == end and low in _FEW and frame.lows[start] == "the":
        return Source("people", phrase, (end, end), low, plural=True)
    return None


def _in_full(frame: Frame, name: Phrase, start: int, end: int) -> Phrase:
    """ "aid group Nurses for the North": the rest of the name of what a common noun describes."""
    first, last = name
    before = frame.tags[first - 1] if first > start else 0
    if not before & (NEWS | BODY) or before & (OFFICE | CAP):
        return name
    while last + 1 < end and frame.lows[last + 1] in ("of", "for"):
        behind = last + (3 if frame.lows[last + 2] == "the" else 2)
        stop = behind
        while stop <= end and frame.tags[stop] & CAP and not frame.tags[stop] & CLITIC:
            stop += 1
        if stop == behind:
            break
        last = stop - 1
    return first, last


def _two_titled(frame: Frame, phrase: Phrase) -> Source | None:
    """ "President Anna B. and Prime Minister Carl D.": two persons, each behind a title of his own."""
    start, end = phrase
    joint = next((at for at in range(start + 2, end - 1) if frame.lows[at] == "and"), None)
    if joint is None or not all(frame.tags[at] & CAP for at in (joint - 1, end)):
        return None
    left, right = read_source(frame, (start, joint - 1)), read_source(frame, (joint + 1, end))
    for one, last in ((left, joint - 1), (right, end)):
        if one is None or one.kind != "person" or one.names or one.mention[1] != last:
            return None
        title, name = frame.tags[one.phrase[0] : one.mention[0]], frame.tags[one.mention[0] : last + 1]
        if not any(tag & (OFFICE | HUMAN) for tag in title) or any(tag & (BODY | OFFICE) for tag in name):
            return None
    assert left is not None
    assert right is not None
    mention = (left.mention[0], right.mention[1])
    return Source("people", (start, end), mention, right.head, plural=True, names=(left.mention, right.mention))


def _lettered(frame: Frame, phrase: Phrase) -> Source | None:
    """ "the Kalmo Civic Front (KCF) campaign group": a body, and what stands behind its letters only describes."""
    start, end = phrase
    if not frame.tags[end] & (BODY | NEWS) or frame.tags[end] & CAP:
        return None
    at = next((at for at in range(start + 2, end - 2) if frame.words[at] == "("), None)
    if at is None or not frame.words[at + 1].isupper() or frame.words[at + 2] != ")":
        return None
    body = read_source(frame, (start, at - 1))
    return None if body is None else replace(body, kind="body")


def _released(frame: Frame, phrase: Phrase) -> Source | None:
    """Return whose word "a statement issued on Monday by the council" is."""
    start, end = phrase
    by = next((by for at in range(start + 1, end - 1) if (by := issued_by(frame, at, end)) is not None), None)
    issuer = read_source(frame, (by + 1, end)) if by is not None else None
    return issuer if issuer is not None and issuer.kind not in ("thing", "document", "pronoun") else None


def _issuer(frame: Frame, start: int, head: int, end: int) -> Source | None:
    """Return whose document ``start:end`` names: "a statement by the council", "a Norwegian Foreign Ministry statement"."""
    pressed = head and frame.lows[head - 1] in _OF_PRESS and frame.lows[head + 1 : head + 2] == ["in"]
    if head < end and frame.lows[head + 1] in ("by", "from", "in") and not pressed:  # "press reports in Oslo"
        inner = read_source(frame, (head + 2, end))
        return inner if inner is not None and inner.kind in ("body", "name", "person") else None
    owned = any(frame.tags[at] & CLITIC for at in range(start, head))
    if head < end or head == start or owned or frame.lows[head] not in _STATEMENTS:
        return None
    issuer = read_source(frame, (start, head - 1))
    if issuer is None:
        return None
    if not frame.tags[issuer.mention[0]] & CAP:  # "an army statement", not "a joint military statement"
        return issuer if issuer.kind == "body" and issuer.mention[0] == head - 1 else None
    letters = issuer.kind == "name" and frame.words[issuer.mention[1]].isupper()
    return issuer if letters or issuer.kind == "body" else None


def _without_remark(frame: Frame, start: int, head: int, end: int) -> int:
    """Return where the name of a source ends: "EU official familiar with the talks" is known enough as "EU official"."""
    counted = bool(frame.tags[start] & NUM) or is_number(frame.lows[start])
    if start == head or counted or frame.lows[head] in _NEEDS_REMARK or not frame.tags[head] & (OFFICE | HUMAN):
        return end
    for at in range(head + 1, min(head + 2, end)):
        following = frame.lows[at : at + 2]
        if following in _REMARKS:
            return head
    return end


def _are_others(frame: Frame, head: int) -> bool:
    """ "Others in the room", "Many at the port": people by where they are."""
    return frame.lows[head] in _UNCOUNTED and frame.lows[head + 1] in _PLACING


def _is_plural(low: str) -> bool:
    return (
        (low.endswith("s") and not low.endswith(("ss", "ous")))
        or low.endswith(("men", "people"))
        or low in ("them", "us")
    )


def _strip(frame: Frame, phrase: Phrase) -> Phrase:
    start, end = _whole(frame, phrase)
    end = without_letters(frame, start, end) if end > start else end
    if end - start > 2 and frame.lows[end] == "part" and frame.lows[end - 2] == "for":
        end -= 3
    if end > start and frame.lows[end] in ("here", "there"):
        end -= 1  # "the Danish embassy here"
    while start <= end:
        tag = frame.tags[start]
        if (
            start + 1 < end
            and frame.lows[start] in ("some", "most", "many", "another")
            and frame.lows[start + 1] == "of"
        ):
            break  # "some of the residents"
        if (
            tag & (DET | POSS)
            or _is_split_seat(frame, start, end)
            or frame.lows[start] in UNNAMED
            or (frame.lows[start] == "own" and start > phrase[0] and start < end)
            or (tag & ADV and not tag & CAP and not (start < end and frame.lows[start + 1].endswith(_DESCRIBED)))
            or frame.words[start] in "()'-"
            or (start < end and _opens_loosely(frame, start))
        ):
            start += 1
        else:
            break
    return start, end


def _is_split_seat(frame: Frame, at: int, end: int) -> bool:
    """ "New York-based Harbour Aid": tell whether the first word of a seat of two stands before a body's name."""
    seated = at + 2 <= end and frame.lows[at + 1].endswith(_SEATED) and frame.tags[at] & CAP
    return bool(seated and frame.tags[at + 2] & CAP)


def _whole(frame: Frame, phrase: Phrase) -> Phrase:
    """ "part of the bank's report", "a passage in the statement": the paper, of which only a part is quoted."""
    start, end = phrase
    part = start + 1 if frame.tags[start] & DET else start
    if part + 2 > end or frame.lows[part] not in _PARTS or frame.lows[part + 1] not in ("of", "in", "from"):
        return phrase
    return (part + 2, end) if any(frame.tags[at] & DOC for at in range(part + 2, end + 1)) else phrase


def _opens_loosely(frame: Frame, at: int) -> bool:
    """ "One Western diplomat", "But Jan Keller", "Only Anna Brandt": a word before the name that is no part of it."""
    low = frame.lows[at]
    if low == "one":
        return frame.lows[at + 1] != "of" and not frame.tags[at + 1] & (MARK | CLITIC | PREP)
    return at == 0 and low in _OPENERS and (bool(frame.tags[at + 1] & CAP) or low in _LEADS)


def _has_and(frame: Frame, start: int, end: int) -> bool:
    return any(frame.lows[at] == "and" for at in range(start, end + 1))


def _is_one_body(frame: Frame, start: int, end: int, head: int) -> bool:
    """Tell whether a phrase with "and" is one body's name ("Foreign and Trade Ministry")."""
    bodies = [at for at in range(start, end + 1) if frame.tags[at] & BODY]
    return bodies == [head] and all(frame.tags[at] & CAP or frame.lows[at] == "and" for at in range(start, head + 1))


def _looks_personal(frame: Frame, name: Phrase) -> bool:
    return name[1] > name[0]


def _kind(frame: Frame, start: int, head: int) -> Kind:
    tag, low = frame.tags[head], frame.lows[head]
    if head > start and numbers_outlet(frame, head):
        return "body"
    if is_number(low) and frame.lows[head + 1 : head + 2] == ["of"]:
        return (
            "people" if any(tag & HUMAN for tag in frame.tags[head + 2 : head + 4]) else "thing"
        )  # "Thousands of people"
    if tag & DOC and not tag & CAP:
        return "document"
    if tag & OFFICE and not tag & BODY:
        return "office"
    before = frame.tags[head - 1] if head else 0
    if low == "guard" and not tag & CAP and not before & BODY and (before & DET or not before & CAP):
        return "office"  # "a guard at the gate", not "the coast guard"
    if tag & (BODY | NEWS):
        return "body"
    if tag & HUMAN or (low == "another" and frame.lows[head + 1 : head + 2] == ["of"]):
        return "people"
    many = head == 0 and low.endswith("s") and frame.lows[1:2] == ["of"]  # "Defenders of the port"
    if tag & CAP and not (many and low.endswith(_PEOPLE_ENDINGS) and low not in _NO_PEOPLE):
        return "name"
    if low in ("tank", "tanks") and head > start and frame.lows[head - 1] == "think":
        return "body"
    return "people" if low.endswith(_PEOPLE_ENDINGS) and len(low) > 4 and low not in _NO_PEOPLE else "thing"
