"""Attribution without a reporting verb of its own: "according to X", "in the opinion of X", "quoted", "citing X"."""

from dataclasses import replace

from stancewire.features.attribution.appositions import across_commas
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.issuers import compiled_by, issuer, released_by
from stancewire.features.attribution.joint import followed
from stancewire.features.attribution.judgement import Hit, named_beside
from stancewire.features.attribution.lexicon import (
    ACT,
    ADV,
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    ING,
    MARK,
    POSS,
    QUOTE,
    REL,
    SAY,
)
from stancewire.features.attribution.phrases import phrase_left, phrase_right, skip_back
from stancewire.features.attribution.ranks import LATE, MAIN, TAIL
from stancewire.features.attribution.segments import is_name_only, segment_start, trim
from stancewire.features.attribution.sources import OUTLETS, Source, read_source
from stancewire.features.attribution.subjects import distant_subject, subject_of
from stancewire.features.attribution.tokens import words

_MIN_OPINION = 2
_JUDGES = words("amount amounts amounted means meant looks looked sounds sounded seems seemed smacks has had")
_MAX_ASIDE = 12
_UTTERED = words("make point show play distance present let put")
_POSSESSIVES = {"his": "he", "her": "she", "its": "it", "their": "they"}
_OBJECTS = {"him": "he", "her": "she", "them": "they"}


def according_to(frame: Frame, at: int) -> Hit | None:
    """ "According to X"."""
    if at + 2 >= len(frame) or frame.lows[at + 1] != "to":
        return None
    hit = _phrase_source(frame, at, at + 2, "according_to")
    if hit is None:
        return None
    source = followed(frame, hit.source)
    return replace(hit, source=source, span=(hit.span[0], max(hit.span[1], source.phrase[1])))


def as_told_by(frame: Frame, begin: int, at: int, lemma: str) -> Hit | None:
    """ "…, as stated by the deputy chair, Jan Keller, to reporters"."""
    phrase = phrase_right(frame, at + 2)
    source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    if source is None or source.kind in ("thing", "document"):
        return None
    source = named_beside(frame, source)
    apart = begin == 0 or frame.words[begin - 1] in ",—–("
    return Hit(source, (at, at + 1), TAIL if apart else LATE, "according_to", lemma, (begin, source.phrase[1]))


def per_source(frame: Frame, at: int) -> Hit | None:
    """ "Three ships sank, per the ministry"; not "per week"."""
    if at and frame.words[at - 1] not in (",", "—", "–", "("):
        return None
    if at + 1 >= len(frame) or not frame.tags[at + 1] & (DET | CAP):
        return None  # "per capita", "per person"
    hit = _phrase_source(frame, at, at + 1, "according_to")
    return hit if hit is not None and hit.source.kind not in ("thing", "pronoun") else None


def opinion_of(frame: Frame, at: int) -> Hit | None:
    """ "in the opinion of X", "by its own account"."""
    owned = at - 1 if frame.lows[at - 1] == "own" else at  # "by the army's own account"
    if owned >= _MIN_OPINION and frame.tags[owned - 1] & (CLITIC | POSS):
        return _own_opinion(frame, owned)
    if (
        at < 1
        or at + 2 >= len(frame)
        or frame.lows[at + 1] != "of"
        or frame.lows[at - 1] != "the"
        or frame.lows[max(at - 2, 0)] not in ("in", "to", "by")
    ):
        return None
    return _phrase_source(frame, at, at + 2, "opinion_of")


def response_of(frame: Frame, at: int) -> Hit | None:
    """ "“Never,” was the answer from the Kremlin"."""
    if at < _MIN_OPINION or at + 2 >= len(frame) or frame.lows[at + 1] not in ("of", "from", "by"):
        return None
    spoken = range(at - 1, max(at - 4, 0), -1)
    was = next((index for index in spoken if frame.tags[index] & BE or frame.lows[index] in ("came", "comes")), None)
    if was is None or not frame.tags[was - 1] & QUOTE:
        return None
    hit = _phrase_source(frame, at, at + 2, "opinion_of")
    return None if hit is None else replace(hit, span=(was, hit.span[1]))


def position_of(frame: Frame, at: int) -> Hit | None:
    """ "Moscow's answer, given twice, is that …": what somebody's answer or view is."""
    if at < 1 or not frame.tags[at - 1] & (CLITIC | POSS):
        return None
    after = at + 1
    if frame.words[after : after + 1] == [","]:
        close = next((i for i in range(after + 1, min(after + _MAX_ASIDE, len(frame))) if frame.words[i] == ","), None)
        after = close + 1 if close is not None else len(frame)
    if frame.lows[after + 1 : after + 2] != ["that"] or not frame.tags[after] & BE:
        return None
    if frame.tags[at - 1] & POSS:
        head = _POSSESSIVES.get(frame.lows[at - 1])
        source = Source("pronoun", (at - 1, at - 1), (at - 1, at - 1), head, head == "they") if head else None
    else:
        phrase = phrase_left(frame, at - 2)
        source = read_source(frame, phrase) if phrase is not None and phrase[0] == 0 else None
    if source is None or source.phrase[0] != 0 or source.kind in ("thing", "document"):
        return None
    return Hit(source, (at, after), MAIN, "opinion_of", "say", (0, after))


