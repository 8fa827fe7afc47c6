"""What makes a subject and its verb an attribution, and how far out it stands."""

from dataclasses import dataclass, replace

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ACT,
    ADV,
    AUX,
    BADHEAD,
    BE,
    BODY,
    CAP,
    CONJ,
    DET,
    DOC,
    HUMAN,
    ING,
    NUM,
    PAST,
    POSS,
    PREP,
    PRON,
    QUOTE,
    REL,
    SAY,
    SUB,
    THIRD,
    TIME,
    VERB,
    Lexicon,
)
from stancewire.features.attribution.names import is_number
from stancewire.features.attribution.nicknames import MAX_CIRCLE, known_as
from stancewire.features.attribution.phrases import (
    BREAKS,
    END_MARKS,
    Phrase,
    is_name_only,
    phrase_left,
    phrase_right,
    trim,
)
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.subjects import is_prefatory, refers_back
from stancewire.features.attribution.tokens import words

# Beside its content, carrying the sentence, or only where nothing better is found.
TAIL, MAIN, LATE = 0, 1, 2
_MAX_TAIL = 80
_CITING = frozenset(("citing", "quoting"))
_NOBODY = frozenset(("nobody", "none", "neither", "anybody", "no-one"))
_FEW = frozenset(("two", "three", "four"))
_NEGATIONS = ("no", "neither", "not")
_MAX_SELF_NAMED = 14
_NAMING = words(
    "known guerre name named identified identifying nickname nicknamed dubbed alias goes calls called sign callsign codename"
)
_REFLEXIVES = frozenset(("itself", "themselves", "himself", "herself"))
_TELLS_IT = words("put puts tell tells told see sees saw")
_CALLED = frozenset(("called", "named", "dubbed", "nicknamed"))
_MIN_STYLED = 2
_COMES = words("came come comes coming")
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
    "support argue raise link cast pour worry"
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
_MADE = frozenset(("post", "tweet", "write", "blog"))


