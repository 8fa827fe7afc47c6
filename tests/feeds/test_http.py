"""The HTTP client against a real server that is slow, redirects, breaks off, packs and refuses."""

import gzip
import time
import zlib
from typing import Any

import pytest

from stancewire.data.feeds.errors import FetchError
from stancewire.data.feeds.http import Fetcher, Validators
from stancewire.data.feeds.options import FetchOptions

QUICK = FetchOptions(allow_private=True, host_delay=0, backoff=0, retries=2, read_timeout=0.4, deadline=0.8)


def quick(**changes: object) -> Fetcher:
    return Fetcher(QUICK.model_copy(update=changes))


def test_it_says_who_it_is_and_unpacks(web: Any) -> None:
    web.serve("/a", gzip.compress("größer".encode()), Content_Encoding="gzip", Content_Type="text/html")
    answer = quick().get(web.url + "/a")
    assert answer.content.decode() == "größer"
    assert answer.content_type == "text/html"
    assert "stancewire" in dict(web.requests)["/a"]["user-agent"]


def test_a_304_needs_no_body(web: Any) -> None:
    def conditional(handler: Any) -> None:
        known = (
            handler.headers.get("If-None-Match") == '"v1"' and handler.headers.get("If-Modified-Since") == "yesterday"
        )
        handler.reply(b"" if known else b"news", status=304 if known else 200, ETag='"v1"', Last_Modified="yesterday")

    web.routes["/feed"] = conditional
    fetcher = quick()
    first = fetcher.get(web.url + "/feed")
    assert (first.content, first.validators) == (b"news", Validators('"v1"', "yesterday"))
    second = fetcher.get(web.url + "/feed", first.validators)
    assert second.unchanged
    assert second.content == b""
    assert second.validators == first.validators


def test_redirects_are_followed_and_bounded(web: Any) -> None:
    web.routes["/old"] = lambda handler: handler.reply(b"", status=301, Location="/new")
    web.serve("/new", "here")
    web.routes["/loop"] = lambda handler: handler.reply(b"", status=302, Location="/loop")
    answer = quick().get(web.url + "/old")
    assert (answer.content, answer.url) == (b"here", web.url + "/new")
    with pytest.raises(FetchError, match="more than 5 redirects") as caught:
        quick().get(web.url + "/loop")
    assert caught.value.reason == "http_error"


def test_an_answer_that_breaks_off_is_asked_for_again(web: Any) -> None:
    tries: list[int] = []

    def breaks_once(handler: Any) -> None:
        tries.append(1)
        handler.reply(b"whole story" if len(tries) > 1 else b"whole", Content_Length="11")
        handler.close_connection = True

    web.routes["/a"] = breaks_once
    assert quick().get(web.url + "/a").content == b"whole story"


def test_an_answer_that_always_breaks_off_is_no_answer(web: Any) -> None:
    def breaks(handler: Any) -> None:
        handler.reply(b"whole", Content_Length="11")
        handler.close_connection = True

    web.routes["/a"] = breaks
    with pytest.raises(FetchError, match="broke off") as caught:
        quick().get(web.url + "/a")
    assert caught.value.transient
    assert web.paths() == ["/a"] * 3


def test_a_busy_server_is_asked_again_after_the_pause_it_names(web: Any) -> None:
    times: list[float] = []

    def busy_once(handler: Any) -> None:
        times.append(time.monotonic())
        handler.reply(b"ok", status=200 if len(times) > 1 else 503, Retry_After="1")

    web.routes["/a"] = busy_once
    assert quick().get(web.url + "/a").content == b"ok"
    assert times[1] - times[0] >= 0.99


def test_a_missing_page_is_not_asked_for_again(web: Any) -> None:
    with pytest.raises(FetchError, match="HTTP 404") as caught:
        quick().get(web.url + "/none")
    assert not caught.value.transient
    assert web.paths() == ["/none"]


def test_a_silent_and_a_dripping_server_are_left(web: Any) -> None:
    def drips(handler: Any) -> None:
        handler.reply(b"", Content_Length="1000")
        for _ in range(30):
            handler.wfile.write(b".")
            time.sleep(0.1)

    web.routes["/silent"] = lambda handler: time.sleep(1.2)
    web.routes["/drips"] = drips
    for path, said in (("/silent", "no answer"), ("/drips", "longer than 0.8 s")):
        with pytest.raises(FetchError, match=said):
            quick(retries=0).get(web.url + path)


def test_an_unreachable_host_is_tried_once_in_a_run(web: Any) -> None:
    fetcher = quick(robots=False)
    gone = "http://127.0.0.1:9/"
    with pytest.raises(FetchError, match="tried 3 times"):
        fetcher.get(gone)
    with pytest.raises(FetchError, match="not tried"):
        fetcher.get(gone)


def test_one_host_is_not_asked_faster_than_the_delay(web: Any) -> None:
    web.serve("/a", "")
    fetcher = quick(host_delay=0.2, robots=False)
    start = time.monotonic()
    for _ in range(3):
        fetcher.get(web.url + "/a")
    assert time.monotonic() - start >= 0.4


def test_robots_txt_is_asked_once_and_obeyed(web: Any) -> None:
    web.serve("/robots.txt", "User-agent: *\nDisallow: /private/*.html\nCrawl-delay: 0.2\n")
    web.serve("/open", "open")
    web.serve("/private/a.html", "hidden")
    fetcher = quick()
    assert fetcher.get(web.url + "/open").content == b"open"
    with pytest.raises(FetchError, match=r"robots\.txt") as caught:
        fetcher.get(web.url + "/private/a.html")
    assert caught.value.reason == "robots"
    assert [path for path, _ in web.requests] == ["/robots.txt", "/open"]


def test_a_site_whose_robots_txt_fails_is_left_alone(web: Any) -> None:
    web.routes["/robots.txt"] = lambda handler: handler.reply(b"", status=500)
    web.serve("/open", "open")
    with pytest.raises(FetchError):
        quick().get(web.url + "/open")
    assert web.paths() == []


def test_what_unpacks_to_more_than_the_limit_is_not_read(web: Any) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    web.serve("/bomb", bomb, Content_Encoding="gzip")
    with pytest.raises(FetchError, match="more than 1000000 bytes") as caught:
        quick(max_bytes=1_000_000, deadline=30).get(web.url + "/bomb")
    assert caught.value.reason == "too_large"