def in_eyes_of(frame: Frame) -> Hit | None:
    """ "To Jan Keller, who leads the party, the deal is a trick": whose judgement a sentence gives (also "For …, a …,")."""
    phrase = phrase_right(frame, 1)
    source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    if phrase is None or source is None or source.mention[0] == source.mention[1]:
        return None
    end = source.phrase[1] + 1
    named = source.kind in ("person", "name") and is_name_only(frame, *source.mention)
    if end + 1 >= len(frame) or frame.words[end] != "," or not named:
        return None
    stop = min(len(frame), end + _MAX_ASIDE * 2)
    commas = [at for at in range(end, stop) if frame.words[at] == ","]
    aside = bool(frame.tags[end + 1] & (REL | DET))
    at_home = any(frame.tags[at] & BODY for at in range(source.mention[1] + 1, end))  # "For Jan Keller of the Union"
    if frame.lows[0] == "for" and not frame.tags[end + 1] & DET and not at_home:
        return None
    comma = next((at for at in commas[1 if aside else 0 :] if _is_judged(frame, at)), None)
    if comma is None:
        return None
    return Hit(source, (0, 0), LATE, "opinion_of", "according", (0, comma))


def _is_judged(frame: Frame, comma: int) -> bool:
    """Tell whether the clause behind ``comma`` says what something is."""
    if frame.tags[comma + 1 : comma + 2] and frame.tags[comma + 1] & CONJ:
        return False
    for at in range(comma + 1, len(frame)):
        if frame.words[at] in (",", ";"):
            return False
        judges = frame.lows[at] in _JUDGES or (frame.tags[at] & BE and not frame.tags[at] & CLITIC)
        if judges and not frame.tags[at - 1] & (MARK | REL):
            return True
    return False


def set_phrase(frame: Frame, at: int) -> int | None:
    """Return the first item of a phrase that reports as a verb does and ends at ``at``: "have none of", "be at pains to"."""
    lows = frame.lows
    if (
        lows[at] == "none"
        and lows[at + 1 : at + 2] == ["of"]
        and at
        and lows[at - 1] in ("have", "having", "had", "has")
    ):
        return at - 1
    if lows[at] == "pains" and lows[at + 1 : at + 2] == ["to"] and at:
        first = at - 1 if lows[at - 1] == "at" else at - 2
        utters = at + 2 < len(frame) and (frame.tags[at + 2] & (SAY | ACT) or lows[at + 2] in _UTTERED)
        if not utters:
            return None  # "at pains to cool tempers"
        return first if first > 0 and lows[first] == "at" and frame.tags[first - 1] & (BE | ADV) else None
    if (
        lows[at] in ("view", "opinion")
        and lows[at + 1 : at + 2] == ["that"]
        and lows[max(at - 2, 0) : at] == ["of", "the"]
    ):
        return at - 2 if at > 2 and frame.tags[at - 3] & BE else None
    return None


def _own_opinion(frame: Frame, at: int) -> Hit | None:
    """ "In Keller's view", "by their own account"."""
    if frame.tags[at - 1] & POSS:
        head = _POSSESSIVES.get(frame.lows[at - 1])
        if head is None or frame.lows[at - 2] not in ("in", "by", "to"):
            return None
        return Hit(
            Source("pronoun", (at - 1, at - 1), (at - 1, at - 1), head, head == "they"),
            (at, at),
            LATE,
            "opinion_of",
            "according",
            (at - 2, at),
        )
    phrase = phrase_left(frame, at - 2)
    before = ("in", "by", "to", "on") if frame.lows[at] == "own" else ("in", "by", "to")
    if phrase is None or phrase[0] == 0 or frame.lows[phrase[0] - 1] not in before:
        return None
    source = read_source(frame, phrase)
    if source is None or source.kind in ("thing", "document"):
        return None
    aside = phrase[0] > 2 and frame.words[phrase[0] - 2] == ","
    if aside and any(frame.tags[i] & REL for i in range(segment_start(frame, phrase[0] - 3), phrase[0] - 2)):
        return None  # "a year in which it flew, by the ministry's count, 900 sorties"
    return Hit(source, (at, at), TAIL, "opinion_of", "according", (phrase[0] - 1, at))


