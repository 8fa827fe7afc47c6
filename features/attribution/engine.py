"""Attribution of one article, sentence by sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stancewire.data.actors import Actors
from stancewire.data.article import Article, Sentence
from stancewire.features.attribution.cues import CueFinder
from stancewire.features.attribution.frame import Frame, Reader
from stancewire.features.attribution.groups import group_of
from stancewire.features.attribution.guess import Guesser, Surroundings, features_of
from stancewire.features.attribution.headlines import heading_hit
from stancewire.features.attribution.judgement import TAIL, Hit
from stancewire.features.attribution.lexicon import NEWS, QUOTE, Lexicon
from stancewire.features.attribution.memory import Entity, Memory
from stancewire.features.attribution.phrases import trim
from stancewire.features.attribution.quotation import DIRECT, quotation_of, speaks_first_person
from stancewire.features.attribution.quotes import find_quotes
from stancewire.features.attribution.resolve import Resolver
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.subjects import clause_subject
from stancewire.features.attribution.tokens import tokenize
from stancewire.features.attribution.types import Attribution, Span

_LABEL = re.compile(
    r"(?:READ MORE|READ ALSO|Read more|Read also|WATCH|VIDEO|RELATED|SEE ALSO|MORE|UPDATE|BREAKING|LIVE|EXCLUSIVE|Exclusive|Breaking|Update)\s*:\s*"
)

# "MOSCOW, Feb. 3 (Reuters) -", "18:34", "(7/10)", "2."
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.’'/ ,-]{2,40}(?:, [A-Z][a-z]+\.?(?: \d{1,2})?)?(?: ?\([^)]{1,30}\))? ?(?:[-–—]{1,2}) |\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)? |\(\d{1,2}/\d{1,2}\) |\d{1,2}[.)] )\s*"
)


def _is_title_case(frame: Frame) -> bool:
    words = [word for word in frame.words if word[0].isalpha() and len(word) > 3]
    return sum(word[0].isupper() for word in words) * 10 > 7 * len(words)


# Below this probability a guess is no better than the classifier's; measured in docs/ATTRIBUTION.md.
_SURE = 0.0


@dataclass(slots=True)
class Line:
    """One sentence being worked on."""

    sentence: Sentence
    frame: Frame
    plain: Frame
    hits: list[Hit]
    chain: int | None
    opens: int | None
    wholly_quoted: bool
    entity: Entity | None = None
    hit: Hit | None = None
    quotation: str = ""
    content: tuple[Span, ...] = ()
    name: str = ""
    breaks: bool = True
    runs_on: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A source where it first speaks in an article. ``rule_group`` is what the rules tell of its side."""

    sentence: int
    name: str
    kind: str
    descriptions: tuple[str, ...]
    around: Surroundings
    rule_group: str | None


