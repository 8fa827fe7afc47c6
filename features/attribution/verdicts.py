"""What "called" is where it judges: "called the raid a crime", not "called a meeting"."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    HUMAN,
    MARK,
    OFFICE,
    PAST,
    PLAIN,
    POSS,
    PREP,
    QUOTE,
    REL,
    SAY,
    SUB,
    THIRD,
    TIME,
)
from stancewire.features.attribution.phrases import END_MARKS, Phrase, phrase_right
from stancewire.features.attribution.segments import BREAKS
from stancewire.features.attribution.tokens import words

_JUDGEMENTS = words(
    "untrue false mistaken wrong absurd baseless groundless unfounded unacceptable ridiculous laughable illegal unlawful "
    "illegitimate premature dangerous irresponsible reckless misleading nonsense exaggerated unjustified disgraceful shameful "
    "regrettable cynical outrageous provocative inevitable necessary justified legitimate lawful impossible unavoidable welcome "
    "encouraging insufficient inadequate meaningless hypocritical"
)
_ENDS = BREAKS | END_MARKS
_CLAUSE = 60  # words
_VERDICTS = frozenset(("a", "an", "nonsense", "absurd", "untrue", "false", "shameful", "madness"))


def passes_verdict(frame: Frame, at: int, callable_nouns: frozenset[str]) -> bool:
    """ "called the raid a crime", "called the claim untrue"; not "called a meeting", "called Assad on Tuesday". The object
    begins at item ``at``; ``callable_nouns`` are what is summoned or telephoned rather than judged."""
    if frame.lows[at] in ("this", "that") and frame.lows[at + 1 : at + 2] and frame.lows[at + 1] in _VERDICTS:
        return True
    if _closes_in_verdict(frame, at):
        return True
    phrase = phrase_right(frame, at)
    behind = frame.tags[phrase[1] + 1 : phrase[1] + 2] if phrase is not None else []
    if behind and behind[0] & SAY and behind[0] & (PAST | THIRD):
        return False  # "a group called the Kalmo Front said"
    if (frame.scare and frame.scare[-1].first > at) or any(quote > at for quote in frame.quotes):
        return True
    if (
        phrase is not None
        and frame.lows[at] not in ("a", "an")
        and frame.lows[phrase[1] + 1 : phrase[1] + 2] in (["a"], ["an"])
    ):
        return True
    if phrase is None or (
        set(frame.lows[phrase[0] : phrase[1] + 1]) & callable_nouns
        and not _ends_in_verdict(frame, phrase, callable_nouns)
    ):
        return False
    after = phrase[1] + 1
    if after >= len(frame):
        return phrase[1] - phrase[0] > 1 and frame.lows[at] not in ("a", "an")
    if frame.lows[at] in ("a", "an"):
        return False
    tag = frame.tags[after]
    if tag & QUOTE or tag & DET:
        return True
    rest = [
        i
        for i in range(at + 1, min(at + _CLAUSE, len(frame)))
        if frame.tags[i] & (DET | QUOTE) and not frame.tags[i - 1] & (PREP | CONJ)
    ]
    if any(not set(frame.words[at:i]) & (BREAKS | END_MARKS) for i in rest):
        return True
    return not tag & (MARK | PREP | TIME | CONJ | REL) or (bool(tag & (MARK | PREP)) and _ends_common(frame, phrase))


def _closes_in_verdict(frame: Frame, at: int) -> bool:
    """ "called reports of a post in Bergen mistaken": the clause ends in a judgement, however long the object."""
    far = min(at + _CLAUSE, len(frame))
    stop = next((i for i in range(at, far) if frame.words[i] in _ENDS), far)
    other = BE | AUX | REL | SUB | CONJ | PAST | PLAIN
    finite = any(frame.tags[i] & other and not frame.tags[i] & CLITIC for i in range(at, stop))
    return stop > at + 1 and frame.lows[stop - 1] in _JUDGEMENTS and not finite


def _ends_in_verdict(frame: Frame, phrase: Phrase, callable_nouns: frozenset[str]) -> bool:
    """ "the vote shameful"; not "the police chief", "a council meeting"."""
    last = phrase[1]
    return (
        bool(frame.tags[phrase[0]] & (DET | POSS))
        and frame.lows[phrase[0]] not in ("a", "an")
        and frame.lows[last - 1] in callable_nouns
        and frame.lows[last] not in callable_nouns
        and not frame.tags[last] & (CAP | HUMAN | OFFICE | BODY)
    )


def _ends_common(frame: Frame, phrase: Phrase) -> bool:
    """Tell whether an object ends in a common noun behind other words ("the attack part of a pattern")."""
    return phrase[1] - phrase[0] >= 2 and not frame.tags[phrase[1]] & CAP and bool(frame.tags[phrase[0]] & (DET | POSS))
