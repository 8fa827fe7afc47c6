"""What a report is told about the model and the run behind its records, and what it tells back."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stancewire.data.codebook import first_problem
from stancewire.data.errors import ConfigError


class Quality(BaseModel):
    """A measured figure with its interval, all 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    score: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    metric: str = "macro-F1"


class ReportMeta(BaseModel):
    """What the records themselves do not say. ``model`` None: the records' own; ``measured_on`` names the data behind
    ``quality``; ``rejected`` counts articles by reason; ``note`` is shown at the top;
    ``join_names`` counts known spellings of a name as one speaker."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = "Who stands where"
    model: str | None = None
    quality: tuple[Quality, ...] = ()
    measured_on: str | None = None
    rejected: dict[str, int] = Field(default_factory=dict)
    note: str | None = None
    join_names: bool = True


@dataclass(frozen=True)
class ReportSummary:
    """What was written: ``pages`` article pages stand in ``files`` (None where the report is one file alone)."""

    report: Path
    articles: int
    sentences: int
    speakers: int
    pages: int
    files: Path | None
    size: int


def load_meta(path: Path) -> ReportMeta:
    """Read a ReportMeta from JSON; ConfigError names the key and the rule."""
    try:
        return ReportMeta.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); expected a JSON file for --meta") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from error
