"""A sentence as attribution reads it: its words, with every quotation folded into one item."""

from bisect import bisect_left
from dataclasses import dataclass, field

from stancewire.features.attribution.lexicon import ADV, BODY, CAP, CLITIC, HUMAN, NEWS, PREP, QUOTE, TIME, Lexicon
from stancewire.features.attribution.quotes import Quote
from stancewire.features.attribution.tokens import Tokens, words

_QUOTE_WORD = "“”"
_SCARE_WORDS = 3
_NAMES_IN_LY = words(
    "italy july family only anatoly vitaly vasily vasiliy emily kelly sally connolly donnelly connelly farrelly reilly o'reilly "
    "healy daly beverly molly polly holly billy willy lily lilly silly kimberly shelly nelly ally supply rally monopoly anomaly"
)
_MIN_NAMED = 2
_WORK_WORDS, _SMALL_WORD = 6, 3
_WORKS = words(
    "programme program show series film documentary song book novel podcast album play operation exercise exercises drill drills "
    "named titled entitled codenamed code-named dubbed"
)
# What stands before a call sign or nickname.
_NAMING = frozenset(("sign", "callsign", "nicknamed", "nickname", "dubbed", "guerre", "codenamed", "alias"))
_NAMES_OF_MONTHS = frozenset(("april", "june", "august"))
_MARKS = frozenset('“”„«»"‘`')
_SENTENCE_END = frozenset(",.!?…;:")
_DOUBLED = frozenset("’'")


@dataclass(frozen=True, slots=True)
class Scare:
    """A quotation of a few words that stays part of the clause: its items are ``first`` to ``last``."""

    quote: Quote
    first: int
    last: int


@dataclass(slots=True)
class Frame:
    """Parallel lists of items; ``quotes`` maps an item's index to the quotation it stands for. Offsets are the part's."""

    start: int
    end: int
    words: list[str] = field(default_factory=list)
    lows: list[str] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    quotes: dict[int, Quote] = field(default_factory=dict)
    scare: list[Scare] = field(default_factory=list)
    title_case: bool = False
    heading: bool = False

    def __len__(self) -> int:
        return len(self.words)

    def add(self, word: str, tag: int, start: int, end: int) -> None:
        """Append one item."""
        self.words.append(word)
        self.lows.append(word.lower())
        self.tags.append(tag)
        self.starts.append(start)
        self.ends.append(end)


