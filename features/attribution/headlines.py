"""Attribution without a verb: "Clinton: No troops", "KENYON: …", "Strike kills nine – monitor", "— Name"."""

from dataclasses import replace

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import Hit, named_beside
from stancewire.features.attribution.lexicon import (
    AUX,
    BADHEAD,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    HUMAN,
    MARK,
    NEWS,
    NUM,
    OFFICE,
    PLAIN,
    POSS,
    PREP,
    QUOTE,
    REL,
    SAY,
    TIME,
    VERB,
    Lexicon,
)
from stancewire.features.attribution.phrases import phrase_right
from stancewire.features.attribution.ranks import MAIN, TAIL
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.tokens import words

_LABELS = words(
    "new report updates read watch update updated exclusive breaking video photos pictures analysis opinion live correction "
    "factbox timeline explainer q a note source target more related see also listen editor's photo "
    "explained qanda fact-check factcheck file key comment background context insight column "
    "interview profile headlines developing pictured external link links poll quiz podcast gallery map graphic obituary "
    "stay sign join subscribe follow get download listen donate share register "
    "wanted review summary roundup round-up recap wrap wrap-up digest preview factsheet essay feature tags topics keywords"
)
_SECTIONS = words(
    "world europe asia africa news politics business opinion sport culture analysis magazine region international "
    "markets sports weather video photos"
)
_PAGES = words(
    "updates update live latest view viewpoint opinion verdict editorial breaking war blog liveblog briefing recap roundup "
    "round-up wrap wrap-up wrapup summary digest factbox timeline explainer diary notebook bulletin"
)
_HAPPENED = words("as it happened news by minute")
_QUOTES = words("quote quotes quotation words")
_OPEN_QUOTES = words("direct exact full more another")
_QUARTERS = words("eastern western northern southern east west north south central upper lower")
_ABOUT = words("on about over after")
# What of somebody's own mind stands in quotation marks behind him ("Oslo 'ready to talk'"), and how he denies.
_ATTITUDES = words(
    "ready prepared willing open determined committed confident concerned worried alarmed shocked appalled saddened outraged "
    "horrified dismayed disappointed angry furious proud sorry happy glad pleased optimistic hopeful convinced "
    "sceptical skeptical keen unaware disgusted frustrated grateful watching considering waiting hoping"
)
_DEEPLY = words("deeply very extremely gravely seriously increasingly closely absolutely fully still more quite truly")
_DENYING = words(
    "was were is are did does do will would has have had wasn't weren't isn't aren't didn't doesn't don't won't"
)
# Not capitalised in a heading whose other words are.
_SMALL_WORDS = PREP | DET | CONJ | CLITIC
_MAX_LABEL = 12
_PAIR, _OWNED = 2, 3
_MIN_TOLD = 3
_MAX_ENTRY = 20
_MAX_BEHIND, _MIN_BEFORE = 8, 2
_REPORTS = words("report reports study survey")
_KINDS_OF_REPORT = words(
    "special live full video photo daily weekly annual progress situation field status news weather case"
)
_DASHES = frozenset("–—-")
_ROW = 3
_UNHEARD = frozenset(("thing", "document"))
_ADJOINING = words(", to in over near after on by from since during amid")
_ASKING = words("how what why where when who inside beyond behind the a an")
_MIN_SENTENCE = 5  # items


def heading_hit(frame: Frame, title: bool, lexicon: Lexicon) -> Hit | None:
    """Return the source that a heading or transcript line names before a colon or behind a dash, or None."""
    size = len(frame)
    colon = next((at for at in range(min(size, _MAX_LABEL + 1)) if frame.words[at] == ":"), None)
    if title and colon == 1 and frame.tags[0] & QUOTE:
        hit = _behind_dash(frame) or _behind_quote(frame)
        if hit is not None:
            return hit
    if colon is not None and frame.lows[min(colon, 1) - 1] in _QUOTES | _OPEN_QUOTES:
        hit = _quote_from(frame, colon)
        if hit is not None:
            return hit
    if colon is not None and "vs" in frame.lows[:colon]:
        return None  # "Keller vs Voss: the race for mayor"
    if colon is not None and 0 < colon < size - 1:
        hit = _behind_colon(frame) if title and _tells(frame, colon) else None
        hit = hit or _before_colon(frame, colon, title, lexicon) or (_behind_colon(frame) if title else None)
        if hit is not None:
            return hit
    shouted = size > 2 and bool(frame.tags[0] & QUOTE) and frame.words[1] in ("–", "—", "-")
    long = title and (colon is None or colon >= _MAX_LABEL)  # a sentence, and whose it is behind its colon
    return (_behind_colon(frame) if long else None) or (_behind_dash(frame) if title or shouted else None)


