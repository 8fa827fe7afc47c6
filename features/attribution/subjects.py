"""Whose verb it is: the subject that stands left of a verb, near or across commas and clauses."""

from stancewire.features.attribution.adverbials import behind_time, opens_with_time
from stancewire.features.attribution.appositions import RELATIVES, across_commas, described_name
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV,
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    DOC,
    HUMAN,
    ING,
    MARK,
    NEWS,
    OFFICE,
    PARTICIPLE,
    PAST,
    PLAIN,
    POSS,
    PREP,
    PRON,
    QUOTE,
    REL,
    SUB,
    THIRD,
    TIME,
    VERB,
)  # fmt: skip
from stancewire.features.attribution.phrases import Phrase, phrase_left, phrase_right, skip_back
from stancewire.features.attribution.remarks import HEARD
from stancewire.features.attribution.segments import BREAKS, is_name_only, issued_by, segment_start, trim

_MAX_CLAUSE = 40
_ASIDE = frozenset(("who", "condition"))
_MAX_BARE = 7
_MAX_LEAD = 8
_MIN_QUOTING = 2
_MAX_OPENER = 4  # "In addition to that"


def subject_of(frame: Frame, verb: int) -> Phrase | None:
    """Return the subject of the finite verb at item ``verb``, or None where it is a relative clause's or cannot be told."""
    tags, lows = frame.tags, frame.lows
    before = skip_back(frame, verb - 1)
    before = _before_statement(frame, before)
    helper = _split_helper(frame, verb, before)
    if helper is not None:
        before = skip_back(frame, helper)
    if before < 0 or tags[before] & REL or lows[before] == "that":
        return None
    if lows[before] in HEARD and 0 < before < verb - 1 and tags[before - 1] & (HUMAN | OFFICE):
        before -= 1  # "residents reached by phone said"
    if (lows[before] == "since" and before and tags[before - 1] & AUX) or (lows[before] == "to" and before):
        before = skip_back(frame, before - 1)
        if before > 0 and tags[before] & VERB and tags[before] & PAST and tags[before - 1] & BE:
            before = skip_back(frame, before - 1)  # "was reported to have said"
        if before < 0:
            return None
    if lows[before] in (",", ")", "—", "–"):
        return _of_heading(frame, before) or across_commas(frame, before)
    if tags[before] & CONJ:
        phrase = clause_subject(frame)
        return None if phrase is None or phrase[1] >= before else phrase
    if tags[before] & QUOTE:
        return _before_quoting(frame, before)
    phrase = phrase_left(frame, before)
    return None if phrase is None else _issued(frame, phrase) or described_name(frame, phrase)


def _before_statement(frame: Frame, end: int) -> int:
    """ "Jan Keller, who …, in a statement on Tuesday said": the mark before where it was said, else ``end``."""
    for at in range(end - 1, max(end - _MAX_BARE, 0), -1):
        if frame.lows[at] in ("in", "at", "during"):
            said = frame.tags[end] & DOC or frame.lows[end] in ("conference", "briefing", "speech", "address")
            placed = frame.lows[at + 1] in ("a", "an", "its", "his", "her", "their") and frame.words[at - 1] in ",)"
            return at - 1 if said and placed else end
        if frame.tags[at] & (MARK | QUOTE | VERB):
            break
    return end


def _issued(frame: Frame, phrase: Phrase) -> Phrase | None:
    """ "A letter released on Monday by the council said": the document with whom it was issued by, where ``phrase`` is he."""
    by = phrase[0] - 1
    if by < 2 or frame.lows[by] != "by":
        return None
    issued = skip_back(frame, by - 1)
    if issued < 1 or issued_by(frame, issued, phrase[1]) != by:
        return None
    document = phrase_left(frame, issued - 1)
    return None if document is None or document[0] > 1 else (document[0], phrase[1])


def _of_heading(frame: Frame, comma: int) -> Phrase | None:
    """ "Norway shuts its port, warns Denmark": a heading's first words, where a verb of theirs stands before ``comma``."""
    if not frame.heading or frame.words[comma] != "," or segment_start(frame, comma - 1) != 0:
        return None
    verb = next((at for at in range(1, comma) if _may_be_headline_verb(frame, at)), None)
    phrase = None if verb is None else phrase_right(frame, 0)
    if verb is None or phrase is None:
        return None
    return (phrase[0], min(phrase[1], verb - 1))


def _may_be_headline_verb(frame: Frame, at: int) -> bool:
    """Tell whether a word can be the present tense of a verb that no list has ("shuts"), behind a name or a body."""
    word = frame.words[at]
    if not (word.islower() and word.endswith("s") and not word.endswith(("ss", "us", "'s", "’s"))):
        return False
    nominal = CAP | OFFICE | BODY | HUMAN | NEWS | DOC | PREP | DET | ADV | POSS | TIME | PRON
    before = frame.tags[at - 1]
    return not frame.tags[at] & nominal and bool(before & (CAP | OFFICE | BODY)) and not before & (CLITIC | PREP)


