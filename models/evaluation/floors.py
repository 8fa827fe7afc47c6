"""Floors that the quick config must keep, so that no change makes models worse unseen."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stancewire.data.codebook import first_problem
from stancewire.data.errors import ConfigError, DataError

FLOORS = Path(__file__).parent / "floors.json"
SLACK = 0.02


class Floors(BaseModel):
    """What the model of ``config``, fitted anew on the committed split, must reach on its test part.

    ``macro_f1`` maps task → least macro-F1; ``behaviour`` maps test → worst rate (least, or most where lower is
    better). ``corpus`` is the digest of the annotations that they were measured on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    config: str
    corpus: str
    macro_f1: dict[str, float] = Field(min_length=1)
    behaviour: dict[str, float] = {}

    @classmethod
    def load(cls, path: Path = FLOORS) -> Self:
        """Read the floors; ConfigError names what is wrong."""
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ConfigError(f"{path}: no floors; set them with python evaluate.py --set-floors") from None
        except ValidationError as error:
            raise ConfigError(f"{path}: {first_problem(error)}") from error

    def save(self, path: Path = FLOORS) -> None:
        """Write the floors, whole or not at all."""
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(self.model_dump(), indent=1) + "\n", encoding="utf-8")
        beside.replace(path)


class Measured(BaseModel):
    """What a model reached: macro-F1 by task, behaviour rates by test, and the tests where lower is better."""

    model_config = ConfigDict(frozen=True)

    config: str
    corpus: str
    macro_f1: dict[str, float]
    behaviour: dict[str, float] = {}
    lower_is_better: frozenset[str] = frozenset()


def broken(floors: Floors, found: Measured) -> list[str]:
    """Return one line per floor that ``found`` breaks, none if all hold.

    DataError where the two cannot be compared: other annotations, another config, a task or test without a figure.
    """
    if found.corpus != floors.corpus:
        raise DataError(
            f"floors: measured on corpus {floors.corpus[:10]}, found {found.corpus[:10]}; set them anew with "
            "python evaluate.py --set-floors"
        )
    if found.config != floors.config:
        raise DataError(f"floors: those of config {floors.config!r}, found a model of {found.config!r}")
    missing = [name for name in floors.macro_f1 if name not in found.macro_f1]
    missing += [name for name in floors.behaviour if name not in found.behaviour]
    if missing:
        raise DataError(f"floors: no figure for {', '.join(missing)}; was a task or test renamed?")
    lines = [
        f"{task}: macro-F1 {found.macro_f1[task]:.3f} is under its floor of {floor:.3f}"
        for task, floor in floors.macro_f1.items()
        if found.macro_f1[task] < floor
    ]
    for test, bound in floors.behaviour.items():
        rate, low_wanted = found.behaviour[test], test in found.lower_is_better
        if rate > bound if low_wanted else rate < bound:
            lines.append(
                f"behaviour {test!r}: {rate:.3f} is {'over' if low_wanted else 'under'} its bound of {bound:.3f}"
            )
    return lines


def renewed(old: Floors | None, found: Measured, allow_lower: bool) -> Floors:
    """Return floors at what was found, less a slack of two points for other library versions.

    A floor never gets easier to keep, unless ``allow_lower`` says so (ConfigError names the ones that would), or the
    annotations are others than before, when nothing can be compared.
    """
    fresh = Floors(
        config=found.config,
        corpus=found.corpus,
        macro_f1={task: round(max(0.0, value - SLACK), 3) for task, value in found.macro_f1.items()},
        behaviour={
            test: round(min(1.0, rate + SLACK) if test in found.lower_is_better else max(0.0, rate - SLACK), 3)
            for test, rate in found.behaviour.items()
        },
    )
    if old is None or allow_lower or (old.corpus, old.config) != (fresh.corpus, fresh.config):
        return fresh
    return _never_easier(old, fresh, found)


def _never_easier(old: Floors, fresh: Floors, found: Measured) -> Floors:
    """Keep the stricter of old and fresh; ConfigError where the model no longer holds an old floor."""
    lines = broken(old, found)
    if lines:
        raise ConfigError(f"floors would be lowered ({'; '.join(lines)}); say --lower-floors if that is meant")
    strict: Mapping[str, float] = {
        test: (min if test in found.lower_is_better else max)(old.behaviour.get(test, bound), bound)
        for test, bound in fresh.behaviour.items()
    }
    macro_f1 = {task: max(old.macro_f1.get(task, 0.0), floor) for task, floor in fresh.macro_f1.items()}
    return fresh.model_copy(update={"macro_f1": macro_f1, "behaviour": dict(strict)})
