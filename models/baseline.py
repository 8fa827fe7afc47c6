"""The baselines: the commonest value, and TF-IDF with a linear model a task."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from skops import io as skops_io

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ArtefactError, DataError
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.base import FloatArray, MetricLog
from stancewire.models.settings import MajoritySettings, TfidfSettings

MODEL_FILE = "tfidf.skops"
SHARES_FILE = "majority.json"
# skops refuses what is not on its own list; these are scikit-learn's and numpy's own, nothing executable.
TRUSTED = ["numpy.dtype", "scipy.sparse._csr.csr_matrix", "sklearn.linear_model._logistic.LogisticRegression"]


Labelled = tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the search decides for one task."""

    c: float
    min_df: int


class MajorityClassifier:
    """Predicts the label shares of its training data, whatever the sentence."""

    kind = "majority"

    def __init__(self, codebook: Codebook, shares: dict[str, list[float]]) -> None:
        self.codebook = codebook
        self.shares = shares

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks, in the codebook's order."""
        return tuple(name for name in self.codebook.task_names if name in self.shares)

    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        """Return the training shares for every input, shape (n, values) per task."""
        return {task: np.tile(np.asarray(self.shares[task]), (len(inputs), 1)) for task in self.tasks}

    def save(self, folder: Path) -> None:
        """Write the shares as JSON."""
        (folder / SHARES_FILE).write_text(json.dumps(self.shares), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, codebook: Codebook) -> Self:
        """Read the shares; ArtefactError where the file is missing."""
        try:
            return cls(codebook, json.loads((folder / SHARES_FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ArtefactError(f"{folder / SHARES_FILE}: expected a majority model, found none: {error}") from error


def fit_majority(
    settings: MajoritySettings,
    codebook: Codebook,
    train: Sequence[Example],
    validation: Sequence[Example],
    seed: int,
    log: MetricLog,
) -> MajorityClassifier:
    """Count values of the annotated (not the written) training sentences; the other arguments are not needed."""
    shares = {}
    for task in codebook.tasks:
        found = [example.labels[task.name] for example in train if not example.synthetic]
        counts = np.bincount([task.index(name) for name in found], minlength=len(task.names))
        shares[task.name] = (counts / counts.sum()).tolist()
    return MajorityClassifier(codebook, shares)


class TfidfClassifier:
    """Linear models over TF-IDF blocks: words and characters of the sentence, its context, its speaker's name."""

    kind = "tfidf"

    def __init__(
        self,
        codebook: Codebook,
        blocks: dict[int, "Blocks"],
        uses: dict[str, int],
        models: dict[str, LogisticRegression],
    ) -> None:
        self.codebook = codebook
        self.blocks = blocks
        self.uses = uses
        self.models = models

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks, in the codebook's order."""
        return tuple(name for name in self.codebook.task_names if name in self.models)

    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        """Return probabilities, shape (n, values) per task; a value never seen in training gets 0."""
        widths = {task: len(self.codebook.task(task).names) for task in self.tasks}
        if not inputs:
            return {task: np.zeros((0, width)) for task, width in widths.items()}
        matrices = {key: blocks.transform(inputs) for key, blocks in self.blocks.items()}
        return {task: _spread(self.models[task], matrices[self.uses[task]], width) for task, width in widths.items()}

    def save(self, folder: Path) -> None:
        """Write vectorizers and models as one skops file."""
        blocks = {str(key): {"context": made.context, "fitted": made.fitted} for key, made in self.blocks.items()}
        skops_io.dump({"blocks": blocks, "uses": self.uses, "models": self.models}, folder / MODEL_FILE)

    @classmethod
    def load(cls, folder: Path, codebook: Codebook) -> Self:
        """Read what ``save`` wrote; ArtefactError where it is missing, damaged or holds foreign types."""
        path = folder / MODEL_FILE
        try:
            untrusted = set(skops_io.get_untrusted_types(file=path)) - set(TRUSTED)
            if untrusted:
                raise ArtefactError(f"{path}: holds types that are not trusted: {', '.join(sorted(untrusted))}")
            state = skops_io.load(path, trusted=TRUSTED)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise ArtefactError(f"{path}: expected a TF-IDF model, found none that can be read: {error}") from error
        blocks = {int(key): Blocks(made["context"], made["fitted"]) for key, made in state["blocks"].items()}
        return cls(codebook, blocks, state["uses"], state["models"])


class Blocks:
    """TF-IDF blocks side by side: text by words, text by characters, context, speaker. One fit, one transform."""

    def __init__(self, context: float, fitted: dict[str, TfidfVectorizer]) -> None:
        self.context = context
        self.fitted = fitted

    def transform(self, inputs: Sequence[SentenceInput]) -> csr_matrix:
        """Return the blocks side by side, shape (n, features)."""
        parts = [
            self.fitted[name].transform([read(item) for item in inputs]) * self._scale(name)
            for name, read in self._used()
        ]
        return csr_matrix(hstack(parts))

    def _used(self) -> list[tuple[str, Callable[[SentenceInput], str]]]:
        return [(name, read) for name, read in READERS.items() if name in self.fitted]

    def _scale(self, name: str) -> float:
        return self.context if name == "context" else 1.0


def _context(item: SentenceInput) -> str:
    return " ".join([*item.previous[-1:], item.target or ""])


def _speaker(item: SentenceInput) -> str:
    return f"{item.speaker or ''} {item.mention or ''}".strip()


READERS: dict[str, Callable[[SentenceInput], str]] = {
    "words": lambda item: item.text,
    "characters": lambda item: item.text,
    "context": _context,
    "speaker": _speaker,
}


def fit_tfidf(
    settings: TfidfSettings,
    codebook: Codebook,
    train: Sequence[Example],
    validation: Sequence[Example],
    seed: int,
    log: MetricLog,
) -> TfidfClassifier:
    """Fit on ``train``; ``C`` and ``min_df`` per task are those with the best macro-F1 in grouped CV inside ``train``."""
    if not train:
        raise DataError("training: expected at least one sentence, found none")
    chosen = _search(settings, codebook, train, log)
    blocks = {min_df: _fit_blocks(settings, train, min_df) for min_df in {choice.min_df for choice in chosen.values()}}
    matrices = {min_df: made.transform([example.input for example in train]) for min_df, made in blocks.items()}
    models = {}
    for task, choice in chosen.items():
        rows, gold, weight = _labelled(codebook, train, task)
        models[task] = _fit_linear(settings, matrices[choice.min_df][rows], gold, weight, choice.c)
    return TfidfClassifier(codebook, blocks, {task: choice.min_df for task, choice in chosen.items()}, models)


def _fit_blocks(settings: TfidfSettings, train: Sequence[Example], min_df: int) -> Blocks:
    common = {
        "sublinear_tf": True,
        "strip_accents": "unicode",
        "max_features": settings.max_features,
        "dtype": np.float32,
    }
    vectorizers = {
        "words": TfidfVectorizer(ngram_range=settings.word_ngrams, min_df=min_df, **common),
        "characters": TfidfVectorizer(analyzer="char_wb", ngram_range=settings.char_ngrams, min_df=min_df, **common),
        "speaker": TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=min_df, **common),
    }
    if settings.context:
        vectorizers["context"] = TfidfVectorizer(min_df=min_df, **common)
    fitted = {}
    for name, vectorizer in vectorizers.items():
        texts = [READERS[name](example.input) for example in train]
        if any(text.strip() for text in texts):
            try:
                fitted[name] = vectorizer.fit(texts)
            except ValueError as error:
                # scikit-learn's word for "no term is left"; a block that tells nothing is left out, text is not optional
                if name in ("words", "characters"):
                    raise DataError(f"training texts hold no usable {name}: {error}") from error
    return Blocks(settings.context, fitted)


def _search(
    settings: TfidfSettings, codebook: Codebook, train: Sequence[Example], log: MetricLog
) -> dict[str, "Choice"]:
    """Return per task the choice with the best mean macro-F1 over grouped folds; judged on annotated sentences only."""
    choices = [Choice(c, min_df) for min_df in settings.min_df_grid for c in settings.c_grid]
    groups = {example.article for example in train if not example.synthetic}
    if len(choices) == 1 or len(groups) < settings.folds:
        return dict.fromkeys(codebook.task_names, choices[0])
    scores = np.zeros((len(codebook.tasks), len(choices)))
    for fitting, judged in _folds(train, settings.folds):
        for min_df in settings.min_df_grid:
            blocks = _fit_blocks(settings, fitting, min_df)
            sides = (blocks.transform([row.input for row in fitting]), blocks.transform([row.input for row in judged]))
            for column, choice in enumerate(choices):
                if choice.min_df == min_df:
                    for row, task in enumerate(codebook.task_names):
                        labelled = (_labelled(codebook, fitting, task), _labelled(codebook, judged, task))
                        scores[row, column] += _score(settings, sides, labelled, choice.c)
    for row, task in enumerate(codebook.task_names):
        for column, score in enumerate(scores[row]):
            log.metric(f"search_{task}_macro_f1", float(score / settings.folds), column)
    return {task: choices[int(np.argmax(scores[row]))] for row, task in enumerate(codebook.task_names)}


def _folds(train: Sequence[Example], k: int) -> list[tuple[list[Example], list[Example]]]:
    """Cut the annotated sentences by article; written ones stay on the fitting side."""
    annotated = [example for example in train if not example.synthetic]
    written = [example for example in train if example.synthetic]
    cuts = GroupKFold(k).split(annotated, groups=[example.article for example in annotated])
    return [([annotated[i] for i in fit] + written, [annotated[i] for i in test]) for fit, test in cuts]


def _score(settings: TfidfSettings, sides: tuple[Any, Any], labelled: tuple["Labelled", "Labelled"], c: float) -> float:
    """Fit on the first side, return the macro-F1 on the second."""
    (rows, gold, weight), (seen, truth, _) = labelled
    model = _fit_linear(settings, sides[0][rows], gold, weight, c)
    guess = model.predict(sides[1][seen])
    return float(f1_score(truth, guess, average="macro", labels=sorted(set(truth.tolist())), zero_division=0))


def _labelled(codebook: Codebook, examples: Sequence[Example], task: str) -> Labelled:
    """Return rows that carry a label of ``task``, their value numbers and their weights."""
    values = codebook.task(task)
    rows = [i for i, example in enumerate(examples) if task in example.labels]
    gold = [values.index(examples[i].labels[task]) for i in rows]
    return np.asarray(rows), np.asarray(gold), np.asarray([examples[i].weight for i in rows])


def _fit_linear(
    settings: TfidfSettings, matrix: Any, gold: NDArray[np.int64], weight: FloatArray, c: float
) -> LogisticRegression:
    balance = settings.class_weight if settings.class_weight == "balanced" else None
    model = LogisticRegression(C=c, class_weight=balance, max_iter=300, tol=1e-3)
    return model.fit(matrix, gold, sample_weight=weight)


def _spread(model: LogisticRegression, matrix: Any, width: int) -> FloatArray:
    """Put a model's columns where the codebook has them."""
    probabilities = np.zeros((matrix.shape[0], width))
    probabilities[:, model.classes_] = model.predict_proba(matrix)
    return probabilities