class Engine:
    """Attributes articles with one set of word lists and actors."""

    def __init__(self, lexicon: Lexicon, actors: Actors, guesser: Guesser | None, groups: frozenset[str]) -> None:
        self.lexicon = lexicon
        self.actors = actors
        self.guesser = guesser
        self.groups = groups
        self.finder = CueFinder(lexicon)

    def attribute(self, article: Article, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Return one attribution for every attributed sentence, in order."""
        lines = self._lines(article, sentences)
        sides = self._sides(article, lines)
        return [self._result(line, sides[id(line.entity)]) for line in lines if line.entity is not None]

    def sources(self, article: Article, sentences: Sequence[Sentence]) -> list[Seen]:
        """Return the sources of an article, each where it first speaks, with what the group model sees of it."""
        return list(self._seen(article, self._lines(article, sentences)).values())

    def _lines(self, article: Article, sentences: Sequence[Sentence]) -> list[Line]:
        readers = {part: self._reader(article.part(part)) for part in ("title", "body")}  # type: ignore[arg-type]
        lines = [self._line(readers[sentence.part], sentence, at, article) for at, sentence in enumerate(sentences)]
        for before, line in pairwise(lines):
            same = before.sentence.part == line.sentence.part
            gap = article.part(line.sentence.part)[before.sentence.end : line.sentence.start]
            line.breaks = not same or "\n" in gap
        memory = Memory(self.lexicon, self.actors)
        resolver = Resolver(memory, self.actors)
        previous: Line | None = None
        for at, line in enumerate(lines):
            self._speak(lines, at, previous, memory, resolver)
            previous = line
        return lines

    def _sides(self, article: Article, lines: list[Line]) -> dict[int, str | None]:
        """Return the group of every source, by identity: by rule, else by the model's guess."""
        sides: dict[int, str | None] = {}
        for key, seen in self._seen(article, lines).items():
            group = seen.rule_group
            if group is None and seen.kind == "pronoun":
                group = self.actors.unknown
            if group is None and self.guesser is not None:
                features = features_of(self.actors, seen.name, seen.kind, seen.descriptions, seen.around)
                group, probability = self.guesser.guess(features)
                if probability < _SURE:
                    group = None
            sides[key] = group if group in self.groups else None
        return sides

    def _seen(self, article: Article, lines: list[Line]) -> dict[int, Seen]:
        found: dict[int, Seen] = {}
        title = article.title or (lines[0].sentence.text if lines else "")
        before: str | None = None
        for line in lines:
            if line.entity is None:
                continue
            key = id(line.entity)
            if key not in found:
                side = line.entity.first or line.entity
                around = Surroundings(line.sentence.text, title, before)
                found[key] = Seen(
                    line.sentence.index, line.name, side.kind, tuple(side.description[:6]), around, self._group(side)
                )
            before = found[key].rule_group or before
        return found

    def _reader(self, text: str) -> Reader:
        return Reader(tokenize(text), find_quotes(text), self.lexicon)

    def _line(self, reader: Reader, sentence: Sentence, at: int, article: Article) -> Line:
        label = _LABEL.match(sentence.text)
        lead = None if label or sentence.part == "title" else _DATELINE.match(sentence.text)
        frame = reader.frame(sentence.start + (label.end() if label else lead.end() if lead else 0), sentence.end)
        title = sentence.part == "title" or (at == 0 and not article.title) or label is not None
        frame.title_case = title and _is_title_case(frame)
        hit = heading_hit(frame, title, self.lexicon)
        if hit is not None and not title and self.actors.state_of(" ".join(frame.words[: hit.cue[0]])) is not None:
            frame = reader.frame(frame.ends[hit.cue[0]], sentence.end)
            hit = None
        hits = [hit] if hit is not None else self.finder.find(frame, title)
        wholly = (
            bool(len(frame))
            and all(tag & QUOTE or not word[0].isalnum() for tag, word in zip(frame.tags, frame.words, strict=True))
            and bool(frame.quotes)
        )
        chain = opens = None
        for quote in frame.quotes.values():
            if quote.start < sentence.start or (quote.start >= sentence.start and chain is None and opens is None):
                chain = quote.chain if quote.start < sentence.start else chain
            if quote.end > sentence.end or quote.end >= sentence.end - 1:
                opens = quote.chain
        plain = reader.frame(frame.start, frame.end, ignore_quotes=True) if frame.quotes else frame
        return Line(sentence, frame, plain, hits, chain, opens, wholly)

    # --- one sentence ------------------------------------------------------------------------------------------------------------

    def _speak(self, lines: list[Line], at: int, previous: Line | None, memory: Memory, resolver: Resolver) -> None:
        line = lines[at]
        memory.observe(line.plain)
        hit = self._outermost(line, memory)
        if hit is not None:
            line.hit = hit
            line.entity = self._own_subject(line, hit, previous, resolver) or resolver.resolve(line.frame, hit.source)
            line.quotation, line.content = quotation_of(
                line.frame, hit, previous is not None and previous.wholly_quoted
            )
        elif line.wholly_quoted and line.sentence.text.isupper():
            pass
        elif (
            line.wholly_quoted
            or line.chain is not None
            or (line.frame.quotes and previous is not None and previous.entity is not None)
        ):
            self._continue(lines, at, memory, resolver)
        elif previous is not None and self._runs_on(line, previous):
            line.entity, line.runs_on = previous.entity, True
            line.quotation, line.content = DIRECT, ((line.sentence.start, line.sentence.end),)
        else:
            self._colon(line, resolver)
        if line.entity is not None:
            line.name = line.entity.name
            memory.spoken.append(line.entity)
            memory.subject = None
        else:
            memory.subject = self._subject(line.frame, resolver)

    @staticmethod
    def _runs_on(line: Line, previous: Line) -> bool:
        """Tell whether speech without quotation marks goes on: a transcript's next sentence, or first person behind verbatim speech."""
        if previous.entity is None or previous.quotation != DIRECT or previous.frame.quotes or line.breaks:
            return False
        if line.frame.words[1:2] == [":"] and line.frame.words[0].isupper():
            return False
        transcript = previous.runs_on or (previous.hit is not None and previous.hit.rule == "label")
        return transcript or (previous.hit is not None and speaks_first_person(line.frame))

    def _own_subject(self, line: Line, hit: Hit, previous: Line | None, resolver: Resolver) -> Entity | None:
        """ "The coalition weighs every strike, it said": a pronoun behind its content means the subject of that content."""
        source = hit.source
        if source.kind != "pronoun" or hit.rank != TAIL or source.head not in ("it", "he", "she") or line.frame.quotes:
            return None
        subject = self._subject(line.frame, resolver)
        if subject is None:
            return None
        body = resolver.memory.is_body(subject) or subject.kind == "body"
        if source.head == "it":
            return subject if body else None
        return (
            subject
            if not body and (previous is None or previous.entity is None) and subject.kind in ("person", "name")
            else None
        )

    def _outermost(self, line: Line, memory: Memory) -> Hit | None:
        """Return the outermost source that is no news organisation, else the outermost."""
        if not line.hits:
            return None
        for hit in line.hits:
            if not self.is_news(line.frame, hit.source):
                return hit
        return line.hits[0]

    def is_news(self, frame: Frame, source: Source) -> bool:
        """Tell whether a source is a news organisation."""
        first, last = source.mention
        words = frame.lows[first : last + 1]
        if " ".join(words) in self.lexicon.news or words[-1] in self.lexicon.news or words[0] in self.lexicon.news:
            return True
        return source.kind == "body" and any(self.lexicon.tags.get(word, 0) & NEWS for word in words)

    def _continue(self, lines: list[Line], at: int, memory: Memory, resolver: Resolver) -> None:
        """A sentence inside a quotation: its speaker is the quotation's."""
        line = lines[at]
        before = lines[at - 1] if at else None
        entity: Entity | None = None
        if line.chain is not None and before is not None and before.entity is not None:
            entity = before.entity
        if entity is None:
            entity = self._ahead(lines, at, memory, resolver)
        if entity is None and before is not None and before.entity is not None:
            entity = before.entity
        if entity is None and memory.spoken:
            entity = memory.spoken[-1]
        if entity is None:
            entity = Entity("source", "pronoun")
        line.entity = entity
        line.quotation, line.content = quotation_of(line.frame, None, False)

    def _ahead(self, lines: list[Line], at: int, memory: Memory, resolver: Resolver) -> Entity | None:
        """A quotation that names its speaker only where it ends."""
        chain = lines[at].opens
        if chain is None:
            return None
        for line in lines[at + 1 : at + 40]:
            if not any(quote.chain == chain for quote in line.frame.quotes.values()):
                return None
            if line.hits:
                memory.observe(line.plain)
                hit = self._outermost(line, memory)
                assert hit is not None
                return resolver.resolve(line.frame, hit.source)
        return None

    def _colon(self, line: Line, resolver: Resolver) -> None:
        """ "The minister was blunter: “…”": the subject of what stands before the colon speaks."""
        frame = line.frame
        for at in frame.quotes:
            if at and frame.words[at - 1] == ":":
                phrase = clause_subject(frame)
                source = read_source(frame, trim(frame, phrase)) if phrase else None
                if source is not None and source.kind not in ("thing", "document"):
                    line.hit = Hit(source, source.mention, 2, "colon", "", (0, at - 1))
                    line.entity = resolver.resolve(frame, source)
                    line.quotation, line.content = quotation_of(frame, line.hit, False)
                return

    def _subject(self, frame: Frame, resolver: Resolver) -> Entity | None:
        phrase = clause_subject(frame)
        source = read_source(frame, trim(frame, phrase)) if phrase else None
        if source is None or source.kind not in ("person", "name", "body", "office"):
            return None
        return resolver.resolve(frame, source)

    def _group(self, entity: Entity) -> str | None:
        if entity.group is None:
            personal = entity.kind == "person" or (entity.kind == "name" and self._may_be_person(entity))
            news = entity.name.lower() in self.lexicon.news or (entity.kind == "body" and self._is_medium(entity.name))
            entity.group = group_of(self.actors, entity.name, entity.description[:6], personal, news)
        return entity.group

    def _may_be_person(self, entity: Entity) -> bool:
        """Tell whether a bare name with clues in it may still be a person's ("Jordan Smith")."""
        clues = self.actors.clues(entity.name)
        whole = clues and len(clues[0].words) >= len(entity.name.split())
        return " " in entity.name and not whole and not any(clue.kind == "term" for clue in clues)

    def _is_medium(self, name: str) -> bool:
        return any(self.lexicon.tags.get(word, 0) & NEWS for word in name.lower().split()[-2:])

    def _result(self, line: Line, group: str | None) -> Attribution:
        entity, hit, frame = line.entity, line.hit, line.frame
        assert entity is not None
        mention: str | None = None
        span: Span | None = None
        cue: Span | None = None
        text, start = line.sentence.text, line.sentence.start
        if hit is not None:
            span = (frame.starts[hit.source.mention[0]], frame.ends[hit.source.mention[1]])
            mention = text[span[0] - start : span[1] - start]
            cue = (frame.starts[hit.cue[0]], frame.ends[hit.cue[1]])
        return Attribution(
            line.sentence.index,
            line.name,
            mention,
            span,
            group,
            line.quotation or DIRECT,
            line.content,
            cue,
            hit.rule if hit else "continued",
        )
