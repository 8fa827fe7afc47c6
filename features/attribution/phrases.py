"""Noun phrases of a frame: where the words that name a source begin and end."""

from stancewire.features.attribution.adverbials import set_adverbial
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ACT,
    ADV,
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    DOC,
    HUMAN,
    MARK,
    MODIFIER,
    NEWS,
    NUM,
    OFFICE,
    PAST,
    PLAIN,
    POSS,
    PREP,
    PRON,
    QUOTE,
    REL,
    SAY,
    SUB,
    TIME,
    VERB,
)
from stancewire.features.attribution.remarks import before_hearing, is_remark
from stancewire.features.attribution.tokens import words

Phrase = tuple[int, int]
"""First and last item, both inclusive."""

_GLUE = frozenset("-–/&()'’") | {"(res.)", "(ret.)", "(retd.)"}
_TIME_GLUE = words("on late early last this next earlier at in the")
# What a verb of dismissal takes behind it ("waved aside", "brushed off").
VERB_PARTICLES = words("aside away back down off out up")
NAME_PARTICLES = words(
    "al el ul ag ould bint bin ibn ben abu abd van von der den de del della di da du la le ter ten dos das e y und of the for"
)
_ADJECTIVES = words(
    "armed united unified combined retired elected allied displaced wounded mixed recognised recognized appointed"
)
_ACTIVITIES = words("monitoring training peacekeeping ruling governing observing mediating fighting planning policing")
_PLATFORMS = words("telegram facebook twitter x instagram vkontakte vk youtube whatsapp viber tiktok linkedin threads")
_GOVERNING = words("familiar close loyal opposed privy sympathetic hostile")
END_MARKS = frozenset(".?!…")
# What an item is to a phrase that grows towards it: its end, a word of it, passed over, or its opening determiner.
_STOP, _WORD, _PASS, _OPEN = range(4)
NOMINAL = CAP | OFFICE | BODY | HUMAN | NEWS | DOC
# No phrase of a text that makes sense is longer; bounds the work on any other.
_MAX_PHRASE = 60
_ADJECTIVAL = ("ic", "al", "ary", "ian", "an", "ern", "ous", "ive", "ish", "ese")
_BEFORE = words("several many some few senior top local various unnamed different leading prominent most other")
_NOUN_STOP = PRON | REL | SUB | QUOTE | AUX | BE


def is_noun_like(frame: Frame, at: int) -> bool:
    """Tell whether an item can stand inside a noun phrase."""
    tag = frame.tags[at]
    if tag & (CAP | NUM | OFFICE | BODY | HUMAN | NEWS | DOC):
        return True
    if tag & (_NOUN_STOP | CONJ | PREP | MARK | DET | POSS | ADV):
        return False
    return not (tag & VERB and tag & PAST)


def skip_back(frame: Frame, at: int, low: int = 0) -> int:
    """Go left from ``at`` over auxiliaries, adverbs and times; return the first item that is none of these (may be < ``low``)."""
    tags, lows = frame.tags, frame.lows
    while at >= low:
        tag = tags[at]
        several = set_adverbial(frame, at, low)
        if several:
            at -= several
        elif tag & TIME and (lows[at].endswith("day") or not (tag & CAP and at > low and tags[at - 1] & OFFICE)):
            back = at - 1
            while back >= low and (tags[back] & (TIME | NUM) or lows[back] in _TIME_GLUE):
                back -= 1
            at = back
        elif (
            lows[at] == "each"
            or (tag & (AUX | BE | ADV) and not tag & (CAP if at > low else 0))
            or (tag & CLITIC and lows[at][1:] in ("ve", "ll", "re", "d", "m"))
        ):
            at -= 1
        else:
            return at
    return at


def phrase_left(frame: Frame, end: int, low: int = 0) -> Phrase | None:
    """Return the noun phrase whose last item is ``end``, or None."""
    tags, lows = frame.tags, frame.lows
    low = max(low, end - _MAX_PHRASE)
    end = before_hearing(frame, end, low)
    if end < low:
        return None
    if tags[end] & PRON or lows[end] in ("others", "both", "this", "that"):
        return (end, end)
    at = end
    start = end + 1
    while at >= low:
        step = _step_left(frame, at, end, low)
        if step == _STOP:
            break
        if step == _OPEN:
            start = at
            if lows[at] == "same" and at > low:
                at -= 1  # "the same rooms"
                continue
            if not (at - 1 > low and tags[at - 1] & PREP and (is_noun_like(frame, at - 2) or is_remark(frame, at - 2))):
                break
            at -= 1
        elif step == _WORD:
            start = at
        at -= 1
    if start > end:
        return None
    while start < end and ((tags[start] & (PREP | CONJ | CLITIC) and not tags[start] & CAP) or lows[start] in _GLUE):
        start += 1
    return (start, end)


