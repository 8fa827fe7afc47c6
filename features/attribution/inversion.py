"""Verbs before their subject: "…, said Lavrov on Friday"."""

from dataclasses import replace

from stancewire.features.attribution.appositions import across_commas
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.joint import followed
from stancewire.features.attribution.judgement import Hit, named_beside
from stancewire.features.attribution.lexicon import (
    ADV,
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    HUMAN,
    MARK,
    NEWS,
    OFFICE,
    PAST,
    PLAIN,
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
from stancewire.features.attribution.phrases import END_MARKS, Phrase, phrase_right
from stancewire.features.attribution.ranks import MAIN, TAIL
from stancewire.features.attribution.remarks import HEARD
from stancewire.features.attribution.segments import is_name_only, segment_start, trim
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.subjects import is_prefatory
from stancewire.features.attribution.tokens import words

NEEDS_LISTENER = frozenset(("tell", "inform", "assure", "remind", "thank", "accuse", "blame", "urge"))
NO_INVERSION = words("only just that no any some each every this these those it there all another such nothing")
_MAX_APART = 8
_TOPICS = words("of over about against not to")
_HEARD = HEARD | words("cited quoted")
_STYLED = words("known identified named nicknamed styled dubbed called codenamed")
# What opens a time or a place behind a name ("said Keller late on Monday", "hours after the raid", "ahead of the vote").
_ADJUNCTS = words(
    "late early ahead shortly soon hours days minutes moments weeks months years last this next again upon inside outside "
    "alongside yesterday tonight today once just right barely afterwards midway immediately"
)
_SPANS = words("hour hours day days minute minutes week weeks month months year years")
_OPENERS = words(
    "worse better now here there nobody nothing everything everyone everybody fortunately tomorrow yes no sure true moreover "
    "besides furthermore more this that enough alas first second third next"
)
_NOMINAL = OFFICE | BODY | HUMAN
_TRANSITIVE = words("promise ask answer warn beg read write agree believe fear expect hope")


def inverted(frame: Frame, at: int, lemma: str) -> Hit | None:
    """ "…, said Lavrov on Friday."."""
    tags, lows = frame.tags, frame.lows
    quoted = at > 0 and bool(tags[at - 1] & QUOTE)
    if (
        not (
            (tags[at] & SAY and (lemma not in NEEDS_LISTENER or _is_signed(frame, at, lemma)))
            or (quoted and (Lexicon.is_strong(tags[at]) or lemma == "call") and lemma not in NEEDS_LISTENER - {"urge"})
        )
        or at + 1 >= len(frame)
        or (lows[at + 1] in NO_INVERSION and not _some_close(frame, at + 1))
        or lows[at + 1 : at + 3] == ["one", "day"]
    ):
        return None
    if not at and frame.heading and tags[at] & PAST:
        return None  # "Feared commander killed", "Agreed truce breaks down"
    if at and not (tags[at - 1] & QUOTE or lows[at - 1] in (",", "—", "–", "-", ":", "?", "!", "so")):
        return None
    phrase = _right(frame, at + 1)
    if phrase is None:
        return None
    phrase = trim(frame, _before_adjunct(frame, phrase))
    source = read_source(frame, phrase)
    if source is not None and source.kind == "thing" and quoted and tags[phrase[0]] & DET and not source.plural:
        source = replace(source, kind="office")  # "“Mind the step,” said the guide, Jan Keller"
    if (
        source is None
        or source.kind == "thing"
        or (source.kind == "pronoun" and lows[at + 1] in ("i", "we", "you", "they"))
    ):
        return None
    if (tags[phrase[0]] & DET and source.kind == "document" and not quoted) or _clause_follows(frame, phrase[1] + 1):
        return None
    if at and lows[at - 1] == "," and frame.heading and lemma in _TRANSITIVE and _is_listener(frame, at + 1):
        return None
    if at and lows[at - 1] == "," and not frame.heading and _has_subject(frame, at, lemma, phrase):
        return None
    source = followed(frame, named_beside(frame, source))
    return Hit(source, (at, at), TAIL if at else MAIN, "inverted", lemma, (at, source.phrase[1]))


def _is_signed(frame: Frame, at: int, lemma: str) -> bool:
    """ "“One came from Pskov”, – informed the spokesman": tell whether "informed" signs a quotation."""
    return lemma == "inform" and at > 1 and (bool(frame.tags[at - 1] & QUOTE) or frame.lows[at - 1] in ("–", "—", "-"))


def _has_subject(frame: Frame, at: int, lemma: str, right: Phrase) -> bool:
    """Tell whether the verb behind a comma has its subject left of it ("Kirsanin, the delegate, said the army moved …")."""
    left = across_commas(frame, at - 1)
    start = left[0] if left is not None else 0
    if start > 1 and frame.words[start - 1] == ",":  # "The envoy, Jan Keller, asked Oslo"
        begin = segment_start(frame, start - 2)
        described = frame.tags[begin] & DET and any(frame.tags[i] & (OFFICE | HUMAN) for i in range(begin, begin + 4))
        start = begin if described or phrase_right(frame, begin) == (begin, start - 2) else start
    if left is None or not (start == 0 or is_prefatory(frame, start - 1)):
        return False
    source = read_source(frame, trim(frame, left))
    if source is None or source.kind in ("thing", "document"):
        return False
    after = right[1] + 1
    if left == (0, at - 2) and _goes_on_behind(frame, right[1]):
        return False
    if left == (0, at - 2) and (_is_parenthetic(frame, right) or _is_adverb(frame, left)):
        return False
    if left[1] == at - 2 and lemma not in _TRANSITIVE and _is_described(frame, right):
        return False
    return lemma in _TRANSITIVE or not (
        after >= len(frame) or bool(frame.tags[after] & TIME) or frame.words[after] in END_MARKS
    )


def _goes_on_behind(frame: Frame, end: int) -> bool:
    """ "Syria, said Keller on reaching the ninth slide, had been pulled back": tell whether the clause's verb comes behind a
    comma, a few words after item ``end``."""
    comma = next((at for at in range(end + 1, min(end + _MAX_APART, len(frame) - 1)) if frame.words[at] == ","), None)
    return comma is not None and bool(frame.tags[comma + 1] & (BE | AUX))


def _is_adverb(frame: Frame, left: Phrase) -> bool:
    """ "Instead, argues Keller, …", "Worse, say the officers, …": an adverb alone opens the sentence, no name."""
    low = frame.lows[left[0]]
    known = frame.tags[left[0]] & (ADV | TIME | SUB | CONJ) or low in _OPENERS
    return left[0] == left[1] and bool(known or (low.endswith("ly") and not frame.tags[left[0]] & _NOMINAL))


def _right(frame: Frame, at: int) -> Phrase | None:
    """Return the phrase that begins at ``at``; "another" may be all of it."""
    alone = frame.lows[at] == "another" and (at + 1 >= len(frame) or bool(frame.tags[at + 1] & (MARK | QUOTE | TIME)))
    return (at, at) if alone else phrase_right(frame, at)


def _some_close(frame: Frame, at: int) -> bool:
    """ "“No,” said some analysts.", "said another.": tell whether such a word opens the words that close a clause."""
    phrase = _right(frame, at) if frame.lows[at] in ("some", "another") else None
    return phrase is not None and (phrase[1] + 1 >= len(frame) or frame.words[phrase[1] + 1] in END_MARKS | {","})


def _is_listener(frame: Frame, at: int) -> bool:
    """Tell whether a heading's words behind a comma name who is told ("Norway shuts its port, warns Denmark of …")."""
    of = next((i for i in range(at + 1, len(frame)) if frame.lows[i] in _TOPICS), None)
    return of is not None and all(frame.tags[i] & (CAP | OFFICE | BODY | HUMAN | DET) for i in range(at, of))


def _is_parenthetic(frame: Frame, right: Phrase) -> bool:
    """ "The fleet, warned Jan Keller of the navy, will not sail": the sentence goes on behind a person and a comma."""
    named = read_source(frame, right)
    after = right[1] + 1
    if (
        named is None
        or named.kind not in ("person", "name", "office")
        or frame.words[after : after + 1] != [","]
        or after + 1 >= len(frame)
    ):
        return False
    return bool(frame.tags[after + 1] & (QUOTE | AUX | BE | VERB | PLAIN))


def _is_described(frame: Frame, right: Phrase) -> bool:
    """ "…, confirms Jan Keller, a spokesman": a full name and its apposition behind the verb."""
    after = right[1] + 1
    if right[1] == right[0] or not is_name_only(frame, *right) or frame.words[after : after + 1] != [","]:
        return False
    return after + 1 < len(frame) and bool(frame.tags[after + 1] & (DET | OFFICE))


def _before_adjunct(frame: Frame, phrase: Phrase) -> Phrase:
    """ "said Keller late on Monday", "said Keller two days after the raid": the phrase without the time behind its name."""
    for at in range(phrase[0] + 1, phrase[1] + 1):
        counted = (
            (is_number(frame.lows[at]) or frame.lows[at] == "one")
            and at + 1 < len(frame)
            and frame.lows[at + 1] in _SPANS
        )
        if frame.tags[at - 1] & DET or not frame.words[at].islower():
            continue
        if counted or frame.lows[at] in _ADJUNCTS:
            return (phrase[0], at - 1)
    return phrase


def _has_listener(frame: Frame, to: int) -> bool:
    """ "said Keller to reporters in Oslo"."""
    return to + 1 < len(frame) and bool(frame.tags[to + 1] & (DET | POSS | HUMAN | NEWS | CAP))


def _clause_follows(frame: Frame, after: int) -> bool:
    """Tell whether what stands behind a phrase makes it the subject of a clause of its own."""
    if after >= len(frame):
        return False
    tags, low, tag = frame.tags, frame.lows[after], frame.tags[after]
    if low in _HEARD and frame.lows[after + 1 : after + 2] == ["by"]:
        return False  # "said a ministry source cited by the agency", "said residents reached by phone"
    if (
        low in _STYLED
        and after + 1 < len(frame)
        and (tags[after + 1] & (PREP | ADV | CAP) or frame.lows[after + 1] == "as")
    ):
        return False  # "said an activist known as Abu Karim"
    if low in _ADJUNCTS or (frame.lows[after + 1 : after + 2] and frame.lows[after + 1] in _SPANS):
        return False
    if tag & (AUX | BE | CLITIC | PLAIN) or (tag & VERB and tag & (PAST | THIRD) and low != "told"):
        return True
    if low == "to" and not tags[after - 1] & BODY and not _has_listener(frame, after):
        return True
    reduced = low.endswith("ing") or (low.endswith("ed") and after + 1 < len(frame) and bool(tags[after + 1] & PREP))
    return not tag & (MARK | QUOTE | TIME | PREP | REL | CONJ | ADV | SUB | DET | PRON) and not reduced
