"""Sweeps: Optuna proposes settings, grouped cross-validation inside the training articles judges them.

The test articles take no part. A study lives in SQLite under a name made of everything that decides it, so the same
command takes up a sweep where it was killed, and two at a time share the work. A trial that lies below the median of the
earlier ones after a fold is cut short (median stopping, Golovin et al. 2017). Every trial is a nested MLflow run.
"""

import hashlib
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import mlflow
import numpy as np
import optuna
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from stancewire.data.codebook import first_problem
from stancewire.data.errors import ConfigError, StancewireError
from stancewire.data.splits import grouped_folds
from stancewire.features.inputs import Example
from stancewire.models import tracking
from stancewire.models.cross_validation import OutOfFold, cross_validate
from stancewire.models.evaluation.metrics import task_metrics
from stancewire.models.out_of_fold import fitter
from stancewire.models.retrain.sweep_picture import sweep_picture
from stancewire.models.settings import Settings, parse_settings
from stancewire.models.training import Experiment

LOG = logging.getLogger("stancewire")
STORE = "out/optuna.db"
HEARTBEAT, GRACE, RETRIES = 10, 30, 2
WRITTEN = "data.synthetic_weight"
Scalar = bool | int | float | str


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FloatRange(_Frozen):
    """A float setting between ``low`` and ``high``, drawn on a log scale with ``log``."""

    type: Literal["float"]
    low: float
    high: float
    log: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> "FloatRange":
        if not self.low < self.high or (self.log and self.low <= 0):
            raise ValueError("expected low < high, and low > 0 with log")
        return self

    def suggest(self, trial: optuna.Trial, name: str) -> float:
        """Draw a value."""
        return float(trial.suggest_float(name, self.low, self.high, log=self.log))


class IntRange(_Frozen):
    """A whole setting from ``low`` to ``high`` inclusive."""

    type: Literal["int"]
    low: int
    high: int
    log: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> "IntRange":
        if not self.low < self.high or (self.log and self.low <= 0):
            raise ValueError("expected low < high, and low > 0 with log")
        return self

    def suggest(self, trial: optuna.Trial, name: str) -> int:
        """Draw a value."""
        return int(trial.suggest_int(name, self.low, self.high, log=self.log))


class Choice(_Frozen):
    """One of ``values``; a list among them is a setting that takes a list."""

    type: Literal["choice"]
    values: tuple[Scalar | tuple[Scalar, ...], ...] = Field(min_length=2)

    def suggest(self, trial: optuna.Trial, name: str) -> Any:
        """Draw a value."""
        written = [json.dumps(value) for value in self.values]
        return json.loads(trial.suggest_categorical(name, written))


Space = Annotated[FloatRange | IntRange | Choice, Field(discriminator="type")]


class SweepSettings(_Frozen):
    """What a sweep tries: ``space`` maps dotted settings (``model.…`` or ``data.synthetic_weight``) to ranges.

    ``tasks`` are those whose mean macro-F1 is sought (all where empty); ``startup`` trials run whole before any is cut
    short. ``storage`` is Optuna's URL, default ``out/optuna.db`` beside the code.
    """

    trials: int = Field(default=20, ge=1, le=10_000)
    folds: int = Field(default=3, ge=2, le=10)
    startup: int = Field(default=4, ge=1)
    tasks: tuple[str, ...] = ()
    storage: str | None = None
    space: dict[str, Space] = Field(min_length=1)

    @field_validator("space")
    @classmethod
    def _sweepable(cls, space: dict[str, Space]) -> dict[str, Space]:
        for name in space:
            if not name.startswith("model.") and name != WRITTEN:
                raise ValueError(f"{name}: expected a setting under model, or {WRITTEN}")
        return space


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: the best settings, their mean macro-F1, and how its trials ended."""

    settings: Settings
    score: float
    finished: int
    pruned: int
    run_id: str


def load_sweep(path: Path) -> SweepSettings:
    """Read a sweep from YAML; ConfigError in one line."""
    try:
        return SweepSettings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ConfigError(f"{path}: sweep not found; see configs/sweep.yaml for an example") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from error


def run_sweep(settings: Settings, sweep: SweepSettings, data: Experiment) -> Swept:
    """Run what is left of the sweep and return its best settings; ConfigError if a range leaves what a setting allows."""
    for task in sweep.tasks:
        data.codebook.task(task)
    if WRITTEN in sweep.space and not data.synthetic:
        raise ConfigError(f"sweep: {WRITTEN}: the config leaves written sentences out; set it above 0 there")
    study = _study(settings, sweep, data)
    with _parent_run(settings, study, sweep) as run_id:
        left = sweep.trials - _ended(study)
        if left > 0:
            stop = optuna.study.MaxTrialsCallback(sweep.trials, states=_ENDED)
            study.optimize(_objective(settings, sweep, data), callbacks=[stop], catch=(StancewireError,))
        return _close(study, settings, run_id)


_ENDED = (optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.PRUNED, optuna.trial.TrialState.FAIL)


def _ended(study: optuna.Study) -> int:
    return sum(trial.state in _ENDED for trial in study.get_trials(deepcopy=False))


def _study(settings: Settings, sweep: SweepSettings, data: Experiment) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    essence = [
        settings.model_dump(mode="json"),
        sweep.model_dump(mode="json", exclude={"trials", "storage"}),
        data.corpus.digest,
    ]
    seal = hashlib.sha256(json.dumps(essence, sort_keys=True).encode()).hexdigest()[:10]
    store = tracking.ROOT / STORE
    if sweep.storage is None:
        store.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # Optuna calls its heartbeat experimental at every use; its version is pinned
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        storage = optuna.storages.RDBStorage(
            sweep.storage or f"sqlite:///{store}",
            heartbeat_interval=HEARTBEAT,
            grace_period=GRACE,
            heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(max_retry=RETRIES),
        )
    return optuna.create_study(
        study_name=f"{settings.name}-{seal}",
        storage=storage,
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=settings.seed),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=sweep.startup),
        load_if_exists=True,
    )


@contextmanager
def _parent_run(settings: Settings, study: optuna.Study, sweep: SweepSettings) -> Iterator[str]:
    """Open the sweep's own MLflow run, the old one where the study has one; yields its id."""
    experiment = tracking.use_experiment(settings.tracking.experiment)
    known = study.user_attrs.get("mlflow_run")
    with mlflow.start_run(run_id=known, experiment_id=experiment, run_name=f"sweep-{settings.name}") as run:
        if not known:
            mlflow.set_tag("sweep", study.study_name)
            mlflow.log_dict(sweep.model_dump(mode="json"), "sweep.json")
            study.set_user_attr("mlflow_run", run.info.run_id)
        yield str(run.info.run_id)


