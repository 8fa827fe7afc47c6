"""Which network addresses may be connected to."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from stancewire.data.feeds.errors import FetchError

_PORTS = {"http": 80, "https": 443}


def split_url(url: str) -> SplitResult:
    """Return the parts of an absolute http(s) URL; FetchError (refused_address) for any other scheme or form."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError("refused_address", f"{url!r} is no URL: {error}") from None
    if parts.scheme not in _PORTS:
        raise FetchError(
            "refused_address", f"{url!r}: expected an http or https address, found {parts.scheme or 'none'}"
        )
    if not parts.hostname or port == 0 or not url.isprintable() or " " in url:
        raise FetchError("refused_address", f"{url!r}: the address names no host or holds characters no address has")
    return parts


def port_of(parts: SplitResult) -> int:
    """Return the port that ``parts`` means."""
    return parts.port or _PORTS[parts.scheme]


def resolve(parts: SplitResult, *, allow_private: bool) -> list[str]:
    """Return the host's IP addresses, to be connected to as they are (so that a second look-up cannot differ).

    FetchError (refused_address) if any of them is private, loopback, link-local, multicast or reserved.
    """
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, port_of(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("http_error", f"{host}: the name does not resolve ({error})", transient=True) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise FetchError(
                    "refused_address",
                    f"{host} is the private address {address}; --allow-private permits such addresses",
                )
    return addresses


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet, also inside IPv6 forms that carry an IPv4 address."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    known = ip in ipaddress.IPv6Network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if known else None
