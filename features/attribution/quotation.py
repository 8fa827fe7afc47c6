"""Whether a sentence's content is quoted, reported, or both, and where it stands."""

from stancewire.features.attribution.beside import has_clause, is_clause, is_only_carried, rejects, reports
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import Hit
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
    HUMAN,
    ING,
    MARK,
    NUM,
    OFFICE,
    PAST,
    POSS,
    PREP,
    PRON,
    QUOTE,
    REL,
    SAY,
    SUB,
    THIRD,
    TIME,
    VERB,
)  # fmt: skip
from stancewire.features.attribution.phrases import phrase_right
from stancewire.features.attribution.ranks import TAIL
from stancewire.features.attribution.terms import (
    describes_speaker,
    is_apposition,
    is_described_person,
    is_term,
    of_speaker,
)
from stancewire.features.attribution.tokens import words
from stancewire.features.attribution.types import Span

_UNNAMED = frozenset(("anonymity", "anonymous"))
DIRECT, MIXED, INDIRECT = "direct", "mixed", "indirect"
_FIRST_PERSON = words("i we our my i'm i’m we're we’re we've we’ve i've i’ve we'll we’ll i'll i’ll")
_LISTENED = frozenset(["tell", "ask", "remind", "assure", "inform", "warn"])
_BREAKS = frozenset(",;:—–()")
# Words between a verb and a colon that are no content of their own ("told Congress what to expect: “…”").
_SHORT_LEAD = 7
_NOMINAL = CAP | DET | POSS | PRON | QUOTE | HUMAN | OFFICE | BODY | REL | MARK | NUM
_LETTERS = 3  # of a body that is called by them


def quotation_of(frame: Frame, hit: Hit | None, after_quote: bool) -> tuple[str, tuple[Span, ...]]:
    """Return the quotation type of an attributed sentence and the spans of its content.

    ``hit`` is None where the sentence only continues a quotation; ``after_quote`` tells that the sentence before it
    was quoted, whose speaker a bare attribution names.
    """
    quoted = tuple((frame.starts[at], frame.ends[at]) for at in frame.quotes)
    if hit is None:
        reported = _pieces(frame, [at for at in range(len(frame)) if not frame.tags[at] & QUOTE])
        if not quoted:
            return INDIRECT, ((frame.start, frame.end),)
        return (MIXED if reported else DIRECT), _merged(quoted, reported)
    if hit.rule == "attitude":
        return MIXED, ((frame.starts[hit.cue[1] + 1], frame.end),)
    if hit.rule == "turn":
        return DIRECT, ((frame.starts[min(hit.cue[1] + 1, len(frame) - 1)], frame.end),)
    if hit.rule == "label" and hit.cue[0] == hit.cue[1] and _is_shouted(frame) and not frame.heading:
        return DIRECT, ((frame.starts[min(hit.cue[1] + 1, len(frame) - 1)], frame.end),)
    reported = _reported(frame, hit)
    terms = [scare for scare in frame.scare if not is_term(frame, scare) and not of_speaker(frame, hit, scare)]
    if quoted:
        return (MIXED if reported else DIRECT), _merged(quoted, reported)
    if not reported or frame.lows[-3:] in (["the", "following", ":"], ["as", "follows", ":"]):
        if (after_quote and not terms) or (frame.words[-1] == ":" and not terms):
            return DIRECT, ()
        reported = [(frame.start, frame.end)]
    if terms or _several_words(frame):
        return MIXED, tuple(reported)
    if (hit.rank == TAIL or hit.rule == "unmarked") and speaks_first_person(
        frame, hit.span[0], _past_listener(frame, hit) - 1
    ):
        return DIRECT, tuple(reported)
    colon = hit.cue[1] + 1 if hit.rule != "label" else hit.cue[1]
    if frame.words[colon : colon + 1] == [":"] and speaks_first_person(frame, 0, colon):
        return DIRECT, tuple(reported)
    return INDIRECT, tuple(reported)


def _reported(frame: Frame, hit: Hit) -> list[Span]:
    """Return the content outside quotations."""
    if is_only_carried(frame, hit):
        return []
    if hit.rule == "dash":
        return _pieces(frame, [at for at in range(hit.span[0]) if not frame.tags[at] & QUOTE])
    behind = (hit.rank == TAIL and not _is_led(frame, hit)) or (frame.quotes and min(frame.quotes) < hit.span[0])
    return _tail_pieces(frame, hit) if behind else _main_pieces(frame, hit)


