"""A real store with one small logged model, shared by the tests of a file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stancewire.data.corpus import load_corpus
from stancewire.models.settings import Settings, parse_settings
from stancewire.models.training import Experiment, prepare_experiment


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    return prepare_experiment(majority(), load_corpus())


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mlflow_at: Callable[[str], None]) -> str:
    """Point MLflow at a new sqlite store; its files lie beside it."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.chdir(tmp_path)
    mlflow_at(uri)
    return uri


def majority() -> Settings:
    return parse_settings({"name": "majority", "model": {"kind": "majority"}}, "test")
