"""Attribution of one article, sentence by sentence."""

from collections.abc import Sequence
from itertools import pairwise

from stancewire.data.actors import Actors
from stancewire.data.article import Article, Sentence
from stancewire.features.attribution.continuation import (
    go_on,
    is_quoted_heading,
    is_unmarked_speech,
    tells_in_own_words,
)
from stancewire.features.attribution.cues import CueFinder
from stancewire.features.attribution.frame import Frame, Reader
from stancewire.features.attribution.furniture import heads_entry
from stancewire.features.attribution.guess import Guesser
from stancewire.features.attribution.headlines import before_topic, is_time_label
from stancewire.features.attribution.interviews import interviewee, mark_answers
from stancewire.features.attribution.judgement import Hit, named_beside, self_named
from stancewire.features.attribution.layers import behind_news, outermost
from stancewire.features.attribution.lexicon import Lexicon
from stancewire.features.attribution.lines import Line, is_crossheading, read_line
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.own_subject import own_subject, subject_entity
from stancewire.features.attribution.quotation import DIRECT, quotation_of
from stancewire.features.attribution.quotes import find_quotes
from stancewire.features.attribution.ranks import LATE, TAIL
from stancewire.features.attribution.resolve import Resolver
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sides import Seen, Sides
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.subjects import clause_subject
from stancewire.features.attribution.tokens import tokenize
from stancewire.features.attribution.transcripts import answer_start, mark_turns
from stancewire.features.attribution.tweets import mark_jammed, mark_pull_quotes, mark_signatures, mark_tweets, posted
from stancewire.features.attribution.types import Attribution, Span
from stancewire.features.marks import with_marks_in_place


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
            entry = at > 0 and heads_entry(sentence.text, sentences[at - 1].text)
            heads = heads or entry or is_crossheading(article.part(sentence.part), sentence)
            reader = title if sentence.part == "title" else text
            lines.append(read_line(reader, sentence, heads, self.finder, self.actors))
        for before, line in pairwise(lines):
            same = before.sentence.part == line.sentence.part
            gap = article.part(line.sentence.part)[before.sentence.end : line.sentence.start]
            line.breaks = not same or "\n" in gap
        unmarked = not text.quotes
        for line in lines:
            line.unmarked = unmarked
        mark_turns(lines, self.lexicon)
        mark_answers(lines)
        mark_tweets(lines, self.lexicon)
        mark_pull_quotes(lines)
        mark_jammed(lines, self.lexicon)
        mark_signatures(lines)
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
        hit = None if owner is not None else outermost(line, self.lexicon)
        if line.author:
            line.entity = memory.entity(memory.full_name(line.author), "person")
            line.quotation, line.content = posted(line)
        elif owner is not None:
            line.entity, line.runs_on = owner, True
            line.quotation, line.content = DIRECT, ((answer_start(line), line.sentence.end),)
        elif hit is not None:
            line.entity = own_subject(line, hit, previous, resolver) or resolver.resolve(line.frame, hit.source)
            hit = self._beyond_news(line, hit, resolver)
            line.hit = hit
            line.quotation, line.content = quotation_of(
                line.frame, hit, previous is not None and previous.wholly_quoted
            )
        elif self._settled(line, resolver):
            pass
        elif (
            line.wholly_quoted
            or line.chain is not None
            or (line.frame.quotes and previous is not None and previous.entity is not None)
            or tells_in_own_words(line, resolver)
        ):
            go_on(lines, at, resolver)
        elif previous is not None and is_unmarked_speech(line, previous):
            line.entity = previous.entity
            line.runs_on = not line.unmarked or previous.runs_on or previous.frame.words[-1] == ":"
            line.quotation, line.content = DIRECT, ((line.sentence.start, line.sentence.end),)
        if line.entity is not None:
            line.name = line.entity.name
            memory.spoken.append(line.entity)
            line.entity.last = at
            memory.subject = memory.person = None
            if hit is not None and hit.rank == TAIL and not line.frame.quotes and memory.is_body(line.entity):
                # "The minister, his office said, would return": "he" is the minister
                told = subject_entity(line.frame, resolver)
                memory.subject = told if told is not None and told.kind == "person" else None
        elif not line.apart:
            memory.subject, memory.person = subject_entity(line.frame, resolver), memory.only_person()
            if memory.subject is not None:
                memory.topics.append((at, memory.subject))

    def _beyond_news(self, line: Line, hit: Hit, resolver: Resolver) -> Hit:
        """Return the hit that counts: that of whom a news organisation cites, where a pronoun means one ("it said, citing …")."""
        cited = None if line.entity is None else behind_news(line, hit, line.entity, self.lexicon)
        if cited is not None:
            line.entity = resolver.resolve(line.frame, cited.source)
        return cited or hit

    def _settled(self, line: Line, resolver: Resolver) -> bool:
        """Tell whether a quotation needs no speaker from elsewhere: a shouted heading has none, a colon names its own."""
        if line.wholly_quoted:
            return line.sentence.text.isupper() or is_quoted_heading(line)
        return line.chain is None and self._colon(line, resolver)

    def _colon(self, line: Line, resolver: Resolver) -> bool:
        """ "The minister was blunter: “…”": the subject of what stands before the colon speaks; True where one is found."""
        frame = line.frame
        for at in frame.quotes:
            if at and frame.words[at - 1] == ":":
                phrase = None if is_time_label(frame) else before_topic(frame, clause_subject(frame))
                source = read_source(frame, trim(frame, phrase)) if phrase else None
                if source is not None and source.kind not in ("thing", "document"):
                    source = named_beside(frame, source)
                    line.hit = Hit(source, source.mention, LATE, "colon", "", (0, at - 1))
                    line.entity = resolver.resolve(frame, source)
                    line.quotation, line.content = quotation_of(frame, line.hit, False)
                    return True
        return False

    @staticmethod
    def _nearest(frame: Frame, hit: Hit) -> tuple[int, int]:
        """Return the mention nearest to the verb: "One resident, who gave her name as V., said" is V."""
        source = hit.source
        behind = hit.cue[1] < source.phrase[0]  # "said a medic who goes by the name of V."
        if source.kind in ("office", "people") and not source.plural and (behind or hit.cue[0] > source.phrase[1] + 1):
            own = self_named(frame, source.phrase[1])
            if own is not None and (behind or own[1] < hit.cue[0]):
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
            entity.note_spelling(mention)
            cue = (frame.starts[hit.cue[0]], frame.ends[hit.cue[1]])
        return Attribution(
            line.sentence.index,
            entity.spelled if entity.spelled and line.name == entity.name else line.name,
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
