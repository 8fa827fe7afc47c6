"""Speech that goes on, or begins, in a sentence that names nobody who speaks."""

import re

from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.layers import outermost
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.quotation import DIRECT, quotation_of, speaks_first_person
from stancewire.features.attribution.ranks import LATE, MAIN
from stancewire.features.attribution.resolve import Resolver
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.subjects import clause_subject
from stancewire.features.attribution.tokens import words
from stancewire.features.attribution.transcripts import is_stage

_MAX_AHEAD = 40
_MAX_CROSSHEAD = 10  # words
# How a programme brings in its own people.
_HOSTED = re.compile(r"\b(?:joins? us|joined us|with us (?:now|here)|in (?:our|the) studio|on the line|stay with us)\b")
_REASONS = words("so to because in for as until if unless without")
_CLOSING = frozenset("”’\"'»")


def is_unmarked_speech(line: Line, previous: Line) -> bool:
    """Tell whether a sentence without marks of its own is speech of whom the sentence before quotes or announces."""
    return _runs_on(line, previous) or _lost_marks(line, previous) or _follows_colon(line, previous)


def _runs_on(line: Line, previous: Line) -> bool:
    """Tell whether speech without marks goes on: a transcript's next sentence, or first person behind verbatim speech."""
    if previous.entity is None or previous.quotation != DIRECT or previous.frame.quotes or line.breaks:
        return False
    if (line.frame.words[1:2] == [":"] and line.frame.words[0].isupper()) or is_stage(line):
        return False
    transcript = previous.runs_on or (previous.hit is not None and previous.hit.rule in ("label", "turn"))
    return transcript or (previous.hit is not None and speaks_first_person(line.frame))


def _lost_marks(line: Line, previous: Line) -> bool:
    """Tell whether first person behind somebody's words is his: in a text that has lost all its quotation marks."""
    if (
        not line.unmarked
        or previous.entity is None
        or line.breaks
        or is_stage(line)
        or _HOSTED.search(line.sentence.text)
    ):
        return False
    return previous.sentence.part == "body" and speaks_first_person(line.frame)


def _follows_colon(line: Line, previous: Line) -> bool:
    """ "He told the crew:" and, without marks, what he told: tell whether a sentence is what the one before announces."""
    if previous.entity is None or previous.hit is None or line.hits or is_stage(line):
        return False
    if previous.frame.words[-1:] != [":"] or line.sentence.part != "body":
        return False
    if previous.content:  # "He said no deal was near:", and below it, set apart, his words
        return line.breaks and not line.frame.quotes and speaks_first_person(line.frame)
    return previous.quotation == DIRECT


def is_quoted_heading(line: Line) -> bool:
    """ "‘Nobody came back’": a heading within the text, a quotation that closes without a mark of its own."""
    text = line.sentence.text.strip()
    alone = line.breaks and line.chain is None and len(line.frame.quotes) == 1 and line.sentence.part == "body"
    return alone and text[-1:] in _CLOSING and text[-2:-1].isalnum() and text.count(" ") < _MAX_CROSSHEAD


def go_on(lines: list[Line], at: int, resolver: Resolver) -> None:
    """A sentence inside a quotation: its speaker is the quotation's."""
    line = lines[at]
    before = lines[at - 1] if at else None
    entity = None if line.wholly_quoted or line.chain is not None else _teller(line, resolver)
    if line.chain is not None and before is not None and before.entity is not None:
        entity = before.entity
    if entity is None:
        entity = _ahead(lines, at, resolver)
    if entity is None and before is not None:
        entity = before.entity or _introduced(line, before, resolver.memory)
    if entity is None and resolver.memory.spoken:
        entity = resolver.memory.spoken[-1]
    if entity is None:
        entity = resolver.memory.subject or Entity("source", "pronoun")
    line.entity = entity
    line.quotation, line.content = quotation_of(line.frame, None, False)


