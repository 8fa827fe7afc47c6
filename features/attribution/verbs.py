"""Whether a word is a finite verb that reports speech here."""

from stancewire.features.attribution.adverbials import set_adverbial
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.hollow import says_nothing
from stancewire.features.attribution.joint import paired
from stancewire.features.attribution.lexicon import (
    ACT,
    ADV,
    AUX,
    BASE,
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
    NEWS,
    NUM,
    OFFICE,
    PARTICIPLE,
    PAST,
    POSS,
    PREP,
    PRON,
    QUOTE,
    REL,
    SAY,
    SUB,
    THIRD,
    TIME,
    WEAK,
    Lexicon,
)  # fmt: skip
from stancewire.features.attribution.means import REFERENCES, speaks_by
from stancewire.features.attribution.mute import (
    called_out,
    closes_report,
    gives_report,
    heads_news,
    is_counted,
    is_done_to,
    is_foreseen,
    is_heading_noun,
    is_hearsay,
    is_many,
    is_nations_noun,
    is_object_noun,
    is_reputed,
    is_supposed,
    remembers,
)
from stancewire.features.attribution.phrases import END_MARKS, VERB_PARTICLES, phrase_left, phrase_right, skip_back
from stancewire.features.attribution.segments import trim
from stancewire.features.attribution.sources import read_source
from stancewire.features.attribution.subjects import distant_subject
from stancewire.features.attribution.tokens import words
from stancewire.features.attribution.verdicts import passes_verdict

# Denied, these say that nothing was said ("did not comment").
_HOLLOW = words(
    "object say comment elaborate know specify respond reply mention answer confirm disclose explain reveal admit "
    "concede dispute repeat disagree acknowledge"
)
_WINDOW = 10
_NEAR = 6
# In the present too these are no nouns.
SURELY_SAYING = words(
    "say says tell tells insist insists argue argues believe believes think thinks "
    "admit admits warn warns explain explains add adds"
)

_GOES_ON_TO = words(
    "continue continues continued appear appears appeared seem seems seemed begin begins began begun start starts started "
    "proceed proceeds proceeded rush rushes rushed"
)
# What stands before "to" where nothing was said yet, or will be ("Kremlin declines to comment").
_UNSAID = words(
    "decline declines declined refuse refuses refused fail fails failed expected set due plans planning likely poised able unable"
)
_FORCED = words("admit concede acknowledge apologise apologize explain confess")
_NO_SPEECH = words("note seek plan hold see show")
_REGIONS = words("gulf baltic member balkan nordic arab african european western eastern central asian caucasus sahel")
_FLOATING = words("all both each")
_RESTATED = words("demand demands call calls warning threat offer appeal pledge promise vow claim claims")
_NEITHER = frozenset(("neither", "nor"))
_NEGATORS = words("not n't never nobody neither nor none nothing")

_MEANS = words("internet skype zoom whatsapp telegram signal email telephone phone video satellite text radio")


