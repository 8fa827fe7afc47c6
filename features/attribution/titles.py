"""Names behind titles: "President Anna B.", "Danish Ambassador to Mali Jan K.", "the head of Danish diplomacy Jan K."."""

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
from stancewire.features.attribution.styles import names_behind_portfolio
from stancewire.features.attribution.tokens import words

# Least words behind a post: "to Mali Jan Keller".
_POST = 4
_STATE_OFFICES = words(
    "minister president governor mayor secretary ambassador premier chancellor commissioner ombudsman speaker envoy consul king "
    "emir"
)
# Words of the names of places: what stands there is no person's name.
_OF_PLACES = words(
    "city state province county islands island wales sur norte rights policy affairs republic beach bay valley"
)
_BEFORE_PLACES = words("new papua baja los las san santa saint st el la port cape fort upper lower")
_HEADS = words("head leader chief")
_ACROSS = words("international global sans sin")
_RANKS = words("general admiral colonel lieutenant captain major commander sergeant marshal")
OF_NATIONS = ("an", "ian", "sh", "se", "ch", "i", "s", "’", "'")
_PREDICATIVE = words("involved briefed close familiar loyal responsible opposed privy sympathetic present")


def after_title(frame: Frame, start: int, end: int) -> Phrase | None:
    """Return the name behind the title, post or office of a phrase, or None."""
    head = head_of(frame, start, end)
    near = (
        _behind_post(frame, start, head, end)
        or _behind_title(frame, start, head, end)
        or _behind_field(frame, head, end)
    )
    return near if near is not None or head == end else _behind_title(frame, start, end, end)


def _behind_post(frame: Frame, start: int, head: int, end: int) -> Phrase | None:
    """ "Danish Ambassador to Mali Jan Keller", "Mayor of Kalmo Jan Keller": the last two names behind the country or field of a
    post."""
    tags, country = frame.tags, head + 2
    if names_behind_portfolio(frame, head, end):
        return (end - 1, end)
    if not tags[head] & OFFICE or end - head < _POST or not _is_post(frame, head + 1):
        return None
    if frame.lows[head] in _HEADS and (end - head > _POST or not _ACROSS.isdisjoint(frame.lows[country:end])):
        return None  # "the head of Harbour Aid International Norway"
    if tags[country] & DET:
        country += 1
    names = all(
        tags[at] & CAP and not tags[at] & (CLITIC | NUM | NEWS | OFFICE | CONJ | PREP) for at in range(country, end + 1)
    )
    behind = range(end - 1, end + 1)
    place = any(tags[at] & BODY or frame.lows[at] in _OF_PLACES for at in range(country, end + 1))
    split = any(frame.lows[at] in _BEFORE_PLACES for at in range(country, end - 1)) and end - country < _POST
    if split or place or any(tags[at] & OFFICE for at in behind):
        return None  # "the mayor of New York City"
    return (end - 1, end) if names and end - country > 1 and start <= head else None


def _behind_field(frame: Frame, head: int, end: int) -> Phrase | None:
    """ "the head of Danish diplomacy Jan Keller": two or three names behind the field of an office, a common noun."""
    if end - head < _POST or not frame.tags[head] & OFFICE or frame.lows[head + 1] not in ("of", "for"):
        return None
    field = next((at for at in range(end - 2, max(end - 4, head + 1), -1) if frame.words[at].islower()), None)
    if field is None or frame.tags[field] & (DET | PREP | CONJ | CLITIC | MARK | TIME):
        return None
    named = all(is_name_word(frame, at) and not frame.tags[at] & OFFICE for at in range(field + 1, end + 1))
    small = any(frame.lows[at] in ("of", "the", "for") for at in range(field + 1, end + 1))
    return (field + 1, end) if named and not small else None


def _is_post(frame: Frame, preposition: int) -> bool:
    """Tell whether an office of a state, or one abroad, stands before a preposition."""
    low = frame.lows[preposition]
    return low in ("to", "in", "at") or (
        low in ("of", "for") and frame.lows[preposition - 1] in _STATE_OFFICES | _HEADS
    )


def is_country_of_post(frame: Frame, at: int) -> bool:
    """Tell whether a capitalised run that begins at ``at`` opens with the country of a post ("Ambassador to Mali Jan Keller")."""
    before = at - 2 if at and frame.tags[at - 1] & DET else at - 1
    return before > 0 and _is_post(frame, before) and bool(frame.tags[before - 1] & OFFICE)


