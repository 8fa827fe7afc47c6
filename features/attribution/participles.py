"""Speech told beside the main clause: ", saying …", "with Peskov saying …", "reported Putin saying …", "…, who told …"."""

from dataclasses import replace

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import Hit, named_beside
from stancewire.features.attribution.lexicon import (
    ACT,
    ADV,
    BE,
    BODY,
    CAP,
    CLITIC,
    DET,
    DOC,
    HUMAN,
    MARK,
    OFFICE,
    PAST,
    PLAIN,
    POSS,
    PREP,
    SAY,
    THIRD,
    VERB,
    WEAK,
)
from stancewire.features.attribution.mute import MODALS
from stancewire.features.attribution.phrases import Phrase, phrase_left, phrase_right, skip_back
from stancewire.features.attribution.ranks import LATE
from stancewire.features.attribution.segments import is_name_only, segment_start, trim
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.subjects import clause_subject
from stancewire.features.attribution.tokens import words

_NEAR = 25  # items
_PAPERS = words("letter letters message note petition memo telegram appeal")
_SENT = words("put sent send sends wrote write writes signed sign signs delivered published issued issue dispatched")
_MIN_WHO = 5
_MAX_WITH = 12
_MAX_RELAYED = 16
# What somebody may hold without saying it, in a clause about him ("…, who believes in God, …").
_HELD = frozenset(
    ("back", "plan", "seek", "want", "hold", "find", "see", "know", "learn", "read", "accept", "show", "list")
)
_LISTENERS = frozenset(("reporters", "journalists", "correspondents", "lawmakers", "colleagues", "supporters"))
_MET = frozenset(("spoke", "spoken", "speaking", "talked", "talking", "chatted"))
_AUTHORED = frozenset(("by", "from", "of"))
_CARRIED = words("carried carries published publishes broadcast broadcasts aired airs ran posted released distributed")
_OF_PAPERS = frozenset(("show", "list"))  # "…, showing images of a ramp": what a paper does, not its author
_BEFORE_PARTICIPLES = frozenset((",", "in", "while", "by", "and", "before", "after", "—", "–"))


