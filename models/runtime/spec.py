"""What an exported model says of itself (``runtime.json``): all that is needed to run it without PyTorch."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stancewire.data.codebook import Codebook, first_problem
from stancewire.data.errors import ArtefactError
from stancewire.features.context import ContextShape
from stancewire.models.runtime.engine import EngineName

FILE = "runtime.json"
TOKENIZER = "tokenizer.json"


class RuntimeSpec(BaseModel):
    """``engine`` is the one the model was evaluated with; ``tasks`` maps task to its values in the order of the logits.

    ``max_length`` is in tokens, ``context`` is read besides the sentence; ``files`` maps every file to its SHA-256.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, ge=1, le=1)
    engine: EngineName
    tasks: dict[str, tuple[str, ...]] = Field(min_length=1)
    max_length: int = Field(ge=16)
    context: ContextShape
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        """Write ``runtime.json``, whole or not at all."""
        beside = folder / f".{FILE}"
        beside.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")
        beside.replace(folder / FILE)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what ``write`` wrote; ArtefactError where it is missing or damaged."""
        path = folder / FILE
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise ArtefactError(f"{path}: no exported runtime there; export the model or use engine torch") from None
        except ValidationError as error:
            raise ArtefactError(f"{path}: {first_problem(error)}; export the model again") from error

    def check_codebook(self, codebook: Codebook) -> None:
        """ArtefactError where a task is unknown to the codebook or has other values there."""
        for task, values in self.tasks.items():
            known = codebook.task(task).names if task in codebook.task_names else ()
            if known != values:
                raise ArtefactError(
                    f"{FILE}: the model's {task} has values {', '.join(values)}, expected "
                    f"{', '.join(known) or 'no such task'}; train a model with this codebook"
                )

    def check_files(self, folder: Path, names: Iterable[str]) -> None:
        """ArtefactError where a file is missing or is not the one that was written."""
        for name in names:
            path = folder / name
            if not path.is_file():
                raise ArtefactError(f"{path}: missing; export the model again")
            if name in self.files and sha256(path) != self.files[name]:
                raise ArtefactError(f"{path}: damaged, not the file that was exported; fetch or export the model again")


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
