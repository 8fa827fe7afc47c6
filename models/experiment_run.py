"""One experiment as MLflow runs: the first seed's model is kept, further seeds give mean and spread."""

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev

import mlflow

from stancewire.models import tracking
from stancewire.models.bundle import Bundle
from stancewire.models.evaluation.training_report import TrainingReport, validation_report
from stancewire.models.settings import Settings
from stancewire.models.training import Experiment, fit_bundle

LOG = logging.getLogger("stancewire")


@dataclass(frozen=True)
class Finished:
    """What a run came to: the model's URI, its macro-F1 per task on the validation split, the table for people."""

    uri: str
    scores: Mapping[str, float]
    table: str


def run_experiment(settings: Settings, data: Experiment) -> Finished:
    """Fit, judge on the validation split and log everything; further seeds are nested runs without a model."""
    with tracking.open_run(settings, data) as run_id:
        finished = _first_seed(settings, data, run_id)
        by_seed = [finished.scores]
        for seed in range(settings.seed + 1, settings.seed + settings.seeds):
            with tracking.open_run(settings, data, name=f"seed-{seed}", nested=True) as nested:
                by_seed.append(_further_seed(settings, data, seed, nested))
        if len(by_seed) > 1:
            mlflow.log_metrics(_spread(by_seed))
    return finished


def _first_seed(settings: Settings, data: Experiment, run_id: str) -> Finished:
    with tempfile.TemporaryDirectory(prefix="stancewire-") as scratch:
        bundle, report = _fitted(settings, data, settings.seed, run_id, Path(scratch))
        mlflow.log_dict(dict(report.figures), "validation.json")
        for name, picture in report.pictures.items():
            mlflow.log_figure(picture, f"pictures/{name}.png")
        register_as = settings.tracking.registered_model if settings.tracking.register_model else None
        uri = tracking.log_bundle(replace(bundle, figures=report.figures), register_as, report.cards)
    LOG.info("run %s, model %s", run_id, uri)
    return Finished(uri, report.scores, report.table)


def _further_seed(settings: Settings, data: Experiment, seed: int, run_id: str) -> Mapping[str, float]:
    with tempfile.TemporaryDirectory(prefix="stancewire-") as scratch:
        _, report = _fitted(settings, data, seed, run_id, Path(scratch))
    return report.scores


def _fitted(
    settings: Settings, data: Experiment, seed: int, run_id: str, workdir: Path
) -> tuple[Bundle, TrainingReport]:
    bundle = fit_bundle(settings, data, seed, tracking.RunLog(run_id), workdir)
    report = validation_report(bundle, data, seed)
    mlflow.log_metrics(dict(report.metrics))
    return bundle, report


def _spread(by_seed: list[Mapping[str, float]]) -> dict[str, float]:
    found = {}
    for task in by_seed[0]:
        values = [scores[task] for scores in by_seed]
        found[f"seeds_{task}_macro_f1_mean"] = mean(values)
        found[f"seeds_{task}_macro_f1_sd"] = stdev(values)
    return found
