"""The two sides of a drift check: a feed's records, and held-out predictions for the training data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from stancewire.data.codebook import Codebook, first_problem
from stancewire.data.corpus import Corpus
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.review.reading import Prediction
from stancewire.models.evaluation.sources import read_out_of_fold
from stancewire.models.retrain.drift import Calibrated, Side

FloatArray = NDArray[np.float64]
SENTENCES = 1000
BATCH = 32


class Thresholds(BaseModel):
    """Alarm thresholds by measure, with where they come from: the ``command`` that made them, the reference's ``digest``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str
    digest: str
    halvings: int
    false_alarms: float
    thresholds: dict[str, float]
    medians: dict[str, float]


def load_thresholds(path: Path) -> Thresholds:
    """Read a thresholds file; ConfigError where it is missing or has another shape."""
    try:
        return Thresholds.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no thresholds; make them with review.py drift --calibrate") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from error


def save_thresholds(path: Path, found: Calibrated, command: str, digest: str) -> None:
    """Write a thresholds file."""
    content = Thresholds(
        command=command,
        digest=digest,
        halvings=found.halvings,
        false_alarms=found.any_above,
        thresholds=found.thresholds,
        medians=found.medians,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content.model_dump(), sort_keys=False), encoding="utf-8")


@dataclass
class _Columns:
    """Columns of a side while they are read."""

    articles: list[str]
    texts: list[str]
    labels: dict[str, list[str]]
    confidence: dict[str, list[float]]


def feed_side(predictions: Iterable[Prediction], codebook: Codebook, seed: int, limit: int = SENTENCES) -> Side:
    """Return a feed's sentences, of a random sample of whole articles where it has more than ``limit``; copies are left out.

    Articles are sampled in one pass with bounded memory; the sample depends on ``seed`` and the feed's order alone.
    """
    rng = np.random.default_rng(seed)
    kept: list[tuple[float, list[Prediction]]] = []
    held = 0
    for rows in _by_article(predictions):
        kept.append((float(rng.random()), rows))
        held += len(rows)
        while held > limit and len(kept) > 1:
            worst = max(range(len(kept)), key=lambda place: kept[place][0])
            held -= len(kept.pop(worst)[1])
    if not kept:
        raise DataError("drift: expected records that are no copies, found none")
    columns = _Columns([], [], {}, {})
    rows = [row for _, group in kept for row in group]
    tasks = [task for task in codebook.tasks if all(task.name in row.probabilities for row in rows)]
    for row in rows:
        columns.articles.append(str(row.record["article_id"]))
        columns.texts.append(row.text)
        for task in tasks:
            vector = row.probabilities[task.name]
            value = str(row.record.get(task.name) or task.names[int(vector.argmax())])
            columns.labels.setdefault(task.name, []).append(value)
            columns.confidence.setdefault(task.name, []).append(float(vector[task.index(value)]))
    confidence = {task: np.array(scores) for task, scores in columns.confidence.items()}
    return Side(columns.articles, columns.texts, columns.labels, confidence, sentence_vectors(columns.texts))


def reference_side(corpus: Corpus, out_of_fold: Path | None) -> Side:
    """Return the training data as the model sees what it has not learned: its out-of-fold predictions.

    Without a file of them the annotated labels stand in, and confidence is not compared: a model is surer of what it
    has seen.
    """
    articles = [row.article for row in corpus.sentences]
    texts = [row.text for row in corpus.sentences]
    vectors = sentence_vectors(texts)
    if out_of_fold is None:
        labels = {task: [row.labels[task] for row in corpus.sentences] for task in corpus.codebook.task_names}
        return Side(articles, texts, labels, {}, vectors)
    scored = next(iter(read_out_of_fold(out_of_fold, corpus).values()))
    predicted, confidence = {}, {}
    for task in scored.tasks:
        column = scored.predicted[task.name]
        predicted[task.name] = [task.names[index] for index in column]
        if task.name in scored.probabilities:
            confidence[task.name] = scored.probabilities[task.name][np.arange(len(column)), column]
    return Side(articles, texts, predicted, confidence, vectors)


def sentence_vectors(texts: Sequence[str]) -> FloatArray:
    """Return unit vectors of the pinned pretrained encoder, mean over tokens, shape (n, width): what sentences are about."""
    import torch

    from stancewire.models.encoder import load_encoder
    from stancewire.models.transformer_settings import EncoderSettings

    encoder = load_encoder(EncoderSettings())
    encoder.network.eval()
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    parts = []
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            batch = [texts[place] for place in order[start : start + BATCH]]
            tokens = encoder.tokenizer(batch, padding=True, truncation=True, max_length=128, return_tensors="pt")
            hidden = encoder.network(**tokens).last_hidden_state
            mask = tokens["attention_mask"].unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * mask).sum(dim=1) / mask.sum(dim=1)
            parts.append(torch.nn.functional.normalize(mean, dim=1).numpy().astype(np.float64))
    vectors = np.concatenate(parts) if parts else np.zeros((0, 1))
    restored = np.empty_like(vectors)
    restored[order] = vectors
    return restored


def _by_article(predictions: Iterable[Prediction]) -> Iterable[list[Prediction]]:
    rows: list[Prediction] = []
    for prediction in predictions:
        if prediction.record.get("duplicate_of") not in (None, ""):
            continue
        if rows and rows[-1].record["article_id"] != prediction.record["article_id"]:
            yield rows
            rows = []
        rows.append(prediction)
    if rows:
        yield rows
