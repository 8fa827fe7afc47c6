"""Whose a statement is that an article speaks of, so that "the statement said" later has its speaker."""

from stancewire.features.attribution.frame import Frame, text_of
from stancewire.features.attribution.lexicon import CAP, CLITIC, DOC, POSS
from stancewire.features.attribution.phrases import phrase_left, phrase_right
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.tokens import words

_PAPERS = words("statement account readout letter communique communiqué message memo note bulletin post release notice")
_FROM = frozenset(("from", "by"))
_OWNERS = frozenset(("body", "name", "person"))


def papers(frame: Frame) -> dict[str, str | None]:
    """Return the statements that a sentence speaks of: to each head word the name of whose it is; None for a new one that
    the sentence gives no owner ("in a statement")."""
    found: dict[str, str | None] = {}
    for at in range(1, len(frame)):
        if frame.tags[at] & DOC and not frame.tags[at] & CAP and frame.lows[at] in _PAPERS:
            owner = _owner(frame, at)
            if owner is not None or _is_new(frame, at):
                found[frame.lows[at]] = owner
    return found


def _is_new(frame: Frame, at: int) -> bool:
    """ "a statement", "its own statement", "in a brief statement"."""
    return any(frame.lows[i] in ("a", "an", "another") or frame.tags[i] & POSS for i in range(max(at - 3, 0), at))


def _owner(frame: Frame, at: int) -> str | None:
    clitic = next((i for i in range(at - 1, max(at - 3, 0), -1) if frame.tags[i] & CLITIC), None)
    if clitic is not None:
        phrase = phrase_left(frame, clitic - 1)
    elif frame.lows[at + 1 : at + 2] and frame.lows[at + 1] in _FROM:
        phrase = phrase_right(frame, at + 2)
    else:
        return None
    source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    if source is None or source.kind not in _OWNERS or not frame.tags[source.mention[1]] & CAP:
        return None
    return text_of(frame, source.mention[0], source.mention[1] + 1)
