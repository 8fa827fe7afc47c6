"""Proper names in noun phrases: where rank, office and description end and the name begins."""

from stancewire.features.attribution.described import behind_group
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    HUMAN,
    MARK,
    MODIFIER,
    NEWS,
    NUM,
    OFFICE,
    PREP,
    TIME,
)
from stancewire.features.attribution.phrases import NAME_PARTICLES, Phrase
from stancewire.features.attribution.styles import with_peerage, without_class
from stancewire.features.attribution.titles import OF_NATIONS, after_title, head_of, is_name_word
from stancewire.features.attribution.tokens import words

ADJECTIVES = tuple(
    sorted(
        words(
            "-based -backed -led -language -run -owned -funded -recognised -recognized -sponsored -brokered ‑based -born -allied "
            "-linked -controlled"
        )
    )
)
_NUMBERS = words(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozens "
    "hundreds thousands millions scores tens"
)
_MAX_NAME = 5
_SURNAMES = words(
    "baker banker bishop cousins driver farmer fisher friend gardener hunter judge king knight mason merchant miller miner "
    "pope porter prince sailor shepherd skipper trader weaver"
)
# Nouns beside which a single capital is a paper's name ("the Volna daily"), but not where it says whence it comes.
_PAPERS = words("daily newspaper tabloid weekly magazine")
_ORIGINS = words(
    "hebrew greek arab arabic western eastern northern southern swiss thai us u.s. uk u.k. eu nationalist islamist"
)


_NO_NOUN = DET | PREP | CONJ | CLITIC | MARK | TIME
_MAX_TITLE = 6
_REGIONS = words("base east africa europe asia caucasus balkans mediterranean arctic")  # what envoys are for
_SERVANTS = words(
    "spokesman spokeswoman spokesperson aide aides adviser advisers advisor advisors lawyer lawyers attorney assistant secretary "
    "deputy counsel ally allies bodyguard"
)


def find_name(frame: Frame, start: int, end: int) -> Phrase | None:
    """Return the proper name in a phrase, rank, office and common nouns left out, or None where it names no person
    and no medium."""
    name = (
        _with_surname(frame, start, end)
        or _person(frame, start, end)
        or _medium(frame, start, end)
        or behind_group(frame, start, end)
    )
    if name is None or is_number(frame.lows[name[0]]) or _is_served(frame, start, name[0]):
        return None  # "Nineteen posts", "Five questions": a number at a sentence's beginning makes no name
    if frame.lows[name[1]] == "province" and name[0] >= start + 2 and frame.lows[name[0] - 1] == "state":
        name = (name[0] - 2, name[1])  # "Islamic State Sahel Province"
    return without_class(frame, with_peerage(frame, start, name))


def _with_surname(frame: Frame, start: int, end: int) -> Phrase | None:
    """ "Judith Miner", "James Baker": a given name before an occupation that is a last name too."""
    first, last = frame.tags[start], frame.tags[end]
    named = end == start + 1 and first & CAP and last & CAP and frame.lows[end] in _SURNAMES and not frame.title_case
    plain = not first & (OFFICE | BODY | HUMAN | MODIFIER | DET | PREP | TIME | NEWS)
    return (start, end) if named and plain else None


def is_adjective(frame: Frame, at: int) -> bool:
    """ "Qaeda-linked", "pro-Danish": tell whether a word that looks like a name's says whose side somebody is on."""
    return frame.lows[at].endswith(ADJECTIVES) or frame.words[at].startswith(("pro-", "anti-"))


def is_number(low: str) -> bool:
    """Tell whether a word is a number above one, written out."""
    return low.split("-", 1)[0] in _NUMBERS and not low.endswith("-old")


def _person(frame: Frame, start: int, end: int) -> Phrase | None:
    """Return the part of a phrase that is a proper name standing after a title or a common noun, or alone."""
    tags, words = frame.tags, frame.words
    after = after_title(frame, start, end) or _after_body(frame, start, end)
    if after is not None:
        return after
    stop = head_of(frame, start, end)
    at = stop - 1 if stop > start and tags[stop] & NUM and tags[stop - 1] & CAP else stop  # "Rossiya 24"
    while at >= start and ((tags[at] & CAP and not tags[at] & CLITIC) or frame.lows[at] in NAME_PARTICLES - {"of", "the", "for"}
                           or (words[at] in "-'’&" and at > start and not _ends_possessive(frame, at))):  # fmt: skip
        at -= 1
    first = at + 1
    while (
        first <= stop
        and not tags[first] & CAP
        and (frame.lows[first] in ("and", "e", "y") or frame.words[first] in "-'’&")
    ):
        first += 1
    if first > stop or stop - first + 1 > _MAX_NAME:
        return None
    if first > start:
        before = tags[first - 1]
        if before & CLITIC:
            return (
                None if any(tags[i] & (BODY | OFFICE | NEWS | HUMAN) for i in range(first, stop + 1)) else (first, stop)
            )
        if before & (MARK | PREP | CONJ) or (first == stop and tags[stop] & NEWS):
            return None  # "state TV"
        if before & BODY and not before & (CAP | OFFICE) and _is_cause(frame, stop, end):
            return (first, end)
        if tags[stop] & (BODY | OFFICE):
            lower = not any(tags[i] & CAP for i in range(start, first))
            return (first, stop) if lower and stop > first and tags[stop] & BODY and not before & OFFICE else None
        return (first, stop)
    if (
        stop < end
        and frame.lows[stop + 1] in ("in", "at", "on", "during", "after", "with")
        and not tags[stop] & (BODY | OFFICE | NEWS | HUMAN)
    ):
        return (start, stop)
    if stop < end and stop > start and not any(tags[i] & (BODY | OFFICE | NEWS) for i in range(start, stop + 1)):
        return (start, stop)
    return None


