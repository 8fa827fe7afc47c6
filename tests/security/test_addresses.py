"""Redirects are checked like addresses that were typed."""

from typing import Any

import pytest

from stancewire.data.feeds.errors import FetchError
from stancewire.data.feeds.http import Fetcher
from stancewire.data.feeds.options import FetchOptions

OPTIONS = FetchOptions(host_delay=0, backoff=0, retries=0, robots=False)


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "FILE://localhost/etc/passwd", "gopher://127.0.0.1/", "javascript:1"]
)
def test_a_redirect_leads_to_no_other_scheme(web: Any, target: str) -> None:
    web.routes["/go"] = lambda handler: handler.reply(b"", status=302, Location=target)
    with pytest.raises(FetchError) as caught:
        Fetcher(OPTIONS.model_copy(update={"allow_private": True})).get(web.url + "/go")
    assert caught.value.reason == "refused_address"


def test_loopback_is_refused_unless_allowed(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    web.routes["/go"] = lambda handler: handler.reply(b"", status=302, Location="/inside")
    web.serve("/inside", "inside")
    with pytest.raises(FetchError, match="--allow-private"):
        Fetcher(OPTIONS).get(web.url + "/go")
    assert web.requests == []
    allowed = OPTIONS.model_copy(update={"allow_private": True})
    assert Fetcher(allowed).get(web.url + "/go").content == b"inside"


def test_a_redirect_to_a_private_address_is_not_followed(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address counts as public here, as a site's own would; what it redirects to does not."""
    from stancewire.data.feeds import addresses

    web.routes["/go"] = lambda handler: handler.reply(b"", status=302, Location="http://127.0.0.2:80/inside")
    real = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1" or real(address))
    with pytest.raises(FetchError, match=r"127\.0\.0\.2") as caught:
        Fetcher(OPTIONS).get(web.url + "/go")
    assert caught.value.reason == "refused_address"
    assert web.paths() == ["/go"]
