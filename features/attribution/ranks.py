"""How a clause with a source stands in its sentence: beside its content, carrying it, or inside another."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import CITING
from stancewire.features.attribution.lexicon import (
    ACT,
    ADV,
    AUX,
    BADHEAD,
    BE,
    CAP,
    CONJ,
    DET,
    DOC,
    HUMAN,
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
from stancewire.features.attribution.phrases import END_MARKS
from stancewire.features.attribution.segments import BREAKS
from stancewire.features.attribution.sources import Source
from stancewire.features.attribution.subjects import is_prefatory, refers_back
from stancewire.features.attribution.tokens import words

# Beside its content, carrying the sentence, or only where nothing better is found.
TAIL, MAIN, LATE = 0, 1, 2
_MAX_TAIL = 80
_TELLS_IT = words("put puts tell tells told see sees saw")
_WISHED = words("hope hopes hoped expect expects expected fear fears feared")
_COMES = words("came come comes coming")


def rank_of(lexicon: Lexicon, frame: Frame, source: Source, at: int) -> int | None:
    """Tell whether the clause stands beside its content (TAIL), carries the sentence (MAIN) or neither (None)."""
    tags, lows = frame.tags, frame.lows
    start = source.phrase[0]
    if start == 0:
        return MAIN
    if lows[start] == "that":
        return None
    if _is_passed_on(frame, start, at):
        return LATE
    before = _past_times(frame, start - 1)
    if before < 0 or _is_predicated(frame, start, before) or refers_back(frame, before):
        return MAIN
    tag, low = tags[before], lows[before]
    if _in_place_clause(frame, source, before):
        return None if lows[at] in _WISHED and lows[at + 1 : at + 2] == ["to"] else LATE
    if low == "which" and tags[at] & SAY and source.kind == "pronoun" and lows[before - 1] in ("to", "in"):
        # "He was asked about the road, to which he replied …", "Keller posted a video in which he said …"
        return MAIN if lows[before - 1] == "to" else None if frame.words[before - 2] == "," else LATE
    if tag & REL or low == "that" or _in_object_clause(frame, source, before):
        return None
    if tag & QUOTE and tags[at] & SAY:
        return TAIL
    if tag & QUOTE or low in BREAKS or low in END_MARKS:
        own = (
            low == ";" and at + 1 < len(frame) and frame.words[at + 1] not in END_MARKS
        )  # "Oslo waits; Riga says not yet"
        # "He said that after the shots, they had asked for bread"
        own = own or (lows[at - 1] == "had" and not frame.quotes)
        return TAIL if tags[at] & SAY and not own and _closes(lexicon, frame, at) else MAIN
    if tag & SUB:
        return _rank_behind_conjunction(lexicon, frame, before, at)
    told = before == 0 and lows[0] in ("this", "that") and source.kind == "pronoun"  # "This he told the agency"
    return MAIN if tag & CONJ or told or is_prefatory(frame, before) else None


def _is_passed_on(frame: Frame, start: int, at: int) -> bool:
    """ "The agency said Keller had told it …", "The agency is reporting that a source said …"."""
    tags, lows = frame.tags, frame.lows
    if lows[start - 1] == "that":
        says = tags[at] & (SAY | ACT) or lows[at] == "called"
        return bool(says and is_reported(frame, start - 1)) or (lows[at] == "said" and lows[start - 2] == "reporting")
    return start > 1 and bool(tags[at] & SAY and tags[start - 1] & SAY and tags[start - 1] & (PAST | THIRD))


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
    if low == "as" and lows[at - 1] == "had":
        return LATE  # "She denied it, as bloggers had suggested"
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
        if tag & QUOTE or low in BREAKS or low in END_MARKS or low in CITING:
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