def can_speak(frame: Frame, source: Source, tag: int, lemma: str) -> bool:
    """Tell whether a source can be the subject of reporting verb ``lemma``: events and objects can of few."""
    kind, head = source.kind, source.head
    if frame.lows[source.mention[0]] in _NOBODY:
        return False
    if source.mention == (0, 0) and frame.lows[0] in _IMPERATIVES and frame.lows[1:2] == ["that"]:
        return False  # "Recall that the day before the mayor said no"
    first = frame.lows[source.phrase[0]]
    if (is_number(first) or first in ("several", "many")) and tag & THIRD:
        return False  # "Five questions for the envoy", "Six posts went up": a noun, as a verb would have no "s"
    # "Echoing comments from Oslo, Keller said", "Opinions voiced here are the author's"
    opening = source.mention == (0, 0) and bool(frame.tags[0] & (ING | BADHEAD)) and not frame.tags[0] & (BODY | HUMAN)
    if opening or frame.lows[source.mention[0]] in _CITING:
        return False  # "Citing intelligence reports, the daily said"
    if kind == "document":
        return (bool(tag & SAY) and lemma not in _MADE) or lemma in _DOCUMENT_VERBS
    if kind == "thing":
        return (
            lemma not in _EVENT_VERBS
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


def rank_of(lexicon: Lexicon, frame: Frame, source: Source, at: int) -> int | None:
    """Tell whether the clause stands beside its content (TAIL), carries the sentence (MAIN) or neither (None)."""
    tags, lows = frame.tags, frame.lows
    start = source.phrase[0]
    if start == 0:
        return MAIN
    if lows[start] == "that":
        return None
    if lows[start - 1] == "that" and (tags[at] & (SAY | ACT) or lows[at] == "called") and is_reported(frame, start - 1):
        return LATE
    if start > 1 and tags[at] & SAY and tags[start - 1] & SAY and tags[start - 1] & (PAST | THIRD):
        return LATE  # "The agency said Keller had told it …"
    before = _past_times(frame, start - 1)
    if before < 0 or _is_predicated(frame, start, before) or refers_back(frame, before):
        return MAIN
    tag, low = tags[before], lows[before]
    if _in_place_clause(frame, source, before):
        return LATE
    if low == "which" and tags[at] & SAY and source.kind == "pronoun" and lows[before - 1] in ("to", "in"):
        # "He was asked about the road, to which he replied …", "Keller posted a video in which he said …"
        return MAIN if lows[before - 1] == "to" else None if frame.words[before - 2] == "," else LATE
    if tag & REL or low == "that" or _in_object_clause(frame, source, before):
        return None
    if tag & QUOTE and tags[at] & SAY:
        return TAIL
    if tag & QUOTE or low in BREAKS or low in END_MARKS:
        return TAIL if tags[at] & SAY and _closes(lexicon, frame, at) else MAIN
    if tag & SUB:
        return _rank_behind_conjunction(lexicon, frame, before, at)
    told = before == 0 and lows[0] in ("this", "that") and source.kind == "pronoun"  # "This he told the agency"
    return MAIN if tag & CONJ or told or is_prefatory(frame, before) else None


def _past_times(frame: Frame, before: int) -> int:
    """Return the last item up to ``before`` that is no adverb and no time, or -1."""
    tags = frame.tags
    while before >= 0 and (
        (tags[before] & (ADV | TIME) and not tags[before] & QUOTE)
        or (tags[before] & (DET | NUM) and tags[before + 1] & TIME)  # "A week later the ministry said"
    ):
        before -= 1
    return before


def _is_predicated(frame: Frame, start: int, before: int) -> bool:
    """ "“Nonsense” is how the ministry described it", "“No” was all he would say"."""
    tags, lows = frame.tags, frame.lows
    if before and lows[before] == "how" and tags[before - 1] & BE:
        return True
    word = start if lows[start] == "all" else start - 1
    return word > 1 and lows[word] in ("what", "all") and bool(tags[word - 1] & BE and tags[word - 2] & QUOTE)


def _rank_behind_conjunction(lexicon: Lexicon, frame: Frame, before: int, at: int) -> int | None:
    """Tell the rank of a clause that the conjunction at ``before`` opens ("as she said", "while Oslo said …")."""
    lows, says = frame.lows, frame.tags[at] & SAY
    low = lows[before]
    if low == "as" and lows[before - 1] == "such" and before:
        return None  # "help that members such as Norway had asked for"
    if low in ("as", "after") and says and _COMES.intersection(lows[max(before - 4, 0) : before]):
        return LATE  # "The offer came as both armies said …"
    if low == "as" and not before and lows[at + 1 : at + 2] == ["for"]:
        return None  # "As Oslo asks for jets, the BBC reports …": when, not who
    as_told = lows[at] in _TELLS_IT and lows[at + 1 : at + 2] == ["it"]  # "As Moscow tells it, …"
    if low == "as" and ((says and _closes(lexicon, frame, at)) or as_told):
        return TAIL
    if low == "while":
        return MAIN if before else LATE  # "While Oslo claims …, Riga says"
    return LATE if low in ("although", "though") and says else None


def is_reported(frame: Frame, that: int) -> bool:
    """ "The agency reported on Monday that the minister had warned …": whom those words quote, if only news tells them."""
    before = that - 1
    while before > 0 and (
        frame.tags[before] & (TIME | ADV | NUM) or frame.lows[before] in ("on", "late", "last", "early")
    ):
        before -= 1
    return bool(frame.tags[before] & SAY and frame.tags[before] & (PAST | THIRD)) and frame.words[that - 1] != ","


def _in_place_clause(frame: Frame, source: Source, before: int) -> bool:
    """ "… in London, where the lawmaker Jan Keller told the house …"."""
    return (
        frame.lows[before] == "where"
        and frame.lows[max(before - 1, 0)] == ","
        and (
            source.kind in ("person", "office", "people")
            or (source.kind == "name" and source.mention[1] > source.mention[0])
            or source.head in ("he", "she")
        )
    )


def _in_object_clause(frame: Frame, source: Source, comma: int) -> bool:
    """ "a clause for which, delegates said, …": an aside within a statement of the outlet's own."""
    behind = frame.lows[comma] == "," and comma > 1 and bool(frame.tags[comma - 1] & REL)
    return behind and source.kind != "pronoun" and bool(frame.tags[comma - 2] & PREP)


def _closes(lexicon: Lexicon, frame: Frame, at: int) -> bool:
    """Tell whether nothing but a listener, a time or a place follows the verb, up to the next break."""
    tags, lows = frame.tags, frame.lows
    first = True
    for index in range(at + 1, min(len(frame), at + _MAX_TAIL)):
        tag, low = tags[index], lows[index]
        if tag & QUOTE and (lows[index - 1] == "to" or tags[index - 1] & (DET | POSS)):
            return False  # "On Monday, he promised to “answer …”"
        if tag & QUOTE or low in BREAKS or low in END_MARKS or low in _CITING:
            return True
        if (
            tag & (BE | AUX | REL)
            or low in ("that", "he", "she", "it", "they")
            or (
                tag & VERB and tag & (PAST | THIRD) and not tag & (DOC | HUMAN) and not _is_object(tag, tags[index - 1])
            )
        ):
            return False
        if first and not _may_follow(lexicon, frame, at, index):
            return False
        first = False
    return True


def _is_object(tag: int, before: int) -> bool:
    """Tell whether a word that may be a verb is a noun, by the tag before it ("said after talks")."""
    return bool(before & (PREP | DET | POSS)) or bool(tag & BADHEAD and before & SUB)


def _may_follow(lexicon: Lexicon, frame: Frame, verb: int, at: int) -> bool:
    tag, low = frame.tags[at], frame.lows[at]
    if not tag & (PREP | TIME | ADV | CAP | HUMAN | PRON | DET | POSS | SUB) and low not in lexicon.addressees:
        return low in ("him", "them", "us", "me")
    listens = lexicon.lemmas.get(frame.lows[verb]) in ("tell", "inform", "assure", "remind")
    return listens or not tag & (DET | CAP) or bool(tag & TIME)
