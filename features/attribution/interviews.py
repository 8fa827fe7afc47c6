"""Interviews without names: questions in lines of their own, and what stands between them the words of whom the text before
introduces."""

from collections.abc import Sequence

from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.memory import Memory
from stancewire.features.attribution.quotation import speaks_first_person
from stancewire.features.attribution.tokens import words

_MIN_QUESTIONS = 2
_MAX_LEAD = 30
_YOU = words("you your yours you're you’re you've you’ve")
_SELF = words("i i'm i’m i've i’ve i'd i’d i'll i’ll my me")
_ANNOUNCED = words("interview interviewed questions question answers q&a conversation")
_RECEIVED = words("received met told spoke talked welcomed meets receives speaks talks tells answers answered")


def mark_answers(lines: Sequence[Line]) -> None:
    """Mark the answers of an interview whose turns carry no names (``answers``).

    An interview has two questions or more that open paragraphs. Its answers are whole quotations; or it says that
    it is one, its questions say "you" and its answers "I".
    """
    asked = [at for at, line in enumerate(lines) if _asks(line)]
    if len(asked) < _MIN_QUESTIONS or any(line.turn is not None for line in lines):
        return
    quoted = [at for at in asked if at + 1 < len(lines) and _is_bare_quotation(lines[at + 1])]
    first = asked[0]
    if len(quoted) >= _MIN_QUESTIONS:
        for at in range(first + 1, len(lines)):
            lines[at].answers = _is_bare_quotation(lines[at]) and not lines[at].hits
    elif _is_announced(lines[:first]) and _is_dialogue(lines[first:]):
        _mark_unquoted(lines, first)


def interviewee(memory: Memory) -> Entity | None:
    """Return the person whom the text before an interview introduces: its last subject, else who spoke last or was named
    first in full, else None."""
    subjects = [one for _, one in reversed(memory.topics)]
    named = (one for one in memory.recent if " " in one.name)
    return next((one for one in (*subjects, *reversed(memory.spoken), *named) if memory.may_be_person(one)), None)


def _asks(line: Line) -> bool:
    """Tell whether a line opens its paragraph as a question of the outlet's."""
    text = line.sentence.text.rstrip()
    return line.breaks and line.sentence.part == "body" and text.endswith("?") and not line.frame.quotes


def _is_bare_quotation(line: Line) -> bool:
    return line.wholly_quoted or (line.chain is not None and not line.hits)


def _is_announced(lead: Sequence[Line]) -> bool:
    """Tell whether the text before the first question says that it is an interview ("received us", "five questions")."""
    for line in lead[:_MAX_LEAD]:
        lows = line.frame.lows
        ours = "us" in lows and not _RECEIVED.isdisjoint(lows)
        if ours or not _ANNOUNCED.isdisjoint(lows):
            return True
    return False


def _is_dialogue(lines: Sequence[Line]) -> bool:
    addressed = any(line.breaks and not _YOU.isdisjoint(line.frame.lows) for line in lines)
    return addressed and any(not _asks(line) and not _SELF.isdisjoint(line.frame.lows) for line in lines)


def _mark_unquoted(lines: Sequence[Line], first: int) -> None:
    """Mark what stands between the questions, and behind the last one what attributes nothing to others."""
    last = max(at for at in range(first, len(lines)) if _asks(lines[at]))
    for at in range(first, len(lines)):
        line = lines[at]
        if at > last and line.hits:
            return
        line.answers = not (_asks(line) or (not _asks(lines[at - 1]) and _presses(line)))


def _presses(line: Line) -> bool:
    """ "Oslo says that you mined the road.": a statement put to the person interviewed."""
    lows = line.frame.lows
    return line.breaks and not _YOU.isdisjoint(lows) and not speaks_first_person(line.frame)
