"""Nested sources: which of those that a sentence names counts as its speaker."""

from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import Lexicon
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.sources import OUTLETS, Source


def outermost(line: Line, lexicon: Lexicon) -> Hit | None:
    """Return the outermost source that is no news organisation, else the outermost."""
    if not line.hits:
        return None
    for hit in line.hits:
        if not is_news(line.frame, hit.source, lexicon):
            return hit
    return line.hits[0]


def behind_news(line: Line, hit: Hit, entity: Entity, lexicon: Lexicon) -> Hit | None:
    """ "…, it said, citing residents": whom the news organisation that a pronoun means cites, or None."""
    name = entity.name.lower().split()
    paper = any(not lexicon.papers.isdisjoint(text.lower().split()) for text in entity.description)
    news = paper or lexicon.is_news(name, (0, len(name) - 1), entity.kind == "body")
    if hit.source.kind != "pronoun" or hit.source.head != "it" or not news:
        return None
    return next((one for one in line.hits if one.rule == "quoting" and one.cue[0] > hit.cue[1]), None)


def is_news(frame: Frame, source: Source, lexicon: Lexicon) -> bool:
    """Tell whether a source is a news organisation."""
    if lexicon.is_news(frame.lows, source.mention, source.kind == "body"):
        return True
    first, last = source.mention
    if frame.lows[last] in OUTLETS and frame.lows[last - 1 : last] in (["information"], ["news"]):
        return True
    return source.kind in ("name", "person", "body") and (
        (first > 0 and _is_paper(frame, first - 1, lexicon))
        or (last + 1 < len(frame) and _is_paper(frame, last + 1, lexicon))
    )


def _is_paper(frame: Frame, at: int, lexicon: Lexicon) -> bool:
    """ "the newspaper Al-Ufuq", "the Ufuq daily": a word beside a name that makes it a news organisation's."""
    low = frame.lows[at]
    return low in lexicon.papers or (low == "agency" and at > 0 and frame.lows[at - 1] == "news")