def _step_left(frame: Frame, at: int, end: int, low: int) -> int:
    """Tell what item ``at`` is to the phrase on its right."""
    tag = frame.tags[at]
    if tag & CLITIC:
        return _STOP if at > low and frame.tags[at - 1] & (PRON | REL) else _WORD
    if tag & (MARK | QUOTE):
        return _STOP if frame.lows[at] not in _GLUE or tag & QUOTE or at == end else _WORD
    if tag & (DET | POSS) and (not tag & CAP or at == low):
        return _OPEN
    if tag & PREP and not (tag & CAP and at > low):
        return _STOP if at in (end, low) or not _prep_attaches(frame, at) else _PASS
    if tag & CONJ and low < at < end and _joins(frame, at):
        return _PASS
    return _WORD if _content_left(frame, at, end, low) else _STOP


def _content_left(frame: Frame, at: int, end: int, low: int) -> bool:
    """Tell whether a content word belongs to the phrase on its right."""
    tags = frame.tags
    tag = tags[at]
    if is_remark(frame, at):
        return True
    if tag & TIME and not (at < end and tags[at + 1] & CLITIC):
        return False
    if tag & (_NOUN_STOP | CONJ) and not (tag & CAP and at > low and not tag & (PRON | REL)):
        return False
    if tag & ADV and not tag & (NUM | CAP | OFFICE):
        return at != end and at > low and bool(tags[at - 1] & (DET | POSS | CLITIC))
    if tag & PLAIN and not tag & (CAP | BODY | HUMAN):
        return _is_adjective(frame, at, end)
    if tag & (SAY | ACT) and tag & PAST and not tag & NOMINAL:
        return _is_adjective(frame, at, end)
    return True


def _is_adjective(frame: Frame, at: int, end: int) -> bool:
    return at < end and at > 0 and bool(frame.tags[at - 1] & (DET | POSS | CLITIC))


def _prep_attaches(frame: Frame, at: int) -> bool:
    """Tell whether the preposition at ``at`` continues the noun phrase to its left."""
    low = frame.lows[at]
    if low in ("than", "like", "despite", "following", "given", "as", "during", "since"):
        return False
    return (is_noun_like(frame, at - 1) and not frame.tags[at - 1] & TIME) or is_remark(frame, at - 1)


def _joins(frame: Frame, at: int) -> bool:
    """Tell whether "and" at ``at`` joins names of one phrase: adjectives, or two names."""
    if frame.lows[at] not in ("and", "or", "&"):
        return False
    left, right = frame.tags[at - 1], frame.tags[at + 1]
    if left & CAP and right & CAP and not left & (PRON | TIME):
        return True
    if left & NOMINAL and right & NOMINAL:
        return bool(left & (OFFICE | BODY | HUMAN | NEWS | DOC))
    if frame.lows[at - 1] in ("current", "serving") and frame.lows[at + 1] in ("former", "retired"):
        return True  # "current and former U.S. officials"
    return _joins_adjectives(frame, at)


def _joins_adjectives(frame: Frame, at: int) -> bool:
    """ "according to diplomatic and military sources", "Several tribal and religious leaders said"."""
    if at < 1 or at + 2 >= len(frame) or not frame.lows[at - 1].endswith(_ADJECTIVAL):
        return False
    right = frame.tags[at + 1] & (OFFICE | BODY | NEWS) or frame.lows[at + 1].endswith(_ADJECTIVAL)
    people = frame.tags[at + 2] & HUMAN and frame.lows[at + 2].endswith("s")
    opens = at == 1 or frame.tags[at - 2] & (DET | POSS | PREP | NUM | MARK | CAP) or frame.lows[at - 2] in _BEFORE
    return bool(right and people and opens)


def phrase_right(frame: Frame, start: int) -> Phrase | None:
    """Return the noun phrase that begins at ``start`` (a determiner is part of it), with its prepositional phrases, or None."""
    tags = frame.tags
    size = min(len(frame), start + _MAX_PHRASE)
    if start >= size or tags[start] & CLITIC:
        return None
    if tags[start] & PRON:
        return (start, start)
    at = start
    end = start - 1
    while at < size:
        step = _step_right(frame, at, start, size)
        if step == _STOP:
            break
        if step == _WORD:
            end = at
        at += 1
    if end < start:
        return None
    while end > start and tags[end] & (MARK | CLITIC):
        end -= 1
    return (start, end)