def participle(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ ", saying …": the subject of the clause speaks; "with Peskov saying …": its own."""
    own = _with_subject(frame, at, lemma) or _carried(frame, at, lemma)
    if own is not None:
        return own
    if lemma in _OF_PAPERS or _may_begin(frame, at) or frame.lows[at - 1] == "worth":
        return None
    if at + 1 == len(frame) and frame.lows[at - 1] in ("after", "before"):
        return None  # "Army on alert after warning"
    if at + 1 < len(frame) and frame.tags[at + 1] & MARK and frame.words[at + 1] not in (",", ":") and not frame.quotes:
        return None  # "apologies and, on two nights, shouting."
    apart = at > 0 and (
        frame.lows[at - 1] in _BEFORE_PARTICIPLES or _to_listeners(frame, at, lemma) or _in_writing(frame, at)
    )
    if not apart and frame.lows[at + 1 : at + 2] != ["that"]:
        return None
    phrase = clause_subject(frame)
    source = read_source(frame, phrase) if phrase else None
    if phrase is not None and (source is None or source.kind == "thing"):
        source = _before_present(frame, phrase)
    if source is None or source.kind in ("thing", "document") or source.phrase[1] >= at:
        return None
    source = named_beside(frame, source)
    return Hit(source, (at, at), LATE, "participle", lemma, (source.phrase[0], at))


def _carried(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "The agency carried a statement by the ministry saying …": whose words were carried."""
    phrase = phrase_left(frame, at - 1)
    if lemma != "say" or phrase is None:
        return None
    by = next((i for i in range(phrase[1], max(phrase[1] - _MAX_WITH, 2), -1) if frame.lows[i] in _AUTHORED), None)
    if by is None or not frame.tags[by - 1] & DOC or not any(low in _CARRIED for low in frame.lows[1 : by - 1]):
        return None
    phrase = phrase_right(frame, by + 1)
    source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    if source is None or source.kind in ("thing", "document") or source.phrase[1] >= at:
        return None
    return Hit(named_beside(frame, source), (at, at), LATE, "quoting", lemma, (by - 1, at))


def _carried_that(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "The agency carried a ministry statement that described …": whose statement was carried."""
    phrase = phrase_left(frame, at - 2)
    if phrase is None or _CARRIED.isdisjoint(frame.lows[max(phrase[0] - _NEAR, 1) : phrase[0]]):
        return None
    source = read_source(frame, (phrase[0], phrase[1] - 1)) if phrase[0] < phrase[1] else None
    if source is None or source.kind in ("thing", "document"):
        return None
    return Hit(source, (at, at), LATE, "quoting", lemma, (source.phrase[0], at))


def _may_begin(frame: Frame, at: int) -> bool:
    """ "It can begin by telling them": what somebody may say, or should."""
    return frame.lows[at - 1] == "by" and not (MODALS | {"can", "will"}).isdisjoint(frame.lows[max(at - 4, 0) : at - 1])


def _before_present(frame: Frame, phrase: Phrase) -> Source | None:
    """ "Danish troops close road, saying …": people or forces whose verb, in the present, no list has."""
    first, last = phrase
    many = (i for i in range(first, last) if frame.tags[i] & (HUMAN | BODY) and frame.lows[i].endswith(("s", "police")))
    at = next((i for i in many if not frame.tags[i] & CLITIC), None)
    behind = frame.words[at + 1] if at is not None else ""
    plain = behind.isalpha() and behind.islower() and not behind.endswith("s")
    return read_source(frame, (first, at)) if at is not None and plain else None


def _to_listeners(frame: Frame, at: int, lemma: str) -> bool:
    """ "Keller left the room telling reporters it was over": an act with words beside it; not "an aide telling him"."""
    acts = any(frame.tags[i] & (PLAIN | PAST) and not frame.tags[i] & CAP for i in range(1, at - 1))
    listened = at + 1 < len(frame) and frame.lows[at + 1] in _LISTENERS
    return lemma == "tell" and acts and listened and not frame.tags[at - 1] & (PREP | DET | HUMAN | OFFICE | BODY | CAP)


def _in_writing(frame: Frame, at: int) -> bool:
    """ "They sent a letter to the minister cautioning him that …": a paper that somebody wrote or sent, and what it says."""
    papers = (i for i in range(max(at - _NEAR, 2), at) if frame.lows[i] in _PAPERS and not frame.tags[i - 1] & PREP)
    paper = next(papers, None)
    if paper is None or any(low in ("from", "by", "and") for low in frame.lows[paper:at]):
        return False  # "published a letter from Keller asking for help"
    return not _SENT.isdisjoint(frame.lows[max(paper - _MAX_WITH, 0) : paper])


def _with_subject(frame: Frame, at: int, lemma: str) -> Hit | None:
    begin = next((index for index in range(at - 2, max(at - _MAX_WITH, 0), -1) if frame.lows[index] == "with"), None)
    if begin is None:
        return None
    end = skip_back(frame, at - 1)
    comma = next((index for index in range(begin + 2, end) if frame.words[index] == ","), None)
    if frame.words[end] == "," and comma is None:
        return None
    phrase = phrase_left(frame, end, begin + 1) if comma is None else phrase_left(frame, comma - 1, begin + 1)
    if phrase is None or phrase[0] != begin + 1 or (comma is not None and frame.words[end] != ","):
        return None
    source = read_source(frame, trim(frame, phrase))
    if source is not None and comma is not None:
        source = named_beside(frame, source)  # "with the spokesman, Jan Keller, insisting"
        told = frame.words[source.phrase[1] + 1] == "," and frame.tags[source.phrase[1] + 2] & (DET | POSS | OFFICE)
        if source.phrase[1] != end - 1 and not (told and source.kind in ("person", "name")):
            return None  # "with Ida Voss, its director, insisting"
    if source is None or source.kind in ("thing", "document"):
        return None
    return Hit(source, (at, at), LATE, "with_participle", lemma, (begin, at))


def who_tells(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "The remark drew a rebuke from the ambassador, Jan Keller, who told …", "… from the ministry, which called it “…”":
    the person or body at the clause's end."""
    if frame.lows[at - 1] == "that" and frame.tags[at - 2] & DOC and at > _MIN_WHO:
        return _carried_that(frame, at, lemma)
    relative = skip_back(frame, at - 1)
    comma = relative - 1
    which = frame.lows[relative] == "which"
    if relative < _MIN_WHO - 1 or not (which or frame.lows[relative] == "who") or frame.words[comma] != ",":
        return _cleft(frame, at, lemma) or _whom_met(frame, at, lemma)
    told = SAY | ACT | (WEAK if relative == at - 1 else 0)  # "…, who has also voiced concern, …" is said in passing
    if not frame.tags[at] & told or lemma in _HELD:
        return None
    source = _body_before(frame, comma - 1) if which else _person_before(frame, comma)
    if source is None or (_goes_on(frame, at) and not _is_no_subject(frame, source.phrase[0])):
        return None
    return Hit(source, (at, at), LATE, "relative", lemma, (source.phrase[0], at))


def _person_before(frame: Frame, comma: int) -> Source | None:
    """Return the person whose full name ends at ``comma``, an age or an apposition between aside."""
    begin = segment_start(frame, comma - 1)
    aged = begin == comma - 1 and frame.words[begin].isdigit()  # "Jan Keller, 71, who says"
    if begin > 1 and frame.words[begin - 1] == "," and (aged or frame.tags[begin] & (DET | OFFICE)):
        comma = begin - 1 if aged or _ends_in_name(frame, begin - 2) else comma
        begin = segment_start(frame, comma - 1)
    first = comma - 1
    while first > begin and frame.tags[first - 1] & CAP and not frame.tags[first - 1] & CLITIC:
        first -= 1
    if first == 0 or not is_name_only(frame, first, comma - 1):
        return None
    source = read_source(frame, (first, comma - 1))
    if source is None or source.kind not in ("person", "name") or source.mention[0] == source.mention[1]:
        return None
    if first == begin and begin > 1 and frame.words[begin - 1] == ",":  # "to a retired general, Jan Keller"
        described = phrase_left(frame, begin - 2)
        return source if described is None else replace(source, phrase=(_own_part(frame, described)[0], comma - 1))
    return source


def _ends_in_name(frame: Frame, end: int) -> bool:
    return end > 0 and bool(frame.tags[end] & frame.tags[end - 1] & CAP) and is_name_only(frame, end - 1, end)


def _body_before(frame: Frame, end: int) -> Source | None:
    """Return the body that ends at item ``end``."""
    if frame.words[end] == ")":
        end = next((i - 1 for i in range(end - 1, max(end - 4, 1), -1) if frame.words[i] == "("), end)
    phrase = phrase_left(frame, end)
    phrase = None if phrase is None else _own_part(frame, phrase)
    source = read_source(frame, phrase) if phrase is not None and phrase[0] else None
    if source is None or source.kind not in ("body", "name"):
        return None
    named = bool(frame.tags[source.mention[0]] & CAP) or source.kind == "body"
    return source if named else None


def _own_part(frame: Frame, phrase: Phrase) -> Phrase:
    """ "a reply from the ministry", "spoken to a general": what stands behind the last preposition between two nouns."""
    start = phrase[0]
    for at in range(phrase[0], phrase[1]):
        if frame.lows[at] in ("from", "by", "to", "with", "at"):
            start = at + 1
    return (start, phrase[1])


def _is_no_subject(frame: Frame, start: int) -> bool:
    """Tell whether the phrase that begins at ``start`` hangs on a preposition or a verb, no subject of its clause."""
    before = frame.tags[start - 1] if start else 0
    opens = start > 1 and segment_start(frame, start - 1) == start - 1  # "In Oslo, …"
    return bool(before & (PREP | VERB | PLAIN)) and not before & MARK and not opens


def _goes_on(frame: Frame, at: int) -> bool:
    """Tell whether a comma stands behind item ``at``: the main clause may go on there."""
    return any(frame.words[i] == "," for i in range(at, len(frame)))


def _cleft(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "It was Jan Keller who first said …": whose words they were."""
    who = skip_back(frame, at - 1)
    it = int(frame.lows[0] in ("yet", "but", "and", "then"))
    says = frame.tags[at] & (SAY | ACT)
    if frame.lows[it] != "it" or not frame.tags[it + 1] & BE or frame.lows[who] != "who" or not says:
        return None
    begin = it + 2
    while begin < who and frame.tags[begin] & ADV:
        begin += 1
    phrase = phrase_right(frame, begin)
    source = read_source(frame, phrase) if phrase is not None else None
    if source is None or source.kind in ("thing", "document"):
        return None
    source = named_beside(frame, source)
    end = source.phrase[1] + 1
    end += frame.words[end : end + 1] == [","]
    return Hit(source, (at, at), LATE, "relative", lemma, (0, at)) if end == who else None


def _whom_met(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "The BBC spoke to a fisherman who said …": whom an outlet spoke to."""
    if at < _MIN_WHO or frame.lows[at - 1] != "who" or not frame.tags[at] & SAY:
        return None
    phrase = phrase_left(frame, at - 2)
    if phrase is None or phrase[0] < 2 or frame.lows[phrase[0] - 1] not in ("to", "with"):
        return None
    if frame.lows[phrase[0] - 2] not in _MET:
        return None
    source = read_source(frame, phrase)
    if source is None or source.kind in ("thing", "document", "pronoun"):
        return None
    return Hit(source, (at, at), LATE, "relative", lemma, (source.phrase[0], at))


def relayed(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "The daily reported Putin saying …": the one reported."""
    if lemma not in ("report", "show") or not frame.tags[at] & (PAST | THIRD):
        return None
    saying = next((i for i in range(at + 2, min(at + _MAX_RELAYED, len(frame))) if frame.lows[i] == "saying"), None)
    phrase = phrase_right(frame, at + 1)
    if phrase is None or saying is None:
        return None
    end = saying - 2 if frame.lows[saying - 1] == "as" else saying - 1
    aside = frame.words[phrase[1] + 1] == "," and frame.words[end] == ","  # "reported Keller, a baker, as saying"
    if phrase[1] < end and not aside:
        return None
    phrase = (phrase[0], min(phrase[1], end))
    source = read_source(frame, phrase) if phrase[1] >= phrase[0] else None
    source = None if source is None else named_beside(frame, source)
    return None if source is None else Hit(source, (at, at), LATE, "quoting", lemma, (at, phrase[1] + 1))
