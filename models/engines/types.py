"""What comes out of an engine."""

from typing import Any, NamedTuple

from stancewire.data.article import Article
from stancewire.data.errors import StancewireError

Record = dict[str, Any]


class Annotated(NamedTuple):
    """An article with its records, in order."""

    article: Article
    records: list[Record]


class ClusterError(StancewireError):
    """The cluster cannot be reached, or could not do its work; the message says what it answered."""
