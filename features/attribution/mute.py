"""Verbs of saying that report nothing where they stand, and plurals that only look like verbs."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    AUX,
    BODY,
    CAP,
    CLITIC,
    HUMAN,
    MARK,
    OFFICE,
    PAST,
    POSS,
    PREP,
    PRON,
    QUOTE,
    THIRD,
)
from stancewire.features.attribution.names import is_number
from stancewire.features.attribution.phrases import phrase_right
from stancewire.features.attribution.tokens import words

_REPUTED = words("say believe think report allege assume estimate consider suspect presume")
_OBJECTS = words(
    "questions demands claims charges threats doubts fears hopes promises calls answers offers requests protests"
)
_STORIES = words("story stories tale tales")
_CONTENT = words("that of about on how what where when whether why :")
_TELLS_LITTLE = words("say reveal disclose")
_SUBJECTS = words("about more else on publicly officially yet further")
# What tells that nothing was said, before a mark or one of these words ("said little about", but "said little had changed").
_LITTLE = {
    "nothing": _SUBJECTS | words("of to"),
    "little": _SUBJECTS,
    "much": _SUBJECTS,
    "few": words("details specifics particulars"),
}
_LISTENERS = words("him her them us me you")
_MEASURES = words("min mins minute minutes sec secs hour must good")


def is_reputed(frame: Frame, at: int, lemma: str) -> bool:
    """ "jets believed to be Danish": what is said of somebody, not by him."""
    if (
        lemma not in _REPUTED
        or frame.lows[at + 1 : at + 2] != ["to"]
        or frame.lows[at + 2 : at + 3] not in (["be"], ["have"])
    ):
        return False
    return not (at and frame.tags[at - 1] & (AUX | CLITIC))


def says_nothing(frame: Frame, at: int, lemma: str, is_denied: bool) -> bool:
    """Tell whether nothing is reported: "said nothing of", "should ask itself", "a tale told before every summit"."""
    following = frame.lows[at + 1] if at + 1 < len(frame) else ""
    if lemma in _TELLS_LITTLE and following in _LITTLE:
        after = frame.lows[at + 2] if at + 2 < len(frame) else "."
        return after in _LITTLE[following] or not after[0].isalpha()
    if lemma == "read":
        return frame.lows[max(at - 1, 0)] in _MEASURES  # "4 min read"
    if lemma == "inform":
        return "," not in frame.words[:at] and not frame.quotes and _CONTENT.isdisjoint(frame.lows[at + 1 :])
    if lemma == "write":
        return _keeps_in_touch(frame, at)
    if lemma == "ask":
        return following.endswith(("self", "selves"))
    if (
        lemma == "tell"
        and not _STORIES.isdisjoint(frame.lows[at + 2 : at + 4])
        and frame.words[at + 4 : at + 5] != ["of"]
    ):
        return following in ("a", "an", "another", "the", "its", "their")  # "the shelves tell another story"
    if lemma in ("speak", "applaud"):
        return is_denied and following not in ("of", "about", "out", "for", "against")
    return lemma == "tell" and following in ("before", "by", "after", "at", "for") and not frame.tags[at] & THIRD


def _keeps_in_touch(frame: Frame, at: int) -> bool:
    """ "Anna has been writing to her every hour": nothing that was written is told."""
    listens = at + 2 < len(frame) and (frame.lows[at + 2] in _LISTENERS or bool(frame.tags[at + 2] & POSS))
    if frame.lows[at + 1 : at + 2] != ["to"] or not listens or frame.quotes or frame.scare:
        return False
    told = "," in frame.words[:at] and frame.lows[at] != "writing"  # "The road was gone, he wrote to her"
    return not told and _CONTENT.isdisjoint(frame.lows[at + 3 :])


def is_counted(frame: Frame, at: int) -> bool:
    """Tell whether a form in "-s" is a plural behind a number word ("Nineteen observation posts")."""
    for index in range(at - 1, max(at - 4, -1), -1):
        if is_number(frame.lows[index]):
            return True
        low, tag = frame.lows[index], frame.tags[index]
        if tag & (MARK | QUOTE | PRON | CLITIC | PREP) or (low.endswith("s") and not low.endswith("ss")):
            return False
    return False


def is_object_noun(frame: Frame, at: int) -> bool:
    """Tell whether a plural is the object of the verb before it ("referred questions to", "drew threats")."""
    if frame.lows[at] not in _OBJECTS:
        return False
    before = frame.tags[at - 1] if at else 0
    acts = bool(before & PAST) or frame.lows[at - 1].endswith("ed")
    return at > 1 and acts and not before & (CAP | MARK | HUMAN | OFFICE | BODY)


def remembers(frame: Frame, at: int, lemma: str) -> bool:
    """Tell whether "recall" is memory ("recalls a call in which …") rather than an order to come home."""
    if lemma != "recall" or not frame.tags[at] & THIRD:
        return False
    phrase = phrase_right(frame, at + 1)
    return (
        phrase is not None
        and not frame.tags[phrase[0]] & POSS
        and not any(frame.tags[index] & (OFFICE | HUMAN) for index in range(phrase[0], phrase[1] + 1))
    )
