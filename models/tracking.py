"""MLflow: where runs, models, their papers and their versions are kept."""

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from stancewire.data.errors import ArtefactError
from stancewire.models.bundle import Bundle, library_versions, save_bundle
from stancewire.models.settings import Settings
from stancewire.models.training import Experiment

ROOT = Path(__file__).parent.parent
PACKAGES = ("data", "features", "models")
# All code travels, so that whatever imports it beside the model finds the same; the corpus and what was measured on it stay.
LEFT_OUT = shutil.ignore_patterns("__pycache__", "annotations", "oof")
MODEL_NAME = "model"
BUNDLE = "bundle"


def connect() -> MlflowClient:
    """Point MLflow at MLFLOW_TRACKING_URI, else at the sqlite store beside the code, and return its client."""
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    for chatty in ("mlflow.store.db.utils", "mlflow.pyfunc"):  # tables made, examples validated: no news to anybody
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        mlflow.set_tracking_uri(f"sqlite:///{ROOT / 'mlflow.db'}")
    return MlflowClient()


def use_experiment(name: str) -> str:
    """Return the id of an experiment, made if missing; with the local store its files go to ``mlruns`` beside the code."""
    client = connect()
    try:
        found = client.get_experiment_by_name(name)
        if found is not None:
            return str(found.experiment_id)
        local = None if os.environ.get("MLFLOW_TRACKING_URI") else (ROOT / "mlruns").as_uri()
        return str(client.create_experiment(name, artifact_location=local))
    except MlflowException as error:
        raise ArtefactError(
            f"{mlflow.get_tracking_uri()}: the tracking store does not answer: {_line(error)}"
        ) from error


class RunLog:
    """A MetricLog that writes to the active run."""

    def __init__(self, run_id: str) -> None:
        self._client = connect()
        self._run_id = run_id

    def metric(self, name: str, value: float, step: int) -> None:
        """Record one value at one step."""
        self._client.log_metric(self._run_id, name, value, step=step)


@contextmanager
def open_run(settings: Settings, data: Experiment, *, name: str | None = None, nested: bool = False) -> Iterator[str]:
    """Start a run with every setting, the data set's digest, commit and versions on it; yields the run's id."""
    experiment = use_experiment(settings.tracking.experiment)
    with mlflow.start_run(experiment_id=experiment, run_name=name or settings.name, nested=nested) as run:
        mlflow.log_params(settings.flat())
        mlflow.set_tags({f"version.{package}": version for package, version in library_versions().items()})
        mlflow.set_tags({"data.digest": data.corpus.digest, "codebook.digest": data.codebook.digest})
        if not nested:
            for part in ("train", "validation"):
                mlflow.log_input(_dataset(data, part), context=part)
        yield run.info.run_id


def log_bundle(bundle: Bundle, register_as: str | None, cards: Mapping[str, str] | None = None) -> str:
    """Log a bundle to the active run as a pyfunc; returns its URI (``models:/NAME/VERSION`` where registered).

    ``cards`` (file name → text) go into the model folder. A registered version gets tags and the alias ``challenger``.
    """
    from mlflow.pyfunc import log_model

    with tempfile.TemporaryDirectory() as scratch:
        from stancewire.models.pyfunc import example_input, model_signature, requirements

        folder, code = Path(scratch) / BUNDLE, Path(scratch) / "stancewire"
        save_bundle(bundle, folder)
        for name, text in (cards or {}).items():
            (folder / name).write_text(text, encoding="utf-8")
        copy_code(code)
        info = log_model(
            name=MODEL_NAME,
            python_model=str(Path(__file__).parent / "pyfunc_entry.py"),
            artifacts={BUNDLE: str(folder)},
            code_paths=[str(code)],
            signature=model_signature(bundle),
            input_example=example_input(bundle),
            pip_requirements=requirements(bundle),
            metadata={"kind": bundle.classifier.kind, "codebook": bundle.codebook.digest},
        )
    mlflow.set_tags({"commit": bundle.commit, "seed": str(bundle.seed), "kind": bundle.classifier.kind})
    if register_as is None:
        return str(info.model_uri)
    return _register(bundle, info.model_uri, register_as)


def copy_code(target: Path) -> None:
    """Write the packages under one name, so that they collide with nobody's ``data`` or ``models``."""
    target.mkdir()
    (target / "__init__.py").write_text("", encoding="utf-8")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, target / package, ignore=LEFT_OUT)


def download_bundle(uri: str) -> tuple[Path, str]:
    """Return the bundle's folder and the exact URI (alias resolved to a version) of a model URI in the store."""
    connect()
    exact = resolve(uri)
    try:
        folder = Path(mlflow.artifacts.download_artifacts(artifact_uri=exact))
    except (MlflowException, OSError) as error:
        raise ArtefactError(
            f"{uri}: the model cannot be fetched from {mlflow.get_tracking_uri()}: {_line(error)}"
        ) from error
    inside = folder / "artifacts" / BUNDLE
    if not inside.is_dir():
        raise ArtefactError(f"{uri}: no stancewire model: expected artifacts/{BUNDLE} in it; log it with train.py")
    return inside, exact


def resolve(uri: str) -> str:
    """Return ``models:/NAME/VERSION`` for ``models:/NAME@ALIAS``; other URIs pass."""
    if not uri.startswith("models:/") or "@" not in uri:
        return uri
    name, _, alias = uri.removeprefix("models:/").partition("@")
    version = alias_version(name, alias)
    if version is None:
        raise ArtefactError(
            f"{uri}: no such model in {mlflow.get_tracking_uri()}; train one with `make run` or "
            "`python train.py configs/tfidf.yaml`, or name another with --model"
        )
    return f"models:/{name}/{version}"


def alias_version(name: str, alias: str) -> str | None:
    """Return the version that an alias points to, None where there is no such model or alias."""
    try:
        return str(connect().get_model_version_by_alias(name, alias).version)
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None
        raise ArtefactError(f"{mlflow.get_tracking_uri()}: the registry does not answer: {_line(error)}") from error


def set_alias(name: str, alias: str, version: str) -> None:
    """Point an alias at a version."""
    connect().set_registered_model_alias(name, alias, version)


def _register(bundle: Bundle, uri: str, name: str) -> str:
    tags: Mapping[str, Any] = {
        "kind": bundle.classifier.kind,
        "config": bundle.name,
        "commit": bundle.commit,
        "seed": bundle.seed,
        "data.digest": bundle.data.get("digest", ""),
        "codebook.digest": bundle.codebook.digest,
        "figures": json.dumps(bundle.figures),
    }
    version = mlflow.register_model(uri, name, tags={key: str(value) for key, value in tags.items()})
    set_alias(name, "challenger", str(version.version))
    return f"models:/{name}/{version.version}"


def _dataset(data: Experiment, part: str) -> Any:
    rows = data.part(part)
    frame = pd.DataFrame([{"id": row.id, "article": row.article, "text": row.input.text, **row.labels} for row in rows])
    return mlflow.data.from_pandas(frame, name=f"{data.codebook.name}-{part}", digest=data.corpus.digest[:36])


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
