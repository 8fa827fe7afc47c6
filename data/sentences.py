"""Segmentation: an article becomes sentences with exact offsets, title units first.

``sentencex`` (Wikimedia) finds the sentence ends; its abbreviation lists know ``Lt. Gen.``, ``Nov. 26`` and ``U.S.``.
It keeps a quotation or a bracket together, while the codebook counts the sentences inside, so it is shown the text with
these marks blanked out, character by character: offsets stay true. What remains is to repair a handful of ends that
news text makes ambiguous (``_joined``) and to hand each mark in a gap to the sentence it belongs to (``_cut``).
"""

import re
from collections.abc import Iterator

import sentencex

from stancewire.data.article import Article, Part, Sentence

MAX_UNIT = 8_000
"""Longest unit in code points. Text that runs on without a sentence end is cut at a space: time stays linear."""

_RIM = 100
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff"
_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKS = '"“”„‟«»‹›‘‚‛「」『』《》〈〉＂'
# The library miscounts white space of several bytes (it panics on an initial before a no-break space).
_SPACES = "\t\x1f\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BLANKED = re.compile(f"[{_MARKS}{_INVISIBLE}{_SPACES}]")
# Each pattern begins with the character it is about, so that the search skips from one to the next.
_APOSTROPHE = re.compile(r"['’](?:(?![^\W_])|(?<=[\W_]['’])|(?<=\A['’]))")
_ASIDE = re.compile(
    r"[(\[](?:(?<=[.!?…\s] .)|(?<=\n.)|(?<=\A.))(?!(?:[Rr]etd?|[Rr]es)\.[)\]])([^()\[\]\n]{1,2000}[.!?…]\s?)[)\]]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_TRAILING_OFF = re.compile(r"…(?<=\w…)(?=\s+[A-ZÀ-ÖØ-ÞА-ЯЁЄІЇ])")
_CLOSING = frozenset("”’»›」』》〉")
_CLOSES = _CLOSING | frozenset("\"'“‘＂)]")
_OPENING = frozenset("“„‟‘‚‛«‹「『《〈([")

# Abbreviations that the library's English list lacks, by what has to follow them for the sentence to go on.
_BEFORE_NAME = re.compile(
    r"(?:^|[\s(/\-])(?:Abp|Ald|Amb|Atty|Ayat|Bp|Br|Cdr|Cmd|Cols?|Flt|Ft|Gens?|Govs?|Lieut|Lt|Ltjg|Messrs|Msgr|Mons|Ms|Mx|Profs?|Pte|[Rr]etd?|[Rr]es|Secy"
    r"|Sens?|Spc|Sqn|Ste|Treas|Wg|[CMST]S?gt|CWO|MS|GEN|SEN|REP|GOV|LT|COL|SGT|ADM|MAJ|CAPT|PROF|AMB)\.$"
)
_BEFORE_NUMBER = re.compile(r"(?:^|[\s(])(?:[Aa]pprox|[Cc]hs?|[Ee]st|[Nn]os?|[Pp]aras?|[Vv]ols?)\.$")
_BEFORE_WORD = re.compile(r"(?:^|[\s(\d])(?:[Aa]pprox|[Ee]st|[Ii]ncl|mln|bln|trln|km|kg|hrs|govt)\.$")
_WEEKDAY = re.compile(r"(?:^|\s)(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.$")
_DATE = re.compile(r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s\d")
_STARTER = re.compile(r"(?:The|An?|He|She|It|We|They|I|In|On|At|But|And|This|That|There|Then)\b")
# Ordinary words that the library takes for abbreviations: shown to it as another word.
_ORDINARY = frozenset(
    ("me", "no", "ill", "id", "re", "res", "fig", "fed", "may", "miss", "la", "May", "No", "ID", "RT", "AL")
)
_STOP = re.compile(r"\.(?=\s+[^\W\d_a-z])")
# A word that begins a sentence, after "U.S." and the like too, which the library does not count among such words.
_BEGINS = re.compile(
    r"\.(?<!\.[a-z]\.)(?=\s+(?:A|I|Few|Though|Earlier|Against|Less|Nobody|Something"
    r"|(?:I|It|He|She|We|They|You|That|There|What|Who|Here|Let)['’][a-z]+)\s+[a-z])"
)
_SHORT_WORD = re.compile(r"(?<![\w.'’])\w{2,4}\Z")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]")
_CLOCK = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_CLOCK_GOES_ON = re.compile(
    r"(?:[A-Z][\w-]*\s+){1,3}(?:time|Time|hours)\b|(?:[A-Z]{1,2}[SD]?T|GMT|UTC|MSK)\b"
    rf"|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day|\.)|{_DATE.pattern}"
)
_DOMAIN_GOES_ON = re.compile(r"(?:Com|Org|Net|Info|Ru|Ua|By|Il|Sy|Ir|Tr|Tv|Uk|Eu)\b")
_INITIAL = re.compile(r"\b[A-Z]\.(?:\Z|(?=\W))")
_ASKED = r"(?:asked|asks|wondered|inquired)"
_SAID = (
    r"(?:said|says|asked|asks|told|tells|wrote|writes|added|adds|replied|answered|wondered|exclaimed|shouted|cried|quipped|tweeted"
    r"|declared|warned|demanded|insisted|recalled|inquired|continued|concluded|joked)"
)
_TITLED = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Capt|Sgt|Adm|Brig|Sen|Rep|Gov|St)\.|(?:[A-Z]\.)+|[^\s\"“”.!?,]+)"
_NAME = rf"{_TITLED}(?: {_TITLED}){{0,7}}"
_ATTRIBUTION = re.compile(
    rf"{_NAME} (?:{_SAID}\b(?![^.!?\n]{{0,60}} that\b)|(?<=\w ){_ASKED})|{_NAME}, [^\"“”!?\n]{{1,120}}, {_ASKED}\b"
)


def segment(article: Article, language: str = "en") -> list[Sentence]:
    """Return the units of ``article``: those of its title, then those of its body, numbered from 0.

    A unit is a sentence, inside quotations too, or a line that is none (heading, dateline, list item): a line break
    always ends a unit. Units are trimmed of white space, never empty and never overlap; together they hold every
    visible character. ``language`` is an ISO 639-1 code for the library's abbreviation lists, English where it knows
    none. Never raises; time is linear in the article's length.
    """
    sentences: list[Sentence] = []
    parts: tuple[Part, ...] = ("title", "body")
    for part in parts:
        text = article.part(part)
        for start, end in spans(text, language):
            sentences.append(Sentence(len(sentences), part, start, end, text[start:end]))
    return sentences


def spans(text: str, language: str = "en") -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every unit of ``text`` in order, in code points, end exclusive."""
    masked = _blanked(text)
    for line in _LINE.finditer(masked):
        start = line.start()
        for cut in [*_cuts(text, masked, start, line.end(), language), line.end()]:
            first, last = _trimmed(text, start, cut)
            while last - first > MAX_UNIT:
                yield first, first + MAX_UNIT
                first, last = _trimmed(text, first + MAX_UNIT, last)
            if first < last:
                yield first, last
            start = cut


def _blanked(text: str) -> str:
    """Return ``text``, of equal length, with quotation marks and the brackets around whole sentences as spaces."""
    masked = _BLANKED.sub(" ", text)
    if "'" in masked or "’" in masked:
        masked = _APOSTROPHE.sub(" ", masked)
    if "(" in masked or "[" in masked:
        masked = _ASIDE.sub(lambda found: f" {found[1]} ", masked)
    masked = _SURROGATE.sub("w", masked)
    if "…" in masked:
        masked = _TRAILING_OFF.sub(".", masked)
    return _without_false_abbreviations(_BEGINS.sub("!", masked))


def _without_false_abbreviations(masked: str) -> str:
    pieces, done = [], 0
    for stop in _STOP.finditer(masked):
        word = _SHORT_WORD.search(masked, max(0, stop.start() - 5), stop.start())
        if word and word[0] in _ORDINARY and masked[word.start() - 1 : word.start()] != "(":
            pieces += [masked[done : word.start()], "W" if word[0][0].isupper() else "w", "w" * (len(word[0]) - 1)]
            done = stop.start()
    return "".join([*pieces, masked[done:]])


def _cuts(text: str, masked: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield where the units inside the line [start, end) begin, but for the first."""
    unit = start
    for ending, next_unit, forced in _library_ends(masked, start, end, language):
        beginning = _skipped(masked, next_unit, end)
        if forced or beginning - unit > MAX_UNIT or not _joined(text, masked, (unit, ending, beginning), unit == start):
            unit = _cut(text, ending, beginning)
            yield unit


def _library_ends(masked: str, start: int, end: int, language: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (end of a sentence, start of the next, forced) within a line.

    The library is quadratic on some long input, so it sees windows; ends near a window's rim are left to the next
    window, which sees what follows.
    """
    while (start := _skipped(masked, start, end)) < end:
        window = masked[start : min(end, start + MAX_UNIT)]
        rim = len(window) if start + len(window) == end else len(window) - _RIM
        done = 0
        for piece in _pieces(window, language):
            if done + len(piece) > rim:
                break
            done += len(piece)
            if start + done < end and (kept := len(piece.rstrip())):
                yield start + done - len(piece) + kept, start + done, False
        if not done:
            done = window.rfind(" ", 0, rim) + 1 or rim
            yield start + done, start + done, True
        start += done


def _pieces(window: str, language: str) -> list[str]:
    """Return the library's sentences, which concatenate to ``window``. Its panics do not derive from ``Exception``."""
    try:
        return list(sentencex.segment(language, window))
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        lengths = [len(piece) for piece in sentencex.segment("en", _NOT_ASCII.sub("w", window))]
        starts = [sum(lengths[:number]) for number in range(len(lengths))]
        return [window[start : start + length] for start, length in zip(starts, lengths, strict=True)]


def _skipped(masked: str, start: int, end: int) -> int:
    while start < end and masked[start].isspace():
        start += 1
    return start


def _joined(text: str, masked: str, cut: tuple[int, int, int], first: bool) -> bool:
    """Tell whether an end that the library found is none. ``cut``: the unit's start, its end, the next one's start."""
    unit, ending, beginning = cut
    left, right = masked[max(unit, ending - 24) : ending], masked[beginning : beginning + 200]
    if first and _ENUMERATOR.fullmatch(left.strip()):
        return True
    if ending == beginning:
        initials = _INITIAL.search(left) and _INITIAL.match(right)  # "R-S.C."
        return initials is not None or _DOMAIN_GOES_ON.match(right) is not None
    closed = text[ending] in _CLOSES
    if right[:1].islower():
        return closed or left.endswith(("?", "!", "…", "..")) or _BEFORE_WORD.search(left) is not None
    if closed and left.endswith(("?", "!", "…")) and not _OPENING.intersection(text[beginning - 1 : beginning + 1]):
        return _ATTRIBUTION.match(text, beginning, beginning + 300) is not None
    return _abbreviated(left, right)


def _abbreviated(left: str, right: str) -> bool:
    """Tell whether ``left`` ends in an abbreviation that ``right`` carries on."""
    if _CLOCK.search(left):
        return _CLOCK_GOES_ON.match(right) is not None
    if right[:1].isdigit():
        return _BEFORE_NUMBER.search(left) is not None
    if _WEEKDAY.search(left):
        return _DATE.match(right) is not None
    return _BEFORE_NAME.search(left) is not None and not _STARTER.match(right)


def _cut(text: str, ending: int, beginning: int) -> int:
    """Return where to cut the gap [ending, beginning) of white space and marks: marks that touch the left close it."""
    cut = ending
    while cut < beginning and not _blank(text[cut]):
        cut += 1
    if cut == beginning:
        return next((at for at in range(ending, cut) if text[at] in _OPENING), cut)
    after = cut
    while after < beginning and _blank(text[after]):
        after += 1
    isolated = after + 1 >= beginning or _blank(text[after + 1])
    return after + 1 if cut < after < beginning and text[after] in _CLOSING and isolated else cut


def _blank(char: str) -> bool:
    return char.isspace() or char in _INVISIBLE


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and _blank(text[start]):
        start += 1
    while start < end and _blank(text[end - 1]):
        end -= 1
    return start, end
