"""Signed text: posts that a page embeds ("… — Name (@handle) March 14, 2016"), and quotations set apart, with the name and
the office of their speaker below."""

import re
from collections.abc import Sequence

from stancewire.features.attribution.frame import Frame, text_of
from stancewire.features.attribution.judgement import Hit
from stancewire.features.attribution.lexicon import BODY, CAP, HUMAN, MARK, NEWS, OFFICE, TIME, Lexicon
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.phrases import NAME_PARTICLES
from stancewire.features.attribution.quotation import DIRECT, INDIRECT, speaks_first_person
from stancewire.features.attribution.ranks import TAIL
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.types import Span

_SIGNED = re.compile(
    r"(?:^|(?<=\s))[—–-]{1,2} ?(?P<name>[^@()—–]{2,60}?) ?\(@\w{2,20}\)"
    r"(?:,? ?(?:[A-Z][a-z]+ \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]+ \d{4}))?\s*$"
)
# "… – Jan Keller, mayor of Kalmo", behind a quotation or on a line of its own
_BELOW = re.compile(r"(?:^|(?<=[.!?…”\"’'»]))\s*[—–-]{1,2} ?(?P<who>[^.!?:;()—–\"“”]{4,120}?)\.?\s*$")
# "We have nothing left Col Jan KellerGarrison commander": name and office run together, as pages lose what parts them
_JAMMED = re.compile(
    r"\w\s+(?P<name>(?:[A-Z][\w.’'-]*\s){1,4}[A-Z][\w’'-]*[a-z])(?P<office>[A-Z][a-z]+(?:\s[\w’'-]+){0,7})$"
)
_MAX_SENTENCES = 4
_DASHES = frozenset(("—", "–", "-", "--"))
_MAX_PULLED = 400  # characters
_MIN_QUOTED, _MAX_NAME, _MAX_OFFICE = 4, 6, 10  # words


def mark_tweets(lines: Sequence[Line], lexicon: Lexicon) -> None:
    """Find the signatures of posts: the lines of the post get their ``author``, the signature alone says nothing.

    A post is what stands before its signature in one paragraph, or the paragraph before. A news organisation's post is
    its own only where nobody else speaks in it.
    """
    for at, line in enumerate(lines):
        signed = _signed(line) if line.sentence.part == "body" else None
        if signed is None:
            continue
        name = signed.group("name").strip()
        news = name.lower() in lexicon.news
        alone = not any(letter.isalnum() for letter in line.sentence.text[: signed.start()])
        if alone:
            line.hits, line.apart = [], True
        elif not (news and line.hits):
            start = line.sentence.start
            hit = _signature(line.frame, start + signed.start("name"), start + signed.end("name"))
            line.hits = [hit] if hit is not None else line.hits
        for before in _post(lines, at, alone):
            if not (news and before.hits):
                before.author, before.hits = name, []


def mark_pull_quotes(lines: Sequence[Line]) -> None:
    """Give a quotation set apart its author ("We have nothing left", below it "Col Jan Keller", "Garrison commander")."""
    for at in range(1, len(lines) - 1):
        name = _speaker_below(lines[at]) if lines[at].breaks and lines[at + 1].breaks else None
        if name is None or not _is_pulled(lines[at - 1]) or not _is_office(lines[at + 1]):
            continue
        lines[at - 1].author, lines[at - 1].hits = name, []
        for line in lines[at : at + 2]:
            line.hits, line.apart = [], True


def mark_jammed(lines: Sequence[Line], lexicon: Lexicon) -> None:
    """Give a quotation set apart, with its speaker's name and office on the same line, its author."""
    for line in lines:
        text = line.sentence.text
        if line.sentence.part != "body" or line.author or line.frame.quotes or not text[-1:].isalnum():
            continue
        jammed = _JAMMED.search(text) if len(text) < _MAX_PULLED and speaks_first_person(line.frame) else None
        if jammed is None:
            continue
        office = any(lexicon.tags.get(word, 0) & (OFFICE | HUMAN) for word in jammed.group("office").lower().split())
        name = jammed.group("name").split()
        while name and lexicon.tags.get(name[0].lower(), 0) & OFFICE:
            del name[0]
        if office and len(name) > 1:
            line.author, line.hits = " ".join(name), []


def mark_signatures(lines: Sequence[Line]) -> None:
    """Give words set apart whoever signs them: "… – Jan Keller, mayor of Kalmo" behind them, or that on a line below; without
    its dash, an office and a name below words in the first person ("Garrison commander Jan Keller")."""
    for at, line in enumerate(lines):
        text = line.sentence.text
        if line.sentence.part != "body" or line.author or line.apart or "(@" in text:
            continue
        below = _BELOW.search(text)
        start = below.start("who") if below is not None else 0
        if below is None and not (at and _is_set_apart(lines, at)):
            continue
        frame = line.frame
        start += line.sentence.start
        first = next((i for i in range(len(frame)) if frame.starts[i] >= start and not frame.tags[i] & MARK), None)
        signer = _signer(frame, first, below is None) if first is not None else None
        if signer is None:
            continue
        before = text[: below.start()] if below is not None else ""
        if before:
            _sign_here(line, signer)
        else:
            _sign_before(lines, at, text_of(frame, signer[0], signer[1] + 1))


def _sign_here(line: Line, signer: Span) -> None:
    """Take the name that ends a line for its speaker's, where nothing else is and the rest is verbatim."""
    frame = line.frame
    verbatim = 0 in frame.quotes or (line.breaks and speaks_first_person(frame))
    if line.hits or not verbatim:
        return
    source = Source("person", signer, signer, frame.words[signer[1]])
    dash = max(at for at in range(signer[0]) if frame.words[at] in _DASHES)
    line.hits = [Hit(source, (dash, dash), TAIL, "signature", "", (dash, len(frame) - 1))]


