"""XML from strangers: whether it is safe, and what an OPML lists."""

from xml.etree.ElementTree import ParseError  # the error alone; parsing goes through defusedxml

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser, fromstring

from stancewire.data.errors import DataError
from stancewire.data.feeds.errors import UnsafeXmlError


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
