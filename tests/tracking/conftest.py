"""A real store with one small logged model, shared by the tests of a file."""

from pathlib import Path

import pytest

from stancewire.data.corpus import load_corpus
from stancewire.models.settings import Settings, parse_settings
from stancewire.models.training import Experiment, prepare_experiment


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    return prepare_experiment(majority(), load_corpus())


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Point MLflow at a new sqlite store; its files lie beside it."""
    import mlflow

    uri = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    return uri


def majority() -> Settings:
    return parse_settings({"name": "majority", "model": {"kind": "majority"}}, "test")
