"""Figures and files of an evaluation go to the model's own run in MLflow."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.exceptions import MlflowException

from stancewire.data.errors import ArtefactError
from stancewire.models import tracking
from stancewire.models.evaluation.results import OVERALL, Result
from stancewire.models.evaluation.run import Judged

FOLDER = "evaluation"


def publish(judged: Judged, folder: Path) -> str | None:
    """Log a model's figures and the files of ``folder`` to its run; returns the run, None for a model without one."""
    run = run_of(judged.uri or "")
    if run is None:
        return None
    client = tracking.connect()
    try:
        for name, value in flat_metrics(judged.result, judged.behaviour).items():
            client.log_metric(run, name, value)
        client.log_artifacts(run, str(folder), FOLDER)
    except (MlflowException, OSError) as error:
        raise ArtefactError(f"{judged.uri}: the evaluation cannot be logged to run {run}: {error}") from error
    return run


def run_of(uri: str) -> str | None:
    """Return the run behind ``runs:/RUN/…`` or ``models:/NAME/VERSION``; None for a folder."""
    if uri.startswith("runs:/"):
        return uri.removeprefix("runs:/").partition("/")[0]
    if uri.startswith("models:/"):
        name, _, version = tracking.resolve(uri).removeprefix("models:/").partition("/")
        run: str | None = tracking.connect().get_model_version(name, version).run_id
        return run
    return None


def flat_metrics(result: Result, behaviour: Mapping[str, Any] | None) -> dict[str, float]:
    """Return a result as flat metrics: figures with interval ends per task, calibration, review, behaviour rates."""
    where = result["origin"]
    flat: dict[str, float] = {}
    for task, figures in result["tasks"].items():
        for name in OVERALL:
            span = figures["intervals"][name]
            flat |= {f"{where}_{task}_{name}{end}": span[key] for key, end in _ENDS.items()}
        for value, held in figures["per_class"].items():
            flat |= {f"{where}_{task}/{value}_{name}": held[name] for name in ("precision", "recall", "f1")}
        if figures["ceiling"]:
            flat[f"{where}_{task}_ceiling_macro_f1"] = figures["ceiling"]["macro_f1"]
        flat[f"{where}_{task}_floor_macro_f1"] = figures["floor"]["macro_f1"]
    for task, one in result["calibration"].items():
        flat[f"{where}_{task}_ece"] = one["ece"]["value"]
    if result["review"]:
        flat[f"{where}_review_coverage"] = result["review"]["coverage"]["value"]
        flat[f"{where}_review_kept_error"] = result["review"]["kept_error"]["value"]
    for name, test in (behaviour or {}).get("tests", {}).items():
        flat[f"behaviour/{name.replace(' ', '_')}"] = test["rate"]
    return flat


_ENDS = {"value": "", "low": "_low", "high": "_high"}