def _is_cause(frame: Frame, stop: int, end: int) -> bool:
    """ "the charity Sailors for Kalmo", "the group Lawyers Without Borders": a name with its preposition."""
    if stop == end or frame.lows[stop + 1] not in ("for", "without", "against"):
        return False
    return all(
        frame.tags[at] & CAP or frame.lows[at] in NAME_PARTICLES | {"and", "in"} for at in range(stop + 2, end + 1)
    )


def _ends_possessive(frame: Frame, at: int) -> bool:
    """ "the Greens' Dilek A.": an apostrophe behind a plural that a space follows."""
    if at + 1 >= len(frame) or frame.words[at] not in "'’":
        return False
    return frame.lows[at - 1].endswith("s") and frame.starts[at + 1] > frame.ends[at]


def _is_served(frame: Frame, start: int, name: int) -> bool:
    """ "a spokesman for party chief Jan Keller": tell whether the name belongs to whom the source serves, a title of common
    nouns before it."""
    at = name
    while at > start and name - at < _MAX_TITLE and not frame.tags[at - 1] & _NO_NOUN:
        at -= 1
    served = start < at < name and frame.lows[at - 1] in ("for", "to") and frame.lows[at - 2] in _SERVANTS
    title = frame.words[name - 1]
    return served and title.islower() and bool(frame.tags[name - 1] & (OFFICE | HUMAN)) and not title.endswith("s")


def _after_body(frame: Frame, start: int, end: int) -> Phrase | None:
    """ "spokesperson for the Defense Ministry Igor K.": two or more names behind the body of an office."""
    tags = frame.tags
    body = next((at for at in range(end - 1, start, -1) if tags[at] & BODY or frame.lows[at] in _REGIONS), None)
    if body is None or frame.lows[body] == "air" or not 2 <= end - body <= 3:
        return None
    if frame.lows[end] == "province" or frame.lows[body + 1] in ("of", "for"):  # "Islamic State Sahel Province"
        return None
    if all(
        is_name_word(frame, at) and not tags[at] & OFFICE and frame.lows[at] not in ("of", "for", "the")
        for at in range(body + 1, end + 1)
    ):
        return (body + 1, end)
    return None


def _medium(frame: Frame, start: int, end: int) -> Phrase | None:
    """ "the English language Dabiq magazine": the name before a noun for a medium."""
    tags = frame.tags
    if not tags[end] & NEWS or tags[end] & CAP or frame.lows[end].endswith("ers"):
        return None
    stop = end - 1
    while stop > start and tags[stop] & NEWS and not tags[stop] & CAP:
        stop -= 1
    first = stop
    while (
        first >= start
        and (tags[first] & (CAP | NUM) or frame.lows[first] in NAME_PARTICLES)
        and not tags[first] & CLITIC
    ):
        first -= 1
    first += 1
    while first < stop and (tags[first] & DET or is_adjective(frame, first)):
        first += 1
    if first == stop and frame.lows[end] in ("press", "media"):
        return None  # "the Hebrew press"
    if first > stop or tags[first] & NUM or (frame.lows[first].endswith(ADJECTIVES) and first == stop):
        return None
    if not any(tags[at] & CAP for at in range(first, stop + 1)):
        return None  # "an officer at the post"
    titled = (
        frame.lows[end] in _PAPERS and not frame.lows[stop].endswith(OF_NATIONS) and frame.lows[stop] not in _ORIGINS
    )
    return (first, stop) if stop > first or first > start or (titled and stop + 1 == end) else None


def is_after_body(frame: Frame, start: int, end: int) -> bool:
    """Tell whether a phrase ends in a personal name behind a body's name, which "International charity Harbour Aid" does not."""
    name = _after_body(frame, start, end)
    if name is None or frame.tags[name[0] - 1] & CAP:
        return name is not None
    return any(frame.tags[at] & PREP for at in range(start, name[0] - 1))


def is_joint_run(frame: Frame, start: int, stop: int) -> bool:
    """ "the Observatory and Danish newspapers": tell whether a run that ends in a common noun names two."""
    return frame.lows[stop - 1].endswith("s") and "and" in frame.lows[start:stop]
