"""Posts that a page embeds: the text, and behind it "— Name (@handle) March 14, 2016"."""

import re
from collections.abc import Sequence

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import TAIL, Hit
from stancewire.features.attribution.lexicon import Lexicon
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.quotation import DIRECT, INDIRECT, speaks_first_person
from stancewire.features.attribution.sources import Source
from stancewire.features.attribution.types import Span

_SIGNED = re.compile(
    r"(?:^|(?<=\s))[—–-]{1,2} ?(?P<name>[^@()—–]{2,60}?) ?\(@\w{2,20}\)"
    r"(?:,? ?(?:[A-Z][a-z]+ \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]+ \d{4}))?\s*$"
)
_MAX_SENTENCES = 4


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
        if before.sentence.part != "body" or before.author or "(@" in before.sentence.text:
            break
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
