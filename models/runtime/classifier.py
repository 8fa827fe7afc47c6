"""A classifier that runs an exported network; it imports neither torch nor transformers."""

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ArtefactError
from stancewire.features.context import text_pair
from stancewire.features.inputs import SentenceInput
from stancewire.models.base import Classifier, FloatArray
from stancewire.models.runtime.batching import PairTokenizer, batches, distinct
from stancewire.models.runtime.engine import NEEDS, Engine, EngineName, RuntimeOptions, choose, open_engine
from stancewire.models.runtime.spec import FILE, TOKENIZER, RuntimeSpec

MANIFEST = "manifest.json"

log = logging.getLogger(__name__)


class RuntimeClassifier:
    """Predicts all tasks in one pass of the network; a sentence's result does not depend on the others of the call.

    Memory is bounded by ``options`` (see RuntimeOptions), besides the inputs and the result. ``close`` releases the
    network; it opens again by itself when used again.
    """

    kind = "transformer"

    def __init__(
        self, folder: Path, codebook: Codebook, spec: RuntimeSpec, engine: EngineName, options: RuntimeOptions
    ) -> None:
        self.codebook = codebook
        self.spec = spec
        self.engine_name = engine
        self._folder = folder
        self._options = options
        self._tokenizer = PairTokenizer.load(folder / TOKENIZER, spec.max_length)
        self._engine: Engine | None = open_engine(engine, folder, options)

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks it predicts, in the codebook's order."""
        return tuple(task for task in self.codebook.task_names if task in self.spec.tasks)

    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        """Return probabilities, shape (n, values) per task; equal inputs are computed once."""
        pairs, places = distinct(text_pair(item, self.spec.context) for item in inputs)
        logits = {task: np.empty((len(pairs), len(self.spec.tasks[task]))) for task in self.tasks}
        for start in range(0, len(pairs), self._options.chunk):
            encoded = self._tokenizer.encode(pairs[start : start + self._options.chunk])
            planned = batches(encoded, self._options.batch_tokens, self._tokenizer.pad_id)
            found = self._opened().run(planned, self.tasks, len(encoded))
            for task, values in found.items():
                logits[task][start : start + len(encoded)] = values
        return {task: _softmax(values)[places] for task, values in logits.items()}

    def save(self, folder: Path) -> None:
        """Copy every file of the model, the fitted network's included, into the empty ``folder``."""
        for path in sorted(self._folder.iterdir()):
            if path.name == MANIFEST or path.name.startswith("."):
                continue
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, folder / path.name)

    @classmethod
    def load(cls, folder: Path, codebook: Codebook) -> Self:
        """Load the model with the engine it was evaluated with, else the fastest that can run it."""
        return cls.open(folder, codebook, "auto", RuntimeOptions())

    @classmethod
    def open(cls, folder: Path, codebook: Codebook, engine: str, options: RuntimeOptions) -> Self:
        """Load the model with a chosen engine other than torch; ArtefactError where a file is missing or damaged."""
        spec = RuntimeSpec.read(folder)
        spec.check_codebook(codebook)
        name = choose(folder, spec.engine, engine)
        if name == "torch":
            raise ArtefactError(f"{folder}: only torch can run this model here; load it with load_classifier")
        spec.check_files(folder, (TOKENIZER, *NEEDS[name][1]))
        return cls(folder, codebook, spec, name, options)

    def close(self) -> None:
        """Release the network, its memory and its threads."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = open_engine(self.engine_name, self._folder, self._options)
        return self._engine


def load_classifier(
    folder: Path, codebook: Codebook, engine: str = "auto", options: RuntimeOptions | None = None
) -> Classifier:
    """Load a transformer's folder with the engine that it was evaluated with, another where forced or unavoidable.

    The engine is named in the log; a warning tells where it is not the recorded one, for then probabilities may
    differ in the second decimal from those that the model's figures were measured with.

    Raises:
        ConfigError: ``engine`` names none.
        MissingExtraError: the forced engine's package is not installed.
        ArtefactError: files are missing or damaged, or the codebook is another.
    """
    options = options or RuntimeOptions()
    recorded = RuntimeSpec.read(folder).engine if (folder / FILE).is_file() else "torch"
    name = choose(folder, recorded, engine)
    if name != recorded:
        log.warning("engine %s, but the model was evaluated with %s: results may differ slightly", name, recorded)
    loaded: Classifier
    if name == "torch":
        from stancewire.models.transformer import TransformerClassifier

        loaded = TransformerClassifier.load(folder, codebook)
    else:
        loaded = RuntimeClassifier.open(folder, codebook, name, options)
    log.info("engine %s, %d threads", name, options.thread_count())
    return loaded


def _softmax(logits: FloatArray) -> FloatArray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
