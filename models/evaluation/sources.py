"""Where predictions come from: a model folder, kept out-of-fold predictions, or records."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from stancewire.data.annotation_rows import read_rows
from stancewire.data.codebook import Codebook
from stancewire.data.corpus import Corpus
from stancewire.data.errors import ArtefactError, DataError
from stancewire.features.context import sentence_inputs
from stancewire.features.examples import attributions_of, corpus_examples
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.base import FloatArray
from stancewire.models.bundle import Bundle
from stancewire.models.calibration import fit_temperatures
from stancewire.models.evaluation.records import Joined, Record, scored_records
from stancewire.models.evaluation.scored import Scored
from stancewire.models.fusion import fit_trust, fuse
from stancewire.models.predictor import Predictor, Prepared
from stancewire.models.training import gold_indices

SUM_TOLERANCE = 1e-3


class Replay:
    """A Classifier that answers with kept probabilities, for the sentences in the order in which they were kept.

    So predictions made earlier pass through the very code that turns a model's probabilities into records.
    """

    kind = "replay"

    def __init__(self, codebook: Codebook, kept: Mapping[str, FloatArray]) -> None:
        self.codebook = codebook
        self._kept = dict(kept)

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """Names of the kept tasks, in the codebook's order."""
        return tuple(name for name in self.codebook.task_names if name in self._kept)

    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        """Return the kept matrices; DataError unless all sentences are asked for at once."""
        for task, matrix in self._kept.items():
            if len(matrix) != len(inputs):
                raise DataError(f"replay: {task}: {len(matrix)} kept predictions, asked for {len(inputs)}")
        return dict(self._kept)

    def save(self, folder: Path) -> None:
        """Refuse: kept predictions are no model."""
        raise ArtefactError(f"{folder}: kept predictions cannot be saved as a model")

    @classmethod
    def load(cls, folder: Path, codebook: Codebook) -> Self:
        """Refuse: kept predictions are no model."""
        raise ArtefactError(f"{folder}: kept predictions of {codebook.name} cannot be loaded as a model")


def score_bundle(bundle: Bundle, name: str, corpus: Corpus, origin: str) -> Scored:
    """Annotate the annotated sentences of ``corpus`` as the predictor would, and set them beside gold.

    Segmentation is the annotation's; attribution is computed. ``corpus`` holds the articles to judge on, which the
    model must not have seen; ``origin`` says which (``test``, ``validation`` …).
    """
    records = annotate_sentences(bundle, name, corpus)
    pairs = tuple(zip(corpus.sentences, records, strict=True))
    joined = Joined(pairs, 0, 0, 0, {"id": len(pairs)})
    return replace(scored_records(name, joined, corpus), origin=origin)


def read_out_of_fold(path: Path, corpus: Corpus, name: str | None = None) -> dict[int, Scored]:
    """Read kept out-of-fold predictions: seed → Scored over the whole corpus, called ``name`` (else as the file).

    Each line holds ``id``, ``article``, ``fold``, ``seed`` and ``probabilities`` (task → list in the codebook's order).
    Attribution is brought in per fold, trusted as far as the other folds' articles warrant. DataError names what is
    wrong: a sentence missing, doubled or unknown, a row that does not sum to 1, an article in two folds.
    """
    by_seed: defaultdict[int, dict[str, Record]] = defaultdict(dict)
    for line, row in read_rows(path):
        missing = [name for name in ("id", "article", "fold", "seed", "probabilities") if row.get(name) is None]
        if missing:
            raise DataError(f"{path}:{line}: expected id, article, fold, seed and probabilities; {missing} missing")
        if row["id"] in by_seed[row["seed"]]:
            raise DataError(f"{path}:{line}: sentence {row['id']!r} is predicted twice for seed {row['seed']}")
        by_seed[row["seed"]][row["id"]] = row
    if not by_seed:
        raise DataError(f"{path}: no predictions found; expected one line a sentence")
    examples = corpus_examples(corpus)
    found = {seed: _one_seed(path, corpus, examples, rows) for seed, rows in sorted(by_seed.items())}
    return {seed: replace(scored, name=name or scored.name) for seed, scored in found.items()}