def _teller(line: Line, resolver: Resolver) -> Entity | None:
    """ "Jan Keller, a baker, wept when he spoke of “our boys, so quiet”": a person with a sentence of his own."""
    phrase = clause_subject(line.frame)
    source = read_source(line.frame, trim(line.frame, phrase)) if phrase else None
    if source is None or source.kind not in ("person", "name") or source.mention[0] == source.mention[1]:
        return None
    entity = resolver.resolve(line.frame, source)
    if not resolver.memory.may_be_person(entity):
        return None
    line.hit = Hit(source, source.mention, MAIN, "teller", "", source.phrase)
    return entity


def tells_in_own_words(line: Line, resolver: Resolver) -> bool:
    """ "Defence Minister Jan Keller is sending two officers “so that nobody is surprised.”": an official's act, and his
    reason in quotation marks that end the sentence."""
    quote = max(line.frame.quotes, default=0)
    end = len(line.frame) - 1
    if not quote or quote < end - 1 or not _is_reason(line, quote):
        return False
    phrase = clause_subject(line.frame)
    source = read_source(line.frame, trim(line.frame, phrase)) if phrase else None
    titled = source is not None and source.kind == "person" and source.phrase[0] < source.mention[0]
    return titled and _teller(line, resolver) is not None


def _is_reason(line: Line, quote: int) -> bool:
    """Tell whether a quotation opens as a clause of purpose or reason does ("so that …", "to make sure …")."""
    first = next((at for at in range(len(line.plain)) if line.plain.starts[at] > line.frame.starts[quote]), None)
    return first is not None and line.plain.lows[first] in _REASONS


def _introduced(line: Line, before: Line, memory: Memory) -> Entity | None:
    """The person whom the sentence before has for its subject, or introduces: a quotation that opens behind it is his."""
    if line.chain is not None or before.sentence.part != line.sentence.part:
        return None
    for one in (memory.subject, memory.person):
        if one is not None and not one.plural and (one.kind == "office" or memory.may_be_person(one)):
            return one
    return None


def _first_named(after: Line, resolver: Resolver) -> Entity | None:
    """ "“Go.”" opens an article, and "Jan Keller stood there." or "“Go,” Jan Keller said." follows: who is named there."""
    phrase = clause_subject(after.frame) if not after.frame.quotes else None
    hit = outermost(after, resolver.memory.lexicon) if after.hits else None
    source = hit.source if hit is not None else read_source(after.frame, trim(after.frame, phrase)) if phrase else None
    if source is None or source.plural or source.kind not in ("person", "name", "office", "people", "body"):
        return None
    named = source.kind == "person" or (source.kind == "name" and source.mention[0] < source.mention[1])
    if hit is None and not named:
        return None
    resolver.memory.observe(after.plain)
    return resolver.resolve(after.frame, source)


def _ahead(lines: list[Line], at: int, resolver: Resolver) -> Entity | None:
    """A quotation that names its speaker only where it ends."""
    lexicon = resolver.memory.lexicon
    end = at + 1
    while end < min(len(lines), at + _MAX_AHEAD) and lines[end].chain is not None and lines[end].wholly_quoted:
        end += 1
    after = lines[end] if end < len(lines) else None
    if after is not None and lines[at].wholly_quoted and not after.frame.quotes and after.hits:
        hit = outermost(after, lexicon)
        assert hit is not None
        if hit.rank != LATE and not quotation_of(after.frame, hit, True)[1]:
            resolver.memory.observe(after.plain)
            return resolver.resolve(after.frame, hit.source)
    if (
        after is not None
        and lines[at].wholly_quoted
        and not resolver.memory.spoken
        and lines[at].sentence.part == "body"
    ):
        first = _first_named(after, resolver)
        if first is not None:
            return first
    chain = lines[at].opens
    if chain is None:
        return None
    for line in lines[at + 1 : at + _MAX_AHEAD]:
        if not any(quote.chain == chain for quote in line.frame.quotes.values()):
            return None
        if line.hits:
            resolver.memory.observe(line.plain)
            hit = outermost(line, lexicon)
            assert hit is not None
            return resolver.resolve(line.frame, hit.source)
    return None