def _behind_title(frame: Frame, start: int, stop_at: int, end: int) -> Phrase | None:
    """Return the name behind the last title of ``start:stop_at``; a title that belongs to a prepositional phrase has none."""
    tags = frame.tags
    for title in range(min(stop_at, end - 1), start - 1, -1):
        several = (tags[title] & HUMAN and frame.lows[title][-1] == "s") or frame.lows[title] in ("sens.", "reps.")
        plural = several and tags[title + 1] & CAP
        if not (tags[title] & OFFICE or plural) or _inside_name(frame, title, start, end):
            continue
        if _is_within_body(frame, start, title):
            continue
        first = title
        while first > start and tags[first - 1] & (OFFICE | CLITIC | CAP):
            first -= 1
        abbreviated = frame.words[title][-1] == "." and tags[title] & CAP
        if (
            first > start
            and tags[first - 1] & PREP
            and not abbreviated
            and not _is_rank_behind_place(frame, first, title, end)
            and not (tags[title] & MODIFIER and frame.lows[first - 1] == "of")
        ):
            return None
        name = _names_after(frame, title, end) if plural else None
        name = name or (_name_after(frame, title, end) if not plural or frame.words[title][-1] == "." else None)
        if name is not None:
            return name
    return None


def _is_rank_behind_place(frame: Frame, first: int, title: int, end: int) -> bool:
    """ "Head of the Centre for Peace in Mali Rear Admiral Ida Voss": the rank is no part of what stands before it."""
    place = title
    while place > first and frame.tags[place - 1] & OFFICE:
        place -= 1
    return (
        place > first
        and frame.lows[title] in _RANKS
        and bool(frame.tags[title] & CAP)
        and end - title > 1
        and not frame.lows[place - 1].endswith(OF_NATIONS)
    )


def _is_within_body(frame: Frame, start: int, word: int) -> bool:
    """ "Government of National Accord", "Centre for Maritime and Security Studies": a modifier within a body's name."""
    joined = word > start and frame.lows[word - 1] in ("of", "for", "and")
    return bool(frame.tags[word] & MODIFIER) and joined and any(frame.tags[at] & BODY for at in range(start, word - 1))


def _names_after(frame: Frame, title: int, end: int) -> Phrase | None:
    """ "Ambassadors Anna B. and Carl D.": the names behind a title of several."""
    joint = next((at for at in range(title + 2, end) if frame.lows[at] == "and"), None)
    if joint is None or not all(is_name_word(frame, at) for at in range(title + 1, end + 1) if at != joint):
        return None
    return (title + 1, end)


def _name_after(frame: Frame, title: int, end: int) -> Phrase | None:
    tags = frame.tags
    stop = title + 1
    while stop <= end and (is_name_word(frame, stop) or (frame.words[stop] in "-'’." and stop < end)):
        if frame.lows[stop] in ("of", "for", "the") or tags[stop] & TIME:
            break
        stop += 1
    stop -= 1
    if stop <= title or not tags[stop] & CAP:
        return None
    first = title + 1
    first += frame.lows[first] == "base" and stop - first > 1  # "Commander of the Air Defense Base Jan Keller"
    if tags[first] & OFFICE or (first == stop and tags[title] & MODIFIER and _are_people(frame, stop)):
        return None
    if not (tags[first] & CAP or frame.lows[first] in NAME_PARTICLES):
        return None
    if stop < end and not tags[stop + 1] & PREP:
        return None
    if tags[title] & MODIFIER and tags[stop] & OFFICE and not tags[stop] & MODIFIER:
        return None  # "Retired Danish Officer"
    return (first, stop)


def _are_people(frame: Frame, at: int) -> bool:
    """ "Security Analysts Say": a common noun in a heading's capitals, no name behind a title."""
    return bool(frame.tags[at] & HUMAN) and frame.lows[at].endswith("s")


def _inside_name(frame: Frame, at: int, start: int, end: int) -> bool:
    """Tell whether an office word is a given name or surname here ("Major", "Marshal" after a first name)."""
    return (
        at == end
        and at > start
        and bool(frame.tags[at] & CAP)
        and not frame.tags[at - 1] & (OFFICE | BODY | CLITIC)
        and bool(frame.tags[at] & MODIFIER)
    )


def is_name_word(frame: Frame, at: int) -> bool:
    """Tell whether a word can be a part of a person's name: a capital, a particle or an initial."""
    tag = frame.tags[at]
    return (bool(tag & CAP) and not tag & (BODY | CLITIC | NUM | NEWS)) or (
        frame.lows[at] in NAME_PARTICLES and not tag & DET
    )


def head_of(frame: Frame, start: int, end: int) -> int:
    """Return the head noun of a phrase: the last item before its first preposition."""
    for at in range(start + 1, end + 1):
        if frame.tags[at] & PREP and not (frame.tags[at] & CAP) and at > start:
            described = frame.lows[at - 1] in _PREDICATIVE and at - 2 >= start
            return at - 2 if described and frame.tags[at - 2] & (HUMAN | OFFICE | BODY) else at - 1
    return end