def _sign_before(lines: Sequence[Line], at: int, name: str) -> None:
    """Give what stands before the signature ``at``, one paragraph at most, its author."""
    signed: list[Line] = []
    for before in reversed(lines[max(at - _MAX_SENTENCES, 0) : at]):
        if before.sentence.part != "body" or before.author or (before.hits and not before.wholly_quoted):
            return
        signed.append(before)
        if before.breaks:
            break
    if not any(before.wholly_quoted or speaks_first_person(before.plain) for before in signed):
        return
    for before in signed:
        before.author, before.hits = name, []
    lines[at].hits, lines[at].apart = [], True


def _is_set_apart(lines: Sequence[Line], at: int) -> bool:
    """Tell whether line ``at`` stands alone below a paragraph of one sentence in the first person, not quoted."""
    line, words = lines[at], lines[at - 1]
    alone = line.breaks and (at + 1 == len(lines) or lines[at + 1].breaks) and _is_bare(line, 2, _MAX_OFFICE)
    spoken = words.breaks and not (words.frame.quotes or words.hits or words.turn or words.answers or words.author)
    return alone and not line.hits and spoken and speaks_first_person(words.plain)


def _signer(frame: Frame, first: int, ranked: bool) -> Span | None:
    """Return the personal name in what stands from ``first`` on: a name and an office behind a comma, or an office and a
    name; ``ranked`` tells that the office must be there."""
    comma = next((at for at in range(first, len(frame)) if frame.words[at] == ","), len(frame))
    end = comma - 1
    while end > first and frame.words[end] == ".":
        end -= 1
    office = any(tag & (OFFICE | HUMAN | BODY) for tag in frame.tags[comma:])
    source = read_source(frame, (first, end)) if end > first else None
    if source is None or source.kind not in ("person", "name") or any(tag & NEWS for tag in frame.tags[first:]):
        return None
    begin, last = source.mention
    titled = any(tag & OFFICE for tag in frame.tags[first:begin])
    fits = last == end and begin < last and (begin == first or titled) and (office or comma == len(frame))
    named = all(frame.tags[at] & CAP or frame.lows[at] in NAME_PARTICLES for at in range(begin, last + 1))
    bodily = any(tag & (BODY | TIME) for tag in frame.tags[begin : last + 1])
    return source.mention if fits and named and not bodily and (titled or office or not ranked) else None


def _is_bare(line: Line, least: int, most: int) -> bool:
    """Tell whether a line of the body is no sentence: so many words, and no stop behind them."""
    text = line.sentence.text.rstrip("'\"’” ")
    return line.sentence.part == "body" and least <= len(text.split()) <= most and text[-1:].isalnum()


def _is_pulled(line: Line) -> bool:
    alone = line.breaks and not line.author and _is_bare(line, _MIN_QUOTED, _MAX_NAME * _MAX_OFFICE)
    return alone and speaks_first_person(line.plain)


def _is_office(line: Line) -> bool:
    tags = line.frame.tags
    return (
        _is_bare(line, 1, _MAX_OFFICE)
        and any(tag & (OFFICE | HUMAN) for tag in tags)
        and not any(tag & NEWS for tag in tags)
    )


def _speaker_below(line: Line) -> str | None:
    """Return the personal name that a line consists of, its rank left out, or None."""
    frame = line.frame
    named = all(tag & CAP or low in NAME_PARTICLES for tag, low in zip(frame.tags, frame.lows, strict=True))
    if not len(frame) or not named or not _is_bare(line, 2, _MAX_NAME):
        return None
    source = read_source(frame, (0, len(frame) - 1))
    if source is None or source.kind not in ("person", "name") or source.mention[1] != len(frame) - 1:
        return None
    return text_of(frame, source.mention[0], len(frame)) if source.mention[0] < source.mention[1] else None


def posted(line: Line) -> tuple[str, tuple[Span, ...]]:
    """Return quotation type and content of a line of a post: verbatim where it is plainly so, as pages lose the marks."""
    verbatim = line.wholly_quoted or line.chain is not None or speaks_first_person(line.frame)
    return DIRECT if verbatim else INDIRECT, ((line.frame.start, line.sentence.end),)


def _signed(line: Line) -> re.Match[str] | None:
    """Return the signature that ends a line; nearly all lines have no "(@" and are not searched."""
    text = line.sentence.text
    return _SIGNED.search(text) if "(@" in text else None


def _post(lines: Sequence[Line], at: int, alone: bool) -> list[Line]:
    """Return the lines of the post that ends before line ``at``, or in it."""
    post: list[Line] = []
    if lines[at].breaks and not alone:
        return post
    for index in range(at - 1, max(at - _MAX_SENTENCES, 0) - 1, -1):
        before = lines[index]
        text = before.sentence.text
        if before.sentence.part != "body" or before.author or before.apart or "(@" in text or text.endswith(":"):
            break  # "And our man is at the port:" introduces it
        post.append(before)
        if before.breaks:
            break
    return post


def _signature(frame: Frame, start: int, end: int) -> Hit | None:
    """Return the hit of a name at offsets ``start`` to ``end`` that signs the sentence."""
    items = [at for at in range(len(frame)) if start <= frame.starts[at] and frame.ends[at] <= end]
    if not items or items[0] == 0:
        return None
    whole = (items[0], items[-1])
    dash = whole[0] - 1
    source = Source("person", whole, whole, frame.words[whole[1]])
    return Hit(source, (dash, dash), TAIL, "signature", "", (dash, len(frame) - 1))
