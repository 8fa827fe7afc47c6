"""Why a page or feed could not be had."""

from typing import Literal

from stancewire.data.errors import DataError

FetchReason = Literal["http_error", "refused_address", "robots", "too_large"]


class FetchError(DataError):
    """A URL gave no content. ``transient`` tells whether a later run may fare better."""

    def __init__(self, reason: FetchReason, detail: str, *, transient: bool = False) -> None:
        super().__init__(detail)
        self.reason: FetchReason = reason
        self.transient = transient


class UnsafeXmlError(DataError):
    """An XML document declares entities or asks for external ones; it is not read."""
