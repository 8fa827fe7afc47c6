"""One unit of review: what the annotator sees, what was predicted, and where it came from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stancewire.data.codebook import Codebook
from stancewire.data.review.selection import Choice

SPEAKER = ("speaker", "speaker_mention")
ORIGIN = ("title", "source", "published", "url")


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence sent to review. ``shown`` maps task to the predicted value, ``confidence`` to its probability; ``speaker`` and
    ``mention`` are the predicted ones, ``mention_at`` the mention's offset in ``text``."""

    unit: str
    article: str
    part: str
    sentence: int
    start: int
    end: int
    text: str
    before: tuple[str, ...]
    origin: Mapping[str, str | None]
    target: str | None
    model: str | None
    shown: Mapping[str, str]
    confidence: Mapping[str, float]
    speaker: str | None
    mention: str | None
    mention_at: int | None
    score: float

    @property
    def sha1(self) -> str:
        """First 10 hex digits of the text's SHA-1: tells whether a tool changed it."""
        return text_sha1(self.text)


def text_sha1(text: str) -> str:
    """Return the seal that annotation files carry for a sentence."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:10]


def review_item(choice: Choice, codebook: Codebook) -> Item:
    """Return what the annotator gets for a chosen sentence."""
    record, prediction = choice.prediction.record, choice.prediction
    shown, confidence = {}, {}
    for task in codebook.tasks:
        given, vector = record.get(task.name), prediction.probabilities.get(task.name)
        if given is None and vector is not None:
            given = task.names[int(vector.argmax())]
        if given is not None:
            shown[task.name] = task.value(str(given)).name
            if vector is not None:
                confidence[task.name] = round(float(vector[task.index(str(given))]), 4)
    start = int(record.get("start") or 0)
    mention, at = record.get("speaker_mention"), record.get("mention_start")
    target = record.get(codebook.target_column) if codebook.target_column else None
    return Item(
        unit=prediction.unit,
        article=str(record["article_id"]),
        part=str(record.get("part") or "body"),
        sentence=int(record["sentence"]),
        start=start,
        end=int(record.get("end") or start + len(prediction.text)),
        text=prediction.text,
        before=prediction.before,
        origin={name: _text(record.get(name)) for name in ORIGIN},
        target=_text(target),
        model=_text(record.get("model")),
        shown=shown,
        confidence=confidence,
        speaker=_text(record.get("speaker")) if codebook.attribution else None,
        mention=_text(mention) if codebook.attribution else None,
        mention_at=int(at) - start if mention and at not in (None, "") else None,
        score=round(choice.score, 6),
    )


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)
