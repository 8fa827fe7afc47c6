"""Verbs of saying that report nothing where they stand, and plurals that only look like verbs or nouns."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV,
    AUX,
    BASE,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    HUMAN,
    ING,
    MARK,
    NEWS,
    OFFICE,
    PAST,
    POSS,
    PREP,
    PRON,
    QUOTE,
    SAY,
    THIRD,
    VERB,
    Lexicon,
)
from stancewire.features.attribution.names import is_number
from stancewire.features.attribution.phrases import phrase_right
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.tokens import words

_REPUTED = words("say believe think report allege assume estimate consider suspect presume")
_REASONS = words("for over after as by amid in")
# Which words behind a heading's past form show that it is a passive.
_DONE_TO = {
    **dict.fromkeys(words("ask tell urge beg advise request invite warn"), words("to")),
    **dict.fromkeys(words("want"), words("for over by in at")),
    **dict.fromkeys(
        words("criticise criticize condemn denounce blame slam blast accuse praise hail mock censure"), _REASONS
    ),
    **dict.fromkeys(words("fear believe presume"), words("dead killed missing drowned lost trapped buried")),
    **dict.fromkeys(words("offer promise"), words("to for")),
}
_OBJECTS = words(
    "questions demands claims charges threats doubts fears hopes promises calls answers offers requests protests"
)
_FACED = words("face faces faced facing raise raises raising poses pose take takes taking field fields fielding")
_LINGERING = words(
    "remain remained grow grew mount mounted persist persisted loom linger emerge emerged spread swirl fade faded"
)
_PERIODIC = words("hourly daily nightly weekly fortnightly monthly quarterly yearly annual")
_DOUBTED = words("cast casts casting throw throws threw no any little in beyond without some")
_POSTED = words(
    "border observation command check army guard police military trading army's first-aid signal listening last"
)
_MAX_BEFORE = 6
_OF_REPORTS = words("intelligence police witness press media news rights incident casualty")
_OF_NATIONS = ("ian", "ish", "ese", "ench", "eli", "aqi", "ani", "eni", "ican", "utch", "reek", "rab")
_PERMITTED = words("ask call request demand appeal object propose invite")
_THOUGHTS = words("want hope fear think believe expect worry regret wonder reckon guess")
_MEMORIES = words(
    "case day days night nights morning evening moment moments time times hour hours year years scene scenes story stories words "
    "conversation conversations meeting meetings visit event events occasion incident episode experience sight sound"
)
_NEAR = 3
_HEARSAY = words("reportedly allegedly supposedly purportedly")
_HARDLY = words("hardly scarcely barely")
MODALS = words("must may might could should would")
# Most words of a news organisation's name.
_LETTERHEAD = 5


def is_reputed(frame: Frame, at: int, lemma: str) -> bool:
    """ "jets believed to be Danish": what is said of somebody, not by him."""
    if (
        lemma not in _REPUTED
        or frame.lows[at + 1 : at + 2] != ["to"]
        or frame.lows[at + 2 : at + 3] not in (["be"], ["have"])
    ):
        return False
    return not (at and frame.tags[at - 1] & (AUX | CLITIC))


def is_done_to(frame: Frame, at: int, lemma: str) -> bool:
    """ "Residents urged to leave", "Police criticised over raid", "Rooms wanted for guests": a heading's participle that has
    lost its "are"."""
    if not (frame.heading and frame.tags[at] & PAST and at) or frame.tags[at - 1] & (AUX | CLITIC | PRON):
        return False
    return not _DONE_TO.get(lemma, frozenset()).isdisjoint(frame.lows[at + 1 : at + 2])


def is_counted(frame: Frame, at: int) -> bool:
    """Tell whether a form in "-s" is a plural behind a number word ("Nineteen observation posts")."""
    for index in range(at - 1, max(at - 4, -1), -1):
        if is_number(frame.lows[index]):
            return True
        low, tag = frame.lows[index], frame.tags[index]
        if tag & (MARK | QUOTE | PRON | CLITIC | PREP) or (low.endswith("s") and not low.endswith("ss")):
            return False
    return False


def is_many(frame: Frame, at: int) -> bool:
    """Tell whether a word is a plural of people ("lawmakers"), which a verb's base form may follow."""
    low = frame.lows[at]
    return bool(frame.tags[at] & (HUMAN | OFFICE)) and low.endswith("s") and not low.endswith("ss")


def called_out(frame: Frame, at: int) -> bool:
    """ "“Come in,” called Ida Voss", "“Come in,” a woman called from the door": uttered, not named."""
    out = at + 1 if frame.lows[at + 1 : at + 2] == ["out"] else at
    follows = frame.tags[out + 1] if out + 1 < len(frame) else MARK
    if at and frame.tags[at - 1] & QUOTE:
        return out > at or bool(follows & (CAP | DET | POSS))
    quoted = any(frame.tags[i] & QUOTE for i in range(max(at - _MAX_BEFORE, 0), at))
    return quoted and (frame.lows[out + 1 : out + 2] == ["from"] or (out > at and bool(follows & MARK)))


