"""Interviews and transcripts: paragraphs that open with a name and a colon, and all of them that person's words."""

from collections import Counter
from collections.abc import Sequence

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import MAIN, Hit
from stancewire.features.attribution.lexicon import CAP
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.sources import Kind, Source

_MAX_LABEL = 8
_MIN_TURNS = 2


def mark_turns(lines: Sequence[Line]) -> None:
    """Find the turns of a transcript: names before a colon that open two paragraphs or more.

    A line that opens a turn gets the named person as its source, the lines up to the paragraph's end ``in_turn``; what is
    reported there is told by the person whose turn it is.
    """
    labels = {id(line): label for line in lines if line.breaks and (label := _label(line)) is not None}
    if len(labels) < _MIN_TURNS:
        return
    counts = Counter(words[-1].lower() for words in labels.values())
    named = {
        word.lower() for line in lines if id(line) not in labels for word in line.frame.words[1:] if word[0].isupper()
    }
    turn = False
    for line in lines:
        words = labels.get(id(line))
        if line.breaks:
            known = words is not None and (_is_label(line) or counts[words[-1].lower()] >= _MIN_TURNS)
            turn = known and (_is_label(line) or len(words or ()) > 1 or (words or [""])[-1].lower() in named)
            if turn and not _is_label(line) and words is not None:
                line.hits = [_turn(line.frame, len(words))]
        else:
            line.in_turn = turn


def _is_label(line: Line) -> bool:
    return bool(line.hits) and line.hits[0].rule == "label" and line.sentence.part == "body"


def _label(line: Line) -> list[str] | None:
    """Return the words before the colon that a paragraph opens with, what is in brackets left out, or None."""
    frame = line.frame
    colon = next((at for at in range(1, min(len(frame) - 1, _MAX_LABEL)) if frame.words[at] == ":"), None)
    if colon is None or line.sentence.part != "body":
        return None
    stop = next((at for at in range(1, colon) if frame.words[at] == "("), colon)
    plain = all(tag == CAP for tag in frame.tags[:stop])
    return frame.words[:stop] if plain or _is_label(line) else None


def _turn(frame: Frame, size: int) -> Hit:
    colon = frame.words.index(":")
    whole = (0, size - 1)
    kind: Kind = "person" if size > 1 else "name"
    return Hit(Source(kind, whole, whole, frame.words[size - 1]), (colon, colon), MAIN, "turn", "", (0, colon))
