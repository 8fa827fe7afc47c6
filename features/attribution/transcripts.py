"""Interviews and transcripts: turns that open with a name and a colon, and all that follows in them that person's words."""

from collections import Counter
from collections.abc import Sequence

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import BODY, CAP, HUMAN, MODIFIER, NEWS, OFFICE, Lexicon
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.quotation import speaks_first_person
from stancewire.features.attribution.ranks import MAIN, TAIL
from stancewire.features.attribution.sources import Kind, Source
from stancewire.features.attribution.tokens import words

_MAX_LABEL = 8
ROLES = words("byline host anchor reporter correspondent presenter co-host")
_MAX_TOLD = 24
_MIN_TURNS = 2
# Turns that make a whole text a transcript, in which paragraphs without a label go on with the turn before.
_MIN_DIALOGUE = 4
_ASKERS = words("question")
_ANSWERS = words("a answer")
_OUTLET = words("q")
# The words of a news organisation's name that puts the questions ("Fjord Wire: …").
_OUTLET_WORDS = (CAP, CAP | NEWS, CAP | NEWS | BODY)


def mark_turns(lines: Sequence[Line], lexicon: Lexicon) -> None:
    """Find the turns of a transcript: names before a colon that open two paragraphs or more.

    A line that opens a turn gets the named person as its source; the lines up to the turn's end point to it by ``turn``;
    what is reported there is told by the person whose turn it is. Where a scraper has joined paragraphs, a turn opens
    within one too.
    """
    _mark_announced(lines)
    found = {at: label for at, line in enumerate(lines) if (label := _label(line)) is not None}
    asks = {label[-1] for at, label in found.items() if lines[at].sentence.text.rstrip("”\"' ").endswith("?")}
    labels = {at: label for at, label in found.items() if label[-1] in asks or not _carries(lines[at], label, lexicon)}
    alternate = _alternating(labels)
    opening = {
        at: label
        for at, label in labels.items()
        if lines[at].breaks or _stands_out(label) or label[-1].lower() in alternate
    }
    if len(opening) < _MIN_TURNS:
        return
    counts = Counter(label[-1].lower() for label in opening.values())
    named = {word.lower() for at, line in enumerate(lines) if at not in labels for word in _capitals(line.frame)}
    full = {label[-1].lower() for label in opening.values() if len(label) > 1}
    shouted = {label[-1].lower() for at, label in opening.items() if _is_label(lines[at])}
    turns = {at for at, label in opening.items() if _opens(lines[at], label, counts, named | full | shouted)}
    speakers = {opening[at][-1].lower() for at in turns}
    dialogue = len(turns) >= _MIN_DIALOGUE and len(speakers) > 1
    last = max(turns, default=-1)
    ranked = any(_is_ranked(lines[at].frame, label) for at, label in opening.items())
    briefing = ranked and not any(label[-1].lower() in _ANSWERS for label in opening.values())
    owner: Line | None = None
    for at, line in enumerate(lines):
        if at in turns:
            owner = _begin(line, opening[at], briefing)
        elif at in opening or (line.breaks and not (dialogue and at < last and _is_running(line))):
            owner = None
        elif is_stage(line):
            line.hits = []
        else:
            line.turn = owner


def _carries(line: Line, label: Sequence[str], lexicon: Lexicon) -> bool:
    """ "RIA Novosti: The road is shut, the mayor said": tell whether a label only tells which outlet carried what others said."""
    news = lexicon.is_news([word.lower() for word in label], (0, len(label) - 1), body=False)
    return news and any(hit.rank == TAIL for hit in line.hits)


def _mark_announced(lines: Sequence[Line]) -> None:
    """ "Keller said: We have no salt.", its marks lost: the sentences of the paragraph behind it are his too, and the next
    paragraph where it goes on in the first person."""
    owner: Line | None = None
    for line in lines:
        if _announces(line):
            owner = line
            continue
        owner = owner if owner is not None and _goes_on_unmarked(line) else None
        line.turn = owner


def _goes_on_unmarked(line: Line) -> bool:
    """Tell whether a sentence goes on with speech that has lost its marks: it quotes nobody and names no other speaker."""
    if line.sentence.part != "body" or line.frame.quotes or line.apart or not _is_running(line):
        return False
    if _label(line) is not None or any(hit.rank == TAIL for hit in line.hits):
        return False
    return not line.breaks or speaks_first_person(line.frame)


def _announces(line: Line) -> bool:
    """Tell whether a sentence of prose gives somebody's first person behind a verb and a colon, without marks."""
    frame, hit = line.frame, line.hits[0] if line.hits else None
    if hit is None or hit.rank == TAIL or line.sentence.part != "body" or frame.quotes or frame.scare or frame.heading:
        return False
    colon = hit.cue[1] if hit.rule == "label" else hit.cue[1] + 1
    said = hit.cue[0] < colon and frame.words[colon : colon + 1] == [":"]
    return (
        said and colon + 1 < len(frame) and frame.words[colon + 1][0].isupper() and speaks_first_person(frame, 0, colon)
    )


def _alternating(labels: dict[int, list[str]]) -> frozenset[str]:
    """Return the names that take turns, two or more of them twice or more: no prose opens its sentences so."""
    counts = Counter(label[-1].lower() for label in labels.values())
    often = frozenset(name for name, count in counts.items() if count >= _MIN_TURNS)
    return often if len(often) > 1 else frozenset()


