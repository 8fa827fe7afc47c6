"""One experiment, from examples to a calibrated bundle; the same steps in training, cross-validation and sweeps."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from stancewire.data.annotation_files import load_annotation_files
from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.corpus import Corpus, load_corpus, load_synthetic
from stancewire.data.growth import grown_split
from stancewire.data.soft_labels import load_soft_labels
from stancewire.data.splits import Split, split_for
from stancewire.features.examples import corpus_examples
from stancewire.features.inputs import Example
from stancewire.models.base import Classifier, MetricLog
from stancewire.models.bundle import Bundle
from stancewire.models.calibration import Calibration, fit_temperatures, fit_threshold
from stancewire.models.fusion import fit_trust, fuse
from stancewire.models.settings import MajoritySettings, Settings, TfidfSettings
from stancewire.models.transformer_settings import TransformerSettings

LOG = logging.getLogger("stancewire")
UNLABELLED = -1


@dataclass(frozen=True)
class Experiment:
    """Data of one experiment: examples by part, and what identifies them."""

    codebook: Codebook
    corpus: Corpus
    split: Split
    examples: Mapping[str, tuple[Example, ...]]
    synthetic: tuple[Example, ...]

    def part(self, name: str) -> tuple[Example, ...]:
        """Return the annotated examples of ``train``, ``validation`` or ``test``."""
        return self.examples[name]

    def identity(self) -> dict[str, Any]:
        """Return what the model's papers say of its data."""
        counts = {name: len(part) for name, part in self.examples.items()}
        articles = {name: list(self.split.part(name)) for name in ("train", "validation", "test")}
        return {
            "digest": self.corpus.digest,
            "sentences": counts,
            "synthetic": len(self.synthetic),
            "articles": articles,
        }


def prepare_experiment(settings: Settings, corpus: Corpus | None = None) -> Experiment:
    """Load corpus, split and (where the config weighs them in) written sentences, and compute their model input."""
    corpus, split = (corpus, split_for(corpus, settings.seed)) if corpus else _load(settings)
    codebook = corpus.codebook
    by_article: dict[str, list[Example]] = {}
    for example in corpus_examples(corpus):
        by_article.setdefault(example.article, []).append(example)
    names = ("train", "validation", "test")
    parts = {name: tuple(row for article in split.part(name) for row in by_article[article]) for name in names}
    return Experiment(codebook, corpus, split, parts, written_examples(settings, codebook))


def _load(settings: Settings) -> tuple[Corpus, Split]:
    """Return the configured annotations and their split; what the first file alone would hold out stays held out."""
    chosen = settings.data
    codebook = load_codebook(Path(chosen.codebook) if chosen.codebook else None)
    if not chosen.annotations:
        corpus = load_corpus(codebook=codebook)
        return corpus, split_for(corpus, settings.seed)
    merged = load_annotation_files([Path(path) for path in chosen.annotations], codebook, chosen.on_conflict)
    for conflict in merged.conflicts:
        LOG.warning("settled by rule %r: %s", chosen.on_conflict, conflict.line())
    return merged.corpus, grown_split(merged.corpus, merged.first, settings.seed)


def written_examples(settings: Settings, codebook: Codebook) -> tuple[Example, ...]:
    """Return the written sentences where the config weighs them in; they follow the default codebook only.

    They bring their soft labels along where the config asks for those; DataError where these were made for others.
    """
    weight = settings.data.synthetic_weight
    if not weight:
        return ()
    if codebook.digest != load_codebook().digest:
        LOG.info("codebook %s: the written sentences follow another codebook and are left out", codebook.name)
        return ()
    written = corpus_examples(load_synthetic(codebook), weight, synthetic=True)
    if isinstance(settings.model, TransformerSettings) and settings.model.distils:
        soft = load_soft_labels(codebook)
        written = [replace(example, soft_labels=soft.get(example.id)) for example in written]
    return tuple(written)