def is_live_page(frame: Frame) -> bool:
    """Tell whether a title ends in a page's label: "Norway: Ferry hit - live updates", "… – as it happened"."""
    last = max((at for at in range(len(frame)) if frame.words[at] in ("–", "—", "-", "|")), default=len(frame))
    return last < len(frame) - 1 and all(low in _PAGES or low in _HAPPENED for low in frame.lows[last + 1 :])


def entry_hit(frame: Frame) -> Hit | None:
    """ "Road mined – ministry": the source of a line within the text that is a heading, as no mark closes it."""
    size = len(frame)
    if not _MIN_TOLD < size <= _MAX_ENTRY or frame.tags[size - 1] & (MARK | QUOTE):
        return None
    hit = _behind_dash(frame) or (_behind_colon(frame) if frame.tags[0] & CAP else None)
    if hit is not None and frame.words[hit.cue[0]] == ":" and frame.tags[hit.source.phrase[0]] & (DET | POSS):
        return None  # "Write to us below: the editors"
    if hit is None or hit.cue[0] < _MIN_TOLD or not any(frame.words[at].islower() for at in range(1, hit.cue[0])):
        return None
    letters = hit.source.kind == "name" and frame.words[hit.source.mention[1]].isupper()
    speaks = hit.source.kind in ("body", "office", "people") and not any(
        frame.tags[at] & NEWS for at in range(hit.source.mention[0], size)
    )
    return hit if letters or speaks else None


def is_time_label(frame: Frame) -> bool:
    """ "The day the bridge fell: ‘…’": tell whether a heading opens with a time that a clause describes."""
    return frame.heading and frame.lows[0] == "the" and bool(frame.tags[min(1, len(frame) - 1)] & TIME)


def before_topic(frame: Frame, phrase: tuple[int, int] | None) -> tuple[int, int] | None:
    """ "Kremlin on Raid: ‘…’": the phrase without what the words behind a heading's colon are about."""
    if phrase is None or not frame.title_case:
        return phrase
    at = next((i for i in range(phrase[0] + 1, phrase[1] + 1) if frame.lows[i] in _ABOUT), phrase[1] + 1)
    return phrase[0], at - 1


def attitude_hit(frame: Frame, plain: Frame) -> Hit | None:
    """ "Aid chiefs 'out of words' over raids": a heading's subject whose own attitude or denial is quoted behind it;
    ``plain`` is the frame with the quotation's words."""
    items = [*frame.quotes, *(scare.first for scare in frame.scare)]
    stop = min(items, default=0)
    begin = next((at + 1 for at in range(min(stop, _MAX_LABEL)) if frame.words[at] == ":"), 0)
    phrase = phrase_right(frame, begin) if stop > begin else None
    source = read_source(frame, (begin, stop - 1)) if phrase is not None and phrase[1] >= stop - 1 else None
    if source is None or source.kind not in ("person", "name", "body", "office", "people"):
        return None
    words = [plain.lows[at] for at in range(len(plain)) if plain.starts[at] >= frame.starts[stop]]
    words = [word for word in words[:4] if word[0].isalpha()]
    denies = len(words) > 1 and words[0] in _DENYING and (words[1] == "not" or words[0].endswith(("n't", "n’t")))
    own = [word in _ATTITUDES or word.endswith("ing") for word in words[1:2]]  # "not looking", "not ready"
    qualified = words[:1] and words[0] in _DEEPLY | {"not"} and any(own)
    spent = words[:2] == ["out", "of"] and words[2:3] in (["words"], ["patience"])  # not "out of fuel"
    if not words or not (denies or qualified or spent or words[0] in _ATTITUDES):
        return None
    return Hit(source, (stop - 1, stop - 1), MAIN, "attitude", "", (begin, stop - 1))