def _objective(settings: Settings, sweep: SweepSettings, data: Experiment) -> Callable[[optuna.Trial], float]:
    inside = data.corpus.select([*data.split.train, *data.split.validation])
    folds = grouped_folds(inside, sweep.folds, settings.seed)
    examples = [*data.part("train"), *data.part("validation")]
    tasks = sweep.tasks or tuple(task.name for task in data.codebook.tasks if task.probability)

    def objective(trial: optuna.Trial) -> float:
        drawn = {name: space.suggest(trial, name) for name, space in sweep.space.items()}
        tried = with_values(settings, drawn)
        with tracking.open_run(tried, data, name=f"trial-{trial.number}", nested=True):
            mlflow.set_tag("sweep.trial", str(trial.number))
            scores: list[float] = []

            def report(fold: int, rows: Sequence[OutOfFold]) -> None:
                scores.append(_mean_macro_f1(rows, examples, data, tasks))
                mlflow.log_metric("fold_macro_f1", scores[-1], step=len(scores))
                trial.report(float(np.mean(scores)), len(scores))
                if len(scores) < len(folds) and trial.should_prune():
                    mlflow.set_tag("sweep.state", "pruned")
                    raise optuna.TrialPruned(f"after fold {len(scores)}")

            weight = tried.data.synthetic_weight
            written = [replace(example, weight=weight) for example in data.synthetic] if weight else []
            cross_validate(fitter(tried, inside), examples, written, folds, tried.seed, report)
            mlflow.set_tag("sweep.state", "complete")
            mlflow.log_metric("macro_f1", float(np.mean(scores)))
            return float(np.mean(scores))

    return objective


def with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Return the settings with dotted keys set; ConfigError names a key or value that is not allowed."""
    raw = settings.model_dump(mode="json")
    for key, value in values.items():
        *path, last = key.split(".")
        target = raw
        for step in path:
            target = target.get(step) if isinstance(target.get(step), dict) else None  # type: ignore[assignment]
            if target is None:
                raise ConfigError(f"sweep: {key}: no such setting")
        target[last] = value
    return parse_settings(raw, "sweep")


def _mean_macro_f1(
    rows: Sequence[OutOfFold], examples: Sequence[Example], data: Experiment, tasks: Sequence[str]
) -> float:
    labels = {example.id: example.labels for example in examples}
    scores = []
    for name in tasks:
        task = data.codebook.task(name)
        judged = [row for row in rows if name in row.probabilities and name in labels[row.id]]
        gold = [task.index(labels[row.id][name]) for row in judged]
        predicted = [int(np.argmax(row.probabilities[name])) for row in judged]
        scores.append(task_metrics(task, gold, predicted).macro_f1)
    return float(np.mean(scores))


def _close(study: optuna.Study, settings: Settings, run_id: str) -> Swept:
    """Log the summary and return the best; StancewireError where no trial ran whole."""
    trials = study.get_trials(deepcopy=False)
    whole = [trial for trial in trials if trial.state == optuna.trial.TrialState.COMPLETE]
    pruned = sum(trial.state == optuna.trial.TrialState.PRUNED for trial in trials)
    if not whole:
        raise StancewireError(f"sweep {study.study_name}: no trial ran whole; see their MLflow runs under {run_id}")
    values = {
        name: json.loads(value) if isinstance(value, str) else value for name, value in study.best_trial.params.items()
    }
    best = with_values(settings, values)
    mlflow.log_metrics({"best_macro_f1": study.best_value, "trials": len(whole), "pruned": pruned})
    mlflow.log_text(yaml.safe_dump(best.model_dump(mode="json"), sort_keys=False), "best.yaml")
    mlflow.log_figure(sweep_picture(trials), "pictures/sweep.png")
    LOG.info("sweep %s: best mean macro-F1 %.4f of %d trials (%d cut short): %s",
             study.study_name, study.best_value, len(trials), pruned, values)  # fmt: skip
    return Swept(best, float(study.best_value), len(whole), pruned, run_id)
