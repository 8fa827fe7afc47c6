"""Articles out of feeds, OPML lists and pages, wherever they come from; what cannot be had comes out as a reject."""

import io
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urljoin

from stancewire.data.article import Article
from stancewire.data.errors import DataError
from stancewire.data.feeds.entries import Entry, parse_feed
from stancewire.data.feeds.errors import FetchError, UnsafeXmlError
from stancewire.data.feeds.http import Fetched, Fetcher, Validators
from stancewire.data.feeds.pages import extract_page, without_heading
from stancewire.data.feeds.xml import opml_feeds
from stancewire.data.formats import Format, Refusal
from stancewire.data.markup import Kind, sniff
from stancewire.data.readers import read_stream
from stancewire.data.rejects import Reason, Reject
from stancewire.data.tables import Columns, Result, derived_id

_REASONS = {
    "http_error": Reason.HTTP,
    "refused_address": Reason.ADDRESS,
    "robots": Reason.ROBOTS,
    "too_large": Reason.TOO_LARGE,
}
_FEEDS_AT_A_TIME = 8

_ADDRESS = ("http://", "https://")


class WebSource:
    """Reads http(s) addresses, and files that are pages, feeds or OPML (a ``Source`` of ``data.readers``).

    ``known`` gives what a feed's server told the last time, for a conditional request.

    ``finished`` collects the validators of the feeds that were read to the end without a passing failure: once their
    articles are safely annotated, they are worth remembering. ``unchanged`` counts feeds that had nothing new.
    """

    def __init__(
        self, fetcher: Fetcher, columns: Columns | None = None, known: Callable[[str], Validators] | None = None
    ) -> None:
        self._fetcher = fetcher
        self._columns = columns or Columns()
        self._known = known
        self.finished: dict[str, Validators] = {}
        self.unchanged = 0

    def claims(self, location: str, format: Format | Refusal | None) -> bool:
        """Tell whether ``location`` is an http(s) address or a file of a format of the web."""
        return location.lower().startswith(_ADDRESS) if format is None else format in ("html", "feed", "opml")

    def read(self, location: str) -> Iterator[Result]:
        """Yield the articles of an address or of a file."""
        if location.lower().startswith(_ADDRESS):
            yield from self.read_url(location)
            return
        limit = self._fetcher.options.max_bytes
        with Path(location).open("rb") as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            yield Reject(Reason.TOO_LARGE, f"more than {limit:,} bytes", location)
            return
        yield from self.read_document(content, location, sniff(content) or "html")

    def read_url(self, url: str) -> Iterator[Result]:
        """Yield the articles of a page, feed or OPML at an http(s) address."""
        try:
            fetched = self._fetcher.get(url, self._known(url) if self._known else None)
        except FetchError as error:
            yield _refused(error, url)
            return
        if fetched.unchanged:
            self.unchanged += 1
            return
        yield from self._read_fetched(url, fetched)

    def _read_fetched(self, url: str, fetched: Fetched) -> Iterator[Result]:
        kind = sniff(fetched.content) or ("html" if "html" in fetched.content_type else None)
        if kind is None:
            yield from read_stream(url, io.BufferedReader(io.BytesIO(fetched.content)), self._columns)
        elif kind == "feed":
            passing = yield from self._feed(fetched.content, url, fetched.url, fetched.content_type)
            if not passing:
                self.finished[url] = fetched.validators
        else:
            yield from self.read_document(fetched.content, url, kind, fetched.content_type)

    def read_document(self, content: bytes, location: str, kind: Kind, content_type: str = "") -> Iterator[Result]:
        """Yield the articles of a document that is at hand; ``location`` is the file or address it came from."""
        if kind == "html":
            yield _page_article(content, location, content_type)
        elif kind == "feed":
            yield from self._feed(content, location, location, content_type)
        else:
            yield from self._opml(content, location)

    def _opml(self, content: bytes, location: str) -> Iterator[Result]:
        """Read the listed feeds, several at a time, in the order of the list."""
        try:
            urls = opml_feeds(content)
        except DataError as error:
            yield Reject(Reason.DAMAGED, str(error), location)
            return
        waiting: deque[Future[list[Result]]] = deque()
        with ThreadPoolExecutor(_FEEDS_AT_A_TIME) as pool:
            try:
                for url in urls:
                    waiting.append(pool.submit(self._listed, url))
                    if len(waiting) == _FEEDS_AT_A_TIME:
                        yield from waiting.popleft().result()
                while waiting:
                    yield from waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _listed(self, url: str) -> list[Result]:
        """Read one feed of an OPML; a list in the list is not followed, so that lists cannot run in circles."""
        try:
            fetched = self._fetcher.get(url, self._known(url) if self._known else None)
        except FetchError as error:
            return [_refused(error, url)]
        if fetched.unchanged:
            self.unchanged += 1
            return []
        if sniff(fetched.content) == "opml":
            return [Reject(Reason.UNSUPPORTED, "an OPML inside an OPML is not followed", url)]
        return list(self._read_fetched(url, fetched))

    def _feed(self, content: bytes, location: str, base: str, content_type: str) -> Generator[Result, None, bool]:
        """Yield a feed's articles; returns whether a failure that may pass kept one away (a generator's value)."""
        passing = False
        try:
            for entry in parse_feed(content, content_type):
                item, problem = self._article(entry, location, base)
                passing |= problem is not None and problem.transient
                yield item
        except UnsafeXmlError as error:
            yield Reject(Reason.DAMAGED, str(error), location)
        except DataError as error:
            yield Reject(Reason.UNSUPPORTED, str(error), location)
        return passing

    def _article(self, entry: Entry, location: str, base: str) -> tuple[Result, FetchError | None]:
        """Take an entry's full content, else its linked page, else its summary."""
        url = urljoin(base, entry.url) if entry.url else None
        text, problem, source = entry.text, None, entry.source
        if not text and url:
            try:
                fetched = self._fetcher.get(url)
                page = extract_page(fetched.content, url, fetched.content_type)
                text = without_heading(page.text, entry.title) if page else ""
            except FetchError as error:
                problem = error
        text = text or entry.summary
        name = entry.id or url
        if text:
            return Article(
                name or derived_id(entry.title, text), text, entry.title, source, entry.published, url
            ), problem
        if problem:
            return _refused(problem, url or location, name), problem
        reason = Reason.NO_EXTRACT if url else Reason.NO_TEXT
        return Reject(
            reason, "the entry has neither content nor summary, nor a page to extract", url or location, name
        ), None


def _page_article(content: bytes, location: str, content_type: str) -> Result:
    url = location if location.lower().startswith(_ADDRESS) else None
    page = extract_page(content, url, content_type)
    if page is None:
        return Reject(Reason.NO_EXTRACT, "no main text was found in the page", location, url)
    return Article(url or derived_id(page.title, page.text), page.text, page.title, page.source, page.published, url)


def _refused(error: FetchError, location: str, name: str | None = None) -> Reject:
    return Reject(_REASONS[error.reason], str(error), location, name)
