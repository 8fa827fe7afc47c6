"""One sentence as the engine works on it: its frame, the sources it names, the quotations it stands in."""

from dataclasses import dataclass

from stancewire.data.actors import Actors
from stancewire.data.article import Sentence
from stancewire.features.attribution.cues import CueFinder
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.frame import Frame, Reader
from stancewire.features.attribution.furniture import cut_furniture, is_feed_link
from stancewire.features.attribution.headlines import attitude_hit, entry_hit, heading_hit, is_live_page
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import PAST, QUOTE, SAY, Lexicon
from stancewire.features.attribution.quotation import speaks_first_person
from stancewire.features.attribution.ranks import TAIL
from stancewire.features.attribution.types import Span

_SHOWN = frozenset(("speak", "talk"))
_MAX_HEADING, _MIN_HEADING = 14, 3  # words
_SMALL, _MIN_TITLED = 4, 4  # letters of a word that a heading may leave small, words of one in capitals


@dataclass(slots=True)
class Line:
    """``frame`` folds quotations, ``plain`` does not. ``chain`` is the quotation that the sentence begins in,
    ``opens`` the one that it
    ends in. ``breaks`` tells that a paragraph ends before it, ``runs_on`` that it is speech without marks of its own,
    ``turn`` is the line that opens the turn of a transcript which goes on here, ``answers`` tells that the person
    interviewed speaks, ``unmarked`` that the body has no quotation marks at all,
    ``apart`` that it is a caption or byline: nothing behind it goes on from it,
    ``author`` who signs the post that it belongs to."""

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
    turn: "Line | None" = None
    answers: bool = False
    unmarked: bool = False
    apart: bool = False
    author: str = ""


def read_line(reader: Reader, sentence: Sentence, heads: bool, finder: CueFinder, actors: Actors) -> Line:
    """Read one sentence; ``heads`` tells that it is a title. Labels, datelines and times before it are passed over."""
    cut = cut_furniture(sentence.text, sentence.part == "title")
    frame = reader.frame(sentence.start + cut.start, sentence.start + cut.end)
    # "14:05: “…”: Jan Keller on television."
    colon = cut.timed and frame.words[1:2] == [":"] and 0 in frame.quotes
    title = heads or cut.labelled or cut.entry or colon
    frame.heading = title
    frame.title_case = title and _is_title_case(frame)
    hit = heading_hit(frame, title, finder.lexicon)
    asks = title and frame.words[-1:] == ["?"]  # "Mali: Who are the instructors?"
    topic = hit is not None and _is_topic(frame, hit.cue[0], actors)
    if hit is not None and topic:
        rest = reader.frame(frame.ends[hit.cue[0]], frame.end)
        if asks or not title or is_live_page(frame) or finder.find(rest, title):
            frame, hit = rest, None  # "Mali: Who are the instructors?", "Libya: US accuses Russia"
    if hit is not None and sentence.start == 0 and _may_be_place(hit, frame, actors, finder.lexicon):
        rest = reader.frame(frame.ends[hit.cue[0]], frame.end)
        if any(found.rank == TAIL for found in finder.find(rest, title)):
            frame, hit = rest, None  # "QAMISHLI: Russia is leaving, officials said"
    if hit is not None and _is_site(hit, frame, finder.lexicon):
        rest = reader.frame(frame.start, frame.ends[hit.cue[0] - 1])
        rest.heading, rest.title_case = frame.heading, frame.title_case
        if heading_hit(rest, title, finder.lexicon) or finder.find(rest, title):
            frame, hit = rest, heading_hit(rest, title, finder.lexicon)
    hit = hit or (None if title or cut.apart else entry_hit(frame))
    plain = reader.frame(frame.start, frame.end, ignore_quotes=True) if frame.quotes or frame.scare else frame
    hits = [hit] if hit is not None else finder.find(frame, title)
    if title and not hits and plain is not frame and (hit := attitude_hit(frame, plain)) is not None:
        hits = [hit]
    # "Mayor Jan Keller speaks in Kalmo. (AP Photo/…)"
    shown = _SHOWN if cut.apart and not (frame.quotes or frame.scare) else frozenset()
    hits = (
        []
        if is_feed_link(sentence.text)
        else [hit for hit in hits if hit.lemma not in shown and not _is_bare_demonym(frame, hit, actors)]
    )
    chain = next((quote.chain for quote in frame.quotes.values() if quote.start < sentence.start), None)
    opens = next((quote.chain for quote in reversed(frame.quotes.values()) if quote.end >= sentence.end - 1), None)
    return Line(sentence, frame, plain, hits, chain, opens, _is_wholly_quoted(frame), apart=cut.apart)