def _several_words(frame: Frame) -> bool:
    """ "… was 'reading' what others had 'typed'": several words in quotation marks are a speaker's wording, no terms."""
    single = [scare for scare in frame.scare if not frame.tags[scare.first] & (CAP | HUMAN | OFFICE | BODY)]
    return len(single) > 1


def _is_shouted(frame: Frame) -> bool:
    """Tell whether a label in capitals names somebody as transcripts do ("KELLER: …"), not a body by its letters ("UN: …")."""
    ranked = frame.tags[0] & OFFICE and frame.words[1].isupper()  # "Mr. JAN KELLER (Minister, Norway): …"
    return bool(ranked) or (
        frame.words[0].isupper() and not (frame.words[1] == ":" and len(frame.words[0]) <= _LETTERS)
    )


def _merged(quoted: tuple[Span, ...], reported: list[Span]) -> tuple[Span, ...]:
    return tuple(sorted((*quoted, *reported)))


def _pieces(frame: Frame, items: list[int]) -> list[Span]:
    """Return runs of neighbouring items as spans, marks and lone conjunctions passed over."""
    spans: list[Span] = []
    run: list[int] = []
    for at in [*items, -1]:
        if run and (at != run[-1] + 1):
            words = [index for index in run if not frame.tags[index] & (MARK | CONJ | ADV)]
            if words:
                spans.append((frame.starts[run[0]], frame.ends[run[-1]]))
            run = []
        if at >= 0 and (run or not frame.tags[at] & MARK):
            run.append(at)
    return spans


def _tail_pieces(frame: Frame, hit: Hit) -> list[Span]:
    """Content outside quotations where the attribution stands beside it."""
    first, last = hit.span
    if (hit.lemma == "put" and frame.lows[first - 1 : first] == ["how"]) or frame.lows[first] == "all":
        return []  # "“Never,” was how the minister put it", "“Never” was all he would say"
    left = [at for at in range(first) if not frame.tags[at] & QUOTE]
    if hit.lemma == "put" and frame.lows[:first] == ["as"]:
        left = []
    if frame.quotes and left and (_is_prefatory(frame, left) or describes_speaker(frame, left, hit)):
        left = []
    last_quote = max((at for at in frame.quotes if at < first), default=None)
    described = last_quote is not None and is_described_person(frame, last_quote + 1, hit)
    if last_quote is not None and (
        described
        or not any(
            frame.tags[at] & (BE | AUX | VERB) and not frame.tags[at] & (CLITIC | CAP)
            for at in range(last_quote + 1, first)
        )
    ):
        left = [at for at in left if at < last_quote]
    right: list[int] = []
    verb = last + 1 if hit.rule == "label" else hit.cue[0]
    if frame.heading and frame.quotes and rejects(frame, verb) and frame.words[1] == ":":
        return _pieces(frame, [*left, *range(verb, len(frame))])
    described = first == 0 and bool(frame.quotes) and is_apposition(frame, last + 1, min(frame.quotes))
    if hit.rule == "according_to" and first == 0 and frame.quotes and last + 2 < min(frame.quotes) and not described:
        return _pieces(frame, [at for at in range(last + 1, len(frame)) if not frame.tags[at] & QUOTE])
    at = _past_listener(frame, hit) if hit.rule != "according_to" else last + 1
    at += hit.lemma == "put" and frame.lows[at : at + 1] == ["it"]
    stop = len(frame)
    while at < stop and frame.lows[at] in ("as", "saying", "by", "telling"):
        listener = phrase_right(frame, at + 1) if frame.lows[at] == "telling" else None
        at = _past_adjuncts(frame, at + 1 if listener is None else listener[1] + 1)
    opening = True
    while at < stop:
        end = at
        while end < stop and not (frame.tags[end] & QUOTE or frame.words[end] in _BREAKS):
            end += 1
        if (
            end > at
            and not _asks_anonymity(frame, at)
            and (
                reports(frame, at, opening) or _leads_in(frame, at, end) if frame.quotes else _says_more(frame, at, end)
            )
        ):
            right += [index for index in range(at, stop) if not frame.tags[index] & QUOTE]
            break
        opening = opening and end == at
        at = end + 1
    return _pieces(frame, left + right)


