"""What a classifier sees of a sentence, and what it learns from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stancewire.data.article import Part


@dataclass(frozen=True, slots=True)
class SentenceInput:
    """One sentence in its context; everything a classifier may use, nothing that comes after the sentence.

    ``previous`` holds the sentences before it in the article, oldest first. ``speaker``, ``mention``, ``group`` and
    ``quotation`` come from attribution, never from annotation. ``target`` is the codebook's optional target column.
    """

    text: str
    title: str | None = None
    previous: tuple[str, ...] = ()
    part: Part = "body"
    position: int = 0
    speaker: str | None = None
    mention: str | None = None
    group: str | None = None
    quotation: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled sentence: ``labels`` maps task to value name; a task may be missing. ``weight`` scales its loss.

    ``soft_labels`` map task to probabilities in the codebook's order: what a model that never saw the article thinks.
    """

    id: str
    article: str
    input: SentenceInput
    labels: Mapping[str, str] = field(default_factory=dict)
    weight: float = 1.0
    synthetic: bool = False
    soft_labels: Mapping[str, tuple[float, ...]] | None = None
