"""Deeds that verbs of saying name where they stand: "agreed a truce", "wrote a book", "reported for duty", "backed out"."""

from collections.abc import Callable

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    AUX,
    BASE,
    BE,
    CLITIC,
    CONJ,
    DET,
    DOC,
    ING,
    MARK,
    OFFICE,
    PLAIN,
    POSS,
    PREP,
    PRON,
    TIME,
)
from stancewire.features.attribution.tokens import words

_ACCORDS = words(
    "accord accords agreement agreements armistice ceasefire cease-fire compromise contract deal deals fee pact price "
    "settlement terms treaty truce"
)
_BOOKS = words(
    "book books novel novels memoir memoirs biography poem poems poetry song songs script thesis dissertation"
)
_CONTENT = words("that saying how why whether what calling urging which :")
_COURT = words("sentence verdict ruling conviction judgment judgement extradition")
_SUITS = words(
    "ruling rulings verdict sentence election elections result results decision seat vote presidency by-election"
)
_TOLLS = words("life lives victim victims limb limbs asylum benefits seat seats")
_PLACES = words("map maps screen picture photograph photo chart ruins crater hole sky building house window door graph")
_REALMS = words("republic caliphate state emirate kingdom")
_TOLD_APART = words("the a an two three from apart by")
_ASKED_OF = words("who what why how where when whether")
_OVER = words("over by after about in")
_AWAY = words("away down off out")
_QUESTIONED = words(
    "man men woman women suspect suspects witness witnesses driver drivers passengers prisoners survivors"
)
_SELVES = words("himself herself itself themselves")
_TREATS = words("tea coffee cake food flowers shelter drinks cigarettes prayers sacrifices refreshments")
_ACCUSERS = words(
    "police prosecutors prosecutor authorities investigators court judge jury magistrates attorney department officers officials"
)
_WEAPONS = words(
    "jet jets plane planes warplane warplanes aircraft helicopters gunships artillery drones tanks troops marines"
)
_HELPED = words(
    "army armies troops forces force fighters rebels militia militias groups offensive advance attack assault soldiers"
)
_FAR, _CLAUSE = 8, 60  # words: nothing farther belongs to a verb, and work stays linear in the text
_REACH = 4  # words between a verb and the noun that tells the deed


def _noun(frame: Frame, at: int, nouns: frozenset[str]) -> bool:
    """Tell whether the verb's object, a few words on and before any mark, is one of ``nouns``, and no clause's subject."""
    for index in range(at + 1, min(at + 1 + _REACH, len(frame))):
        if frame.lows[index] in nouns:
            return index + 1 >= len(frame) or not frame.tags[index + 1] & (BE | AUX | PLAIN)
        if frame.tags[index] & (MARK | PREP):
            return False
    return False


def _plain(frame: Frame, at: int) -> bool:
    """Tell whether nothing behind the verb opens words of its own."""
    return not frame.quotes and _CONTENT.isdisjoint(frame.lows[at + 1 : at + _CLAUSE])


def _after(frame: Frame, at: int) -> str:
    return frame.lows[at + 1] if at + 1 < len(frame) else ""


def _agrees(frame: Frame, at: int) -> bool:
    """ "The two sides agreed a truce": made, not said."""
    if not _noun(frame, at, _ACCORDS) or _after(frame, at) in ("that", "no"):
        return False
    noun = next(index for index in range(at + 1, len(frame)) if frame.lows[index] in _ACCORDS)
    after = frame.tags[noun + 1] if noun + 1 < len(frame) else MARK
    return bool(after & (MARK | PREP | TIME | CONJ)) or _after(frame, noun) == "to"  # not "agree truce line stays"


def _utters(frame: Frame, at: int) -> bool:
    """ "Keller sighed.", "She whispered to an aide.", "He testified for two hours.": nothing that was said is told."""
    told = frame.words[max(at - 2, 0)] == "," and frame.tags[at - 1] & PRON  # "The road was gone, he whispered"
    if told or any(tag & (BE | AUX) and not tag & CLITIC for tag in frame.tags[max(at - _CLAUSE, 0) : max(at - 1, 0)]):
        return False
    if frame.lows[at + 1 : at + 3] in (["to", "having"], ["to", "being"]):
        return False
    follows = frame.tags[at + 1] if at + 1 < len(frame) else MARK
    return (
        bool(follows & (MARK | PREP | TIME))
        and _after(frame, at) not in (":", "against", "about")
        and _plain(frame, at)
    )


def _writes(frame: Frame, at: int) -> bool:
    """ "wrote a book about the war", "wrote to the chair": with no word of what it said."""
    addressed = _after(frame, at) == "to" and "," not in frame.words[max(at - _CLAUSE, 0) : at]
    asks = any(
        frame.tags[index] & ING or (frame.tags[index] & BASE and frame.lows[index - 1] == "to" and index > at + 2)
        for index in range(at + 1, min(at + _CLAUSE, len(frame)))
    )
    return _plain(frame, at) and (_noun(frame, at, _BOOKS) or (addressed and not asks))


def _goes_to_court(frame: Frame, at: int) -> bool:
    """ "appealed against the sentence", "appealed the verdict"."""
    first = at + 2 if _after(frame, at) == "against" else at + 1
    return _noun(frame, first - 1, _COURT) and _plain(frame, at)


def _challenges(frame: Frame, at: int) -> bool:
    """ "contested the seat in 2015", "challenged the ruling in court"."""
    court = "court" in frame.lows[at + 3 : at + 10] or frame.lows[at].startswith("contest")
    return court and _noun(frame, at, _SUITS) and _plain(frame, at)


