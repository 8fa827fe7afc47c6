"""Verbs of saying that report nothing where they stand ("said nothing of it", "4 min read", "dismissed two deputies")."""

from collections.abc import Callable

from stancewire.features.attribution.deeds import DEEDS
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import AUX, BE, CLITIC, MARK, OFFICE, POSS, PREP, QUOTE, THIRD
from stancewire.features.attribution.phrases import phrase_right
from stancewire.features.attribution.titles import head_of
from stancewire.features.attribution.tokens import words

_TELLS_LITTLE = words("say reveal disclose")
_SUBJECTS = words("about more else on publicly officially yet further")
# What tells that nothing was said, before a mark or one of these words ("said little about", but "said little had changed").
_LITTLE = {
    "nothing": _SUBJECTS | words("of to"),
    "little": _SUBJECTS,
    "much": _SUBJECTS,
    "few": words("details specifics particulars"),
}
_STAFF = words("staff cabinet government parliament deputies generals officers ministers judges")
_STORIES = words("story stories tale tales")
_CONTENT = words("that of about on how what where when whether why :")
_LISTENERS = words("him her them us me you")
_MEASURES = words("min mins minute minutes sec secs hour must good")
_QUARRELS = words("over about with among amongst")
_TIMES = words("before by after at for")
_GOODS = words(
    "food water bread milk eggs meat diesel fuel petrol gasoline gas firewood money cash vodka alcohol cigarettes tobacco keys "
    "phones clothes shoes blankets tea coffee sugar soap medicine"
)
_ARTICLES = words("a an another the its their")
_MOVES = words("turn push hold pull bring drive beat fight win take get keep send hand roll claw buy drag")
_REMARKS = words("remark remarks comment comments statement statements announcement claim claims")
_POINTING = words("the these those his her its their")
_VIEWS = words("look looks glimpse glimpses tour peek")
_CROWDS = words("thousands hundreds dozens crowds crowd protesters protestors demonstrators marchers students")
_PARTS_OF = words("half part side")
_MAX_PAIR, _NEAR = 8, 6
_CLAUSES = words("that how what why whether")
_SPEAKS_OF = words("of about out for against")
_WORDS_AHEAD = words("to that about saying telling : “”")


def says_nothing(frame: Frame, at: int, lemma: str, is_denied: bool) -> bool:
    """Tell whether the verb at item ``at`` reports nothing: "said nothing of", "should ask itself", "a tale told before"."""
    if lemma in _TELLS_LITTLE and _tells_little(frame, at):
        return True
    if lemma in ("speak", "applaud"):
        return is_denied and _after(frame, at) not in _SPEAKS_OF
    if frame.lows[at] == "opposed" and _after(frame, at) == "to":
        return True  # "a group opposed to the war"
    deed = DEEDS.get(lemma)
    if deed is not None and deed(frame, at):
        return True
    test = _TESTS.get(lemma)
    return test is not None and test(frame, at)


def _after(frame: Frame, at: int) -> str:
    return frame.lows[at + 1] if at + 1 < len(frame) else ""


def _tells_little(frame: Frame, at: int) -> bool:
    following = _after(frame, at)
    if following not in _LITTLE:
        return False
    after = frame.lows[at + 2] if at + 2 < len(frame) else "."
    clause = any(tag & (BE | AUX) for tag in frame.tags[at + 3 :])  # "said few details were known"
    return (after in _LITTLE[following] and not clause) or not after[0].isalpha()


def _quarrels(frame: Frame, at: int) -> bool:
    """ "argue over whether to hold it"."""
    return _after(frame, at) in _QUARRELS and not frame.quotes and "that" not in frame.lows[at + 1 : at + 6]


def _confers(frame: Frame, at: int) -> bool:
    """ "Danish, Dutch ministers talk about ferries", "Holm and Lind talked about ferries": what they said is not told."""
    before = frame.lows[max(at - _MAX_PAIR, 0) : at]
    paired = "and" in before[1:] or ("," in before[1:] and frame.heading)
    return paired and not frame.quotes and not frame.scare and _CLAUSES.isdisjoint(frame.lows[at + 2 :])


def _is_measured(frame: Frame, at: int) -> bool:
    """ "4 min read"."""
    return frame.lows[max(at - 1, 0)] in _MEASURES


def _is_noun(frame: Frame, at: int) -> bool:
    """ "figures from the council", "a blog by"."""
    inflected = frame.lows[at] in ("figure", "blog") or frame.tags[at] & THIRD
    return bool(inflected and frame.tags[at + 1 : at + 2] and frame.tags[at + 1] & (PREP | MARK))


def _telephones(frame: Frame, at: int) -> bool:
    return not frame.quotes and _after(frame, at) != "that"


