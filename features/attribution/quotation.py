"""Whether a sentence's content is quoted, reported, or both, and where it stands."""

from stancewire.features.attribution.cues import Hit
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import ADV, AUX, BE, CONJ, MARK, PREP, QUOTE, REL, SUB, TIME, VERB
from stancewire.features.attribution.types import Span

DIRECT, MIXED, INDIRECT = "direct", "mixed", "indirect"
_FIRST_PERSON = frozenset(("i", "we", "our", "us", "my", "me", "i'm", "i’m", "we're", "we’re", "we've", "we’ve", "i've", "i’ve", "we'll", "we’ll", "ours"))
_TERM_WORDS = 1


def quotation_of(frame: Frame, hit: Hit | None) -> tuple[str, tuple[Span, ...]]:
    """Return the quotation type and the spans of the content."""
    quoted = [at for at in frame.quotes if _is_speech(frame, at)]
    if hit is None:
        spans = tuple((frame.starts[at], frame.ends[at]) for at in quoted)
        return (DIRECT, spans) if quoted else (INDIRECT, ((frame.start, frame.end),))
    reported = _reported(frame, hit)
    scare = [quote for quote in frame.scare if _words(frame, quote.start, quote.end) > 1 or True]
    quotes = tuple((frame.starts[at], frame.ends[at]) for at in quoted)
    if not quoted:
        if not reported:
            reported = [(frame.start, frame.end)]
        if scare and any(quote.end - quote.start > 2 for quote in scare) and _several_words(frame):
            return MIXED, tuple(reported)
        if _verbatim(frame, hit):
            return DIRECT, tuple(reported)
        return INDIRECT, tuple(reported)
    if reported:
        return MIXED, tuple(sorted((*reported, *quotes)))
    return DIRECT, quotes


def _several_words(frame: Frame) -> bool:
    for quote in frame.scare:
        inside = [at for at in range(len(frame)) if quote.start <= frame.starts[at] < quote.end and not frame.tags[at] & MARK]
        if len(inside) > _TERM_WORDS:
            return True
    return False


def _words(frame: Frame, start: int, end: int) -> int:
    return sum(1 for at in frame.starts if start <= at < end)


def _is_speech(frame: Frame, at: int) -> bool:
    return bool(frame.tags[at] & QUOTE)


def _reported(frame: Frame, hit: Hit) -> list[Span]:
    """Return the stretches outside quotations that carry content, the attributing clause aside."""
    spans: list[Span] = []
    size = len(frame)
    first, last = hit.span
    left = [at for at in range(first) if not frame.tags[at] & QUOTE]
    if _carries(frame, left, before=True):
        spans.append((frame.starts[left[0]], frame.ends[left[-1]]))
    rest: list[int] = []
    at = last + 1
    while at < size:
        if frame.tags[at] & QUOTE:
            if _carries(frame, rest, before=False):
                spans.append((frame.starts[rest[0]], frame.ends[rest[-1]]))
            rest = []
        else:
            rest.append(at)
        at += 1
    if _carries(frame, rest, before=False):
        spans.append((frame.starts[rest[0]], frame.ends[rest[-1]]))
    return spans


def _carries(frame: Frame, items: list[int], before: bool) -> bool:
    """Tell whether a stretch says something itself rather than who, when, where or to whom."""
    tags = [frame.tags[at] for at in items]
    words = [at for at, tag in zip(items, tags, strict=True) if not tag & MARK]
    if not words:
        return False
    if before and frame.tags[words[0]] & (PREP | ADV | SUB | TIME | CONJ):
        return any(frame.tags[at] & (VERB | BE | AUX) for at in words) and not frame.tags[words[0]] & (PREP | SUB | TIME)
    if before:
        return len(words) > 2
    verbs = [at for at in words if frame.tags[at] & (BE | AUX | VERB)]
    if frame.tags[words[0]] & (PREP | TIME | REL | SUB) and frame.lows[words[0]] not in ("that",):
        return False
    if not verbs and len(words) <= 3:
        return False
    return bool(verbs) or len(words) > 3


def _verbatim(frame: Frame, hit: Hit) -> bool:
    """Tell whether the marks were lost: first person outside the attributing clause."""
    first, last = hit.span
    return any(frame.lows[at] in _FIRST_PERSON for at in range(len(frame)) if not first <= at <= last) and hit.lemma not in ("ask", "urge")
