"""A record as it should be, for a codebook of the caller's choice."""

from collections.abc import Callable
from typing import Any

import pytest

from stancewire.data.codebook import Codebook, load_codebook

MakeRecord = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="session")
def plain_codebook() -> Codebook:
    """One task, no attribution."""
    task = {"title": "Colour", "values": {"red": {"definition": "r"}, "blue": {"definition": "b"}}}
    return Codebook.model_validate({"name": "plain", "tasks": {"colour": task}})


@pytest.fixture(scope="session")
def make_record() -> MakeRecord:
    return _record


def _record(codebook: Codebook, sentence: int = 0, text: str = "Noé said: go.") -> dict[str, Any]:
    record: dict[str, Any] = {
        "article_id": "a1", "title": "Title", "source": None, "published": "2015-10-01", "url": None,
        "part": "body", "sentence": sentence, "text": text, "start": 20, "end": 20 + len(text),
    }  # fmt: skip
    if codebook.attribution:
        record |= {"speaker": "Noé Ruiz", "speaker_mention": text[:3], "mention_start": 20, "mention_end": 23}
    record |= {task.name: task.names[-1] for task in codebook.tasks}
    record |= {f"{task.name}_probability": 0.5 for task in codebook.tasks if task.probability}
    shares = {task.name: {name: 1 / len(task.names) for name in task.names} for task in codebook.tasks}
    record |= {"probabilities": shares, "needs_review": False, "duplicate_of": None}
    return record | {"model": "models:/stancewire/1", "schema_version": 1}
