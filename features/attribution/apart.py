"""Sources that speak together, each introduced by himself: "Anna B., the premier, and Carl D. (R-Iowa), a whip, said"."""

import re
from dataclasses import replace

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import ADV, AUX, BE, CLITIC, DET, OFFICE, POSS, QUOTE, REL, SUB
from stancewire.features.attribution.phrases import Phrase, phrase_right
from stancewire.features.attribution.sources import Source, read_source

_MAX_APART = 40  # items
_MAX_BRACKETS = 5
_ENDS = frozenset((",", "(", "and"))
_PARTY = re.compile(r"(?:[A-Z]{1,4}[-‑–][A-Z][\w.]*|\d\d)")  # "D-Ohio"; an age


def introduced_apart(frame: Frame, source: Source, cue: int) -> Source:
    """ "Anna B., the premier, and Carl D., the chancellor, said", "President Anna B., Premier Carl D. and Mayor Eva F. said":
    all who open the sentence before item ``cue``, each with what he is."""
    if source.kind not in ("person", "name") or source.names or not 0 <= source.phrase[1] < cue <= _MAX_APART:
        return source
    while cue and frame.tags[cue - 1] & (AUX | ADV):
        cue -= 1  # "A, the mayor, and B, her deputy, have denied"
    commas = [at for at in range(cue) if frame.words[at] == ","]
    if any(tag & (AUX | BE | QUOTE | SUB | REL) and not tag & CLITIC for tag in frame.tags[:cue]):
        return source
    parts = [(first, last - 1) for first, last in zip([0, *(at + 1 for at in commas)], [*commas, cue], strict=True)]
    parts = [part for part in parts if part[0] <= part[1]]
    names = _one_by_one(frame, cue) or (_all_titled(frame, parts) if commas else ())
    if not names:
        return source
    mention, phrase = (names[0][0], names[-1][1]), (0, parts[-1][1])
    return replace(source, kind="people", mention=mention, phrase=phrase, plural=True, names=names)


def _one_by_one(frame: Frame, cue: int) -> tuple[Phrase, ...]:
    """Return the names of two persons, one of them at least with what he is set off by commas or brackets, or nothing."""
    first, at = _introduced(frame, int(frame.lows[0] == "both"), cue)
    if first is None or frame.lows[at : at + 1] != ["and"]:
        return ()
    second, end = _introduced(frame, at + 1, cue)
    return (first, second) if second is not None and end == cue else ()


def _introduced(frame: Frame, start: int, cue: int) -> tuple[Phrase | None, int]:
    """Return the name of a person introduced from ``start`` on, if there is one, and where the introduction ends."""
    at = _segment(frame, start, cue)
    named = _person(frame, start, at)
    office = None if named is not None else _read(frame, start, at)
    if named is None and (office is None or office.kind != "office"):
        return None, at
    if frame.words[at] == "(":
        at = next((end + 1 for end in range(at + 1, min(at + _MAX_BRACKETS, cue)) if frame.words[end] == ")"), cue)
    if frame.words[at] != ",":
        return named, at
    if frame.lows[at + 1] == "and":
        return named, at + 1
    end = next((end for end in range(at + 1, cue) if frame.words[end] == ","), cue)
    if named is None:
        named = _person(frame, at + 1, end)
    elif not _tells(frame, at + 1, end):
        return None, at
    return named, min(end + 1, cue)


def _segment(frame: Frame, start: int, cue: int) -> int:
    """Return where the words that begin at ``start`` end: before a comma, a bracket, an "and" or the verb."""
    return next((at for at in range(start, cue) if frame.lows[at] in _ENDS), cue)


def _read(frame: Frame, start: int, stop: int) -> Source | None:
    return read_source(frame, (start, stop - 1)) if phrase_right(frame, start) == (start, stop - 1) else None


def _person(frame: Frame, start: int, stop: int) -> Phrase | None:
    source = _read(frame, start, stop)
    named = source is not None and source.kind in ("person", "name") and not source.names
    return source.mention if source is not None and named else None


def _tells(frame: Frame, start: int, stop: int) -> bool:
    """Tell whether the words from ``start`` to ``stop`` say what somebody is: "the mayor of Lund", "D-Ohio", "43"."""
    if stop - start == 1 and _PARTY.fullmatch(frame.words[start]):
        return True
    return bool(frame.tags[start] & (DET | POSS | OFFICE)) and _read(frame, start, stop) is not None


def _all_titled(frame: Frame, parts: list[Phrase]) -> tuple[Phrase, ...]:
    """Return the names of a list of persons with titles, or nothing."""
    read = [read_source(frame, part) if phrase_right(frame, part[0]) == part else None for part in parts]
    *first, last = read
    if not first or last is None or not last.names or last.phrase != parts[-1]:
        return ()
    names = [
        one.mention for one in first if one is not None and one.kind == "person" and one.phrase[0] < one.mention[0]
    ]
    whole = len(names) == len(first) and all(name[1] == part[1] for name, part in zip(names, parts, strict=False))
    return (*names, *last.names) if whole else ()
