"""XML from strangers: what kind of document it is, whether it is safe, and what an OPML lists."""

import re
from typing import Literal
from xml.etree.ElementTree import ParseError  # the error alone; parsing goes through defusedxml

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser, fromstring

from stancewire.data.errors import DataError
from stancewire.data.feeds.errors import UnsafeXmlError

Kind = Literal["feed", "opml", "html"]

_HEAD = 4_096
_PROLOGUE = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[.*?\])*>|\s+)*", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_ROOTS: dict[bytes, Kind] = {
    b"rss": "feed", b"feed": "feed", b"rdf": "feed", b"channel": "feed", b"opml": "opml", b"html": "html",
    b"head": "html", b"body": "html", b"article": "html", b"main": "html", b"div": "html", b"section": "html",
}  # fmt: skip


def sniff(content: bytes) -> Kind | None:
    """Tell a feed, an OPML or an HTML page by its root element; None for anything else."""
    head = content[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    head = head.removeprefix(b"\xef\xbb\xbf")
    prologue = _PROLOGUE.match(head)
    assert prologue is not None
    if b"<!doctype html" in prologue[0].lower():
        return "html"
    root = _ROOT.match(head, prologue.end())
    return _ROOTS.get(root[1].lower()) if root else None


def check_entities(content: bytes) -> None:
    """Raise UnsafeXmlError if the document declares entities or points to external ones (bombs, file reading).

    An ill-formed document passes up to its first error: the feed parser repairs such documents and drops declarations.
    """
    try:
        XMLParser(target=_Nothing(), forbid_dtd=False, forbid_entities=True, forbid_external=True).feed(content)
    except DefusedXmlException as error:
        raise UnsafeXmlError(
            f"the document declares entities or external parts ({type(error).__name__}); not read"
        ) from None
    except (ParseError, ValueError, LookupError):
        return


def opml_feeds(content: bytes) -> list[str]:
    """Return the feed addresses of an OPML, in order, each once; DataError if it is damaged or unsafe."""
    try:
        root = fromstring(content, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise UnsafeXmlError(
            f"the OPML declares entities or external parts ({type(error).__name__}); not read"
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise DataError(f"not a well-formed OPML: {error}") from None
    found = (outline.get("xmlUrl") or outline.get("xmlurl") for outline in root.iter("outline"))
    return list(dict.fromkeys(url.strip() for url in found if url and url.strip()))


class _Nothing:
    """A parser target that keeps nothing."""

    def close(self) -> None:
        """End without a result."""