def _leads_in(frame: Frame, at: int, end: int) -> bool:
    """ "As for the crews, he said, they had “taught …”": a clause that the quotation ends."""
    if frame.words[end : end + 1] == [","] and end + 1 == min(frame.quotes):
        return is_clause(frame, at, end)
    if not at < end < len(frame) or not frame.tags[end] & QUOTE or frame.tags[at] & (REL | SUB | PREP):
        return False
    if end == min(frame.quotes) and frame.tags[at] & (DET | POSS | CAP | PRON) and not frame.tags[end - 1] & MARK:
        return True  # "the pilot, he said, “looked away”": its subject
    return any(frame.tags[i] & (AUX | BE) and not frame.tags[i] & CLITIC for i in range(at + 1, end))


def _is_led(frame: Frame, hit: Hit) -> bool:
    """ "On Tuesday, he promised “a swift answer” within days": nothing but an adverbial stands before the attribution, and the
    quotation behind it."""
    left = list(range(hit.span[0]))
    return bool(frame.quotes and left) and min(frame.quotes) > hit.cue[1] and _is_prefatory(frame, left)


def _is_prefatory(frame: Frame, left: list[int]) -> bool:
    """Tell whether all that stands before a quotation is an adverbial or a date line ("Asked about X, “…,” he said")."""
    if left[-1] != len(left) - 1 or frame.words[left[-1]] not in (",", "—", "–", "-", ":"):
        return False
    first, low = frame.tags[0], frame.lows[0]
    return (
        bool(first & (PREP | SUB | TIME | ADV))
        or low in ("asked", "questioned", "pressed")
        or frame.lows[left[-1] - 1] in ("later", "earlier", "afterwards")  # "Two days later, he said"
        or low.endswith("ing")
        or frame.words[left[-1]] != ","
    )


def _past_listener(frame: Frame, hit: Hit) -> int:
    """Return the first item behind the attributing clause and its listener, time and place."""
    at = hit.span[1] + 1
    size = len(frame)
    if hit.lemma in _LISTENED and hit.rule != "inverted" and at < size and not frame.tags[at] & QUOTE:
        phrase = phrase_right(frame, at)
        if phrase is not None and frame.lows[at] != "that":
            at = phrase[1] + 1
            if at + 1 < size and frame.lows[at] == "to" and not frame.tags[at + 1] & _NOMINAL:
                return at  # "told the crews to stay on the ground"
    return _past_adjuncts(frame, at)


def _past_adjuncts(frame: Frame, at: int) -> int:
    """Go over adverbs, times, and prepositional phrases."""
    size = len(frame)
    while at < size:
        tag = frame.tags[at]
        if tag & SUB and frame.lows[at] != "as":
            while at < size and not (tag & QUOTE or frame.words[at] in _BREAKS):
                at += 1
                tag = frame.tags[at] if at < size else 0
            return at
        if (tag & (ADV | TIME) and frame.lows[at] != "both") or frame.lows[at] in (
            "last",
            "this",
            "late",
            "early",
            "next",
        ):
            at += 1
        elif tag & PREP and frame.lows[at] != "like":
            begin = at + 1
            while begin < size and frame.tags[begin] & (ADV | NUM | TIME):
                begin += 1
            phrase = phrase_right(frame, begin) if begin < size else None
            if phrase is None or frame.tags[phrase[0]] & PRON:
                return begin if begin > at + 1 else at
            at = phrase[1] + 1
        else:
            return at
    return at


def _says_more(frame: Frame, at: int, end: int) -> bool:
    """Tell whether a stretch behind the attribution carries content: a further report, or a clause that goes on."""
    while at < end and frame.tags[at] & MARK:
        at += 1
    if at >= end:
        return False
    tags, tag, low = frame.tags, frame.tags[at], frame.lows[at]
    finite = any(tags[i] & (BE | AUX) and not tags[i] & CLITIC for i in range(at, end))
    if tag & VERB and tag & ING:
        return end - at > 1 and low not in ("referring", "speaking")
    if tag & CONJ:
        following = tags[at + 1] if at + 1 < end else 0
        return bool(following & VERB) or finite
    if low == "that":
        return True
    if tag & (OFFICE | REL) or (
        tag & DET and any(tags[i] & (OFFICE | HUMAN | BODY) for i in range(at, min(end, at + 6)))
    ):
        return finite
    return finite or any(tags[i] & VERB and tags[i] & (PAST | THIRD) for i in range(at, end)) or end - at > 3


