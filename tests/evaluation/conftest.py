"""Seeded predictions on the real corpus, so that the parts of an evaluation can be tested without fitting a model."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax

from stancewire.data.corpus import Corpus, load_corpus
from stancewire.models.base import SilentLog
from stancewire.models.bundle import Bundle, save_bundle
from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.ceiling import passes_of
from stancewire.models.evaluation.results import Frame
from stancewire.models.evaluation.scored import Scored, best_values
from stancewire.models.settings import Settings, TfidfSettings
from stancewire.models.training import fit_bundle, prepare_experiment

MakeScored = Callable[..., Scored]


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="session")
def make_scored(corpus: Corpus) -> MakeScored:
    def make(name: str = "model", skill: float = 2.0, seed: int = 0, heat: float = 1.0) -> Scored:
        rng = np.random.default_rng(seed)
        probabilities = {}
        for task in corpus.codebook.tasks:
            gold = np.array([task.index(row.labels[task.name]) for row in corpus.sentences])
            logits = rng.normal(0, 1, (len(gold), len(task.names)))
            logits[np.arange(len(gold)), gold] += skill
            probabilities[task.name] = softmax(logits * heat, axis=1)
        number = {article: at % 5 for at, article in enumerate(corpus.by_article)}
        folds = np.array([number[row.article] for row in corpus.sentences])
        chosen = best_values(probabilities)
        return Scored(name, "out-of-fold", corpus.codebook, corpus.sentences, chosen, probabilities, folds)

    return make


@pytest.fixture(scope="session")
def frame(corpus: Corpus) -> Frame:
    return Frame(corpus, passes_of(corpus), Resampling(seed=3, resamples=60))


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    """A small linear model, fitted on part of the training articles."""
    settings = Settings(
        name="small",
        model=TfidfSettings(c_grid=(4.0,), min_df_grid=(2,), char_ngrams=(3, 3), word_ngrams=(1, 1), max_features=1500),
    )
    data = prepare_experiment(settings)
    some = {name: part[:260] for name, part in data.examples.items()}
    return fit_bundle(settings, replace(data, examples=some), 1, SilentLog())


@pytest.fixture(scope="session")
def bundle_folder(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    save_bundle(bundle, folder)
    return folder