def fit_classifier(
    settings: Settings,
    codebook: Codebook,
    train: Sequence[Example],
    validation: Sequence[Example],
    seed: int,
    log: MetricLog,
) -> Classifier:
    """Fit the config's kind of model on ``train``; ``validation`` may be used for early stopping only."""
    model = settings.model
    if isinstance(model, MajoritySettings | TfidfSettings):
        from stancewire.models import baseline

        if isinstance(model, MajoritySettings):
            return baseline.fit_majority(model, codebook, train, validation, seed, log)
        return baseline.fit_tfidf(model, codebook, train, validation, seed, log)
    from stancewire.models import transformer

    return transformer.fit_transformer(model, codebook, train, validation, seed, log)


def fit_bundle(settings: Settings, data: Experiment, seed: int, log: MetricLog, workdir: Path | None = None) -> Bundle:
    """Fit on the training part, calibrate on the validation part; the test part is not looked at.

    ``workdir`` is an empty folder for a transformer's exported runtime, and has to stay while the bundle is in use;
    without one the transformer runs on PyTorch.
    """
    start = time.monotonic()
    train, validation = data.part("train"), data.part("validation")
    classifier = fit_classifier(settings, data.codebook, [*train, *data.synthetic], validation, seed, log)
    log.metric("fit_seconds", time.monotonic() - start, 0)
    if workdir is not None and settings.runtime.engines and classifier.kind == "transformer":
        start = time.monotonic()
        classifier = _exported(classifier, settings, data, workdir)
        log.metric("export_seconds", time.monotonic() - start, 0)
    trust = fit_trust([*train, *validation], data.codebook)
    return Bundle(
        classifier=classifier,
        calibration=calibrate(classifier, validation or train, trust, settings.review.error_rate),
        name=settings.name,
        seed=seed,
        settings=settings.model_dump(mode="json"),
        data=data.identity(),
        trust=trust,
    )


def _exported(classifier: Classifier, settings: Settings, data: Experiment, workdir: Path) -> Classifier:
    """Return the classifier with the runtime that it will be used with, so that it is calibrated and judged with it."""
    from stancewire.models.runtime.export import ExportOptions, with_runtime
    from stancewire.models.transformer import TransformerClassifier

    assert isinstance(classifier, TransformerClassifier)
    options = ExportOptions(engines=settings.runtime.engines)
    ranges = [example.input for example in (*data.part("train"), *data.synthetic)]
    # News, not written sentences: those crowd at the borders between labels, where a rounding error tips them.
    news = [example.input for example in (*data.part("train"), *data.part("validation"))]
    return with_runtime(classifier, workdir, ranges, options, news)


def calibrate(
    classifier: Classifier, validation: Sequence[Example], trust: Mapping[str, float], error_rate: float
) -> Calibration:
    """Fit temperatures and the review threshold on sentences that did not fit the model.

    Temperatures come after attribution's word: the classifier sees that word too, so the two are no independent
    witnesses, and pooled they are surer than they are right; a linear pool has to be calibrated as a whole (Ranjan and
    Gneiting 2010).
    """
    codebook = classifier.codebook
    inputs = [example.input for example in validation]
    fused = fuse(classifier.predict_proba(inputs), inputs, codebook, trust)
    gold = gold_indices(validation, codebook)
    calibration = fit_temperatures(fused, gold, codebook)
    tasks = [task.name for task in codebook.tasks if task.probability and task.name in fused]
    articles = [example.article for example in validation]
    return calibration.with_abstention(fit_threshold(calibration.apply(fused), gold, tasks, error_rate, articles))


def gold_indices(examples: Sequence[Example], codebook: Codebook) -> dict[str, list[int]]:
    """Return each task's gold values as column numbers, UNLABELLED where an example has none."""
    return {
        task.name: [task.index(row.labels[task.name]) if task.name in row.labels else UNLABELLED for row in examples]
        for task in codebook.tasks
    }


def predicted_indices(bundle: Bundle, examples: Sequence[Example]) -> dict[str, list[int]]:
    """Return the most probable value per task, as column numbers."""
    probabilities = bundle.predict_proba([example.input for example in examples])
    return {task: np.argmax(matrix, axis=1).tolist() for task, matrix in probabilities.items()}