def _before_quoting(frame: Frame, quote: int) -> Phrase | None:
    """ "Jan Keller, who had warned that “they never leave,” now admits …": the subject of a verb behind such a clause."""
    if quote < _MIN_QUOTING or frame.words[quote - 1] in BREAKS:
        return None
    begin = segment_start(frame, quote - 1)
    if frame.lows[begin] not in ("who", "which") or begin < _MIN_QUOTING or frame.words[begin - 1] != ",":
        return None
    first = segment_start(frame, begin - 2)
    if first == 0 and not frame.tags[0] & PREP and is_name_only(frame, first, begin - 2):
        return (first, begin - 2)
    return across_commas(frame, begin - 1) if first else phrase_left(frame, begin - 2)


def _split_helper(frame: Frame, verb: int, before: int) -> int | None:
    """Return the auxiliary that an adverbial parts from its verb ("has at times called"), or None."""
    if frame.words[before] == "," and frame.tags[verb - 1] & (BE | MARK):
        opener = segment_start(frame, before - 1) - 1  # "has, in recent weeks, been urging"
        return (
            opener - 1 if opener > 1 and frame.tags[opener - 1] & AUX and not frame.tags[opener - 1] & CLITIC else None
        )
    progressive = frame.tags[verb] & ING and frame.lows[verb - 1] == "been"  # "has for weeks been urging"
    if not (progressive or frame.tags[verb] & (PAST | PARTICIPLE)):
        return None
    for at in range(before, max(before - _MAX_BARE, 0), -1):
        tag = frame.tags[at]
        if tag & AUX and not tag & CLITIC:
            return at if (frame.tags[at + 1] & PREP or frame.lows[at + 1] == "since") and at < before else None
        if (tag & VERB and frame.tags[at - 1] & PREP) or frame.lows[at] == "since":
            continue  # "has in talks … rejected"
        if tag & (MARK | QUOTE | CONJ | PRON | BE | REL | SUB | CLITIC | VERB):
            return None
    return None


def distant_subject(frame: Frame, verb: int) -> Phrase | None:
    """Return the subject that opens the verb's clause, where a description without commas stands between ("The
    officials who met Putin said", "Jabbouri a rebel commander in Homs called"), or None."""
    tags, lows = frame.tags, frame.lows
    begin = segment_start(frame, skip_back(frame, verb - 1))
    while (begin < verb and tags[begin] & (CONJ | ADV) and not tags[begin] & CAP) or (
        begin < verb and tags[begin] & CONJ
    ):
        begin += 1
    if verb - begin > _MAX_CLAUSE:
        return None
    if frame.lows[begin] in ("late", "early") and opens_with_time(frame, begin):
        begin = behind_time(frame, begin) or verb
    if begin < verb and tags[begin] & VERB and tags[begin + 1] & (SUB | REL):
        return None  # "Asked whether he would accept it, …"
    phrase = phrase_right(frame, begin) if begin < verb else None
    if phrase is None:
        return None
    phrase = trim(frame, phrase)
    at = phrase[1] + 1
    if at >= verb:
        return None
    low, tag = lows[at], tags[at]
    if tag & PLAIN and at + 1 < verb and not tags[at + 1] & (PREP | ADV | TIME | CAP) and low != "turned":
        return None  # "The minister ordered guns to be moved by the date agreed in Oslo"
    allowed = 0
    if low in RELATIVES or tag & REL:
        allowed = 3
    elif not (
        low in ("a", "an", "the", "one") or low.endswith(("ing", "ed")) or tag & PREP or tag & (PAST | PARTICIPLE)
    ):
        return None
    if not _ASIDE.isdisjoint(lows[at:verb]):
        allowed = (
            3  # "Drivers trying to cross who asked not to be named said", "speaking on condition that he not be named"
        )
    reached = lows[at].endswith("ed") and tags[at + 1] & PREP  # "Residents reached by phone said"
    return phrase if _finite_verbs(frame, at + 1 if reached else at, verb) <= allowed else None


def _finite_verbs(frame: Frame, start: int, verb: int) -> int:
    """Return how many verbs of clauses stand from item ``start`` up to ``verb``."""
    tags = frame.tags
    last = skip_back(frame, verb - 1)
    finite = 0
    for at in range(start, verb):
        if (tags[at] & (BE | AUX) and at <= last) or (
            tags[at] & VERB
            and tags[at] & (PAST | THIRD)
            and not tags[at] & (DOC | HUMAN)
            and not tags[at - 1] & (DET | POSS | PREP)  # "in the talks"
        ):
            finite += 1
    return finite


