"""Nested sources: which of those that a sentence names counts as its speaker."""

from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.joint import SPEAKERS
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import ACT, BODY, CAP, CLITIC, SAY, Lexicon
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.ranks import LATE, TAIL
from stancewire.features.attribution.sources import OUTLETS, Source
from stancewire.features.attribution.tokens import words

_RECORDS = words(
    "transcript recording audio video letter notice statement readout message memo note release tweet post text account"
)
_VOICES = frozenset(("person", "name", "body", "office", "pronoun"))
_CLAUSES = frozenset(("subject", "tail", "inverted"))
_BESIDE = words("though although whereas while")
_REPORTERS = words("correspondent reporter bureau chief diplomatic military foreign defence defense political senior")
_LETTERHEAD = 6
_LETTERS = 2
_CARRIERS = words("agency site portal channel station service programme program network outlet")
_NEWSLIKE = words("news television tv radio telegram broadcast satellite youtube broadcasting")


def outermost(line: Line, lexicon: Lexicon) -> Hit | None:
    """Return the outermost source that is no news organisation, else the outermost."""
    if not line.hits:
        return None
    first = line.hits[0]
    own = _carried(line, first, lexicon)
    if own is not None:
        return own
    if len(line.hits) > 1 and _is_reporter(line.frame, first, lexicon):
        return line.hits[1]
    for hit in line.hits:
        if not is_news(line.frame, hit.source, lexicon) and (hit is first or not _stands_apart(line.frame, hit)):
            return hit
    return first


def _carried(line: Line, hit: Hit, lexicon: Lexicon) -> Hit | None:
    """ "Keller added, “…,” KPS reported", "Keller told the house …, according to a transcript": the sentence's own subject,
    whose words ``hit`` only carries: an outlet by its letters, a record without an author."""
    main = next((one for one in line.hits if one is not hit and _may_be_carried(one)), None)
    if hit.rank != TAIL or main is None or not line.frame.tags[main.cue[0]] & (SAY | ACT):
        return None
    if main.source.kind not in _VOICES or is_news(line.frame, main.source, lexicon):
        return None
    if any(one.rule == "quoting" for one in line.hits):
        return None  # "Oslo has asked …, PTI reported, quoting officers"
    first, last = hit.source.mention
    opening = line.frame.lows[0] == "as" and hit.cue[0] < main.source.phrase[0]
    if hit.lemma == "report" and opening and hit.source.kind in ("name", "person"):
        return main  # "As Ida Voss reports, Mali says it is free"
    if hit.lemma == "report" and hit.source.kind == "name":
        letters = line.frame.words[last]
        outlet = first == last and letters.isupper() and len(letters) > _LETTERS
        carries = outlet or (first == last and line.frame.lows[hit.cue[0]] == "reports")  # "…, Infotag reports"
        return main if carries and main.source.kind in ("person", "name") else None
    named = any(line.frame.tags[at] & (CAP | CLITIC) for at in range(*hit.source.phrase))
    report = hit.source.head == "report"
    pooled = report and "pool" in line.frame.lows[first:last]
    # "The senator denied it, the report said": the story from which this one was made
    pooled = pooled or (report and first == last and main.source.kind in ("person", "office", "pronoun"))
    record = hit.source.kind == "document" and (hit.source.head in _RECORDS or pooled)
    return main if record and not named else None


def _may_be_carried(hit: Hit) -> bool:
    return hit.rule == "passive" or (hit.rank != LATE and hit.rule in _CLAUSES)


def _is_reporter(frame: Frame, hit: Hit, lexicon: Lexicon) -> bool:
    """ "NRK correspondent Ida Voss reports from Oslo, officials say …": an outlet's reporter passes on what others say."""
    first = hit.source.mention[0]
    if hit.lemma != "report" or hit.source.kind != "person" or first < 2:
        return False
    begin = max(hit.source.phrase[0], first - _LETTERHEAD)
    owner = first - 1
    while owner > begin and (frame.lows[owner] in _REPORTERS or frame.tags[owner] & CLITIC):
        owner -= 1
    return owner < first - 1 and (lexicon.is_news(frame.lows, (begin, owner), True) or frame.lows[owner] == "our")


def _stands_apart(frame: Frame, hit: Hit) -> bool:
    """ "Newspapers report …, though the mayor denies it": a claim beside the main clause's, not within it."""
    before = hit.source.phrase[0] - 1
    return hit.rank == LATE and hit.rule == "subject" and frame.lows[before] in _BESIDE and before > 0


def behind_news(line: Line, hit: Hit, entity: Entity, lexicon: Lexicon) -> Hit | None:
    """ "…, it said, citing residents", "Aides say …, according to the report": who speaks where a pronoun or a paper means a
    news organisation, or None."""
    name = entity.name.lower().split()
    paper = any(not lexicon.papers.isdisjoint(text.lower().split()) for text in entity.description)
    news = paper or lexicon.is_news(name, (0, len(name) - 1), entity.kind == "body")
    if news and hit.source.kind == "document":
        return next((one for one in line.hits if one is not hit and one.source.kind in SPEAKERS), None)
    if hit.source.kind != "pronoun" or hit.source.head != "it" or not news:
        return None
    return next((one for one in line.hits if one.rule == "quoting" and one.cue[0] > hit.cue[1]), None)


def is_news(frame: Frame, source: Source, lexicon: Lexicon) -> bool:
    """Tell whether a source is a news organisation."""
    if lexicon.is_news(frame.lows, source.mention, source.kind == "body"):
        return True
    first, last = source.mention
    owned = any(frame.tags[at] & (BODY | CLITIC) for at in range(first, last))  # "the ministry's information centre"
    if frame.lows[last] in OUTLETS and frame.lows[last - 1 : last] in (["information"], ["news"]) and not owned:
        return True
    if first == last and frame.lows[last] == "paper" and frame.lows[first - 1] == "the":
        return True
    if frame.tags[last] & CAP and not lexicon.papers.isdisjoint(frame.lows[first:last]):
        return True  # "the public broadcaster DR"
    return source.kind in ("name", "person", "body") and (
        (first > 0 and _is_paper(frame, first - 1, lexicon))
        or (last + 1 < len(frame) and _is_paper(frame, last + 1, lexicon))
    )


def _is_paper(frame: Frame, at: int, lexicon: Lexicon) -> bool:
    """ "the newspaper Al-Ufuq", "the Ufuq daily": a word beside a name that makes it a news organisation's."""
    low = frame.lows[at]
    return low in lexicon.papers or (low in _CARRIERS and at > 0 and frame.lows[at - 1] in _NEWSLIKE)
