"""A real model that takes no training, articles recombined from the seeds, and annotate.py in a process of its own."""

import json
import multiprocessing
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import annotate
from stancewire.data.codebook import load_codebook
from stancewire.models.baseline import MajorityClassifier
from stancewire.models.bundle import Bundle, save_bundle
from stancewire.models.calibration import Calibration

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    codebook = load_codebook()
    shares = {task.name: [1 / len(task.names)] * len(task.names) for task in codebook.tasks}
    folder = tmp_path_factory.mktemp("model") / "bundle"
    classifier = MajorityClassifier(codebook, shares)
    save_bundle(Bundle(classifier, Calibration(temperatures={}), "even", 1, {}, {}, commit="none"), folder)
    return folder


@pytest.fixture(scope="session")
def sentences() -> list[str]:
    found = []
    for line in (ROOT / "data/annotations/articles.jsonl").read_text(encoding="utf-8").splitlines()[:12]:
        article = json.loads(line)
        text = (ROOT / "seeds" / article["document"]).read_bytes().decode()[article["start"] : article["end"]]
        found += [paragraph for paragraph in text.split("\n") if len(paragraph) > 60]
    return found


@pytest.fixture(scope="session")
def articles(sentences: list[str]) -> Callable[..., list[dict[str, Any]]]:
    """Return rows of ``count`` articles; every fifth repeats an earlier one, ``changed`` tells which texts to alter."""

    def make(count: int, changed: int = 0) -> list[dict[str, Any]]:
        chance = random.Random(7)
        rows: list[dict[str, Any]] = []
        for number in range(count):
            text = "\n".join(chance.sample(sentences, 6))
            if number % 5 == 4:
                text = rows[chance.randrange(number)]["text"] + "\nSyndicated."
            day = f"2026-01-{1 + number % 3:02d}"
            rows.append({"id": f"a{number}", "title": f"Title {number}", "text": text, "published": day})
        for row in rows[:: 3 if changed else count + 1]:
            row["text"] += f"\nCorrection {changed} of the editors."
        return rows

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, list[dict[str, Any]]], Path]:
    def to_file(name: str, rows: list[dict[str, Any]]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return to_file


@pytest.fixture
def start(model: Path) -> Callable[..., Any]:
    """Return a function that runs annotate.py in a forked process, without the cost of starting one."""

    def forked(*arguments: object) -> Any:
        call = [str(argument) for argument in arguments] + ["--model", str(model), "--quiet"]
        process = multiprocessing.get_context("fork").Process(target=lambda: exit(annotate.main(call)))
        process.start()
        return process

    return forked


@pytest.fixture
def run(model: Path) -> Callable[..., int]:
    def annotate_with(*arguments: object) -> int:
        return annotate.main([str(argument) for argument in arguments] + ["--model", str(model), "--quiet"])

    return annotate_with


@pytest.fixture(scope="session")
def stored() -> Callable[[Path], list[dict[str, Any]]]:
    """Return the records of a store, by article and sentence."""

    def read(folder: Path) -> list[dict[str, Any]]:
        frame = pd.read_parquet(folder / "records").astype({"date": str})
        frame = frame.sort_values(["article_id", "sentence"], kind="stable")
        return json.loads(frame.to_json(orient="records"))

    return read
