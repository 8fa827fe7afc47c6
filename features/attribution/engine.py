"""Attribution of one article, sentence by sentence."""

from collections.abc import Sequence
from itertools import pairwise

from stancewire.data.actors import Actors
from stancewire.data.article import Article, Sentence
from stancewire.features.attribution.cues import CueFinder
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.frame import Frame, Reader
from stancewire.features.attribution.guess import Guesser
from stancewire.features.attribution.interviews import interviewee, mark_answers
from stancewire.features.attribution.judgement import LATE, MAIN, TAIL, Hit, named_beside, self_named
from stancewire.features.attribution.lexicon import POSS, Lexicon
from stancewire.features.attribution.lines import Line, read_line
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.phrases import trim
from stancewire.features.attribution.quotation import DIRECT, quotation_of, speaks_first_person
from stancewire.features.attribution.quotes import find_quotes
from stancewire.features.attribution.resolve import Resolver
from stancewire.features.attribution.sides import Seen, Sides
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.subjects import clause_subject
from stancewire.features.attribution.tokens import tokenize
from stancewire.features.attribution.transcripts import answer_start, is_stage, mark_turns
from stancewire.features.attribution.tweets import mark_tweets, posted
from stancewire.features.attribution.types import Attribution, Span
from stancewire.features.marks import with_marks_in_place

_MAX_AHEAD = 40


