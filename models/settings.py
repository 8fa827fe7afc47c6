"""One experiment's settings: YAML in, one frozen typed object out, every mistake one clear line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stancewire.data.codebook import first_problem
from stancewire.data.errors import ConfigError
from stancewire.models.transformer_settings import TransformerSettings


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DataSettings(_Frozen):
    """What is learned from. ``annotations`` and ``codebook`` default to the seed corpus; ``split`` to its committed split.

    ``synthetic_weight`` scales the loss of each written training sentence; 0 leaves them out.
    """

    annotations: tuple[str, ...] = ()
    codebook: str | None = None
    synthetic_weight: float = Field(default=0.0, ge=0.0, le=10.0)
    on_conflict: Literal["refuse", "first", "last", "majority"] = "refuse"


class MajoritySettings(_Frozen):
    """The floor: always the commonest value of the training data."""

    kind: Literal["majority"] = "majority"


class TfidfSettings(_Frozen):
    """TF-IDF of words and characters with a linear model a task; ``c_grid`` and ``min_df_grid`` are searched by grouped CV.

    ``context`` weighs the features of the sentence before and of the title (0 leaves them out).
    """

    kind: Literal["tfidf"] = "tfidf"
    word_ngrams: tuple[int, int] = (1, 2)
    char_ngrams: tuple[int, int] = (2, 5)
    max_features: int = Field(default=20_000, ge=100)
    min_df_grid: tuple[int, ...] = Field(default=(2,), min_length=1)
    c_grid: tuple[float, ...] = Field(default=(1.0, 4.0), min_length=1)
    class_weight: Literal["balanced", "none"] = "balanced"
    context: float = Field(default=0.5, ge=0.0, le=1.0)
    folds: int = Field(default=3, ge=2, le=10)


ModelSettings = Annotated[MajoritySettings | TfidfSettings | TransformerSettings, Field(discriminator="kind")]


class RuntimeSettings(_Frozen):
    """What a fine-tuned transformer is exported to; tried in order: the first that keeps the network's labels is
    the one it is evaluated and used with.

    No engines: it stays with PyTorch.
    """

    engines: tuple[Literal["openvino-int8", "onnx-int8", "openvino-fp32", "openvino-bf16", "onnx-fp32"], ...] = (
        "openvino-int8",
        "openvino-bf16",
    )


class ReviewSettings(_Frozen):
    """When the model abstains: ``error_rate`` is the share of wrong labels accepted among sentences not sent to review."""

    error_rate: float = Field(default=0.2, gt=0.0, lt=1.0)


class TrackingSettings(_Frozen):
    """Where runs are kept. The store itself is MLFLOW_TRACKING_URI, else sqlite beside the code."""

    experiment: str = Field(default="stancewire", min_length=1)
    registered_model: str = Field(default="stancewire", min_length=1)
    register_model: bool = True


class GateSettings(_Frozen):
    """When a challenger may replace the champion; margins in macro-F1, the interval's ``level`` in percent."""

    worse_margin: float = Field(default=0.02, ge=0.0, le=1.0)
    better_margin: float = Field(default=0.01, ge=0.0, le=1.0)
    level: float = Field(default=95.0, gt=50.0, lt=100.0)


class Settings(_Frozen):
    """Everything that decides an experiment's result."""

    name: str = Field(min_length=1, pattern=r"^[A-Za-z0-9._\-]+$")
    seed: int = Field(default=20150930, ge=0, le=2**32 - 1)
    seeds: int = Field(default=1, ge=1, le=10)
    data: DataSettings = DataSettings()
    model: ModelSettings
    runtime: RuntimeSettings = RuntimeSettings()
    review: ReviewSettings = ReviewSettings()
    tracking: TrackingSettings = TrackingSettings()
    gate: GateSettings = GateSettings()

    def flat(self) -> dict[str, str]:
        """Return every setting as ``section.key`` → text, for a run's parameters."""
        return dict(sorted(_flatten("", self.model_dump(mode="json"))))


def load_settings(path: Path, overrides: Sequence[str] = ()) -> Settings:
    """Read a YAML config and apply ``key=value`` overrides (dotted keys, YAML values); ConfigError in one line."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: config not found; see configs/ for examples") from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: expected a YAML file, found a folder") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected a mapping of settings, found {type(raw).__name__}")
    for override in overrides:
        _apply(raw, override)
    return parse_settings(raw, str(path))


def parse_settings(raw: dict[str, Any], origin: str) -> Settings:
    """Check a mapping of settings; ``origin`` names it in the ConfigError."""
    try:
        return Settings.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        raise ConfigError(f"{origin}: {first_problem(error)}") from error
    except TypeError as error:
        raise ConfigError(f"{origin}: a value has no JSON form: {error}") from error


def _apply(raw: dict[str, Any], override: str) -> None:
    key, separator, text = override.partition("=")
    if not separator or not key:
        raise ConfigError(f"--set {override!r}: expected key=value, for example --set seed=7")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        raise ConfigError(f"--set {override!r}: the value is not YAML") from None
    *path, last = key.split(".")
    target = raw
    for step in path:
        target = target.setdefault(step, {})
        if not isinstance(target, dict):
            raise ConfigError(f"--set {override!r}: {step!r} is a value, not a section")
    target[last] = value


def _flatten(prefix: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [item for key, inner in value.items() for item in _flatten(f"{prefix}{key}.", inner)]
    return [(prefix.rstrip("."), json.dumps(value) if isinstance(value, list) else str(value))]
