"""A small real model in a folder, and a way to run annotate.py on it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import annotate
from stancewire.data.corpus import load_corpus
from stancewire.models.base import SilentLog
from stancewire.models.bundle import save_bundle
from stancewire.models.settings import parse_settings
from stancewire.models.training import fit_bundle, prepare_experiment

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = parse_settings({"name": "majority", "model": {"kind": "majority"}}, "test")
    folder = tmp_path_factory.mktemp("model") / "bundle"
    save_bundle(fit_bundle(settings, prepare_experiment(settings, load_corpus()), 1, SilentLog()), folder)
    return folder


@pytest.fixture
def run(model: Path) -> Callable[..., int]:
    """Return a function that runs annotate.py in this process and gives its exit code."""

    def annotate_with(*arguments: object) -> int:
        return annotate.main([str(argument) for argument in arguments] + ["--model", str(model), "--quiet"])

    return annotate_with


@pytest.fixture
def command(model: Path) -> list[str]:
    """Return the command line for a process of its own."""
    return [sys.executable, str(ROOT / "annotate.py"), "--model", str(model), "--quiet"]
