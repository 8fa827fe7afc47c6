"""Quotation marks of a text: where quotations open and close, paragraph by paragraph.

Curly, straight, German and French marks open and close each other, as news sites mix them. A quotation that a
paragraph leaves open goes on where the next paragraph opens with a mark again, and ends with the paragraph otherwise.
"""

import re
from dataclasses import dataclass

# "‘‘Go,’’ he said": single marks that stand for double ones come in pairs.
_MARK = re.compile("[“”„‟«»\"]|''|``|‘‘|’’(?!’)|[‘’‚‛']|\n[ \t\r\n]*")
# What is left of a paragraph behind a closing mark: its attribution.
_SAID = re.compile(
    r"\w[^.?!“”\"«»]*\b(?:said|says|told|added|noted|stated|stressed|announced|reported|explained|recalled)\b[^.?!“”\"«»]*\.?\s*"
)
_STAMPED = re.compile(r"(?:published|posted) at \d")  # glued to a live page's heading
_MAX_TAIL = 120
_OPENERS = frozenset(("“", "„", "‟", "«", "‘‘"))
_CLOSERS = frozenset(("”", "»", "’’"))
_SINGLE_OPENERS = frozenset("‘‚‛")
_SINGLES = frozenset("‘’‚‛'")
_LETTERLESS = frozenset(" \t\r\n([{—–-/:;,.!?…\u00a0")


@dataclass(frozen=True, slots=True)
class Quote:
    """One stretch between marks, marks included. ``chain`` is equal for the pieces of one quotation that runs over paragraphs;
    ``closed`` is False where the text never closes it."""

    start: int
    end: int
    chain: int
    closed: bool
    single: bool


class _Scanner:
    """One pass over the marks. ``open_at`` is the offset of the open mark, or -1."""

    def __init__(self, text: str, blank_lines: bool) -> None:
        self.text = text
        self.blank_lines = blank_lines
        self.quotes: list[Quote] = []
        self.open_at = -1
        self.single_at = -1
        self.chain = 0
        self.pending = False
        self.line_start = 0
        self.line_used = False

    def run(self) -> list[Quote]:
        """Return the quotes, in order."""
        text = self.text
        for match in _MARK.finditer(text):
            mark, at = match.group(), match.start()
            if mark[0] == "\n":
                if not self.blank_lines or mark.count("\n") > 1:
                    self._paragraph(at)
            elif mark in _SINGLES:
                self._single(mark, at)
            else:
                self._double(mark, at, match.end())
        self._paragraph(len(text))
        return self.quotes

    def _opens(self, mark: str, at: int, end: int) -> bool:
        before = self.text[at - 1] if at else " "
        after = self.text[end] if end < len(self.text) else " "
        if mark in _OPENERS:
            return not (mark == "«" and after.isspace() and self.open_at >= 0)
        if after.isspace():
            return mark == "«" or (mark == '"' and self.open_at < 0 and before.isspace())
        if mark in _CLOSERS:
            return self.open_at < 0 and before in _LETTERLESS and (after.isalnum() or after in "‘'…[")
        if after in "-–—" and self.open_at >= 0 and not before.isspace():
            return False  # "“It can be bought,”- said Keller"
        if after in ",;" and before.isspace():
            return False  # a closing mark that a scraper has set apart
        return before in _LETTERLESS or (self.open_at < 0 and not before.isalnum())

    def _double(self, mark: str, at: int, end: int) -> None:
        if not self._opens(mark, at, end):
            if self.open_at >= 0:
                self._add(self.open_at, end, closed=True)
                self.open_at = -1
            elif at and self.text[at - 1] in ",.?!…" and mark not in _OPENERS and not self.line_used:
                self._lost_opening(end)
            return
        if self.open_at >= 0:
            self._add(self.open_at, self._cut(at), closed=False)
        self._start(at)
        self.single_at = -1

    def _start(self, at: int) -> None:
        if not (self.pending and self.text[self.line_start : at].strip() == ""):
            self.chain += 1
        self.pending = False
        self.open_at = at

    def _single(self, mark: str, at: int) -> None:
        if self.open_at >= 0:
            return
        text = self.text
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        if self.single_at < 0:
            if (
                (mark in _SINGLE_OPENERS or mark == "'")
                and before in _LETTERLESS
                and (after.isalnum() or after in "[…")
            ):
                self.single_at = at
        elif mark in "’'" and not before.isspace() and not (after.isalnum() and not _STAMPED.match(text, at + 1)):
            self.chain += 1
            self.quotes.append(Quote(self.single_at, at + 1, self.chain, True, True))
            self.single_at = -1

    def _paragraph(self, at: int) -> None:
        self.single_at = -1
        if self.open_at >= 0 and self._is_misplaced(at):
            self._close_at_misplaced()
            self.pending = False
        elif self.open_at >= 0:
            self._add(self.open_at, at, closed=False)
            self.pending = True
        else:
            self.pending = False
        self.open_at = -1
        self.line_start = at
        self.line_used = False

    def _is_misplaced(self, at: int) -> bool:
        """ "…, "the council said.": tell whether the open mark closed what stands before it, and went to the wrong side."""
        start = self.open_at
        lone = self.text[max(start - 2, 0) : start] == ", " and at - start < _MAX_TAIL
        return lone and _SAID.fullmatch(self.text, start + 1, at) is not None

    def _close_at_misplaced(self) -> None:
        first = len(self.quotes)
        while first and self.quotes[first - 1].start >= self.line_start:
            first -= 1
        if first < len(self.quotes) and not self.text[self.line_start : self.quotes[first].start].strip():
            whole = self.quotes[first]
            self.quotes[first:] = [Quote(whole.start, self.open_at + 1, whole.chain, True, False)]

    def _lost_opening(self, end: int) -> None:
        """A closing mark without an opening one, the first of its paragraph: the quotation began with the paragraph."""
        start = self.line_start
        while start < end and self.text[start].isspace():
            start += 1
        self.chain += not self.pending
        self.pending = False
        self._add(start, end, closed=True)

    def _add(self, start: int, end: int, closed: bool) -> None:
        self.line_used = True
        self.quotes.append(Quote(start, end, self.chain, closed, False))

    def _cut(self, at: int) -> int:
        """Where a quotation that is never closed stops, when the next one opens at ``at``."""
        start = self.open_at + 1
        window = self.text[max(start, at - 2000) : at]
        best = max(window.rfind(","), window.rfind("."), window.rfind("?"), window.rfind("!"))
        return at if best < 0 else at - len(window) + best + 1


def find_quotes(text: str) -> list[Quote]:
    """Return the quotations of ``text``, in order, not overlapping; linear in its length."""
    return _Scanner(text, "\n\n" in text or "\n\r\n" in text).run()
