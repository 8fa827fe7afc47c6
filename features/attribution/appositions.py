"""Subjects apart from their verb: across appositions, parentheses and relative clauses."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ADV,
    AUX,
    BE,
    BODY,
    CAP,
    CLITIC,
    CONJ,
    DET,
    DOC,
    HUMAN,
    ING,
    MARK,
    NUM,
    OFFICE,
    PARTICIPLE,
    PAST,
    PLAIN,
    POSS,
    PREP,
    QUOTE,
    REL,
    SUB,
    THIRD,
    TIME,
    VERB,
)  # fmt: skip
from stancewire.features.attribution.phrases import Phrase, phrase_left, phrase_right
from stancewire.features.attribution.segments import PARTICIPLES, is_name_only, segment_start, trim
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.tokens import words

_STATES = frozenset(("north", "south", "new", "west", "east", "northern", "southern", "western", "eastern"))
_MAX_SEGMENTS = 7
_MAX_BRACKET = 8
_MAX_DASHED = 40
_AGED = 3  # digits that are no age
_IRREGULAR = PARTICIPLES - {"left"} | words("born drawn found hit kept put set torn")
_DASHES = frozenset("—–")
RELATIVES = frozenset(("who", "which", "whose", "where", "that"))
_EACH = words("each both all some most many none one two three several half")
_WHICH = (["which"], ["whom"])
_OPENS_PARENTHESIS = frozenset(
    ("quoted", "based", "known", "cited", "asked", "dressed", "himself", "herself", "itself", "then", "aged")
)


def described_name(frame: Frame, phrase: Phrase) -> Phrase:
    """ "Jeff Davis, head of the mission told": where the comma before the verb is missing, the name before is the subject."""
    start = phrase[0]
    if frame.title_case or start < 2 or frame.words[start - 1] != "," or not _is_description(frame, phrase):
        return phrase
    begin = segment_start(frame, start - 2)
    if start - 2 - begin >= 1 and is_name_only(frame, begin, start - 2) and not frame.tags[start - 2] & BODY:
        named = read_source(frame, (begin, start - 2))
        if named is not None and named.kind in ("person", "name"):
            return (begin, start - 2)
    return phrase


def across_commas(frame: Frame, comma: int) -> Phrase | None:
    """Return the subject that stands left of a parenthesis closed by ``comma`` ("Lavrov, who …, said")."""
    if frame.words[comma] == ")":
        return _before_brackets(frame, comma)
    return _before_dashes(frame, comma) or _over_segments(frame, comma)


def _over_segments(frame: Frame, comma: int) -> Phrase | None:
    """Return the subject left of the segments that ``comma`` closes, descriptions and relative clauses passed over."""
    close = comma
    for _ in range(_MAX_SEGMENTS):
        end = close - 1
        if end < 0:
            return None
        start = _over_letters(frame, segment_start(frame, end))
        if start > end:
            return None
        opener = start - 1
        if frame.words[end] == ")" and opener > 0 and frame.words[opener] == "(":
            outside = _outside(frame, opener) if comma < len(frame) - 1 else None
            if outside is not None:
                return outside
            close = opener
            continue
        if frame.lows[start] == "where" and opener > 0 and not _is_clause(frame, start, end + 1):
            return phrase_left(frame, end, start + 1)  # "…, where Jan Keller, who …, says"
        if opener >= 0 and frame.tags[opener] & QUOTE:
            return (
                _before_opening_relative(frame) if _is_modifier(frame, start, end) else phrase_left(frame, end, start)
            )
        if opener >= 0 and _is_modifier(frame, start, end):
            close = opener
            continue
        if opener > 0 and _is_owned(frame, opener) and is_name_only(frame, start, end):
            return (start, end)  # "…, whose spokeswoman, Ida Voss, wrote"
        if opener > 1 and _is_state_of_town(frame, start, end):
            close = opener
            continue
        relative = _relative_before(frame, start)
        if relative is not None and not _opens_place(frame, relative):
            close = relative
            continue
        return _named_or_described(frame, start, end)
    return None


def _before_opening_relative(frame: Frame) -> Phrase | None:
    """ "Keller, who had warned of “a long winter” if they stayed, said": the phrase before such a clause."""
    phrase = phrase_right(frame, 0)
    comma = phrase[1] + 1 if phrase is not None else len(frame)
    related = frame.words[comma : comma + 1] == [","] and frame.lows[comma + 1 : comma + 2] in (["who"], ["which"])
    return phrase if related else None


def _is_state_of_town(frame: Frame, start: int, end: int) -> bool:
    """ "Sgt. Jan Keller, 27, of Tulsa, Oklahoma, said": tell whether a segment only says where the town before it lies."""
    town = start - 2
    single = start == end or (end == start + 1 and frame.lows[start] in _STATES)
    if not single or frame.words[start - 1] != "," or not frame.tags[start] & CAP or frame.tags[end] & (OFFICE | BODY):
        return False
    begin = segment_start(frame, town)
    while town > begin and frame.tags[town] & CAP and not frame.tags[town] & (OFFICE | BODY):
        town -= 1
    placed = town < start - 2 and frame.lows[town] in ("of", "from", "in", "near")
    return placed and begin > 1 and frame.words[begin - 1] == ","


def _named_or_described(frame: Frame, start: int, end: int) -> Phrase | None:
    """Return the subject at the end of a parenthesis: a name, or whom a description belongs to."""
    if is_name_only(frame, start, end):
        return _outer_name(frame, start) or (start, end)
    owner = _apposition_owner(frame, start, end)
    if owner is None or is_name_only(frame, *owner):
        outer = _outer_name(frame, start) if frame.lows[start] in ("a", "an") else None
        return outer or owner or _before_relative(frame, start, end) or phrase_left(frame, end, start)
    return _outer_name(frame, start) or owner


def _before_relative(frame: Frame, start: int, end: int) -> Phrase | None:
    """ "A driver who has worked in the port, and who asked …": whom a relative clause without a comma describes."""
    who = next((at for at in range(start + 1, end) if frame.lows[at] in ("who", "whose")), None)
    phrase = phrase_right(frame, start) if who is not None else None
    return phrase if phrase is not None and who is not None and phrase[1] == who - 1 else None


def _outside(frame: Frame, opener: int) -> Phrase | None:
    """ "the Northern Rescue League (NRL), which …, said": the phrase that fills its segment up to a bracket."""
    begin = segment_start(frame, opener - 1)
    outside = phrase_left(frame, opener - 1, begin)
    if outside is None or outside[0] != begin:
        return None
    return _apposition_owner(frame, begin, opener - 1) or outside


def _before_brackets(frame: Frame, close: int) -> Phrase | None:
    """ "the Security Service of Ukraine (SBU) claimed": the phrase before short brackets."""
    bracket = next((at for at in range(close - 1, max(close - _MAX_BRACKET, 0), -1) if frame.words[at] == "("), None)
    return None if bracket is None else phrase_left(frame, bracket - 1)


def _before_dashes(frame: Frame, close: int) -> Phrase | None:
    """ "The league – made up of Norway, Iceland and Sweden – announced": the phrase before dashes that hold commas."""
    if frame.words[close] not in _DASHES:
        return None
    opener = next((at for at in range(close - 1, max(close - _MAX_DASHED, 0), -1) if frame.words[at] in _DASHES), 0)
    related = opener > 0 and frame.lows[opener + 1] in ("who", "whose", "which")
    if opener < 1 or ("," not in frame.words[opener:close] and not related):
        return None
    return phrase_left(frame, opener - 1, segment_start(frame, opener - 1))


def _is_owned(frame: Frame, comma: int) -> bool:
    """Tell whether "whose" and an office, and nothing else, stand before ``comma``."""
    begin = segment_start(frame, comma - 1)
    return frame.lows[begin] == "whose" and bool(frame.tags[comma - 1] & (OFFICE | HUMAN))


def _opens_place(frame: Frame, comma: int) -> bool:
    """Tell whether the relative clause behind ``comma`` belongs to an adverbial ("In the Duma, where …, Keller said")."""
    begin = segment_start(frame, comma - 1)
    return begin == 0 and bool(frame.tags[0] & PREP) and frame.lows[comma + 1] in ("where", "which", "whose", "who")


def _is_modifier(frame: Frame, start: int, end: int) -> bool:
    """Tell whether a segment between commas is an adverbial or a clause rather than a name or description."""
    if frame.tags[start] & CONJ and frame.lows[start + 1] in ("who", "which", "whose") and start < end:
        return True  # "…, and who asked not to be named, said"
    first, low = frame.tags[start], frame.lows[start]
    if frame.tags[end] & TIME and not frame.tags[end] & CAP:
        return True
    if (first & REL and not first & DET) or (first & (PREP | ADV | SUB | TIME | NUM) and not first & CAP):
        return True
    if (first & (ING | PARTICIPLE) and not first & (CAP | BODY | DOC)) or low.endswith("ing"):
        return True
    if low in _IRREGULAR and start < end and frame.tags[start + 1] & (PREP | ADV):
        return True  # "…, run from hotels, claimed"
    if low in _EACH and frame.lows[start + 1 : start + 2] == ["of"] and frame.lows[start + 2 : start + 3] in _WHICH:
        return True  # "…, each of which had written, said"
    return low in _OPENS_PARENTHESIS or (low.endswith("ed") and not first & CAP)


def _apposition_owner(frame: Frame, start: int, end: int) -> Phrase | None:
    """Return the name that segment ``start:end`` describes ("Davis, a Pentagon spokesman, said"), or None."""
    opener = _over_age(frame, _over_brackets(frame, start - 1))
    if opener <= 0:
        return None
    begin = segment_start(frame, opener - 1)
    begin += bool(frame.tags[begin] & CONJ) and begin + 1 < opener
    whole = phrase_right(frame, begin) == (begin, opener - 1)
    person = (
        opener - 1 > begin
        and is_name_only(frame, begin, opener - 1)
        and (begin == 0 or bool(frame.tags[begin - 1] & QUOTE))
    )
    if not (person or _describes(frame, start, end) or (frame.tags[start] & (DET | POSS) and whole)):
        return None
    left = (begin, opener - 1) if is_name_only(frame, begin, opener - 1) else phrase_left(frame, opener - 1, begin)
    if left is None or (
        frame.lows[left[0]] in ("one", "another", "some") and frame.lows[left[0] + 1 : left[0] + 2] == ["of"]
    ):
        return None
    named = read_source(frame, trim(frame, left))
    leads = begin == 0 or frame.tags[begin - 1] & QUOTE
    if (
        named is not None
        and leads
        and frame.lows[start] in ("a", "an", "one")
        and _is_placed(frame, begin, named.mention[0])
    ):
        return None  # "In Bergen, a Danish official, speaking …, said"
    own = read_source(frame, (start, end)) if named is not None and named.kind in ("office", "people") else None
    if own is not None and own.kind == "person" and own.mention[1] == end and end > own.mention[0]:
        return (start, end)  # "The mayor, former boxer Carl D., said"
    if (
        named is not None
        and named.kind == "body"
        and _is_body_name(frame, start, end)
        and not _is_body_name(frame, *left)
    ):
        return (start, end)  # "The main farmers' union, the National Herring Council, said"
    if named is None or named.kind not in ("person", "name", "body", "office", "people"):
        return None
    if named.kind in ("office", "people", "body") and not whole:
        return None
    return left


def _is_placed(frame: Frame, begin: int, name: int) -> bool:
    """Tell whether a name stands in a lead ("In Bergen", "Speaking in Oslo"), not behind it ("In a letter Jan Keller")."""
    before = name - 1
    while before > begin and frame.tags[before] & DET:
        before -= 1
    doing = frame.lows[begin].endswith("ing") and bool(frame.tags[begin + 1] & (PREP | DET | POSS | ADV))
    if not doing and (not frame.tags[begin] & PREP or frame.tags[begin] & SUB):
        return False
    return name == begin or bool(frame.tags[before] & PREP)


def _is_body_name(frame: Frame, start: int, end: int) -> bool:
    """Tell whether a phrase is a body's proper name ("the National Herring Council")."""
    if frame.tags[start] & DET:
        start += 1
    named = all(frame.tags[at] & CAP or frame.lows[at] in ("of", "for", "and") for at in range(start, end + 1))
    if start == end and len(frame.words[end]) > 1 and frame.words[end].isupper():
        return True  # "the domestic security agency, the SBU, said"
    head = next((at - 1 for at in range(start + 1, end + 1) if frame.lows[at] in ("of", "for")), end)
    return named and end > start and bool(frame.tags[end] & BODY or frame.tags[head] & BODY)