def clause_subject(frame: Frame) -> Phrase | None:
    """Return the subject of a sentence's main clause: its first noun phrase behind any prefatory phrase."""
    size = len(frame)
    at = _behind_lead(frame)
    tags, lows = frame.tags, frame.lows
    for _ in range(3):
        while at < size and (tags[at] & CONJ or (tags[at] & (ADV | MARK) and not tags[at] & CAP)):
            at += 1
        if at >= size:
            return None
        behind = behind_time(frame, at) if opens_with_time(frame, at) else None
        if behind is not None:
            at = behind
            continue
        adverbial = tags[at] & (PREP | SUB | TIME | ADV) or (
            lows[at].endswith("ing") and not tags[at] & (BODY | HUMAN | OFFICE)
        )
        asked = (
            lows[at].endswith("ed")
            and at + 1 < size
            and (tags[at + 1] & (PREP | SUB | REL) or lows[at + 1] == "whether")
        )
        if not adverbial and not asked:  # "Asked whether it was true, an official shrugged and said"
            phrase = phrase_right(frame, at)
            return None if phrase is None else trim(frame, phrase)
        bare = _behind_bare_adverbial(frame, at)
        if bare is not None:
            return trim(frame, bare)
        comma = next((index for index in range(at, min(size, at + 30)) if lows[index] == ","), None)
        if comma is None:
            return None
        at = comma + 1
    return None


def _behind_lead(frame: Frame) -> int:
    """ "More from Oslo, where Jan Keller …": where the clause begins behind a lead without a verb, else 0."""
    comma = next((at for at in range(1, min(len(frame) - 2, _MAX_LEAD)) if frame.words[at] == ","), 0)
    if not comma or frame.lows[comma + 1] != "where" or frame.tags[comma + 2] & (BE | AUX | VERB | PRON):
        return 0
    close = next(
        (at for at in range(comma + 2, min(len(frame) - 1, comma + 2 + _MAX_LEAD)) if frame.words[at] == ","), None
    )
    if close is not None and frame.tags[close + 1] & (BE | AUX):
        return 0  # "An officer in Manama, where the fleet is based, was worried"
    verbless = not any(
        frame.tags[at] & (VERB | BE | AUX | QUOTE) and not frame.tags[at] & CLITIC for at in range(comma)
    )
    return comma + 2 if verbless and not frame.tags[0] & PREP else 0


def _behind_bare_adverbial(frame: Frame, at: int) -> Phrase | None:
    """ "At dusk the mayor walked": the subject behind a short adverbial that no comma closes."""
    if not frame.tags[at] & PREP or at + 2 >= len(frame):
        return None
    inner = phrase_right(frame, at + 1)
    after = inner[1] + 1 if inner is not None else 0
    if (
        inner is None
        or after - at > _MAX_BARE
        or after + 1 >= len(frame)
        or not frame.tags[after] & (DET | POSS | PRON)
    ):
        return None
    return phrase_right(frame, after)


def is_prefatory(frame: Frame, at: int) -> bool:
    """Tell whether what stands before a subject, up to ``at``, is only an adverbial ("In Moscow …")."""
    begin = segment_start(frame, at)
    timed = frame.lows[begin] in ("late", "early") and opens_with_time(frame, begin)
    if not (timed or frame.tags[begin] & (PREP | ADV | TIME | CONJ)) or (begin < at and frame.tags[begin + 1] & REL):
        return False  # "a house in which each of three heirs claims a room"
    return not any(
        frame.tags[i] & (VERB | BE | AUX)
        and not frame.tags[i] & (CAP | CLITIC)
        and not _is_noun(frame.tags[i])
        and not (i > begin and frame.tags[i - 1] & (DET | POSS | CLITIC))
        for i in range(begin, at + 1)
    )


def refers_back(frame: Frame, that: int) -> bool:
    """ "A day after that the ministry said …", "In addition to that Keller warned …": "that" closes an adverbial, and opens
    no clause."""
    if frame.lows[that] != "that":
        return False
    begin = segment_start(frame, that)
    before = frame.lows[that - 1] if that > begin else ""
    timed = before in ("after", "before", "since", "following", "besides")
    if not timed and not (before in ("of", "to") and frame.tags[begin] & (PREP | SUB) and that - begin <= _MAX_OPENER):
        return False
    return not any(frame.tags[at] & (VERB | BE | AUX) and not frame.tags[at] & TIME for at in range(begin, that))


def _is_noun(tag: int) -> bool:
    """Tell whether a word that may be a verb is likelier a noun ("in its report")."""
    return bool(tag & (DOC | BODY | HUMAN | OFFICE | NEWS)) and not tag & PAST


def in_main_clause(frame: Frame, at: int) -> bool:
    """Tell whether no relative or subordinate clause opens between the sentence's start and ``at``."""
    last = max((i for i in range(max(at - _MAX_CLAUSE, 0), at) if frame.words[i] == ","), default=0)
    return not any(
        (frame.tags[i] & (REL | SUB) or frame.lows[i] == "that")
        and not (i < last and frame.tags[i] & REL and frame.words[i - 1] == ",")  # "the men, who …, have been put"
        and not (i == 0 < last)  # "While it has been praised, the permit was denounced by"
        for i in range(max(at - _MAX_CLAUSE * 3, 0), at)
    )