def _asks_anonymity(frame: Frame, at: int) -> bool:
    """ "…, asking not to be named"."""
    asks = frame.lows[at] in ("asking", "requesting", "demanding")
    return asks and (
        frame.lows[at + 1 : at + 3] == ["not", "to"] or not _UNNAMED.isdisjoint(frame.lows[at + 1 : at + 4])
    )


def _main_pieces(frame: Frame, hit: Hit) -> list[Span]:
    """Content outside quotations where the sentence begins with its attribution."""
    size = len(frame)
    cue = hit.cue[1]
    if not frame.quotes:
        return _pieces(frame, list(range(_past_listener(frame, hit), size)))
    first_quote = min(frame.quotes)
    if first_quote < cue:
        return _pieces(frame, [at for at in range(cue + 1, size) if not frame.tags[at] & QUOTE])
    at = cue + 1
    calls = frame.lows[cue + 1] in ("out", "back")  # "called out to a neighbour who was passing by: “…”"
    short = first_quote - cue <= _SHORT_LEAD and not has_clause(frame, cue + 1, first_quote - 1)
    if first_quote > at and frame.words[first_quote - 1] == ":" and (calls or short):
        at = first_quote
    elif frame.lows[cue + 1] == "to" and not frame.tags[cue + 2] & (CAP | DET | POSS | PRON | QUOTE):
        pass
    elif (frame.tags[cue] & ACT and not frame.tags[cue] & SAY) and first_quote == at:
        return [(frame.starts[cue], frame.ends[cue])]
    elif frame.tags[cue] & SAY or hit.rule in ("colon", "label", "quoted_passive") or hit.lemma in ("quote", ""):
        at = _past_listener(frame, hit)
        while (
            at < first_quote
            and not _opens_clause(frame, at)
            and (frame.tags[at] & MARK or frame.lows[at] in ("that", "as", "saying", "and", "added", ":"))
        ):
            at = _past_adjuncts(frame, at + 1)
    if hit.rule == "colon":
        at = cue + 1 if _tells(frame, first_quote) else first_quote
    last_quote = max(frame.quotes)
    stop = size if _goes_on(frame, last_quote, size) else last_quote
    between = [index for index in range(first_quote + 1, stop) if not frame.tags[index] & QUOTE]
    return _pieces(frame, [*range(at, first_quote), *between])


def _opens_clause(frame: Frame, at: int) -> bool:
    """ "He said that, since nobody had come, “…”": tell whether "that" and a clause before the quotation stand at ``at``."""
    after = at + 2 if frame.words[at + 1 : at + 2] == [","] else at + 1
    return frame.lows[at : at + 1] == ["that"] and bool(frame.tags[after] & SUB) and frame.lows[after] != "as"


def _tells(frame: Frame, stop: int) -> bool:
    """Tell whether the clause before a colon reports content too ("He bristled at the idea that …: “…”")."""
    that = next((at for at in range(1, stop) if frame.lows[at] == "that"), None)
    return that is not None and any(frame.tags[at] & (BE | AUX) for at in range(that, stop))


def _goes_on(frame: Frame, last_quote: int, size: int) -> bool:
    """Tell whether the words behind the last quotation belong to the content rather than to a closing adjunct."""
    at = last_quote + 1
    if at >= size or (frame.tags[at] & MARK and at + 1 >= size):
        return False
    if frame.tags[at] & MARK:
        return reports(frame, at + 1, False)
    return not _is_carried(frame, at)


def _is_carried(frame: Frame, at: int) -> bool:
    """ "Keller added, “…,” the agency reported": whether the words from ``at`` on only tell who carried the quotation."""
    stop = next((i for i in range(at, len(frame)) if frame.tags[i] & MARK), len(frame))
    last = stop - 1
    while last > at and frame.tags[last] & (TIME | PREP):
        last -= 1
    verb = frame.tags[last]
    return stop - at <= _SHORT_LEAD and last > at and bool(verb & SAY and verb & (PAST | THIRD)) and not verb & CAP


def speaks_first_person(frame: Frame, first: int = 0, last: int = -1) -> bool:
    """Tell whether the words of ``frame``, items ``first`` to ``last`` aside, say "I" or "we" ("US" is no "us")."""
    for at in range(len(frame)):
        if first <= at <= last or frame.lows[at] not in _FIRST_PERSON:
            continue
        if frame.words[at] == "I" or at == 0 or not frame.words[at].isupper():
            return True
    return False
