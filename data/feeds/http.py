"""A polite and bounded HTTP client: conditional requests, retries, a pause per host, robots.txt, checked redirects."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import SplitResult, urljoin

import urllib3
from protego import Protego
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util import Retry, Timeout

from stancewire.data.feeds.addresses import port_of, resolve, split_url
from stancewire.data.feeds.errors import FetchError
from stancewire.data.feeds.options import FetchOptions

_RETRIED = (429, 500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 65_536
_REMEMBERED_HOSTS = 2_000
_ROBOTS_BYTES = 512_000


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" the next time."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: the address it came from in the end, its unpacked bytes (empty where ``unchanged``)."""

    url: str
    content: bytes
    content_type: str = ""
    validators: Validators = field(default_factory=Validators)
    unchanged: bool = False


class Fetcher:
    """Fetches http(s) URLs one after another or from several threads, never one host faster than the options say."""

    def __init__(self, options: FetchOptions | None = None) -> None:
        self.options = options or FetchOptions()
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, url: str, validators: Validators | None = None) -> Fetched:
        """Return the content of ``url``, following checked redirects; FetchError says why there is none."""
        return self._follow(url, validators or Validators(), robots=self.options.robots)

    def _follow(self, url: str, validators: Validators, *, robots: bool, max_bytes: int | None = None) -> Fetched:
        start = url
        for _ in range(self.options.redirects + 1):
            parts = split_url(url)
            if robots:
                self._ask_robots(url, parts)
            answer = self._patiently(url, parts, validators, max_bytes or self.options.max_bytes)
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise FetchError("http_error", f"{start}: more than {self.options.redirects} redirects")

    def _patiently(self, url: str, parts: SplitResult, validators: Validators, max_bytes: int) -> Fetched | str:
        """Fetch once, with retries; return the content or where a redirect points."""
        host = self._host(parts.netloc)
        if host.dead:
            raise FetchError("http_error", f"{url}: not tried, {host.dead}", transient=True)
        retry = Retry(
            total=self.options.retries, backoff_factor=self.options.backoff, backoff_max=self.options.longest_pause
        )
        while True:
            host.wait(self.options.host_delay)
            try:
                return _exchange(url, parts, validators, self.options, max_bytes)
            except _RetriableError as problem:
                try:
                    retry = retry.increment("GET", url, error=HTTPError(str(problem)))
                except MaxRetryError:
                    host.dead = str(problem) if problem.unreachable else ""
                    tries = self.options.retries + 1
                    raise FetchError("http_error", f"{url}: {problem} (tried {tries} times)", transient=True) from None
                pause = max(retry.get_backoff_time(), problem.pause)
                time.sleep(min(pause, self.options.longest_pause))

    def _ask_robots(self, url: str, parts: SplitResult) -> None:
        """Raise FetchError (robots) where the site's robots.txt excludes us; RFC 9309: none means all is allowed."""
        host = self._host(parts.netloc)
        with host.robots_lock:
            if host.rules is None:
                host.rules = self._robots_rules(f"{parts.scheme}://{parts.netloc}/robots.txt")
                pause = float(host.rules.crawl_delay(self.options.user_agent) or 0)
                host.crawl_delay = min(pause, self.options.longest_pause)
        if not host.rules.can_fetch(url, self.options.user_agent):
            raise FetchError("robots", f"{url}: the site's robots.txt excludes it")

    def _robots_rules(self, url: str) -> Protego:
        try:
            answer = self._follow(url, Validators(), robots=False, max_bytes=_ROBOTS_BYTES)
        except FetchError as error:
            if error.transient or error.reason == "refused_address":
                raise
            return Protego.parse("")
        return Protego.parse(answer.content.decode("utf-8", "replace"))

    def _host(self, name: str) -> "_Host":
        with self._lock:
            host = self._hosts.setdefault(name.lower(), _Host())
            self._hosts.move_to_end(name.lower())
            if len(self._hosts) > _REMEMBERED_HOSTS:
                self._hosts.popitem(last=False)
            return host


