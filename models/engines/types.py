"""What goes into an engine and comes out."""

from typing import Any, NamedTuple

from stancewire.data.article import Article

Record = dict[str, Any]


class Admitted(NamedTuple):
    """An article to annotate, and the earlier article that it repeats."""

    article: Article
    duplicate_of: str | None = None


class Annotated(NamedTuple):
    """An article with its records, in order."""

    article: Article
    records: list[Record]