class Engine:
    """Attributes articles with one set of word lists and actors."""

    def __init__(self, lexicon: Lexicon, actors: Actors, guesser: Guesser | None, groups: frozenset[str]) -> None:
        self.lexicon = lexicon
        self.actors = actors
        self.finder = CueFinder(lexicon)
        self.sides = Sides(lexicon, actors, guesser, groups)

    def attribute(self, article: Article, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Return one attribution for every attributed sentence, in order."""
        lines = self._lines(article, sentences)
        sides = self.sides.of(_title(article, lines), lines)
        return [self._result(line, sides[id(line.entity)]) for line in lines if line.entity is not None]

    def sources(self, article: Article, sentences: Sequence[Sentence]) -> list[Seen]:
        """Return the sources of an article, each where it first speaks, with what the group model sees of it."""
        lines = self._lines(article, sentences)
        return list(self.sides.seen(_title(article, lines), lines).values())

    def _lines(self, article: Article, sentences: Sequence[Sentence]) -> list[Line]:
        title, text = self._reader(article.part("title")), self._reader(article.part("body"))
        lines: list[Line] = []
        for at, sentence in enumerate(sentences):
            heads = sentence.part == "title" or (at == 0 and not article.title)
            reader = title if sentence.part == "title" else text
            lines.append(read_line(reader, sentence, heads, self.finder, self.actors))
        for before, line in pairwise(lines):
            same = before.sentence.part == line.sentence.part
            gap = article.part(line.sentence.part)[before.sentence.end : line.sentence.start]
            line.breaks = not same or "\n" in gap
        unmarked = not text.quotes
        for line in lines:
            line.unmarked = unmarked
        mark_turns(lines)
        mark_answers(lines)
        mark_tweets(lines, self.lexicon)
        memory = Memory(self.lexicon, self.actors, sum(line.sentence.part == "title" for line in lines))
        resolver = Resolver(memory, self.actors)
        previous: Line | None = None
        for at, line in enumerate(lines):
            self._speak(lines, at, previous, memory, resolver)
            previous = previous if line.apart and line.entity is None else line
        for line in lines:
            entity = line.entity
            if entity is not None and entity.kind == "name" and " " not in entity.name:
                fuller = memory.entities.get(memory.full_name(entity.name))
                entity.fuller = fuller if fuller is not entity else None
        return lines

    def _reader(self, text: str) -> Reader:
        whole = with_marks_in_place(text)
        return Reader(tokenize(whole), find_quotes(whole), self.lexicon)

    def _speak(self, lines: list[Line], at: int, previous: Line | None, memory: Memory, resolver: Resolver) -> None:
        line = lines[at]
        memory.at = at
        if not line.frame.title_case:
            memory.observe(line.plain)
        owner = line.turn.entity if line.turn is not None else interviewee(memory) if line.answers else None
        hit = None if owner is not None else self._outermost(line)
        if line.author:
            line.entity = memory.entity(memory.full_name(line.author), "person")
            line.quotation, line.content = posted(line)
        elif owner is not None:
            line.entity, line.runs_on = owner, True
            line.quotation, line.content = DIRECT, ((answer_start(line), line.sentence.end),)
        elif hit is not None:
            line.hit = hit
            line.entity = self._own_subject(line, hit, previous, resolver) or resolver.resolve(line.frame, hit.source)
            line.quotation, line.content = quotation_of(
                line.frame, hit, previous is not None and previous.wholly_quoted
            )
        elif self._settled(line, resolver):
            pass
        elif (
            line.wholly_quoted
            or line.chain is not None
            or (line.frame.quotes and previous is not None and previous.entity is not None)
        ):
            self._continue(lines, at, memory, resolver)
        elif previous is not None and (self._runs_on(line, previous) or self._lost_marks(line, previous)):
            line.entity, line.runs_on = previous.entity, not line.unmarked or previous.runs_on
            line.quotation, line.content = DIRECT, ((line.sentence.start, line.sentence.end),)
        if line.entity is not None:
            line.name = line.entity.name
            memory.spoken.append(line.entity)
            line.entity.last = at
            memory.subject = memory.person = None
            if hit is not None and hit.rank == TAIL and not line.frame.quotes and memory.is_body(line.entity):
                told = self._subject(
                    line.frame, resolver
                )  # "The minister, his office said, would return": "he" is the minister
                memory.subject = told if told is not None and told.kind == "person" else None
        elif not line.apart:
            memory.subject, memory.person = self._subject(line.frame, resolver), memory.only_person()
            if memory.subject is not None:
                memory.topics.append((at, memory.subject))

    def _settled(self, line: Line, resolver: Resolver) -> bool:
        """Tell whether a quotation needs no speaker from elsewhere: a shouted heading has none, a colon names its own."""
        if line.wholly_quoted:
            return line.sentence.text.isupper()
        return line.chain is None and self._colon(line, resolver)

    @staticmethod
    def _runs_on(line: Line, previous: Line) -> bool:
        """Tell whether speech without marks goes on: a transcript's next sentence, or first person behind verbatim speech."""
        if previous.entity is None or previous.quotation != DIRECT or previous.frame.quotes or line.breaks:
            return False
        if (line.frame.words[1:2] == [":"] and line.frame.words[0].isupper()) or is_stage(line):
            return False
        transcript = previous.runs_on or (previous.hit is not None and previous.hit.rule in ("label", "turn"))
        return transcript or (previous.hit is not None and speaks_first_person(line.frame))

    @staticmethod
    def _lost_marks(line: Line, previous: Line) -> bool:
        """Tell whether first person behind somebody's words is his: in a text that has lost all its quotation marks."""
        if not line.unmarked or previous.entity is None or line.breaks or is_stage(line):
            return False
        return previous.sentence.part == "body" and speaks_first_person(line.frame)

    def _own_subject(self, line: Line, hit: Hit, previous: Line | None, resolver: Resolver) -> Entity | None:
        """ "The coalition weighs every strike, it said": a pronoun behind its content means the subject of that content."""
        source = hit.source
        if source.kind != "pronoun" or source.head not in ("it", "he", "she"):
            return None
        if hit.rule == "aside":
            return self._subject(line.frame, resolver)
        spoken = hit.rank in (TAIL, MAIN) or hit.rule == "subject"
        begun = spoken and source.head != "it" and self._own_clause(line.frame, source.mention[0])
        if not begun and (hit.rank != TAIL or line.frame.quotes):
            return None
        phrase = clause_subject(line.frame)
        if phrase is None or phrase[1] + 2 == source.mention[0] or line.frame.tags[phrase[0]] & POSS:
            return None  # "Turkey, it said, had fired" and "Its police would stay, it said" mean somebody else
        subject = self._subject(line.frame, resolver)
        if (
            source.mention[0]
            and line.frame.lows[source.mention[0] - 1] == "where"
            and (subject is None or subject.kind == "body")
        ):
            subject = resolver.memory.only_person()  # "The council met Jan Keller in Oslo, where he said"
        if subject is None or subject.plural:
            return None
        body = resolver.memory.is_body(subject) or subject.kind == "body"
        if begun and not body and subject.kind in ("person", "name") and subject.gender in ("", source.head):
            return subject
        if hit.rank != TAIL or line.frame.quotes:
            return None
        if source.head == "it":
            return subject if body else None
        other = None if previous is None else previous.entity
        alone = other is None or (
            subject.since == resolver.memory.at and not resolver.pronouns.fits(other, source.head)
        )
        return subject if alone and not body and subject.kind in ("person", "name") else None

    @staticmethod
    def _own_clause(frame: Frame, at: int) -> bool:
        """Tell whether a pronoun opens a further clause of its sentence, or follows a colon ("Keller carried a list, and
        he said …", "Keller gave a reason: the road, he said, …")."""
        before = frame.words[at - 1] if at else ""
        joined = frame.lows[at - 1] in ("and", "but", "although", "though") if at else False
        if at > 1 and frame.lows[at - 1] == "where" and frame.words[at - 2] == ",":
            return True  # "Keller flew to Oslo, where he said …"
        return before in (";", "—") or (joined and at > 1 and frame.words[at - 2] == ",") or ":" in frame.words[:at]

    def _outermost(self, line: Line) -> Hit | None:
        """Return the outermost source that is no news organisation, else the outermost."""
        if not line.hits:
            return None
        for hit in line.hits:
            if not self.is_news(line.frame, hit.source):
                return hit
        return line.hits[0]

    def is_news(self, frame: Frame, source: Source) -> bool:
        """Tell whether a source is a news organisation."""
        if self.lexicon.is_news(frame.lows, source.mention, source.kind == "body"):
            return True
        first, last = source.mention
        return source.kind in ("name", "person", "body") and (
            (first > 0 and self._is_paper(frame, first - 1))
            or (last + 1 < len(frame) and self._is_paper(frame, last + 1))
        )

    def _is_paper(self, frame: Frame, at: int) -> bool:
        """ "the newspaper Al-Ufuq", "the Ufuq daily": a word beside a name that makes it a news organisation's."""
        low = frame.lows[at]
        return low in self.lexicon.papers or (low == "agency" and at > 0 and frame.lows[at - 1] == "news")

    def _continue(self, lines: list[Line], at: int, memory: Memory, resolver: Resolver) -> None:
        """A sentence inside a quotation: its speaker is the quotation's."""
        line = lines[at]
        before = lines[at - 1] if at else None
        entity = None if line.wholly_quoted or line.chain is not None else self._teller(line, memory, resolver)
        if line.chain is not None and before is not None and before.entity is not None:
            entity = before.entity
        if entity is None:
            entity = self._ahead(lines, at, memory, resolver)
        if entity is None and before is not None:
            entity = before.entity or self._introduced(line, before, memory)
        if entity is None and memory.spoken:
            entity = memory.spoken[-1]
        if entity is None:
            entity = Entity("source", "pronoun")
        line.entity = entity
        line.quotation, line.content = quotation_of(line.frame, None, False)

    def _teller(self, line: Line, memory: Memory, resolver: Resolver) -> Entity | None:
        """ "Jan Keller, a baker, wept when he spoke of “our boys, so quiet”": a person with a sentence of his own."""
        phrase = clause_subject(line.frame)
        source = read_source(line.frame, trim(line.frame, phrase)) if phrase else None
        if source is None or source.kind not in ("person", "name") or source.mention[0] == source.mention[1]:
            return None
        entity = resolver.resolve(line.frame, source)
        if not memory.may_be_person(entity):
            return None
        line.hit = Hit(source, source.mention, MAIN, "teller", "", source.phrase)
        return entity

    def _introduced(self, line: Line, before: Line, memory: Memory) -> Entity | None:
        """The person whom the sentence before has for its subject, or introduces: a quotation that opens behind it is his."""
        if line.chain is not None or before.sentence.part != line.sentence.part:
            return None
        for one in (memory.subject, memory.person):
            if one is not None and not one.plural and (one.kind == "office" or memory.may_be_person(one)):
                return one
        return None

    def _ahead(self, lines: list[Line], at: int, memory: Memory, resolver: Resolver) -> Entity | None:
        """A quotation that names its speaker only where it ends."""
        end = at + 1
        while end < min(len(lines), at + _MAX_AHEAD) and lines[end].chain is not None and lines[end].wholly_quoted:
            end += 1
        after = lines[end] if end < len(lines) else None
        if after is not None and lines[at].wholly_quoted and not after.frame.quotes and after.hits:
            hit = self._outermost(after)
            assert hit is not None
            if hit.rank != LATE and not quotation_of(after.frame, hit, True)[1]:
                memory.observe(after.plain)
                return resolver.resolve(after.frame, hit.source)
        chain = lines[at].opens
        if chain is None:
            return None
        for line in lines[at + 1 : at + _MAX_AHEAD]:
            if not any(quote.chain == chain for quote in line.frame.quotes.values()):
                return None
            if line.hits:
                memory.observe(line.plain)
                hit = self._outermost(line)
                assert hit is not None
                return resolver.resolve(line.frame, hit.source)
        return None

    def _colon(self, line: Line, resolver: Resolver) -> bool:
        """ "The minister was blunter: “…”": the subject of what stands before the colon speaks; True where one is found."""
        frame = line.frame
        for at in frame.quotes:
            if at and frame.words[at - 1] == ":":
                phrase = clause_subject(frame)
                source = read_source(frame, trim(frame, phrase)) if phrase else None
                if source is not None and source.kind not in ("thing", "document"):
                    source = named_beside(frame, source)
                    line.hit = Hit(source, source.mention, LATE, "colon", "", (0, at - 1))
                    line.entity = resolver.resolve(frame, source)
                    line.quotation, line.content = quotation_of(frame, line.hit, False)
                    return True
        return False

    def _subject(self, frame: Frame, resolver: Resolver) -> Entity | None:
        phrase = clause_subject(frame)
        source = read_source(frame, trim(frame, phrase)) if phrase else None
        if source is None or source.kind not in ("person", "name", "body", "office"):
            return None
        if source.kind == "name" and source.mention == (0, 0) and not resolver.knows(frame.words[0]):
            return None  # "Ice followed": a capital at a sentence's beginning makes no name
        return resolver.resolve(frame, named_beside(frame, source))

    @staticmethod
    def _nearest(frame: Frame, hit: Hit) -> tuple[int, int]:
        """Return the mention nearest to the verb: "One resident, who gave her name as V., said" is V."""
        source = hit.source
        if source.kind in ("office", "people") and not source.plural and hit.cue[0] > source.phrase[1] + 1:
            own = self_named(frame, source.phrase[1])
            if own is not None and own[1] < hit.cue[0]:
                return own
        return source.mention

    def _result(self, line: Line, group: str | None) -> Attribution:
        entity, hit, frame = line.entity, line.hit, line.frame
        assert entity is not None
        mention: str | None = None
        span: Span | None = None
        cue: Span | None = None
        text, start = line.sentence.text, line.sentence.start
        if hit is not None:
            first, last = self._nearest(frame, hit)
            span = (frame.starts[first], frame.ends[last])
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


def _title(article: Article, lines: Sequence[Line]) -> str:
    return article.title or (lines[0].sentence.text if lines else "")
