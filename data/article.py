"""Articles and their sentences, with offsets in Unicode code points."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["title", "body"]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article. ``title`` is None where none was given separately from ``text``; ``target`` is what a codebook
    with a target column asks the stance toward."""

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    published: str | None = None
    url: str | None = None
    target: str | None = None

    def part(self, name: Part) -> str:
        """Return the text that offsets of ``name`` refer to (empty for a missing title)."""
        return self.text if name == "body" else (self.title or "")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of annotation: ``article.part(part)[start:end] == text``; ``index`` counts from 0 within the article."""

    index: int
    part: Part
    start: int
    end: int
    text: str
