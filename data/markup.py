"""What kind of document a text in markup is: by its prologue and root element, never by its name."""

import codecs
import re
from typing import Literal

Kind = Literal["feed", "opml", "html"]

_HEAD = 8_192
# Possessive throughout: a stranger's prologue must not be able to make the search slow.
_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
_COMMENT = r"<!--(?:(?!-->).)*+-->"
_SUBSET = rf"\[(?:{_COMMENT}|{_QUOTED}|[^\]\"'])*+\]"
_DOCTYPE = rf"<!DOCTYPE(?P<name>\s++[^\s\[>]++)?+(?:{_QUOTED}|{_SUBSET}|[^\[>\"'])*+>"
_PROLOGUE = re.compile(
    rf"(?:\s++|<\?(?:(?!\?>).)*+\?>|{_COMMENT}|(?P<doctype>{_DOCTYPE}))*+", re.DOTALL | re.IGNORECASE
)
_HTML_DOCTYPE = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([a-z][\w.-]*)(?=[\s/>])", re.IGNORECASE)
_ROOTS: dict[str, Kind] = {
    "rss": "feed", "feed": "feed", "rdf": "feed", "channel": "feed", "opml": "opml", "html": "html"
}  # fmt: skip
_FRAGMENTS = frozenset(("head", "body", "article", "main", "div", "section"))


def markup_kind(text: str, *, fragments: bool = True) -> Kind | None:
    """Tell a feed, an OPML or an HTML page by its root element; None for anything else.

    ``fragments`` takes a text that begins with an inner element of a page, such as ``<div>``, for HTML too: right where
    markup is expected, wrong for a plain text that speaks of it.
    """
    head = text[:_HEAD].removeprefix("\ufeff")
    prologue = _PROLOGUE.match(head)
    assert prologue is not None
    if _HTML_DOCTYPE.match(prologue["doctype"] or head.lstrip()):
        return "html"
    root = _ROOT.match(head, prologue.end())
    name = root[1].lower() if root else ""
    return _ROOTS.get(name) or ("html" if fragments and name in _FRAGMENTS else None)


def sniff(content: bytes) -> Kind | None:
    """Tell the kind of a document from its first bytes: element names are ASCII in any encoding but UTF-16."""
    head = content[: 2 * _HEAD]
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return markup_kind(head.decode("utf-16" if wide else "utf-8", "replace"))
