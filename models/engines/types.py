"""What comes out of an engine."""

from typing import Any, NamedTuple

from stancewire.data.article import Article

Record = dict[str, Any]


class Annotated(NamedTuple):
    """An article with its records, in order."""

    article: Article
    records: list[Record]