def _over_brackets(frame: Frame, opener: int) -> int:
    """Return where brackets before ``opener`` open ("the Treaty Organization (CSTO), an alliance …"), else ``opener``."""
    if opener < 2 or frame.words[opener - 1] != ")":
        return opener
    return next((at for at in range(opener - 2, max(opener - _MAX_BRACKET, 0), -1) if frame.words[at] == "("), opener)


def _over_letters(frame: Frame, start: int) -> int:
    """ "Jan Keller, Kalmo Council's (KC) member for housing, said": where the description begins that letters interrupt."""
    bracketed = start > _AGED and frame.words[start - 1] == ")" and frame.words[start - 3] == "("
    if not bracketed or not frame.words[start - 2].isupper() or frame.tags[start] & (VERB | BE | AUX | MARK):
        return start
    return segment_start(frame, start - 4)


def _over_age(frame: Frame, opener: int) -> int:
    """Return where an age before ``opener`` opens ("Jan Keller, 43, a baker"), else ``opener``."""
    if opener < _AGED:
        return opener
    word = frame.words[opener - 1]
    aged = (word.isdigit() and len(word) < _AGED) or word[:2] in (
        "D-",
        "R-",
        "I-",
    )  # "Rep. Jan Keller, D-Ohio, a lawyer"
    return opener - 2 if aged and frame.words[opener - 2] == "," else opener


