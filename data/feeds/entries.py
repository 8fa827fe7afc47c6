"""RSS and Atom entries, by ``feedparser``."""

import calendar
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from stancewire.data.errors import DataError
from stancewire.data.feeds.pages import fragment_text, plain
from stancewire.data.feeds.xml import check_entities


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed; ``text`` is its full content and ``summary`` its teaser, each empty where it has none."""

    id: str | None
    title: str | None
    url: str | None
    source: str | None
    published: str | None
    text: str
    summary: str


def parse_feed(content: bytes, content_type: str = "") -> Iterator[Entry]:
    """Yield the entries in the feed's order. DataError if it is no feed, UnsafeXmlError if it declares entities."""
    check_entities(content)
    headers = {"content-type": content_type} if content_type else {}
    # Always a stream: given bytes or text, the library may take them for an address or a path and open it.
    parsed = feedparser.parse(io.BytesIO(content), response_headers=headers)
    if not parsed.get("version") and not parsed.entries:
        raise DataError(f"neither RSS nor Atom: {parsed.get('bozo_exception', 'no entries and no version')}")
    feed_title = plain(parsed.feed.get("title")) or None
    for raw in parsed.entries:
        yield _entry(raw, feed_title)


def _entry(raw: Any, feed_title: str | None) -> Entry:
    contents = [part.get("value") or "" for part in raw.get("content", [])]
    source = raw.get("source") or {}
    return Entry(
        id=raw.get("id") or raw.get("link") or None,
        title=plain(raw.get("title")) or None,
        url=_link(raw),
        source=plain(source.get("title")) or feed_title,
        published=_time(raw.get("published_parsed") or raw.get("updated_parsed")),
        text=fragment_text(max(contents, key=len, default="")),
        summary=fragment_text(raw.get("summary") or ""),
    )


def _link(raw: Any) -> str | None:
    """Return the entry's link; an id that is no address is none, although RSS says that ids are links by default."""
    link = raw.get("link") or None
    return None if link == raw.get("id") and not str(link).startswith(("http://", "https://")) else link


def _time(parsed: Any) -> str | None:
    """Return a feed's date, which the library gives in UTC, as ISO 8601."""
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return None