def _weighs(frame: Frame, at: int) -> bool:
    """ "is considering a new law", "considered leaving": thought about, with no word of what was thought of it."""
    follows = frame.tags[at + 1] if at + 1 < len(frame) else 0
    return bool(frame.tags[at] & ING and follows & (DET | ING | POSS) and frame.tags[at - 1] & BE) or (
        _after(frame, at).endswith("ing") and bool(follows & ING or _after(frame, at) in ("leaving", "going", "moving"))
    )


def _shows(frame: Frame, at: int) -> bool:
    """ "pointed to a map": a finger, no argument."""
    return _after(frame, at) in ("to", "at") and _noun(frame, at + 1, _PLACES) and _plain(frame, at)


def _is_posted(frame: Frame, at: int) -> bool:
    """ "The statement, posted on Telegram, was deleted"."""
    return (
        at > 1
        and frame.words[at - 1] == ","
        and bool(frame.tags[at - 2] & DOC)
        and bool(frame.tags[at + 1 : at + 2] and frame.tags[at + 1] & PREP)
    )


def _tolls(frame: Frame, at: int) -> bool:
    """ "The raid claimed four lives", "claimed a seat in parliament"."""
    clause = any(tag & (BE | AUX) and not tag & CLITIC for tag in frame.tags[at + 1 : at + _CLAUSE])
    return _noun(frame, at, _TOLLS) and _plain(frame, at) and not clause


def _indicts(frame: Frame, at: int) -> bool:
    """ "charged the mayor with treason", not "charged Oslo with firing missiles"."""
    given = next((i for i in range(at + 1, min(at + _CLAUSE, len(frame) - 1)) if frame.lows[i] == "with"), None)
    return (
        given is not None
        and not _ACCUSERS.isdisjoint(frame.lows[max(at - _FAR, 0) : at])
        and not frame.lows[given + 1].endswith("ing")
        and _plain(frame, at)
    )


def _is_title(frame: Frame, at: int) -> bool:
    """ "declared himself emir", "declared itself a republic": what somebody made himself."""
    noun = at + 1 if at < len(frame) and frame.tags[at] & DET else at
    return noun < len(frame) and (bool(frame.tags[noun] & OFFICE) or frame.lows[noun] in _REALMS)


def _can_tell(frame: Frame, at: int) -> bool:
    """ "They can tell you the draught of every ship": what one knows, not what one says."""
    able = frame.lows[at - 1] in ("can", "could")
    may = able or frame.lows[at - 1] in ("will", "would", "may", "might")
    told = _after(frame, at) == "you" and may
    return (told or (able and _after(frame, at) in _TOLD_APART)) and "that" not in frame.lows[at + 1 : at + 3]


def _is_by_weapons(frame: Frame, at: int) -> bool:
    """ "Russian jets support the army": tell whether arms are the verb's subject."""
    begin = at
    while begin > max(at - _FAR, 0) and not frame.tags[begin - 1] & MARK:
        begin -= 1
    return not _WEAPONS.isdisjoint(frame.lows[begin:at])


def _helps(frame: Frame, at: int) -> bool:
    """Tell whether the verb's object is who fights, not what is theirs ("the opposition groups' bid")."""
    window = range(at + 1, min(at + 1 + _REACH, len(frame)))
    noun = next((i for i in window if frame.lows[i] in _HELPED), None)
    if noun is None or not _noun(frame, at, _HELPED):
        return False
    return noun + 1 >= len(frame) or not (frame.tags[noun + 1] & CLITIC or frame.words[noun + 1] in "'’")


DEEDS: dict[str, Callable[[Frame, int], bool]] = {
    "agree": _agrees,
    "announce": lambda frame, at: _after(frame, at) in _SELVES,
    "ask": lambda frame, at: frame.lows[at + 1 : at + 4] in (["not", "to", "be"], ["to", "remain", "anonymous"]),
    "appeal": _goes_to_court,
    "back": lambda frame, at: _after(frame, at) in _AWAY or bool(frame.tags[at] & ING and _helps(frame, at)),
    "challenge": _challenges,
    "charge": _indicts,
    "claim": _tolls,
    "consider": _weighs,
    "contest": _challenges,
    "declare": lambda frame, at: _after(frame, at) in _SELVES and _is_title(frame, at + 2),
    "figure": lambda frame, at: _after(frame, at) == "in",
    "murmur": _utters,
    "mutter": _utters,
    "offer": lambda frame, at: _noun(frame, at, _TREATS) and _plain(frame, at),
    "point": _shows,
    "post": _is_posted,
    "put": lambda frame, at: _after(frame, at) == "it" and frame.lows[at + 2 : at + 3] in (["in"], ["on"], ["into"]),
    "question": lambda frame, at: (
        _after(frame, at)[:1].isdigit()
        or (_plain(frame, at) and (_noun(frame, at, _QUESTIONED) or _after(frame, at) in _OVER))
    ),
    "read": lambda frame, at: _after(frame, at) == "from",
    "report": lambda frame, at: frame.lows[at + 1 : at + 3] in (["for", "duty"], ["for", "work"], ["to", "police"]),
    "say": lambda frame, at: frame.lows[at - 1] in ("must", "should") and _after(frame, at) in _ASKED_OF,
    "sigh": _utters,
    "support": lambda frame, at: _is_by_weapons(frame, at) and _helps(frame, at),
    "tell": _can_tell,
    "testify": _utters,
    "volunteer": lambda frame, at: not frame.quotes and _after(frame, at) != "that",
    "whisper": _utters,
    "write": _writes,
}
