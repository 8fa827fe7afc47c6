"""What makes a subject and its verb an attribution, and how far out it stands."""

from dataclasses import dataclass, replace

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV,
    BADHEAD,
    BE,
    BODY,
    CAP,
    DOC,
    HUMAN,
    ING,
    NEWS,
    POSS,
    PREP,
    QUOTE,
    REL,
    SAY,
    THIRD,
    VERB,
)
from stancewire.features.attribution.names import is_number
from stancewire.features.attribution.nicknames import MAX_CIRCLE, known_as
from stancewire.features.attribution.phrases import END_MARKS, Phrase, phrase_left, phrase_right
from stancewire.features.attribution.segments import BREAKS, is_name_only, trim
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.tokens import words

CITING = frozenset(("citing", "quoting"))
_NOBODY = frozenset(("nobody", "none", "neither", "anybody", "no-one", "according"))
_FEW = frozenset(("two", "three", "four"))
_NEGATIONS = ("no", "neither", "not")
_MAX_SELF_NAMED = 14
_NAMING = words(
    "known guerre name named identified identifying nickname nicknamed dubbed alias goes calls called sign callsign codename"
)
_REFLEXIVES = frozenset(("itself", "themselves", "himself", "herself"))
_CALLED = frozenset(("called", "named", "dubbed", "nicknamed"))
_MIN_STYLED = 2
_BEFORE_NAMES = words(
    "call sign callsign codename nom de guerre alias pseudonym as only is was name himself herself themselves "
    "first surname himself him her by the nickname last"
)
_DOCUMENT_VERBS = words(
    "go show find list describe accuse suggest call criticize criticise quote voice express ascribe attribute condemn denounce "
    "deplore welcome reject urge recommend blame reaffirm praise"
)
_EVENT_VERBS = words(
    "encourage record see suggest indicate show reveal confirm explain threaten promise recall repeat continue describe signal "
    "support argue raise link cast pour worry foresee envisage envision stipulate"
)


