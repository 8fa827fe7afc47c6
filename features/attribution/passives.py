"""Passives that report: who "by" names ("waved aside as a fairy tale by officials"), and when somebody only loses his post."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import ADV, AUX, CAP, MARK, OFFICE, PARTICIPLE, REL, SUB, TIME
from stancewire.features.attribution.phrases import VERB_PARTICLES, Phrase
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.subjects import subject_of
from stancewire.features.attribution.tokens import words

_MAX_ASIDE = 12
# What is told already by its name.
_SPEECH = words(
    "appeal appeals warning warnings call calls concern concerns doubt doubts objection objections criticism demand demands "
    "threat threats plea fear fears claim claims accusations allegation allegations complaint complaints view views"
)
_WHEN = words("on late early last")


def agent(frame: Frame, at: int) -> int | None:
    """Return the "by" of a passive: "rejected by X", "waved aside on Monday by X", "dismissed as a fairy tale by X"."""
    lows, size = frame.lows, len(frame)
    index = at + 1
    index += lows[index : index + 1] != [] and lows[index] in VERB_PARTICLES
    while index < size and _is_time(frame, index):
        index += 1
    if lows[index : index + 1] != ["as"]:
        return index if lows[index : index + 1] == ["by"] else None
    for by in range(index + 1, min(index + _MAX_ASIDE, size)):
        if frame.tags[by] & (MARK | REL | SUB | AUX):
            return None
        if lows[by] == "by":
            job = index == at + 1 and bool(frame.tags[index + 1] & OFFICE)  # "dismissed as head of the army by"
            return None if job or lows[by - 1].endswith("ed") or frame.tags[by - 1] & PARTICIPLE else by
    return None


def _is_time(frame: Frame, at: int) -> bool:
    """Tell whether an adverb or a time, or the "on" or "late" before one, stands at ``at``."""
    tags = frame.tags
    return bool(tags[at] & (ADV | TIME)) or (
        frame.lows[at] in _WHEN and any(tag & TIME for tag in tags[at + 1 : at + 3])
    )


def gives_words(frame: Frame, at: int) -> bool:
    """ "An appeal for blankets was issued by the council": tell whether the subject of the passive at ``at`` is speech."""
    phrase = subject_of(frame, at)
    return phrase is not None and not _SPEECH.isdisjoint(frame.lows[phrase[0] : phrase[1] + 1])


def without_purpose(frame: Frame, phrase: Phrase) -> Phrase:
    """ "was issued by the council for households to …": whose words they are, without whom they are for; names keep "for"."""
    stop = next((at for at in range(phrase[0] + 1, phrase[1]) if frame.lows[at] == "for"), 0)
    return (phrase[0], stop - 1) if stop and not frame.tags[stop + 1] & CAP else phrase


def loses_post(frame: Frame, at: int) -> bool:
    """ "Two generals were dismissed by the president": tell whether the subject of the verb at ``at`` is a person."""
    phrase = subject_of(frame, at)
    source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
    return source is not None and (source.kind in ("person", "office", "people") or source.head in ("he", "she"))