def is_object_noun(frame: Frame, at: int) -> bool:
    """Tell whether a plural is the object of the verb before it ("referred questions to", "drew threats") or of a preposition
    ("in its daily notes")."""
    before = frame.tags[at - 1] if at else 0
    periodic = at > 1 and frame.lows[at - 1] in _PERIODIC and frame.tags[at - 2] & (POSS | PREP)
    if periodic and frame.tags[at] & THIRD:
        return True
    if frame.lows[at] == "doubt" and at and frame.lows[at - 1] in _DOUBTED:
        return True  # "Shelling casts doubt on the truce"
    if frame.lows[at] == "posts" and at:
        return not frame.tags[at - 1] & (CAP | HUMAN | OFFICE | BODY | PRON | ADV) or frame.lows[at - 1] in _POSTED
    if frame.lows[at] not in _OBJECTS:
        return False
    if frame.lows[at + 1 : at + 2] and frame.lows[at + 1] in _LINGERING:
        return True  # "…, but fears remain"
    acts = bool(before & PAST) or frame.lows[at - 1].endswith("ed") or frame.lows[at - 1] in _FACED
    return at > 1 and acts and not before & (CAP | MARK | HUMAN | OFFICE | BODY)


def is_heading_noun(frame: Frame, at: int) -> bool:
    """Tell whether what a heading capitalises is a noun: "Keller Under Pressure to Go", "Talks in Oslo: A New Hope"."""
    if frame.tags[at] & ING or not frame.tags[at] & BASE:
        return False
    if frame.tags[at - 1] & PREP and frame.lows[at - 1] != "to":
        return True
    return (
        frame.lows[at - 2 : at - 1] in (["a"], ["an"]) and at > 1 and not frame.tags[at - 1] & (HUMAN | OFFICE | BODY)
    )


def gives_report(frame: Frame, at: int) -> bool:
    """ "Aid groups report hunger in the port": several who speak open the sentence, and no other verb is in it."""
    if frame.lows[at] != "report" or not 0 < at < _MAX_BEFORE or at + 1 >= len(frame):
        return False
    many = frame.tags[at - 1] & (HUMAN | OFFICE | BODY) and frame.lows[at - 1].endswith("s")
    if not many or frame.tags[at + 1] & (PREP | MARK | BE | AUX | CONJ):
        return False
    return not any(tag & (BE | AUX) or (tag & VERB and tag & (PAST | THIRD)) for tag in frame.tags[at + 1 :])


def is_nations_noun(frame: Frame, at: int) -> bool:
    """ "split over Russian offer": a verb's base form is a noun behind a preposition and an adjective of nationality."""
    if at < 2 or not frame.tags[at] & BASE or not frame.tags[at - 1] & CAP or not frame.tags[at - 2] & PREP:
        return False
    return frame.lows[at - 1].endswith(_OF_NATIONS)


def is_supposed(frame: Frame, before: int) -> bool:
    """Tell whether the outlet only supposes what was thought or said: "must have hoped", "would have called on them"; "have"
    is at item ``before``."""
    if before < 1 or frame.lows[before] != "have":
        return False
    modal = before - 1
    while modal > 0 and frame.tags[modal] & ADV:
        modal -= 1
    return frame.lows[modal] in MODALS


def is_hearsay(frame: Frame, at: int) -> bool:
    """ "Norway has reportedly asked for time", "Oslo can hardly complain": the outlet's word for it, or that it was not said."""
    near = frame.lows[max(at - _NEAR, 0) : at]
    return not _HEARSAY.isdisjoint(near[-2:]) or ("can" in near and not _HARDLY.isdisjoint(near))


def is_foreseen(frame: Frame, before: int, lemma: str) -> bool:
    """ "The alliance will want to close ranks": tell whether the outlet supposes what somebody is going to think; "will" is
    at item ``before``."""
    if lemma in _PERMITTED and before >= 0 and frame.lows[before] in ("may", "might"):
        return True  # "Any ally may ask for talks"
    return lemma in _THOUGHTS and before >= 0 and frame.lows[before] in ("will", "'ll", "’ll", "may", "might", "must")


def remembers(frame: Frame, at: int, lemma: str) -> bool:
    """Tell whether "recall" is memory ("recalls a call in which …") rather than an order to come home."""
    if lemma != "recall":
        return False
    phrase = phrase_right(frame, at + 1)
    if phrase is not None and frame.tags[at] & PAST:
        return not _MEMORIES.isdisjoint(frame.lows[phrase[0] : min(phrase[0] + 4, phrase[1] + 1)])
    if not frame.tags[at] & THIRD:
        return False
    return (
        phrase is not None
        and not frame.tags[phrase[0]] & POSS
        and not any(frame.tags[index] & (OFFICE | HUMAN) for index in range(phrase[0], phrase[1] + 1))
    )


def heads_news(frame: Frame, at: int) -> bool:
    """ "Norway Reports Shooting near Port": a heading whose subject is one name, and whose other words hold no verb."""
    if not frame.heading or frame.lows[at] != "reports" or not 0 < at < _MAX_BEFORE:
        return False
    source = read_source(frame, (0, at - 1))
    if source is None or source.plural or source.kind not in ("name", "body", "person", "office"):
        return False
    last, after = frame.tags[at - 1], frame.tags[at + 1]
    if (
        not last & (CAP | BODY | OFFICE)
        or last & NEWS
        or frame.lows[at - 1] in _OF_REPORTS
        or after & (PREP | BE | AUX)
    ):
        return False
    return not any(tag & (BE | AUX) or (tag & VERB and tag & (PAST | THIRD)) for tag in frame.tags[at + 1 :])


def closes_report(frame: Frame, at: int, lexicon: Lexicon) -> bool:
    """ "The square was quiet, reports AFP.": a news organisation, and nothing else, behind the verb at a sentence's end."""
    size = len(frame)
    last = size - 2 if frame.tags[size - 1] & MARK else size - 1
    if not (frame.tags[at] & SAY and frame.tags[at] & THIRD and at > 1 and frame.words[at - 1] == ","):
        return False
    first = at + 2 if frame.lows[at + 1] == "the" else at + 1
    return first <= last < first + _LETTERHEAD and lexicon.is_news(frame.lows, (first, last), body=True)