_MAX_PAPER = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One attribution of a sentence. ``cue`` are the items of the verb; ``span`` all items of the attributing clause."""

    source: Source
    cue: Phrase
    rank: int
    rule: str
    lemma: str
    span: Phrase


# "a message posted later", "a letter written in May": how a document came out.
_IMPERATIVES = frozenset(("recall", "note", "remember", "consider", "suppose", "imagine", "notice"))
_IN_PLACE = (["in", "charge"], ["on", "duty"], ["in", "command"], ["on", "call"], ["in", "question"])
_MADE = frozenset(("post", "tweet", "write", "blog"))


def _is_own(frame: Frame, source: Source) -> bool:
    """ "This newspaper has said from the first week": the outlet itself."""
    own = source.phrase[0] if frame.lows[source.phrase[0]] == "this" else source.phrase[0] - 1
    return own >= 0 and frame.lows[own] == "this" and bool(frame.tags[source.mention[1]] & NEWS)


def _is_verb(frame: Frame, at: int) -> bool:
    """ "Keller, who lives in Lund, thinks both may be telling the truth": tell whether a thing is a verb after all."""
    return bool(frame.tags[at] & VERB and frame.tags[at] & THIRD) and frame.words[at].islower()


def can_speak(frame: Frame, source: Source, tag: int, lemma: str) -> bool:
    """Tell whether a source can be the subject of reporting verb ``lemma``: events and objects can of few."""
    kind, head = source.kind, source.head
    if frame.lows[source.mention[0]] in _NOBODY:
        return False
    if _is_own(frame, source):
        return False
    if source.mention == (0, 0) and frame.lows[0] in _IMPERATIVES and frame.lows[1:2] == ["that"]:
        return False  # "Recall that the day before the mayor said no"
    first = frame.lows[source.phrase[0]]
    if (is_number(first) or first in ("several", "many")) and tag & THIRD:
        return False  # "Five questions for the envoy", "Six posts went up": a noun, as a verb would have no "s"
    # "Echoing comments from Oslo, Keller said", "Opinions voiced here are the author's"
    opening = source.mention == (0, 0) and bool(frame.tags[0] & (ING | BADHEAD)) and not frame.tags[0] & (BODY | HUMAN)
    if opening or frame.lows[source.mention[0]] in CITING:
        return False  # "Citing intelligence reports, the daily said"
    if kind == "document":
        return (bool(tag & SAY) and lemma not in _MADE) or lemma in _DOCUMENT_VERBS
    if kind == "thing":
        return (
            not _is_verb(frame, source.mention[0])
            and lemma not in _EVENT_VERBS
            and lemma != "be"
            and (source.phrase[0] == 0 or lemma in ("say", "tell", "warn", "announce", "add"))
        )
    if kind == "people" and head in _FEW:
        return bool(tag & SAY) and lemma != "agree"  # "The two agreed to meet"
    if lemma in ("show", "list"):
        return lemma == "list" and _in_paper(frame, source)
    if kind == "pronoun":
        return head not in ("i", "we", "you") and not (
            head == "it" and lemma in ("suggest", "indicate", "support", "show", "mean")
        )
    if source.phrase[0] and frame.lows[source.phrase[0] - 1] == "not":
        return False
    return head not in _NOBODY and frame.lows[source.phrase[0]] not in _NEGATIONS


def _in_paper(frame: Frame, source: Source) -> bool:
    """ "The panel in its last report listed …": tell whether a source speaks in a paper of its own."""
    stop = min(source.phrase[1] + _MAX_PAPER, len(frame))
    own = next((at for at in range(source.phrase[1] + 1, stop) if frame.tags[at] & POSS), stop)
    return frame.lows[own - 1] == "in" and any(tag & DOC for tag in frame.tags[own:stop])


def named_beside(frame: Frame, source: Source) -> Source:
    """ "a Pentagon spokesman, Jeff Davis": the name beside an office is the better mention."""
    end = source.phrase[1]
    if frame.lows[end + 1 : end + 3] in _IN_PLACE:
        end += 2
    if source.kind not in ("office", "people") or end + 2 >= len(frame) or frame.words[end + 1] != ",":
        return source
    stop = end + 2
    while stop < len(frame) and not (
        frame.tags[stop] & QUOTE or frame.words[stop] in BREAKS or frame.words[stop] in END_MARKS
    ):
        stop += 1
    if stop - 1 < end + 2:
        return source
    if stop - end < 9 and is_name_only(frame, end + 2, stop - 1):
        named = read_source(frame, (end + 2, stop - 1))
    else:  # "the first witness, Jan Keller of the Port Institute", "its chairman, the pharmacist Jan Keller"
        phrase = phrase_right(frame, end + 2)
        named = read_source(frame, trim(frame, phrase)) if phrase is not None and phrase[1] < stop else None
        if named is not None and (
            named.kind not in ("person", "name")
            or named.mention[0] == named.mention[1]
            or frame.tags[end + 2] & POSS
            or not is_name_only(frame, *named.mention)
        ):
            return source
    return source if named is None else replace(named, kind="person", phrase=(source.phrase[0], named.phrase[1]))


def styled(frame: Frame, source: Source) -> Source:
    """ "a unit calling itself the Kalmo Brigade", "a group known as the Blue Squad": the name, with all that stands before."""
    at = source.phrase[0] - 1
    if at < _MIN_STYLED or source.kind == "pronoun":
        return source
    low, before = frame.lows[at], frame.lows[at - 1]
    known = known_as(frame, at)
    if low in _REFLEXIVES and (before.endswith("ing") or before in ("calls", "call")):
        begin = at - 1
    elif known is not None or low in _CALLED:
        begin = known if known is not None else at
    else:
        return source
    if frame.tags[begin - 1] & REL:
        begin -= 1
    phrase = phrase_left(frame, begin - 1)
    outer = read_source(frame, phrase) if phrase is not None else None
    if outer is None or outer.kind in ("pronoun", "document") or not _names_itself(frame, source):
        return source
    return replace(source, phrase=(outer.phrase[0], source.phrase[1]))


def named_so(frame: Frame, source: Source) -> Source:
    """ "a group calling itself the Sons of Kalmo": the name behind a description found as a source."""
    at = source.phrase[1] + 1
    if source.kind not in ("people", "body", "office", "thing") or at + 2 >= len(frame):
        return source
    if frame.tags[at] & REL:
        at += 1
    as_ = next((i for i in range(at + 1, min(at + 1 + MAX_CIRCLE, len(frame) - 1)) if frame.lows[i] == "as"), None)
    if as_ is not None and known_as(frame, as_) is not None:
        first = as_ + 1
    else:
        first = at + 2 if frame.lows[at + 1] in _REFLEXIVES else at + 1
    phrase = phrase_right(frame, first)
    named = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    whole = styled(frame, named) if named is not None else None
    return whole if whole is not None and whole.phrase[0] == source.phrase[0] else source


def _names_itself(frame: Frame, source: Source) -> bool:
    """Tell whether a source is a name throughout ("the Sons of Kalmo"), no description ("the only army")."""
    first, last = source.mention
    return bool(frame.tags[first] & frame.tags[last] & CAP)


def self_named(frame: Frame, end: int) -> Phrase | None:
    """Return the name that a clause behind item ``end`` gives a source: ", who gave her name only as V.,"."""
    stop = min(len(frame), end + _MAX_SELF_NAMED)
    naming = next((at for at in range(end + 1, stop) if frame.lows[at] in _NAMING), None)
    if naming is None or any(frame.tags[at] & QUOTE for at in range(end + 1, naming)):
        return None
    if frame.words[end + 1 : end + 2] != [","] and frame.lows[naming - 1] == "by" and frame.tags[naming - 2] & CAP:
        begin = naming - 2  # "the mayor said, Jan Keller by name"
        while begin > end + 1 and frame.tags[begin - 1] & CAP:
            begin -= 1
        return (begin, naming - 2) if is_name_only(frame, begin, naming - 2) else None
    first = naming + 1
    if frame.lows[naming] == "known":
        as_ = next((at for at in range(first, min(first + MAX_CIRCLE, stop)) if frame.lows[at] == "as"), None)
        if as_ is None or known_as(frame, as_) is None:
            return None  # "a mayor known for his temper"
        first = as_
    if frame.lows[naming] in ("called", "calls") and not _calls_himself(frame, naming):
        return None  # "the minister has called on Russia", "has called the Russian campaign a mistake"
    while (
        first < stop
        and not frame.tags[first] & CAP
        and (frame.tags[first] & (PREP | ADV | POSS) or frame.lows[first] in _BEFORE_NAMES or frame.words[first] == ",")
    ):
        first += 1
    last = first
    while last < len(frame) and (frame.tags[last] & CAP or frame.lows[last] in ("al", "abu", "bin")):
        last += 1
    return (first, last - 1) if last > first and is_name_only(frame, first, last - 1) else None


def _calls_himself(frame: Frame, naming: int) -> bool:
    reflexive = frame.lows[naming + 1 : naming + 2] in (["himself"], ["herself"], ["themselves"])
    return reflexive or bool(frame.tags[naming - 1] & (REL | BE))