class VerbReader:
    """Judges verbs by the words around them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def reports(self, frame: Frame, at: int, title: bool) -> bool:
        """Tell whether the word at ``at`` is a finite active verb (or an "-ing" form) that can report speech."""
        tags, lows = frame.tags, frame.lows
        tag = tags[at]
        lemma = self.lexicon.lemmas[lows[at]]
        if not self._is_verb(frame, at, title):
            return False
        before = self.before(frame, at)
        if tag & WEAK and not tag & (SAY | ACT) and not self._complement(frame, at, lemma):
            return False
        if (not tag & (PAST | THIRD | ING) or (tag & BASE and not tag & PAST)) and not self._plain_form(
            frame, at, before, title
        ):
            return False
        helped = before >= 0 and bool(tags[before] & (AUX | CLITIC | BE))
        if tag & PARTICIPLE and not tag & PAST and not helped:
            return False
        if (
            self._passive_participle(frame, at, lemma)
            or is_supposed(frame, before)
            or is_foreseen(frame, before, lemma)
            or is_hearsay(frame, at)
        ):
            return False
        if lemma in self.lexicon.picky and not (
            self._bare(frame, at, lemma) or remembers(frame, at, lemma) or _before_speaker(frame, at)
        ):
            return False
        if at + 1 < len(frame) and frame.lows[at + 1] == "no" and lemma in ("announce", "offer", "issue"):
            return False
        if lemma in self.lexicon.beside and not (
            _beside_quotation(frame, at) or (tag & WEAK and self._complement(frame, at, lemma))
        ):
            return False
        if says_nothing(frame, at, lemma, self._negated(frame, at)) or (
            tag & THIRD and not tag & PAST and is_counted(frame, at)
        ):
            return False
        if lemma == "dispute" and frame.lows[at + 1 : at + 2] == ["that"]:
            return True
        return not (lemma in _HOLLOW and self._negated(frame, at))

    @staticmethod
    def before(frame: Frame, at: int) -> int:
        """Return the item before a verb, adverbs passed over."""
        before = at - 1
        while before >= 0 and frame.tags[before] & ADV and not frame.tags[before] & TIME:
            before -= set_adverbial(frame, before) or 1
        return before - set_adverbial(frame, before)

    def is_given_to(self, frame: Frame, to: int) -> bool:
        """Tell whether the "to" at item ``to`` hangs on what makes its verb a fact: "was quick to deny", "appeared to blame"."""
        if to > 1 and frame.lows[to - 1] in self.lexicon.given_to:
            return bool(frame.tags[to - 2] & (BE | ADV | DET))
        if to and frame.lows[to - 1] in ("had", "has", "have") and to + 1 < len(frame):
            return self.lexicon.lemmas.get(frame.lows[to + 1]) in _FORCED  # "had to admit that"
        return (to > 1 and frame.lows[to - 1] in _GOES_ON_TO) or speaks_by(frame, to) is not None

    def _is_verb(self, frame: Frame, at: int, title: bool) -> bool:
        tags, lows = frame.tags, frame.lows
        tag = tags[at]
        alone = lows[at] in ("said", "told", "says") and lows[at - 1] in ("another", "some")  # "Another said she ran."
        # "a statement that described"
        related = at > 1 and lows[at - 1] == "that" and tags[at - 2] & DOC and tag & PAST
        floats = alone or related or _floats(frame, at - 1)
        if at and tags[at - 1] & (DET | POSS) and not tags[at - 1] & PRON and not floats:
            return False
        if at > 1 and tags[at - 1] & CLITIC and lows[at - 1].endswith("s") and not (tag & ING and tags[at - 2] & PRON):
            return False
        if lows[at] == "release" and at and lows[at - 1] == "press":
            return False
        if lows[at] == "think" and at + 1 < len(frame) and lows[at + 1].startswith("tank"):
            return False
        if tag & CAP and at and (not (title and frame.title_case) or is_heading_noun(frame, at)):
            return False
        if is_object_noun(frame, at) or is_nations_noun(frame, at):
            return False
        if tag & (BODY | HUMAN | DOC | NEWS | OFFICE) and not tag & (PAST | ING):
            return self._surely_verb(frame, at)
        return True

    def _surely_verb(self, frame: Frame, at: int) -> bool:
        """Tell whether a word that is also a noun ("states", "reports") is a verb here."""
        if _are_countries(frame, at):
            return False
        if frame.tags[at] & BASE and any(frame.tags[i] & DET for i in range(max(at - 3, 0), at)):
            return False  # "a customs post"
        if at + 1 >= len(frame) or heads_news(frame, at):
            return True
        if frame.lows[at] == "press" and at and is_many(frame, at - 1) and frame.tags[at + 1] & (CAP | DET | POSS):
            return True  # "Lawmakers press Oslo over its jets"
        if at and frame.tags[at - 1] & QUOTE and frame.tags[at] & SAY and frame.tags[at + 1] & CAP:
            return True  # "…," reports Jan Keller
        if closes_report(frame, at, self.lexicon) or gives_report(frame, at):
            return True
        if frame.lows[at + 1] == "in" and "that" in frame.lows[at + 3 : at + 8]:
            return True  # "The Institute notes in a new report that"
        if frame.lows[at + 1] == "with" and not REFERENCES.isdisjoint(frame.lows[at + 2 : at + 4]):
            return True  # "TASS reports with a reference to the ministry"
        named = CAP | HUMAN | OFFICE | BODY | NEWS | DOC | PRON | ADV | TIME | AUX | MARK
        if frame.lows[at + 1] in ("on", "from") and at and not frame.tags[at - 1] & named:
            return False  # "entries combine reports from our staff"
        return bool(frame.tags[at + 1] & (QUOTE | MARK)) or frame.lows[at + 1] in (
            "that",
            "no",
            "a",
            "an",
            "citing",
            "quoting",
            "how",
            "on",
            "from",
            "referring",
        )

    @staticmethod
    def _passive_participle(frame: Frame, at: int, lemma: str) -> bool:
        """ "a plan proposed by", "the man accused of"; not "said by telephone"."""
        if at + 2 >= len(frame):
            return False
        following = frame.lows[at + 1]
        if (lemma, following) in (("accuse", "of"), ("identify", "as")):
            return True
        if is_reputed(frame, at, lemma) or is_done_to(frame, at, lemma):
            return True
        by = at + 2 if following in VERB_PARTICLES else at + 1  # "the charge, waved away by Moscow, …"
        agent = frame.tags[by + 1] if by + 1 < len(frame) else 0
        if lemma == "say" and frame.lows[by + 1 : by + 2] and frame.lows[by + 1] in _MEANS:
            return False  # "said by Internet link"
        return frame.lows[by] == "by" and bool(agent & (CAP | DET | POSS | OFFICE | BODY | HUMAN | NUM))

    @staticmethod
    def _negated(frame: Frame, at: int) -> bool:
        for index in range(at - 1, max(at - 5, -1), -1):
            low = frame.lows[index]
            if frame.tags[index] & MARK:
                return False
            if low in _NEGATORS or low.endswith(("n't", "n’t")):
                return True
            if not frame.tags[index] & (AUX | BE | ADV | PRON | HUMAN) and low not in ("yet", "so"):
                return _is_neither(frame, index)
        return False

    def _plain_form(self, frame: Frame, at: int, before: int, title: bool) -> bool:
        """Tell whether a base form ("say") is a finite verb here."""
        if before < 0:
            return False
        tag, low = frame.tags[before], frame.lows[before]
        if tag & AUX or frame.tags[at] & PAST:
            return True
        if low == "to":
            announced = title and not frame.tags[at] & WEAK and frame.lows[before - 1] not in _UNSAID
            return announced or (frame.lows[at] not in _NO_SPEECH and self.is_given_to(frame, before))
        if low in ("they", "who") or tag & NUM:
            return True
        if tag & QUOTE:  # "“We will not kneel,” say the villagers"
            return frame.tags[at] & SAY != 0
        if tag & MARK:
            return low in ",)" and frame.tags[at] & SAY != 0
        if (
            tag & (HUMAN | TIME | ADV)
            or (tag & CAP and title and frame.lows[at] != "call")
            or (low.endswith("s") and not low.endswith("ss"))
        ):
            return True
        phrase = phrase_left(frame, skip_back(frame, before))
        source = read_source(frame, trim(frame, phrase)) if phrase is not None else None
        if source is not None and (source.plural or paired(frame, source).plural):  # "Oslo and the West accuse"
            return True
        opening = (
            distant_subject(frame, at) if frame.lows[at] in SURELY_SAYING else None
        )  # "Monitors watching the truce say"
        far = read_source(frame, opening) if opening is not None else None
        return far is not None and far.kind in ("people", "office", "body") and far.plural

    def _complement(self, frame: Frame, at: int, lemma: str) -> bool:
        """Tell whether an ambiguous verb has the complement that makes it speech or thought."""
        weak = self.lexicon.weak[lemma]
        if lemma == "call" and called_out(frame, at):
            return True
        if lemma in self.lexicon.of_news and (at + 1 >= len(frame) or frame.tags[at + 1] & MARK):
            return True  # "The road was mined, the BBC has learned."
        if lemma in ("find", "show") and _closes_finding(frame, at):
            return True
        index, size = at + 1, len(frame)
        while index < size and (frame.tags[index] & (TIME | ADV) or _opens_time(frame, index)):
            index += 1
        if index >= size:
            return False
        window = frame.lows[index : index + _WINDOW]
        if weak.without & set(window):
            return False
        if lemma == "go":
            goes_on = (
                index + 1 >= size or bool(frame.tags[index + 1] & (QUOTE | MARK)) or frame.lows[index + 1] == "that"
            )
            speaks = index + 2 < size and frame.lows[index + 1] == "to" and bool(frame.tags[index + 2] & (SAY | ACT))
            return window[0] == "on" and (goes_on or speaks)
        if weak.negated and not self._negated(frame, at):
            return False
        if weak.pattern is not None and weak.pattern.match(" ".join(window)):
            return True
        if weak.any_next:
            return not frame.tags[index] & MARK
        if window[0] in weak.next or weak.within & set(window):
            return True
        return lemma == "call" and passes_verdict(frame, index, self.lexicon.callable)

    def _bare(self, frame: Frame, at: int, lemma: str) -> bool:
        """Tell whether a verb is followed by "that", a quotation, a break or a new clause, not by an object."""
        if at + 1 >= len(frame):
            return True
        tag, low = frame.tags[at + 1], frame.lows[at + 1]
        if tag & PREP and lemma == "continue" and not _beside_quotation(frame, at):
            return False  # "the story continues below"
        if tag & (QUOTE | MARK | PRON | REL | ADV | PREP | TIME | SUB) and low not in ("to", "of", "for", "with"):
            return True
        if low == "to" and any(
            frame.tags[index] & (HUMAN | NEWS) or frame.lows[index] in self.lexicon.addressees
            for index in range(at + 2, min(at + 5, len(frame)))
        ):
            return True  # "explained to foreign reporters"
        if lemma == "repeat" and not _RESTATED.isdisjoint(frame.lows[at + 2 : at + 5]):
            return True  # "repeated the demand for a truce"
        if low in ("that", "there", "no") or (at and frame.tags[at - 1] & QUOTE):
            return True
        return any(frame.tags[index] & (BE | AUX | QUOTE) for index in range(at + 2, min(at + 9, len(frame))))


def _are_countries(frame: Frame, at: int) -> bool:
    """ "paid for by the Gulf states, …", "asked Baltic states, …": countries, no verb behind a name."""
    if frame.lows[at] != "states" or not at:
        return False
    regional = frame.lows[at - 1] in _REGIONS
    named = at > 1 and bool(frame.tags[at - 2] & DET) and not frame.tags[at - 1] & (BODY | OFFICE | NEWS | DOC | HUMAN)
    return regional or named


def _floats(frame: Frame, at: int) -> bool:
    """Tell whether "all", "both" or "each" stands between a subject and its verb ("have all denied", "they both said")."""
    if frame.lows[at] not in _FLOATING or not at:
        return False
    return bool(frame.tags[at - 1] & (AUX | PRON | HUMAN | CAP | CLITIC) or frame.tags[at + 1] & PAST)


def _closes_finding(frame: Frame, at: int) -> bool:
    """ "Prices have doubled, a survey published on Tuesday found.": an inquiry or a paper, and nothing it found behind it."""
    end = at + 1
    while end < len(frame) and (frame.tags[end] & (TIME | ADV) or frame.lows[end] == "on"):
        end += 1
    ends = end >= len(frame) or frame.words[end] in END_MARKS
    return ends and any(tag & (DOC | BODY) for tag in frame.tags[max(at - _NEAR, 0) : at]) and at > _NEAR


def _before_speaker(frame: Frame, at: int) -> bool:
    """ "The army had not fired, replied a spokeswoman": tell whether the verb at ``at`` stands between a comma and a person."""
    phrase = phrase_right(frame, at + 1) if at and frame.words[at - 1] in (",", "–", "—", "-") else None
    source = read_source(frame, phrase) if phrase is not None else None
    return source is not None and source.kind in ("person", "name", "office") and not source.plural


def _beside_quotation(frame: Frame, at: int) -> bool:
    """Tell whether a quotation ends shortly before the verb at ``at``, and nothing but its adjuncts follows."""
    return any(frame.tags[index] & QUOTE for index in range(max(at - _NEAR, 0), at))


def _is_neither(frame: Frame, end: int) -> bool:
    """ "Neither Oslo nor the harbour police has commented": tell whether "nor" stands before the subject that ends at ``end``."""
    for at in range(end, max(end - 4, -1), -1):
        if frame.lows[at] in _NEITHER:
            return at < end
        if frame.tags[at] & (MARK | CONJ):
            return False
    return False


def _opens_time(frame: Frame, at: int) -> bool:
    """Tell whether "on Tuesday" or "this week" begins at ``at``."""
    return (
        at + 1 < len(frame)
        and frame.lows[at] in ("on", "this", "last", "late", "early")
        and bool(frame.tags[at + 1] & TIME)
    )
