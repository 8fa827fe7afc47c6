"""One sentence as the engine works on it: its frame, the sources it names, the quotations it stands in."""

import re
from dataclasses import dataclass

from stancewire.data.actors import Actors
from stancewire.data.article import Sentence
from stancewire.features.attribution.cues import CueFinder
from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.frame import Frame, Reader
from stancewire.features.attribution.headlines import heading_hit
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import QUOTE
from stancewire.features.attribution.types import Span

_LABEL = re.compile(
    r"(?:READ MORE|READ ALSO|Read more|Read also|WATCH|RELATED|SEE ALSO|MORE|UPDATE|BREAKING|LIVE|EXCLUSIVE"
    r"|Exclusive|Breaking|Update|PHOTOS?|VIDEOS?|WATCH LIVE)\s*:\s*"
)
# "18:34 –", "4:15 pm", "21:47 GMT:", "[09:50 UTC]"
_ZONE = r"(?:GMT|UTC|BST|E[SD]?T|CES?T|EES?T|MSK|[Ll]ocal time|Moscow time)"
_HALF = r" ?[ap]\.?m\b\.?"
_TIME = re.compile(
    rf"\[?\b(?:GMT |UTC )?\d{{1,2}}(?::|\.(?=\d\d(?:{_HALF}| {_ZONE}| ?[-–—:\]]| +[\"“‘']?[A-Z])))\d\d"  # not "3.75 million"
    rf"(?:{_HALF})?(?: {_ZONE})?\]?(?: ?[-–—:]+)? +"
)
# "MOSCOW, Feb. 3 (Reuters) -", "(7/10)", "2."
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.’'/ ,-]{2,40}"
    r"(?:,? [A-Z][a-z]+\.?(?: [A-Z][a-z]+\.?)?(?: \d{1,2})?){0,3}(?: ?\([^)]{1,30}\))? ?[-–—]{1,2} |[•▪●◦‣·] "
    r"|\(\d{1,2}/\d{1,2}\) |\d{1,2}[.)] )\s*"
)


@dataclass(slots=True)
class Line:
    """``frame`` folds quotations, ``plain`` does not. ``chain`` is the quotation that the sentence begins in,
    ``opens`` the one that it
    ends in. ``breaks`` tells that a paragraph ends before it, ``runs_on`` that it is speech without marks of its own,
    ``turn`` is the line that opens the turn of a transcript which goes on here, ``answers`` tells that the person
    interviewed speaks, ``unmarked`` that the body has no quotation marks at all."""

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


def read_line(reader: Reader, sentence: Sentence, heads: bool, finder: CueFinder, actors: Actors) -> Line:
    """Read one sentence; ``heads`` tells that it is a title. Labels, datelines and times before it are passed over."""
    skipped, labelled, timed = _skip(sentence.text, sentence.part == "title")
    frame = reader.frame(sentence.start + skipped, sentence.end)
    entry = timed and sentence.text[-1:].isalpha()  # "11:04 GMT: No ground operation – Kremlin"
    title = heads or labelled or entry
    frame.heading = title
    frame.title_case = title and _is_title_case(frame)
    hit = heading_hit(frame, title, finder.lexicon)
    asks = title and frame.words[-1:] == ["?"]  # "Mali: Who are the instructors?"
    topic = hit is not None and actors.state_of(" ".join(frame.words[: hit.cue[0]])) is not None
    if hit is not None and topic:
        rest = reader.frame(frame.ends[hit.cue[0]], sentence.end)
        if asks or not title or finder.find(rest, title):
            frame, hit = rest, None  # "Mali: Who are the instructors?", "Libya: US accuses Russia"
    hits = [hit] if hit is not None else finder.find(frame, title)
    hits = [hit for hit in hits if not _is_bare_demonym(frame, hit, actors)]
    chain = next((quote.chain for quote in frame.quotes.values() if quote.start < sentence.start), None)
    opens = next((quote.chain for quote in reversed(frame.quotes.values()) if quote.end >= sentence.end - 1), None)
    plain = reader.frame(frame.start, frame.end, ignore_quotes=True) if frame.quotes else frame
    return Line(sentence, frame, plain, hits, chain, opens, _is_wholly_quoted(frame))


def _skip(text: str, heads: bool) -> tuple[int, bool, bool]:
    """Return how much of a sentence stands before its first word, and whether a label ("READ MORE:") or a time is part of
    that."""
    time = _TIME.match(text)
    start = time.end() if time else 0
    label = _LABEL.match(text, start)
    if label:
        return label.end(), True, time is not None
    lead = None if heads or time else _DATELINE.match(text)
    return lead.end() if lead else start, False, time is not None


def _is_bare_demonym(frame: Frame, hit: Hit, actors: Actors) -> bool:
    """Tell whether a source is an adjective of nationality alone ("count Russian posts", not "Russians say")."""
    first, last = hit.source.mention
    if (
        first != last
        or frame.lows[last].endswith(("s", "."))
        or frame.words[last].isupper()
        or hit.source.kind != "name"
    ):
        return False
    word = frame.words[last]
    nation = actors.nation_of(word)
    return nation is not None and word in actors.states[nation].demonyms


def _is_wholly_quoted(frame: Frame) -> bool:
    if not frame.quotes:
        return False
    return all(tag & QUOTE or not word[0].isalnum() for tag, word in zip(frame.tags, frame.words, strict=True))


def _is_title_case(frame: Frame) -> bool:
    words = [word for word in frame.words if word[0].isalpha() and len(word) > 3]
    return sum(word[0].isupper() for word in words) * 10 > 7 * len(words)