@dataclass(eq=False)
class _Host:
    """What one run knows of a host."""

    rules: Protego | None = None
    crawl_delay: float = 0.0
    dead: str = ""
    robots_lock: threading.Lock = field(default_factory=threading.Lock)
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, delay: float) -> None:
        """Sleep until the next request to this host is due, and book the one after it."""
        with self._lock:
            now = time.monotonic()
            due = max(now, self._next)
            self._next = due + max(delay, self.crawl_delay)
        time.sleep(due - now)


class _RetriableError(Exception):
    """A failure that another try may mend, after ``pause`` seconds at least."""

    def __init__(self, detail: str, *, pause: float = 0.0, unreachable: bool = False) -> None:
        super().__init__(detail)
        self.pause = pause
        self.unreachable = unreachable


def _exchange(
    url: str, parts: SplitResult, validators: Validators, options: FetchOptions, max_bytes: int
) -> Fetched | str:
    """Send one request; return the content or the target of a redirect."""
    headers = {
        "User-Agent": options.user_agent,
        "Accept-Encoding": "gzip, deflate",
        "Host": parts.netloc.split("@")[-1],
    }
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    response = _connect(parts, headers, options)
    try:
        if response.status in _REDIRECTS and response.headers.get("Location"):
            return str(response.headers["Location"])
        if response.status == HTTPStatus.NOT_MODIFIED:
            return Fetched(url, b"", validators=validators, unchanged=True)
        if response.status in _RETRIED:
            raise _RetriableError(f"HTTP {response.status}", pause=_retry_after(response))
        if response.status != HTTPStatus.OK:
            raise FetchError("http_error", f"{url}: HTTP {response.status}", transient=False)
        content = _body(url, response, max_bytes, options.deadline)
        found = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        return Fetched(url, content, response.headers.get("Content-Type", ""), found)
    finally:
        response.close()


def _connect(parts: SplitResult, headers: dict[str, str], options: FetchOptions) -> urllib3.BaseHTTPResponse:
    """Send a GET to one of the host's checked addresses; the certificate is checked against the host's name."""
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    timeout = Timeout(connect=options.connect_timeout, read=options.read_timeout)
    problem: Exception = HTTPError("no address")
    for address in resolve(parts, allow_private=options.allow_private):
        pool: urllib3.HTTPConnectionPool
        if parts.scheme == "https":
            name = parts.hostname
            pool = urllib3.HTTPSConnectionPool(
                address, port_of(parts), timeout=timeout, server_hostname=name, assert_hostname=name
            )
        else:
            pool = urllib3.HTTPConnectionPool(address, port_of(parts), timeout=timeout)
        try:
            return pool.urlopen(
                "GET",
                target,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
        except HTTPError as error:
            problem = error
    raise _RetriableError(f"no answer from {parts.hostname} ({problem})", unreachable=True) from problem


def _body(url: str, response: urllib3.BaseHTTPResponse, max_bytes: int, deadline: float) -> bytes:
    end = time.monotonic() + deadline
    content = bytearray()
    try:
        # read1 returns what has come, so that a server that drips bytes cannot hold us past the deadline.
        while chunk := response.read1(_CHUNK, decode_content=True):
            content += chunk
            if len(content) > max_bytes:
                raise FetchError("too_large", f"{url}: more than {max_bytes} bytes after unpacking")
            if time.monotonic() > end:
                raise _RetriableError(f"the body took longer than {deadline:g} s")
    except HTTPError as error:
        raise _RetriableError(f"the answer broke off ({error})") from error
    return bytes(content)


def _retry_after(response: urllib3.BaseHTTPResponse) -> float:
    try:
        return float(Retry().get_retry_after(response) or 0)
    except HTTPError:
        return 0.0
