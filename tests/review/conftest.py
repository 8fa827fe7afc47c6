"""A feed of records over the seed articles, with seeded probabilities."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import Corpus, load_corpus

MODEL = "models:/stancewire/3"


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="session")
def codebook(corpus: Corpus) -> Codebook:
    return corpus.codebook


@pytest.fixture(scope="session")
def records(corpus: Corpus) -> list[dict[str, Any]]:
    rng = np.random.default_rng(1)
    rows = []
    for sentence in corpus.sentences:
        probabilities = {
            task.name: dict(zip(task.names, rng.dirichlet(np.full(len(task.names), 0.3)).tolist(), strict=True))
            for task in corpus.codebook.tasks
        }
        mention = sentence.speaker_mention
        at = sentence.text.find(mention) if mention else None
        rows.append(
            {
                "article_id": sentence.article, "title": corpus.titles[sentence.article], "source": "wire", "published": None,
                "url": "https://example.org/a", "part": sentence.part, "sentence": sentence.position, "text": sentence.text,
                "start": 100 * sentence.position, "end": 100 * sentence.position + len(sentence.text),
                "speaker": sentence.speaker, "speaker_mention": mention,
                "mention_start": None if at is None else 100 * sentence.position + at,
                "mention_end": None if at is None else 100 * sentence.position + at + len(mention or ""),
                **sentence.labels, "probabilities": probabilities, "needs_review": True, "duplicate_of": None,
                "model": MODEL, "schema_version": 1,
            }
        )  # fmt: skip
    return rows


@pytest.fixture
def write_records(tmp_path: Path) -> Callable[[list[dict[str, Any]]], Path]:
    def write(rows: list[dict[str, Any]]) -> Path:
        path = tmp_path / "records.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write