def _before_colon(frame: Frame, colon: int, title: bool, lexicon: Lexicon) -> Hit | None:
    labelled = frame.lows[0] in _LABELS or _ends_in_page(frame, colon) or _is_news_page(frame, colon)
    if labelled or frame.lows[0] in lexicon.hosts or any(frame.tags[at] & QUOTE for at in range(colon)):
        return None
    named = _before_bracket(frame, colon)
    stop = _name_end(frame, named, colon) if _may_be_label(frame, named, colon, title) else None
    phrase = phrase_right(frame, 0) if stop is not None else None
    if stop is None or phrase is None or phrase[1] < stop - 1:
        return None
    numbered = stop > 1 and frame.words[stop - 1].isdigit()  # "CHANNEL 4: “…”"
    source = read_source(frame, (phrase[0], stop - (2 if numbered else 1)))
    if source is not None and numbered:
        source = replace(source, phrase=(phrase[0], stop - 1), mention=(source.mention[0], stop - 1))
    if source is None or source.kind in ("thing", "document") or frame.tags[0] & (TIME | PREP):
        return None
    if title and frame.tags[source.mention[1]] & BADHEAD:
        return None  # "War in Mali: what we know"
    return Hit(source, (stop, colon) if stop < named else (colon, colon), MAIN, "label", "", (0, colon))


def _ends_in_page(frame: Frame, colon: int) -> bool:
    """ "NORWAY WRAP: …", "MALI UPDATE 2: …": tell whether what a page is stands before the colon."""
    last = colon - 2 if colon > 1 and frame.words[colon - 1].isdigit() else colon - 1
    return frame.lows[last] in _PAGES


def _quote_from(frame: Frame, colon: int) -> Hit | None:
    """ "Quote from Keller: “…”", "Direct quote from the Air Force on Telegram: “…”": whose words a page announces."""
    at = next((i for i in range(min(colon, _PAIR)) if frame.lows[i] in _QUOTES), None)
    if at is None or frame.lows[at + 1] not in ("from", "of", "by"):
        return None
    phrase = phrase_right(frame, at + 2)
    source = read_source(frame, trim(frame, phrase)) if phrase is not None and phrase[1] < colon else None
    clitic = next((i for i in range(at + 3, colon - 1) if frame.tags[i] & CLITIC), 0)
    if source is not None and source.kind == "document" and clitic:  # "Quote from the ministry's statement: …"
        source = read_source(frame, (at + 2, clitic - 1))
    if source is None or source.kind in ("thing", "document"):
        return None
    return Hit(named_beside(frame, source), source.mention, MAIN, "colon", "", (0, colon))


def _is_news_page(frame: Frame, colon: int) -> bool:
    """ "Norway-Denmark latest news: …", "Norway war news: …", "News live: …"; not "Sky News: …"."""
    if frame.lows[colon - 1] != "news":
        return colon == _PAIR and frame.lows[0] == "news"
    return frame.words[colon - 1].islower() or frame.lows[colon - 2] in _PAGES


def _may_be_label(frame: Frame, named: int, colon: int, title: bool) -> bool:
    """Tell whether the words before a colon can be the source of what follows it: a heading's or, in capitals, a turn's."""
    tags, words = frame.tags, frame.words
    if title and named < colon and words[named] == "," and phrase_right(frame, named + 1) != (named + 1, colon - 1):
        return False  # "Malian soldiers, Russian gunmen emptied villages: watchdog"
    small = [at for at in range(len(frame)) if words[at][0].islower()]
    people = colon == named and tags[colon - 1] & (HUMAN | OFFICE) and not tags[0] & (NUM | PREP | REL)
    if title:
        quarter = colon > 1 and frame.lows[0] in _QUARTERS  # "Eastern Kalmo: …" is a place
        office = people and tags[colon - 1] & OFFICE and not any(tags[at] & CLITIC for at in range(named))
        topic = colon + 1 < len(frame) and (tags[colon + 1] & (DET | REL))  # "The Soldiers: A Life In Tents"
        single = colon <= _PAIR and not any(tags[at] & (BODY | BADHEAD | PREP) for at in range(colon))
        states = named == colon and single and _states(frame, colon)
        # "Keller: Giving Oslo Our Maps Was Folly", "Norway's Army: Guests Are Instructors"
        if not small or (frame.title_case and all(tags[at] & _SMALL_WORDS for at in small)):
            owned = named == colon == _OWNED and tags[1] & CLITIC and tags[2] & BODY and _states(frame, colon)
            return bool(office or states or owned) and not topic
        asks = tags[colon + 1] & REL and any(tag & PREP for tag in tags[:colon])  # "Keller in Kalmo: what we know"
        return bool(people) or not (quarter or asks)
    rank = 1 if tags[0] & OFFICE and named > 1 else 0  # "Mr. JAN KELLER (Minister, Norway): …"
    shouted = all(words[at].isupper() or (at and words[at].isdigit()) or tags[at] & MARK for at in range(rank, named))
    told = len(frame) - colon > _MIN_TOLD and bool(small) and small[-1] > colon
    told = told or bool(tags[colon + 1] & QUOTE and words[named - 1].isdigit())  # "CHANNEL 4: “…”"
    return shouted and told and not (named < colon and _is_dateline(frame, named + 1, colon))