def quoted(frame: Frame, at: int) -> Hit | None:
    """ "X was quoted by Y as saying", "Y quoted X as saying", "citing X"."""
    tags, lows = frame.tags, frame.lows
    before = skip_back(frame, at - 1)
    if lows[at] in ("quoted", "cited") and any(tags[i] & BE for i in range(max(before, 0), at)):
        return _quoted_passive(frame, at, before)
    if (at and lows[at - 1] in ("as", "without")) or at + 1 >= len(frame):
        return None
    low = lows[at + 1]
    source: Source | None
    if low in _OBJECTS and not (low == "her" and at + 2 < len(frame) and lows[at + 2] != "as"):
        if lows[at] in ("cited", "cites") and lows[at + 2 : at + 3] != ["as"]:
            return None  # "The court cited him for contempt"
        source = Source("pronoun", (at + 1, at + 1), (at + 1, at + 1), _OBJECTS[low], low == "them")
    else:
        phrase = phrase_right(frame, at + 1) if low != "by" else None
        source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    if source is not None and source.kind in ("thing", "document"):
        source = _with_people(frame, source) or source  # "citing flight data and two officials"
    if source is None or (source.kind == "thing" and "saying" not in lows[at + 1 : at + 14]):
        return None
    return Hit(named_beside(frame, source), (at, at), LATE, "quoting", "quote", (at, source.phrase[1]))


def _with_people(frame: Frame, source: Source) -> Source | None:
    """Return the people whom an "and" joins to a thing that is cited, or None."""
    joint = next((at for at in range(*source.phrase) if frame.lows[at] == "and"), source.phrase[1] + 1)
    phrase = phrase_right(frame, joint + 1) if frame.lows[joint : joint + 1] == ["and"] else None
    people = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    return people if people is not None and people.kind in ("people", "office", "person", "body") else None


def quoter(frame: Frame, at: int) -> Hit | None:
    """ "The ataman quoted a survivor as telling him …": who quotes, where the verb is finite and active."""
    if frame.lows[at] not in ("quoted", "cited", "quotes", "cites") or any(
        frame.tags[i] & BE for i in range(max(at - 2, 0), at)
    ):
        return None
    phrase = subject_of(frame, at)
    source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    if source is None or source.kind in ("thing", "document") or source.head in ("it", "i", "we", "you"):
        return None  # "it" is most often the agency
    if source.mention[0] == source.mention[1] and frame.lows[at + 1 : at + 2] in (["him"], ["her"], ["them"]):
        return None  # "Kalmo TV quoted him as saying"
    if source.mention[0] == source.mention[1] and frame.lows[source.mention[0]] in OUTLETS:
        return None  # "the centre quoted the envoy as saying"
    return Hit(source, (at, at), MAIN, "subject", "quote", (source.phrase[0], at))


def _quoted_passive(frame: Frame, at: int, before: int) -> Hit | None:
    across = before >= 0 and frame.lows[before] in (",", ")")
    phrase = across_commas(frame, before) if across else phrase_left(frame, before)
    if phrase is not None and any(frame.tags[i] & REL for i in range(segment_start(frame, phrase[0]), phrase[0])):
        phrase = distant_subject(frame, at)  # "A baker who fled the village was quoted"
    source = read_source(frame, trim(frame, phrase)) if phrase else None
    window = frame.lows[at + 1 : at + 14]
    if source is not None and _is_only_named(frame, at, source):
        return None
    if source is None or not (
        not window or _as_telling(frame, at) or "by" in window or window[0] in (",", ".", "in", "“”")
    ):
        return None
    return Hit(named_beside(frame, source), (at, at), MAIN, "quoted_passive", "quote", (source.phrase[0], at))


def _is_only_named(frame: Frame, at: int, source: Source) -> bool:
    """ "Keller was quoted in the report.": tell whether nothing stands beside the verb at ``at`` that he could have said."""
    if frame.quotes or frame.scare or ":" in frame.words[at:]:
        return False
    if any(tag & (BE | AUX) and not tag & CLITIC for tag in frame.tags[: source.phrase[0]]):
        return False  # "The road was closed, Keller was quoted by the daily"
    return not _as_telling(frame, at) and "that" not in frame.lows[at:]


def _as_telling(frame: Frame, at: int) -> bool:
    """Tell whether "as saying", "as telling the daily …" or "saying" follows the word at ``at``."""
    for index in range(at + 1, min(at + _MAX_ASIDE + 2, len(frame))):
        if frame.lows[index] == "saying" or (
            frame.lows[index - 1] == "as" and frame.tags[index] & ING and frame.tags[index] & (SAY | ACT)
        ):
            return True
    return False


def _phrase_source(frame: Frame, cue: int, at: int, rule: str) -> Hit | None:
    if frame.lows[at] in _OBJECTS and (frame.lows[at] != "her" or frame.tags[min(at + 1, len(frame) - 1)] & MARK):
        pronoun = Source("pronoun", (at, at), (at, at), _OBJECTS[frame.lows[at]], frame.lows[at] == "them")
        return Hit(pronoun, (cue, at - 1), TAIL, rule, "according", (cue, at))
    phrase = phrase_right(frame, at)
    source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    if source is not None and source.kind in ("thing", "document"):
        source = issuer(frame, source) or compiled_by(frame, source) or released_by(frame, source) or source
    if source is None or (source.kind == "thing" and not source.plural and not frame.tags[source.mention[1]] & CAP):
        return None
    source = named_beside(frame, source)
    return Hit(source, (cue, at - 1), TAIL, rule, "according", (cue, source.phrase[1]))