def _informs(frame: Frame, at: int) -> bool:
    return "," not in frame.words[:at] and not frame.quotes and _CONTENT.isdisjoint(frame.lows[at + 1 :])


def _asks_itself(frame: Frame, at: int) -> bool:
    return _after(frame, at).endswith(("self", "selves"))


def _is_tale(frame: Frame, at: int) -> bool:
    """ "The shelves tell another story", "a tale told before every summit"."""
    if not _STORIES.isdisjoint(frame.lows[at + 2 : at + 4]) and frame.words[at + 4 : at + 5] != ["of"]:
        return _after(frame, at) in _ARTICLES
    part = not _PARTS_OF.isdisjoint(frame.lows[at + 1 : at + 4]) and not _STORIES.isdisjoint(
        frame.lows[at + 3 : at + 7]
    )
    if part:
        return True  # "The map tells only half of the story"
    return _after(frame, at) in _TIMES and not frame.tags[at] & THIRD


def _sacks(frame: Frame, at: int) -> bool:
    """ "The president dismissed two deputies of the minister", not "dismissed the minister as a liar"."""
    phrase = phrase_right(frame, at + 1)
    if phrase is None or "as" in frame.lows[phrase[1] + 1 : phrase[1] + 4]:
        return False
    head = head_of(frame, *phrase)
    own = range(phrase[0], head + 1)
    if any(frame.tags[index] & CLITIC for index in own):
        return frame.lows[head] in _STAFF
    return frame.lows[head] in _STAFF or any(frame.tags[index] & OFFICE for index in own)


def _lasts(frame: Frame, at: int) -> bool:
    """ "The search goes on, hopes fade": what goes on opens the sentence, and no words of its own follow."""
    if frame.lows[at + 1 : at + 2] != ["on"] or frame.quotes:
        return False
    opens = "," not in frame.words[:at] and not any(frame.tags[index] & QUOTE for index in range(at))
    return opens and _after(frame, at + 1) not in _WORDS_AHEAD


def _keeps_in_touch(frame: Frame, at: int) -> bool:
    """ "Anna has been writing to her every hour": nothing that was written is told."""
    listens = at + 2 < len(frame) and (frame.lows[at + 2] in _LISTENERS or bool(frame.tags[at + 2] & POSS))
    if frame.lows[at + 1 : at + 2] != ["to"] or not listens or frame.quotes or frame.scare:
        return False
    told = "," in frame.words[:at] and frame.lows[at] != "writing"  # "The road was gone, he wrote to her"
    return not told and _CONTENT.isdisjoint(frame.lows[at + 3 :])


def _wants_goods(frame: Frame, at: int) -> bool:
    """ "The soldiers wanted diesel, then eggs": a thing to have, no demand."""
    first = at + 2 if _after(frame, at) in ("some", "more", "only", "our", "the", "his", "her", "their") else at + 1
    return first < len(frame) and frame.lows[first] in _GOODS


def _is_backwards(frame: Frame, at: int) -> bool:
    """ "Villagers turn back the patrol": no verb of support."""
    return at > 0 and frame.lows[at - 1] in _MOVES


def _offers_view(frame: Frame, at: int) -> bool:
    """ "offered a rare look at how the crews live"."""
    return not _VIEWS.isdisjoint(frame.lows[at + 1 : at + 5])


def _marches(frame: Frame, at: int) -> bool:
    """ "Thousands protested against the minister in Oslo": an act, nothing said."""
    near = frame.lows[max(at - 3, 0) : at]
    told = "that" in frame.lows[at + 1 : at + _NEAR]
    return not frame.quotes and "," not in near and not _CROWDS.isdisjoint(near) and not told


def _points_back(frame: Frame, at: int) -> bool:
    """ "Keller made the remarks during a visit": where something was said that stands elsewhere."""
    lows = frame.lows
    noun = next((i for i in range(at + 2, min(at + 4, len(frame))) if lows[i] in _REMARKS), None)
    pointing = lows[at + 1 : at + 2] and lows[at + 1] in _POINTING
    return bool(noun and pointing) and not frame.quotes and _CONTENT.isdisjoint(lows[at + 1 : at + _NEAR])


_TESTS: dict[str, Callable[[Frame, int], bool]] = {
    "argue": _quarrels,
    "ask": _asks_itself,
    "back": _is_backwards,
    "blog": _is_noun,
    "dismiss": _sacks,
    "figure": _is_noun,
    "go": _lasts,
    "inform": _informs,
    "make": _points_back,
    "offer": _offers_view,
    "protest": _marches,
    "read": _is_measured,
    "talk": _confers,
    "telephone": _telephones,
    "tell": _is_tale,
    "want": _wants_goods,
    "write": _keeps_in_touch,
}