def _describes(frame: Frame, start: int, end: int) -> bool:
    """Tell whether a segment opens with an office or an indefinite description."""
    if frame.lows[start] in ("a", "an"):
        return True
    if any(
        frame.tags[at] & CLITIC and at < end and not frame.tags[at + 1] & CAP
        for at in range(start + 1, min(end, start + 4))
    ):
        return True
    return any(frame.tags[at] & (OFFICE | HUMAN) for at in range(start, min(end, start + 5) + 1))


def _is_description(frame: Frame, phrase: Phrase) -> bool:
    """Tell whether a phrase can describe the name before it ("a Pentagon spokesman", "head of the council")."""
    if frame.tags[phrase[0]] & (DET | POSS):
        return True
    return any(frame.tags[at] & (OFFICE | HUMAN | BODY) for at in range(phrase[0], phrase[1] + 1)) and not is_name_only(
        frame, *phrase
    )


def _outer_name(frame: Frame, start: int) -> Phrase | None:
    """ "Zakaria M., officer of a rebel group, Fastaqim, said": the first name, where the second belongs to its description."""
    if start < 4 or frame.words[start - 1] != ",":
        return None
    middle = segment_start(frame, start - 2)
    if middle < 2 or frame.words[middle - 1] != "," or not _describes(frame, middle, start - 2):
        return None
    begin = segment_start(frame, middle - 2)
    if begin < middle - 2 and is_name_only(frame, begin, middle - 2):
        return (begin, middle - 2)
    return None