def _states(frame: Frame, colon: int) -> bool:
    """Tell whether a form of "be" or an auxiliary makes what stands behind the colon a sentence."""
    return any(frame.tags[at] & (BE | AUX) and not frame.tags[at] & CLITIC for at in range(colon + 1, len(frame)))


def _name_end(frame: Frame, named: int, colon: int) -> int | None:
    """Return where the name before a colon ends: at the verb of "Keller to Oslo: …", "Keller says: …"; None for a clause."""
    tags = frame.tags
    capital = bool(tags[colon - 1] & CAP)
    if frame.lows[0] == "the" and any(tags[at] & PLAIN for at in range(2, named)):
        return None  # "The Day the Bridge Fell: ‘…’"
    for at in range(1, named):
        verb = tags[at] & (VERB | AUX | BE) and not tags[at] & (OFFICE | BODY | HUMAN | CAP | CLITIC)
        if verb or frame.lows[at] == "to":
            says = any(tags[i] & SAY for i in range(at, colon))
            fits = (capital or tags[at] & SAY) and (says or (frame.lows[at] == "to" and capital))
            return at if fits else None
    return named


def _behind_colon(frame: Frame) -> Hit | None:
    """ "Road to reopen within days: Russian general": an office or body, and nothing else, behind the last colon."""
    size = len(frame)
    colon = next(
        (at for at in range(size - 2, max(size - _MAX_BEHIND, _MIN_BEFORE), -1) if frame.words[at] == ":"), None
    )
    phrase = phrase_right(frame, colon + 1) if colon is not None else None
    if colon is None or phrase is None:
        return None
    if frame.words[phrase[1] + 1 : phrase[1] + 2] == [","] and phrase[1] == phrase[0]:
        return _several(frame, colon, "label")
    if phrase[1] != size - 1 or frame.lows[size - 1] in _PAGES:
        return None
    acronym = phrase[0] == phrase[1] and frame.words[size - 1].isupper()
    named = acronym or frame.tags[size - 1] & (OFFICE | HUMAN | BODY) or _is_told_by(frame, colon)
    named = named or _is_report(frame, phrase)
    source = read_source(frame, phrase) if named else None
    if source is None or source.kind == "pronoun" or (source.kind in _UNHEARD and not _is_report(frame, phrase)):
        return None
    return Hit(source, (colon, colon), TAIL, "label", "", (colon, size - 1))


def _is_report(frame: Frame, phrase: tuple[int, int]) -> bool:
    """ "Strikes kill nine - reports", "…: UN report"; not "Nine winters - A special report"."""
    kinds = frame.tags[phrase[0]] & (DET | POSS) or not _KINDS_OF_REPORT.isdisjoint(frame.lows[phrase[0] : phrase[1]])
    return frame.lows[phrase[1]] in _REPORTS and not kinds and phrase[0] > _MIN_SENTENCE - 1


def _tells(frame: Frame, colon: int) -> bool:
    """ "Oslo warns Riga: envoy", "Oslo, Riga to share port: envoy", "Shells kill nine in Kalmo: envoy": a sentence, no label."""
    adjuncts = range(1, colon) if colon >= _MIN_SENTENCE else range(0)
    return any(frame.tags[at] & (VERB | AUX | BE) for at in range(colon)) or any(
        frame.lows[at] in _ADJOINING or frame.words[at].isdigit() for at in adjuncts
    )