def _one_seed(path: Path, corpus: Corpus, examples: Sequence[Example], rows: Mapping[str, Record]) -> Scored:
    ids = [sentence.id for sentence in corpus.sentences]
    if set(rows) != set(ids):
        raise DataError(
            f"{path}: expected predictions of the corpus' {len(ids)} sentences, found {len(rows)}, "
            f"{len(set(ids) - set(rows))} missing and {len(set(rows) - set(ids))} unknown"
        )
    fold_of = _folds(path, rows)
    parts = []
    for fold in sorted(set(fold_of.values())):
        inside = corpus.select([article for article, number in fold_of.items() if number == fold])
        others = [example for example in examples if fold_of[example.article] != fold]
        kept = _matrices(path, corpus.codebook, [rows[sentence.id] for sentence in inside.sentences])
        elsewhere = _matrices(path, corpus.codebook, [rows[example.id] for example in others])
        bundle = _replay_bundle(path, Replay(corpus.codebook, kept), elsewhere, others)
        parts += list(zip(inside.sentences, annotate_sentences(bundle, path.stem, inside), strict=True))
    made = {sentence.id: (sentence, record) for sentence, record in parts}
    joined = Joined(tuple(made[ident] for ident in ids), 0, 0, 0, {"id": len(ids)})
    scored = scored_records(path.stem, joined, corpus)
    folds = np.array([fold_of[sentence.article] for sentence in corpus.sentences], dtype=np.int64)
    return replace(scored, origin="out-of-fold", folds=folds, review=None)


def _replay_bundle(
    path: Path, replay: Replay, elsewhere: Mapping[str, FloatArray], others: Sequence[Example]
) -> Bundle:
    """Return a model of the kept predictions; its trust and temperatures are those of the other folds."""
    codebook = replay.codebook
    trust = fit_trust(others, codebook) if codebook.attribution else {}
    fused = fuse(elsewhere, [example.input for example in others], codebook, trust)
    calibration = fit_temperatures(fused, gold_indices(others, codebook), codebook)
    facts: dict[str, Any] = {"name": path.stem, "seed": 0, "settings": {}, "data": {}, "versions": {}, "commit": ""}
    return Bundle(replay, calibration, trust=trust, **facts)


def annotate_sentences(bundle: Bundle, name: str, corpus: Corpus) -> list[Record]:
    """Return one record per annotated sentence, in the order of ``corpus.sentences``."""
    prepared = []
    for article, rows in corpus.by_article.items():
        text, units = corpus.article(article), corpus.units(article)
        attributions = attributions_of(text, units, corpus.codebook)
        inputs = sentence_inputs(units, corpus.titles[article], attributions, [row.target for row in rows])
        prepared.append(Prepared(text, units, {found.sentence: found for found in attributions}, inputs))
    made = iter(record for records in Predictor(bundle, name).predict(prepared) for record in records)
    by_id = {row.id: next(made) for rows in corpus.by_article.values() for row in rows}
    return [by_id[sentence.id] for sentence in corpus.sentences]


def _folds(path: Path, rows: Mapping[str, Record]) -> dict[str, int]:
    fold_of: dict[str, int] = {}
    for row in rows.values():
        if fold_of.setdefault(row["article"], row["fold"]) != row["fold"]:
            raise DataError(
                f"{path}: article {row['article']} stands in folds {fold_of[row['article']]} and {row['fold']}"
            )
    if len(set(fold_of.values())) < 2:
        raise DataError(f"{path}: expected at least two folds, found one")
    return fold_of


def _matrices(path: Path, codebook: Codebook, rows: Sequence[Record]) -> dict[str, FloatArray]:
    matrices = {}
    for task in (codebook.task(name) for name in codebook.task_names if name in rows[0]["probabilities"]):
        matrix = np.array([row["probabilities"].get(task.name) for row in rows], dtype=np.float64)
        if matrix.shape != (len(rows), len(task.names)):
            raise DataError(
                f"{path}: {task.name}: expected {len(task.names)} probabilities a sentence, found {matrix.shape}"
            )
        if np.abs(matrix.sum(axis=1) - 1).max() > SUM_TOLERANCE or matrix.min() < 0:
            raise DataError(
                f"{path}: {task.name}: expected probabilities that sum to 1, found {json.dumps(matrix[0].tolist())}"
            )
        matrices[task.name] = matrix
    return matrices