def _relative_before(frame: Frame, start: int) -> int | None:
    """Return the comma that opens a relative clause in which segment ``start`` lies, or None."""
    at = start - 1
    for _ in range(4):
        if at <= 0 or frame.words[at] != ",":
            return None
        begin = segment_start(frame, at - 1)
        if begin >= at:
            return None
        if frame.tags[begin] & (AUX | BE) and not frame.tags[begin] & CLITIC:
            return None  # "Forces, who man a line, will not go in, their spokesman, Jan Keller, said"
        opens = frame.tags[begin] & REL and frame.lows[begin] in RELATIVES
        if opens and frame.lows[begin] == "where" and not _is_clause(frame, begin, at):
            return None  # "from Geneva, where the delegate, Jan Keller, says": its verb is still to come
        if not opens and begin > 1 and _is_modifier(frame, begin, at - 1) and not frame.lows[begin].endswith("ed"):
            listed = not any(frame.tags[i] & REL for i in range(begin, at))  # not "…, through which …"
            opens = listed and segment_start(frame, begin - 2) == 0 and _is_list(frame, start, begin)
        if opens and begin > 0 and frame.words[begin - 1] == ",":
            return begin - 1
        at = begin - 1
    return None


def _is_clause(frame: Frame, start: int, stop: int) -> bool:
    """Tell whether items ``start:stop`` hold a finite verb that can be told from a noun."""
    return any(
        (frame.tags[at] & (AUX | BE | PLAIN) and not frame.tags[at] & CLITIC)
        or (frame.tags[at] & VERB and frame.tags[at] & (PAST | THIRD))
        for at in range(start, stop)
        if not frame.tags[at] & CAP
    )


def _is_list(frame: Frame, start: int, begin: int) -> bool:
    """Tell whether the segments from ``begin`` to ``start`` read as an enumeration of names."""
    return bool(frame.tags[start] & (CAP | CONJ)) and bool(frame.tags[begin])
