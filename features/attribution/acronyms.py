"""Abbreviations that an article introduces: "the Northern Waters Organization (NWO)", "…, or NWO", "the NWO (Northern …)"."""

from collections.abc import Iterator

from stancewire.features.attribution.frame import Frame, text_of
from stancewire.features.attribution.lexicon import BODY, CAP, CLITIC, DET, MODIFIER, OFFICE, TIME

_INNER = frozenset(("of", "for", "the", "and", "on", "in", "de", "du", "des", "la", "&", "-"))
_INTRODUCE = frozenset(("(", "or", "known"))
_MAX_WORDS = 12
_MIN_LETTERS = 2
_KNOWN_AS = 8


def introduced(frame: Frame) -> Iterator[tuple[str, str]]:
    """Yield the abbreviations that a sentence introduces, each with its long form."""
    if _INTRODUCE.isdisjoint(frame.lows):
        return
    for at in range(2, len(frame)):
        word = frame.words[at]
        before = frame.words[at - 1]
        if before == "(" and _is_acronym(word) and frame.words[at + 1 : at + 2] in ([")"], [","]):
            spelled = _spelled(frame, at - 2, word)
            long = spelled or (_before(frame, at - 2, word) if frame.words[at + 1] == ")" else None)
        elif before == "or" and frame.words[at - 2] == "," and _is_acronym(word):
            long = _spelled(frame, at - 3, word) or _before(frame, at - 3, word)
        else:
            long = _known_as(frame, at) if _is_acronym(word) else None
        if long is not None:
            yield word, long
        if word == "(" and _is_acronym(before):
            close = next((i for i in range(at + 1, min(at + _MAX_WORDS, len(frame))) if frame.words[i] == ")"), None)
            within = _spelled(frame, close - 1, before) if close is not None else None
            if within is not None:
                yield before, within


def _is_acronym(word: str) -> bool:
    return word.isalpha() and word[0].isupper() and sum(letter.isupper() for letter in word) >= _MIN_LETTERS


def _known_as(frame: Frame, at: int) -> str | None:
    """ "Doctors Without Borders, known by its French acronym MSF": the name before the comma, or None."""
    known = next((i for i in range(at - 1, max(at - _KNOWN_AS, 0), -1) if frame.lows[i] == "known"), None)
    if known is None or known + 1 == at or frame.lows[known + 1] not in ("as", "by"):
        return None
    comma = known - 2 if frame.lows[known - 1] in ("also", "better", "widely", "commonly", "usually") else known - 1
    if comma < 2 or frame.words[comma] != "," or any(frame.words[i] in ",;" for i in range(known, at)):
        return None
    name = [i for i in _back(frame, comma - 1) if frame.tags[i] & CAP]
    return text_of(frame, name[-1], comma) if len(name) > 1 else None


def _before(frame: Frame, end: int, acronym: str) -> str | None:
    """Return the body's name that ends at item ``end``, where one of its words begins as the letters do."""
    start = end + 1
    for at in _back(frame, end):
        if frame.tags[at] & CAP:
            start = at
    tags = frame.tags[start : end + 1]
    body = len(tags) > 1 and any(tag & BODY for tag in tags)
    person = any(tag & OFFICE and not tag & (BODY | MODIFIER) for tag in tags)
    begins = any(frame.words[at][0] == acronym[0] for at in range(start, end + 1))
    return text_of(frame, start, end + 1) if body and begins and not person and acronym.isupper() else None


def _spelled(frame: Frame, end: int, acronym: str) -> str | None:
    """Return the words up to item ``end`` whose first letters are the acronym's, small words counted or not."""
    letters = acronym.lower()
    short = whole = ""
    for at in _back(frame, end):
        for part in reversed(frame.lows[at].split("-")):
            whole = part[:1] + whole
            if frame.lows[at] not in _INNER:
                short = part[:1] + short
        if letters in (short, whole) and frame.tags[at] & CAP:
            return text_of(frame, at, end + 1)
    return None


def _back(frame: Frame, end: int) -> Iterator[int]:
    """Yield the items of a name that ends at ``end``, from its last to its first."""
    for at in range(end, max(end - _MAX_WORDS, -1), -1):
        tag = frame.tags[at]
        if at < end and frame.words[at] in "'’" and frame.tags[at + 1] & frame.tags[at - 1] & CAP:
            continue  # "Kurdistan Workers' Party"
        if not (tag & CAP and not tag & TIME) and frame.lows[at] not in _INNER and not tag & CLITIC:
            return
        if tag & DET and at < end and frame.lows[at - 1] not in _INNER:
            return
        yield at