def is_crossheading(text: str, sentence: Sentence) -> bool:
    """Tell whether a sentence of ``text`` is a heading between paragraphs, or the title of another article that a page
    links to: a short paragraph without a full stop."""
    words = sentence.text.split()
    if not _MIN_HEADING <= len(words) <= _MAX_HEADING or not (words[0][0].isalnum() and words[-1][-1].isalnum()):
        return False
    longer = [word for word in words if len(word) > _SMALL and word[0].isalpha()]
    titled = len(longer) >= _MIN_TITLED and all(word[0].isupper() for word in longer)
    alone = text[max(sentence.start - 1, 0) : sentence.start] == "\n" and text[sentence.end : sentence.end + 1] in (
        "",
        "\n",
        " ",  # the heading of a linked article, its first words in the same paragraph
    )
    return titled or alone


def _is_site(hit: Hit, frame: Frame, lexicon: Lexicon) -> bool:
    """Tell whether a heading's source behind a dash is the page's own outlet ("Envoy slams raid – The Kalmo Times")."""
    return hit.rule == "dash" and lexicon.is_news(frame.lows, hit.source.mention, hit.source.kind == "body")


def _may_be_place(hit: Hit, frame: Frame, actors: Actors, lexicon: Lexicon) -> bool:
    """ "QAMISHLI: …": tell whether what an article begins with may be a dateline rather than a transcript's speaker."""
    alone = hit.rule == "label" and hit.cue[0] == 1 and frame.words[0].isupper() and not frame.heading
    if not alone or lexicon.is_news(frame.lows, (0, 0), body=False):
        return False
    return actors.find_last(frame.words[0].title()) is None and not speaks_first_person(frame)


def _is_topic(frame: Frame, colon: int, actors: Actors) -> bool:
    """Tell whether a heading's label names what it is about: a state, or a thing by its number ("MH17: …")."""
    numbered = colon == 1 and any(letter.isdigit() for letter in frame.words[0])
    return numbered or actors.state_of(" ".join(frame.words[:colon])) is not None


def _is_bare_demonym(frame: Frame, hit: Hit, actors: Actors) -> bool:
    """Tell whether a source is an adjective of nationality alone ("count Russian posts", not "Russians say")."""
    first, last = hit.source.mention
    if (
        first != last
        or frame.lows[last].endswith(("s", "."))
        or frame.words[last].isupper()
        or _is_somebody(frame, hit)
        or hit.source.kind not in ("name", "person")
    ):
        return False
    word = frame.words[last]
    nation = actors.nation_of(word)
    return nation is not None and word in actors.states[nation].demonyms


def _is_somebody(frame: Frame, hit: Hit) -> bool:
    """ "The Norwegian said": an article before a nationality, and a verb that is no noun, tell of a person."""
    said = frame.tags[hit.cue[0]]
    past = said & PAST and (said & SAY or hit.lemma == "call")
    return bool(past) and frame.lows[hit.source.phrase[0]] in ("the", "a", "an", "another")


def _is_wholly_quoted(frame: Frame) -> bool:
    if not frame.quotes:
        return False
    return all(tag & QUOTE or not word[0].isalnum() for tag, word in zip(frame.tags, frame.words, strict=True))


def _is_title_case(frame: Frame) -> bool:
    words = [word for word in frame.words if word[0].isalpha() and len(word) > 3]
    if frame.words[-1:] == ["."]:
        return False  # a sentence of many names
    return sum(word[0].isupper() for word in words) * 10 > 7 * len(words)
