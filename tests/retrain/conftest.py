"""An invented corpus of short posts: one task, three labels, a target column; and small models trained on it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.corpus import Corpus, load_corpus
from stancewire.models.settings import Settings, parse_settings

CODEBOOK = """
name: mood
text_column: post
target_column: topic
tasks:
  mood:
    title: Mood toward the topic
    values:
      up: {definition: likes it, colour: "#0072b2"}
      down: {definition: dislikes it, colour: "#d55e00"}
      flat: {definition: neither, colour: "#767676"}
"""
WORDS = {
    "up": ("love", "enjoy", "recommend", "praise"),
    "down": ("hate", "avoid", "regret", "loathe"),
    "flat": ("saw", "passed", "noticed", "counted"),
}
TOPICS = ("ferries", "libraries", "rain", "night trains", "bicycles")
SYLLABLES = ("ba", "ro", "mi", "ten", "ful", "gar", "so", "ne", "vil", "ku")
FILLERS = [first + second + third for first in SYLLABLES for second in SYLLABLES for third in SYLLABLES[:4]]


def post(rng: np.random.Generator, value: str, topic: str, noise: float) -> str:
    """A verb tells the value; the rest is filler, so that no two posts repeat each other."""
    shown = value if rng.random() >= noise else str(rng.choice(list(WORDS)))
    fillers = rng.choice(FILLERS, 7)
    return " ".join([*fillers[:3], "I", str(rng.choice(WORDS[shown])), topic, *fillers[3:]])


@pytest.fixture(scope="session")
def codebook_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("codebook") / "mood.yaml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def codebook(codebook_path: Path) -> Codebook:
    return load_codebook(codebook_path)


@pytest.fixture(scope="session")
def write_posts() -> Callable[..., Path]:
    """Write n posts in articles of ``group`` posts each; ``noise`` is the share of posts whose verb says nothing."""

    def write(path: Path, n: int, seed: int = 1, group: int = 5, noise: float = 0.1, start: int = 0) -> Path:
        rng = np.random.default_rng(seed)
        rows = []
        for number in range(start, start + n):
            value, topic = str(rng.choice(list(WORDS))), str(rng.choice(TOPICS))
            text = post(rng, value, topic, noise)
            rows.append(
                {"id": f"p{number}", "article": f"a{number // group}", "post": text, "topic": topic, "mood": value}
            )
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def posts(codebook: Codebook, write_posts: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return load_corpus(write_posts(tmp_path_factory.mktemp("posts") / "posts.jsonl", 300), codebook, articles=None)


@pytest.fixture(scope="session")
def small_settings() -> Settings:
    model = {"kind": "tfidf", "char_ngrams": [3, 3], "c_grid": [4.0]}
    return parse_settings({"name": "small", "seed": 7, "model": model}, "test")


@pytest.fixture(scope="session")
def store_uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An MLflow store of these tests' own; making one takes seconds, so they share it."""
    from mlflow import MlflowClient

    folder = tmp_path_factory.mktemp("mlflow")
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    MlflowClient(uri, uri).create_experiment("stancewire", artifact_location=(folder / "artifacts").as_uri())
    return uri


@pytest.fixture
def store(store_uri: str, mlflow_at: Callable[[str], None]) -> str:
    mlflow_at(store_uri)
    return store_uri