def _step_right(frame: Frame, at: int, start: int, size: int) -> int:
    """Tell what item ``at`` is to the phrase on its left."""
    tag, low = frame.tags[at], frame.lows[at]
    if tag & CLITIC:
        return _WORD
    if tag & (MARK | QUOTE):
        return _STOP if tag & QUOTE or low not in _GLUE or low in "()–" or at == start else _WORD
    if tag & (DET | POSS):
        return _STOP if at > start and not (frame.tags[at - 1] & (PREP | CONJ)) else _PASS
    if tag & PREP and not (tag & CAP and at > start):
        return _STOP if at == start or not _right_prep(frame, at, size) else _PASS
    if tag & CONJ:
        return _STOP if at == start or at + 1 >= size or not _joins(frame, at) else _PASS
    return _WORD if _content_right(frame, at, start, size) else _STOP


def _content_right(frame: Frame, at: int, start: int, size: int) -> bool:
    """Tell whether a content word belongs to the phrase on its left."""
    tags = frame.tags
    tag = tags[at]
    if at > start and is_remark(frame, at):
        return True
    if tag & TIME and not (at + 1 < size and tags[at + 1] & CLITIC):
        return False
    if tag & (_NOUN_STOP | SUB) and not (tag & CAP and at > start and not tag & PRON):
        return False
    if tag & ADV and not tag & (NUM | CAP | OFFICE):
        return at + 1 < size and is_noun_like(frame, at + 1) and (at == start or bool(tags[at - 1] & DET))
    if tag & (VERB | PLAIN) and not tag & NOMINAL:
        return _is_adjective(frame, at, size)
    return not (at > start and is_participle(frame, at) and frame.lows[at - 1] not in ("newly", "so"))


def _right_prep(frame: Frame, at: int, size: int) -> bool:
    """Tell whether a preposition to the right of a noun belongs to its phrase: no time or occasion follows."""
    low = frame.lows[at]
    if low == "by" and at > 0 and at + 1 < size and frame.tags[at - 1] & DOC:
        return bool(frame.tags[at + 1] & (CAP | DET))
    if at + 1 >= size or low not in ("of", "in", "at", "for", "to", "from", "with", "on", "near"):
        return False
    following = frame.tags[at + 1]
    if low == "in" and following & POSS and _is_age(frame, at + 2):
        return True
    if (
        following & (TIME | NUM | QUOTE | MARK | PRON)
        or (
            following & POSS
            and low != "of"
            and frame.lows[at - 1] not in _GOVERNING
            and not (low in ("to", "for") and frame.tags[at - 1] & (OFFICE | HUMAN))
        )
        or frame.lows[at + 1] in ("comments", "remarks", "response", "reply")
    ):
        return False
    if low in ("on", "via") and frame.lows[at + 1] in _PLATFORMS:
        return False
    if low in ("in", "on", "at", "to", "with", "from", "near"):
        head = frame.tags[at - 1]
        if (
            head & CAP
            and not (at == 1 and head & HUMAN)
            and low != "in"
            and not head & BODY
            and not (low == "to" and head & OFFICE)
        ):
            return False
        if following & DET and frame.lows[at + 1] in ("a", "an"):
            return False
        if (
            following & DET
            and at + 2 < size
            and frame.lows[at + 2] in ("latest", "same", "first", "evening", "morning")
        ):
            return False
        return bool(following & (CAP | DET)) or low in ("with", "from")
    return True


def _is_age(frame: Frame, at: int) -> bool:
    """ "a woman in her 60s", "a man in his late twenties"."""
    ages = frame.lows[at : at + 2]
    return bool(ages) and any(
        age[:1].isdigit() or age.endswith("ties") for age in ages[: 2 if ages[0] in _TIME_GLUE | {"mid"} else 1]
    )


def is_participle(frame: Frame, at: int) -> bool:
    """Tell whether a lower-case "-ed" or "-ing" word stands behind a noun, as a verb of its own would."""
    word, before = frame.words[at], frame.tags[at - 1]
    if (
        not word.endswith(("ed", "ing"))
        or len(word) < 5
        or "-" in word
        or is_remark(frame, at)
        or frame.tags[at] & (CAP | OFFICE | BODY | HUMAN | NEWS | DOC)
    ):
        return False
    if word in _ADJECTIVES and at + 1 < len(frame) and frame.tags[at + 1] & (BODY | HUMAN | OFFICE):
        return False  # "the French armed forces minister"
    if "-" in frame.words[at - 1] and at + 1 < len(frame) and frame.tags[at + 1] & (BODY | HUMAN | OFFICE | NEWS):
        return False  # "London-based monitoring group"
    if before & MODIFIER and at + 1 < len(frame) and frame.tags[at + 1] & (HUMAN | OFFICE):
        return False  # "former shipping minister"
    acts = word in _ACTIVITIES and at + 1 < len(frame) and bool(frame.tags[at + 1] & BODY)
    if acts and before & CAP and not before & (HUMAN | OFFICE) and frame.lows[at + 1] != "group":
        return False  # "the EU monitoring mission"
    return bool(before & (HUMAN | OFFICE | BODY | NEWS | DOC | CAP)) and not before & (DET | POSS | PREP | NUM)
