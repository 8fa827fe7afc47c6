"""The machine-readable codebook: the only source of task names, label names, their order and their colours."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from stancewire.data.errors import ConfigError, DataError

DEFAULT_PATH = Path(__file__).parent / "codebook.yaml"

Role = Literal["group", "quotation", "side", "claim"]


class Value(BaseModel):
    """One label of a task. ``polarity`` is +1, -1 or 0 for values that take (no) side, None where it does not apply."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_\-]*$")
    definition: str
    colour: str = Field(default="#808080", pattern=r"^#[0-9a-fA-F]{6}$")
    mark: str = ""
    polarity: Literal[-1, 0, 1] | None = None


class Task(BaseModel):
    """One field to classify. ``role`` tells generic code what the task stands for; ``unattributed`` is the value of a
    sentence without a speaker (roles group and quotation)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    role: Role | None = None
    unattributed: str | None = None
    probability: bool = True
    values: tuple[Value, ...] = Field(min_length=2)

    @field_validator("values", mode="before")
    @classmethod
    def _named(cls, raw: object) -> object:
        return _named_items(raw, "value")

    @model_validator(mode="after")
    def _known_unattributed(self) -> Self:
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"task {self.name}: a value is listed twice")
        if self.unattributed is not None and self.unattributed not in self.names:
            raise ValueError(
                f"task {self.name}: unattributed is {self.unattributed!r}, expected one of {list(self.names)}"
            )
        return self

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Value names in the codebook's order: the order of every probability column."""
        return tuple(value.name for value in self.values)

    def value(self, name: str) -> Value:
        """Return the value called ``name``; DataError if the codebook has none."""
        return self.values[self.index(name)]

    def index(self, name: str) -> int:
        """Return the column of ``name``; DataError if the codebook has none."""
        try:
            return self.names.index(name)
        except ValueError:
            raise DataError(f"{self.name}: unknown value {name!r}, expected one of {', '.join(self.names)}") from None


class Codebook(BaseModel):
    """Tasks and where their data stand. Frozen; equal content gives an equal ``digest``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: int = 1
    language: str = "en"
    text_column: str = "text"
    target_column: str | None = None
    attribution: bool = False
    tasks: tuple[Task, ...] = Field(min_length=1)

    @field_validator("tasks", mode="before")
    @classmethod
    def _named(cls, raw: object) -> object:
        return _named_items(raw, "task")

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len(set(self.task_names)) != len(self.tasks):
            raise ValueError("a task is listed twice")
        roles = [task.role for task in self.tasks if task.role]
        if len(set(roles)) != len(roles):
            raise ValueError(f"a role is given to two tasks: {roles}")
        return self

    @cached_property
    def task_names(self) -> tuple[str, ...]:
        """Task names in order."""
        return tuple(task.name for task in self.tasks)

    @cached_property
    def digest(self) -> str:
        """First 16 hex digits of the SHA-256 of what decides compatibility: task and value names, in order."""
        essence = [[task.name, list(task.names)] for task in self.tasks]
        return hashlib.sha256(json.dumps(essence).encode()).hexdigest()[:16]

    def task(self, name: str) -> Task:
        """Return the task called ``name``; ConfigError if there is none."""
        for task in self.tasks:
            if task.name == name:
                return task
        raise ConfigError(f"unknown task {name!r}, expected one of {', '.join(self.task_names)}")

    def by_role(self, role: Role) -> Task | None:
        """Return the task with ``role``, or None where the codebook has none."""
        return next((task for task in self.tasks if task.role == role), None)

    def to_json(self) -> str:
        """Serialise completely; ``Codebook.from_json`` reads it back."""
        return self.model_dump_json(indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``to_json`` wrote."""
        return cls.model_validate_json(text)


def load_codebook(path: Path | None = None) -> Codebook:
    """Read a codebook from YAML (the default one where ``path`` is None); ConfigError names file, key and rule."""
    path = path or DEFAULT_PATH
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Codebook.model_validate(raw)
    except FileNotFoundError:
        raise ConfigError(f"{path}: codebook not found; expected a YAML file with name and tasks") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from error


def first_problem(error: ValidationError) -> str:
    """Return a validation error's first problem as one line: key, expectation, finding."""
    problem = error.errors()[0]
    where = ".".join(str(step) for step in problem["loc"]) or "top level"
    found = problem.get("input")
    shown = "" if isinstance(found, Mapping | list) else f", found {found!r}"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where}: {problem['msg']}{shown}{more}"


def _named_items(raw: object, what: str) -> object:
    """Turn ``{name: {...}}`` into ``[{"name": name, ...}]``; lists pass through (JSON form)."""
    if not isinstance(raw, Mapping):
        return raw
    items = []
    for name, body in raw.items():
        if not isinstance(body, Mapping):
            raise ValueError(f"{what} {name!r}: expected a mapping, found {type(body).__name__}")  # noqa: TRY004
        items.append({"name": str(name), **body})
    return items