class Reader:
    """Tokens and quotations of one part of an article, ready to be cut into frames."""

    def __init__(self, tokens: Tokens, quotes: list[Quote], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.quotes = quotes
        self.quote_ends = [quote.end for quote in quotes]
        self.lexicon = lexicon
        read = [lexicon.read(word) for word in tokens.words]
        self.lows = [low for low, _ in read]
        self.tags = [tag for _, tag in read]
        self.marks = [at for at, word in enumerate(tokens.words) if word in _MARKS or _is_doubled(tokens, at)]

    def frame(self, start: int, end: int, ignore_quotes: bool = False) -> Frame:
        """Return the frame of the part's stretch ``start:end``."""
        frame = Frame(start, end)
        tokens = self.tokens
        at = bisect_left(tokens.ends, start + 1)
        stop = bisect_left(tokens.starts, end)
        if not ignore_quotes:
            which = bisect_left(self.quote_ends, start + 1)
            while which < len(self.quotes) and self.quotes[which].start < end:
                quote = self.quotes[which]
                at = self._copy(frame, at, min(bisect_left(tokens.starts, quote.start, at), stop))
                past = min(bisect_left(tokens.starts, quote.end, at), stop)
                if self._is_scare(quote, frame, at, past):
                    first = len(frame)
                    self._copy(frame, at, past)
                    frame.scare.append(Scare(quote, first, len(frame) - 1))
                elif past > at:
                    frame.quotes[len(frame)] = quote
                    frame.add(_QUOTE_WORD, QUOTE, max(quote.start, start), min(quote.end, end))
                at = past
                which += 1
        self._copy(frame, at, stop)
        if frame.words:
            if (cut := start - frame.starts[0]) > 0:  # "SANA-The ministry": a dateline that hangs on the first word
                frame.words[0] = frame.words[0][cut:]
                frame.lows[0], frame.tags[0] = self.lexicon.read(frame.words[0])
            frame.starts[0], frame.ends[-1] = max(frame.starts[0], start), min(frame.ends[-1], end)
            opening = frame.lows[0]
            if opening.endswith("ly") and opening not in _NAMES_IN_LY and not frame.tags[0] & (BODY | HUMAN):
                frame.tags[0] |= ADV
        for at in range(len(frame) - 1):
            if (
                frame.tags[at] & TIME
                and frame.lows[at] in _NAMES_OF_MONTHS
                and frame.tags[at] & CAP
                and frame.tags[at + 1] & CAP
            ):
                frame.tags[at] &= ~TIME  # April Jones
        return frame

    def _copy(self, frame: Frame, at: int, stop: int) -> int:
        """Append the tokens ``at:stop`` without quotation marks, in runs: this is every word of every article."""
        which = bisect_left(self.marks, at)
        while which < len(self.marks) and self.marks[which] < stop:
            self._extend(frame, at, self.marks[which])
            at = self.marks[which] + 1
            which += 1
        self._extend(frame, at, stop)
        return stop

    def _extend(self, frame: Frame, at: int, stop: int) -> None:
        if at < stop:
            frame.words += self.tokens.words[at:stop]
            frame.lows += self.lows[at:stop]
            frame.tags += self.tags[at:stop]
            frame.starts += self.tokens.starts[at:stop]
            frame.ends += self.tokens.ends[at:stop]

    def _is_scare(self, quote: Quote, frame: Frame, at: int, past: int) -> bool:
        """Tell whether a quotation is a term or a few words within the sentence rather than speech of its own."""
        words = self.tokens.words
        if not quote.closed or quote.end > frame.end or quote.start < frame.start:
            return False
        inner = [index for index in range(at, past) if words[index][0].isalnum()]
        if inner and self._is_work(frame, inner):
            return True
        if not inner or len(inner) > _SCARE_WORDS:
            return False
        last = past - 1
        while last > inner[-1] and (words[last] in _MARKS or words[last] in _DOUBLED):
            last -= 1
        if words[last][0] in _SENTENCE_END:  # "Serhiy, a soldier with the call sign “Tank,” said"
            return words[last] == "," and len(frame) > _MIN_NAMED and frame.lows[-1] in _NAMING
        following = words[past] if past < len(words) and self.tokens.starts[past] < frame.end else ""
        if not len(frame):
            return following not in (",", "", ":")
        return not (frame.words[-1] in (",", ":") and following in (".", "", ","))

    def _is_work(self, frame: Frame, inner: list[int]) -> bool:
        """ "On CNN's “State of the Union,” …", "the film “Winter of Fire”": tell whether quoted words are the name of a work."""
        if len(inner) > _WORK_WORDS or not len(frame):
            return False
        words = self.tokens.words
        longer = [index for index in inner if len(words[index]) > _SMALL_WORD and not self.tags[index] & PREP]
        named = words[inner[0]][0].isupper() and all(words[index][0].isupper() for index in longer)
        owned = frame.tags[-1] & CLITIC and len(frame) > 1 and frame.tags[-2] & NEWS
        acronym = (
            frame.tags[-1] & CLITIC
            and len(frame) > 1
            and self.lexicon.is_news(frame.lows, (len(frame) - 2,) * 2, False)
        )
        return bool(named and (owned or acronym or frame.lows[-1] in _WORKS))


def _is_doubled(tokens: Tokens, at: int) -> bool:
    """Tell whether an apostrophe is one of the two that stand for a double mark ("go,’’ he said")."""
    word = tokens.words[at]
    if word not in _DOUBLED:
        return False
    behind = tokens.words[at + 1 : at + 2] == [word] and tokens.starts[at + 1] == tokens.ends[at]
    return behind or (at > 0 and tokens.words[at - 1] == word and tokens.ends[at - 1] == tokens.starts[at])


def text_of(frame: Frame, start: int, stop: int) -> str:
    """Return the items ``start:stop`` as they stand in the text, with a space where there is white space."""
    parts: list[str] = []
    for at in range(start, stop):
        if parts and frame.starts[at] > frame.ends[at - 1]:
            parts.append(" ")
        parts.append(frame.words[at])
    return "".join(parts)
