"""Declared behaviour tests and what they expand to."""

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stancewire.data.codebook import Codebook, first_problem
from stancewire.data.errors import ConfigError

DEFAULT_CASES = Path(__file__).parent / "cases.yaml"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Invariance(_Frozen):
    """Labels of ``tasks`` stay when a slot is filled otherwise or ``replace`` (old, new) changes the wording."""

    kind: Literal["invariance"]
    name: str
    tasks: tuple[str, ...] = Field(min_length=1)
    sentences: tuple[str, ...]
    slots: dict[str, tuple[str, ...]] = {}
    replace: tuple[tuple[str, str], ...] = ()
    corpus: bool = False

    def pairs(self) -> list[tuple[str, str]]:
        """Return (original, changed) sentences; the first filling of each slot is the original."""
        if self.replace:
            changed = ((sentence, self.change(sentence)) for sentence in self.sentences)
            return [(before, after) for before, after in changed if before != after]
        return [
            (versions[0], other)
            for versions in (fillings(sentence, self.slots) for sentence in self.sentences)
            for other in versions[1:]
        ]

    def change(self, text: str) -> str:
        """Replace whole words (marks wherever they stand), all at once, so that swaps do not undo each other.

        The second half of a hyphened word is none: "al-Assad" does not become "al-al-Assad".
        """
        table = dict(self.replace)
        if not table:
            return text
        pattern = "|".join(
            rf"(?<![\w-]){re.escape(old)}(?!\w)" if old[0].isalnum() else re.escape(old) for old in table
        )
        return re.sub(pattern, lambda found: table[found.group()], text)


class Direction(_Frozen):
    """The label of ``task`` leaves ``from`` (for ``to``) when a turn's first wording becomes its second."""

    kind: Literal["direction"]
    name: str
    task: str
    origin: str = Field(alias="from")
    to: str | None = None
    sentences: tuple[str, ...] = Field(min_length=1)
    turns: tuple[tuple[str, str], ...] = Field(min_length=1)

    def pairs(self) -> list[tuple[str, str]]:
        """Return (original, changed) sentences; each sentence has one slot, whatever its name."""
        return [
            (_SLOT.sub(before, sentence), _SLOT.sub(after, sentence))
            for sentence in self.sentences
            for before, after in self.turns
        ]


class Minimum(_Frozen):
    """Clear cases of ``task`` by value."""

    kind: Literal["minimum"]
    name: str
    task: str
    cases: dict[str, tuple[str, ...]]


class Constancy(_Frozen):
    """The label of ``task`` stays whoever of the slot's fillings says it."""

    kind: Literal["constancy"]
    name: str
    task: str
    sentences: tuple[str, ...] = Field(min_length=1)
    slots: dict[str, tuple[str, ...]]

    def families(self) -> list[list[str]]:
        """Return for each sentence its versions."""
        return [fillings(sentence, self.slots) for sentence in self.sentences]


Test = Annotated[Invariance | Direction | Minimum | Constancy, Field(discriminator="kind")]


class Suite(_Frozen):
    """Behaviour tests for one codebook."""

    codebook: str
    tests: tuple[Test, ...] = Field(min_length=1)


def load_suite(codebook: Codebook, path: Path = DEFAULT_CASES) -> Suite | None:
    """Read the tests of ``codebook``; None where the file is for another one. ConfigError names test and mistake."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        suite = Suite.model_validate(raw)
    except FileNotFoundError:
        raise ConfigError(f"{path}: behaviour tests not found") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from error
    if suite.codebook != codebook.name:
        return None
    names = [test.name for test in suite.tests]
    if len(set(names)) < len(names):
        raise ConfigError(f"{path}: two tests share a name")
    for test in suite.tests:
        _check(test, codebook, path)
    return suite


def fillings(sentence: str, slots: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the sentence with every filling of the slots it has (their product), a first letter in upper case."""
    used = [name for name in slots if f"{{{name}}}" in sentence]
    made = []
    for chosen in product(*(slots[name] for name in used)):
        text = sentence
        for name, filling in zip(used, chosen, strict=True):
            text = text.replace(f"{{{name}}}", filling)
        made.append(text[0].upper() + text[1:])
    return made


_SLOT = re.compile(r"\{\w+\}")


def _check(test: Test, codebook: Codebook, path: Path) -> None:
    """ConfigError for a task or value that the codebook lacks."""
    tasks = test.tasks if isinstance(test, Invariance) else (test.task,)
    wanted: list[str] = []
    if isinstance(test, Direction):
        wanted = [value for value in (test.origin, test.to) if value is not None]
    elif isinstance(test, Minimum):
        wanted = list(test.cases)
    for name in tasks:
        known = codebook.task(name).names
        for value in wanted:
            if value not in known:
                raise ConfigError(f"{path}: {test.name}: unknown value {value!r}, expected one of {', '.join(known)}")