def _is_told_by(frame: Frame, colon: int) -> bool:
    """ "Nine depots wrecked over weekend: Oslo": a name alone behind what may be a sentence, not behind a label or topic."""
    opens = frame.tags[0] & (REL | PREP) or frame.lows[0] in _LABELS | _ASKING or frame.lows[colon - 1] in _PAGES
    name = CAP | OFFICE | CLITIC  # "Danish foreign minister Ida Voss", "Norway's Keller"
    named = all(frame.tags[at] & name and not frame.tags[at] & (TIME | PREP) for at in range(colon + 1, len(frame)))
    named = named and bool(frame.tags[-1] & CAP)
    acts = colon > 2 and any(frame.tags[at] & (VERB | PLAIN) for at in range(1, colon))  # "Raid kills nine: Red Cross"
    return (colon >= _MIN_SENTENCE or acts) and named and not opens and ":" not in frame.words[:colon]


def _several(frame: Frame, colon: int, rule: str) -> Hit | None:
    """ "Strike hits market: residents, monitor"."""
    size = len(frame)
    speaks = all(frame.tags[at] & (HUMAN | OFFICE | BODY) for at in range(colon + 1, size, 2))
    if size - colon != 4 or not speaks:
        return None
    whole = (colon + 1, size - 1)
    source = Source("people", whole, whole, frame.lows[size - 1], plural=True)
    return Hit(source, (colon, colon), TAIL, rule, "", (colon, size - 1))


def _behind_quote(frame: Frame) -> Hit | None:
    """ "'We will not kneel': Protesters defy police": whom the words behind the quotation are about."""
    phrase = phrase_right(frame, 2)
    for at in range(2, phrase[1] if phrase is not None else 2):
        behind = frame.lows[at + 1] in _ABOUT or not frame.tags[at + 1] & (CAP | PREP | CLITIC | OFFICE | BODY | HUMAN)
        if frame.tags[at] & (HUMAN | OFFICE | BODY) and not frame.tags[at] & CAP and behind:
            phrase = (2, at)  # behind "protesters" stands their verb, known or not
            break
    source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    if source is None or source.kind in ("thing", "document", "pronoun"):
        return None
    if not frame.tags[source.mention[0]] & CAP and source.kind == "name":
        return None  # "'Dead city': life in Kalmo"
    return Hit(source, (1, 1), TAIL, "label", "", (1, phrase[1] if phrase else 2))


def _before_bracket(frame: Frame, colon: int) -> int:
    """Return the item behind the name of a transcript label: "BRANDVOLD (Fjord Institute):", "ZIMOGLYAD, deputy spokeswoman:"."""
    return next((at for at in range(1, colon) if frame.words[at] in "(,"), colon)


def _is_dateline(frame: Frame, start: int, colon: int) -> bool:
    """Tell whether bare names stand between a name and the colon ("KALMO, Norway:"): a town and its country."""
    office = OFFICE | HUMAN | BODY
    return frame.words[start - 1] == "," and all(
        frame.tags[at] & CAP and not (frame.tags[at] & office or frame.words[at].isupper())
        for at in range(start, colon)
    )


def _behind_dash(frame: Frame) -> Hit | None:
    """ "Strike kills nine – monitor"; not a row of links ("Subscribe – Email Ida – Email Jan")."""
    size = len(frame)
    if sum(word in _DASHES for word in frame.words) >= _ROW:
        return None
    for at in range(size - 2, max(size - _MAX_BEHIND, 0), -1):
        if frame.words[at] in _DASHES and frame.starts[at] > frame.ends[at - 1]:
            phrase = phrase_right(frame, at + 1)
            if phrase is not None and frame.words[phrase[1] + 1 : phrase[1] + 2] == [","] and phrase[1] == phrase[0]:
                return _several(frame, at, "dash")
            if phrase is None or phrase[1] != size - 1 or frame.lows[size - 1] in _SECTIONS | _PAGES | _LABELS:
                return None
            if frame.words[at + 1][0].isdigit():
                return None  # "Aired Feb. 3 - 14:00 ET"
            source = read_source(frame, trim(frame, phrase))
            if (
                source is None
                or (source.kind in _UNHEARD and not _is_report(frame, phrase))
                or source.kind == "pronoun"
            ):
                return None
            return Hit(source, (at, at), TAIL, "dash", "", (at, size - 1))
    return None
