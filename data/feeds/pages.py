"""Main text out of HTML, by ``trafilatura``."""

import re
from dataclasses import dataclass

import lxml.html
import trafilatura
from lxml.etree import LxmlError

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>|&#?\w+;")
# What the extraction library has been seen to raise on hostile markup, beside returning nothing.
_FAILURES = (LxmlError, ValueError, TypeError, AttributeError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class Page:
    """The main text of a page and what the page says about itself."""

    text: str
    title: str | None = None
    source: str | None = None
    published: str | None = None


def extract_page(content: bytes, url: str | None = None, content_type: str = "") -> Page | None:
    """Return a page's main text, paragraphs on lines of their own; None where none is found."""
    try:
        found = trafilatura.bare_extraction(
            decode(content, content_type), url=url, include_comments=False, include_tables=False, with_metadata=True
        )
    except _FAILURES:
        return None
    text = (found.text or "").strip() if found is not None else ""
    if not text:
        return None
    title = plain(found.title) or None
    return Page(without_heading(text, title), title, found.sitename or None, found.date or None)


def without_heading(text: str, title: str | None) -> str:
    """Return ``text`` without a first line that repeats the title, unless it is all there is."""
    first, _, rest = text.partition("\n")
    repeats = title is not None and " ".join(first.split()).casefold() == title.casefold()
    return rest.strip() if repeats and rest.strip() else text


def fragment_text(html: str) -> str:
    """Return the text of a feed entry's HTML; plain text passes as it is."""
    if not _TAG.search(html):
        return html.strip()
    page = f"<html><body><article>{html}</article></body></html>"
    try:
        text = trafilatura.extract(page, favor_recall=True, include_comments=False, include_tables=False)
        return text.strip() if text else plain(html)
    except _FAILURES:
        return plain(html)


def plain(html: str | None) -> str:
    """Return ``html`` without tags and entities, white space collapsed."""
    if html is None or not html.strip():
        return ""
    text = str(lxml.html.fromstring(f"<div>{html}</div>").text_content()) if _TAG.search(html) else html
    return " ".join(text.split())


def decode(content: bytes, content_type: str) -> str | bytes:
    """Return the text of a page; bytes where only a look inside (``meta`` or guessing) can tell.

    Valid UTF-8 is believed before any declaration: other encodings hardly ever look like it, and servers often lie.
    """
    declared = _CHARSET.search(content_type)
    for charset in ("utf-8-sig", declared[1] if declared else None):
        try:
            if charset:
                return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return content