def answer_start(line: Line) -> int:
    """Return where the words of a line begin: behind "A:", which is none of them, else with the sentence."""
    frame = line.frame
    labelled = len(frame) > 2 and frame.lows[0] in _ANSWERS and frame.words[1] == ":"
    return frame.starts[2] if labelled else line.sentence.start


def is_stage(line: Line) -> bool:
    """Tell whether a line of a transcript is a direction in brackets ("(Laughter.)")."""
    text = line.sentence.text.rstrip(". ")
    return text[:1] in ("(", "[") and text[-1:] in (")", "]")


def _is_running(line: Line) -> bool:
    """Tell whether a paragraph without a label goes on with a turn: it is no heading and no stage direction."""
    return line.sentence.text.rstrip("”\"' ")[-1:] in (".", "?", "!", "…") and not is_stage(line)


def _is_ranked(frame: Frame, label: list[str]) -> bool:
    """Tell whether a label gives a rank ("MR. KELLER"), as those of briefings do."""
    return any(frame.tags[at] & OFFICE for at in range(len(label) - 1))


def _begin(line: Line, label: list[str], briefing: bool) -> Line | None:
    """Open a turn; "Q" is the outlet's own voice in an interview, and one of many who ask in a ``briefing``."""
    if label[-1].lower() in _OUTLET and not briefing:
        return None
    if label[-1].lower() in _ANSWERS:
        line.hits, line.answers = [], True
    elif not _is_label(line):
        line.hits = [_turn(line.frame, len(label))]
    return line


def _opens(line: Line, label: list[str], counts: Counter[str], named: set[str]) -> bool:
    word = label[-1].lower()
    if _is_label(line) or word in _ASKERS or _is_role(line.frame, len(label)):
        return True
    return counts[word] >= _MIN_TURNS and (len(label) > 1 or word in named or word in _ANSWERS | _OUTLET)


def _capitals(frame: Frame) -> list[str]:
    return [word for word in frame.words[1:] if word[0].isupper()]


def _is_label(line: Line) -> bool:
    return bool(line.hits) and line.hits[0].rule == "label" and line.sentence.part == "body"


def _stands_out(label: list[str]) -> bool:
    """Tell whether a label within a paragraph is one that no sentence of prose opens with: shouted, a full name, "Q"."""
    shouted = all(word.isupper() for word in label if word[0].isalpha())
    return shouted or len(label) > 1 or label[-1].lower() in _ASKERS | _ANSWERS


def _label(line: Line) -> list[str] | None:
    """Return the words before the colon that a line opens with, what is in brackets left out, or None."""
    frame = line.frame
    told = _told_of(frame)
    colon = next((at for at in range(1, min(len(frame) - 1, _MAX_LABEL + told)) if frame.words[at] == ":"), None)
    if colon is None or line.sentence.part != "body":
        return None
    stop = next((at for at in range(1, colon) if frame.words[at] == "(" or _is_role(frame, at)), colon)
    asker = stop == 1 and frame.lows[0] in _ASKERS | _ANSWERS
    outlet = stop > 1 and all(frame.tags[at] in _OUTLET_WORDS for at in range(stop))
    plain = (outlet or all(_is_name_word(frame, at) for at in range(stop))) and frame.tags[stop - 1] & CAP
    plain = bool(plain or asker)
    return frame.words[:stop] if plain or _is_label(line) else None


def _is_role(frame: Frame, comma: int) -> bool:
    """ "IDA VOSS, HOST:": tell whether item ``comma`` and the next say what a speaker on the air is."""
    return frame.words[comma] == "," and frame.lows[comma + 1] in ROLES


def _told_of(frame: Frame) -> int:
    """ "IDA VOSS (adviser to the council, since May): …": how many items of a label stand in brackets."""
    first = next((at for at in range(1, min(len(frame), _MAX_LABEL)) if frame.words[at] == "("), None)
    if first is None:
        return 0
    return next((at - first for at in range(first, min(len(frame), first + _MAX_TOLD)) if frame.words[at] == ")"), 0)


def _is_name_word(frame: Frame, at: int) -> bool:
    tag = frame.tags[at]
    rank = bool(tag & OFFICE and tag & CAP)
    if tag & NEWS and frame.words[at].isupper():  # "DEPUTY PRESS SECRETARY JAN KELLER:"
        return bool(frame.tags[at + 1] & OFFICE)
    return rank or tag in (CAP, CAP | HUMAN, CAP | MODIFIER) or (frame.words[at] == "." and at > 0)


def _turn(frame: Frame, size: int) -> Hit:
    """Return the hit of a turn: whom its label names, without the rank before ("MS. REED", "Rear Admiral Jan Keller")."""
    colon = frame.words.index(":")
    ranks = [at + 1 for at in range(size - 1) if frame.tags[at] & OFFICE or frame.words[at] == "."]
    whole = (max(ranks, default=0), size - 1)
    outlet = any(frame.tags[at] & NEWS for at in range(whole[0], size))
    kind: Kind = "body" if outlet else "person" if size > 1 else "name"
    return Hit(Source(kind, whole, whole, frame.words[size - 1]), (colon, colon), MAIN, "turn", "", (0, colon))
