"""Seeded predictions on the real corpus, so that the parts of an evaluation can be tested without fitting a model."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import softmax

from stancewire.data.corpus import Corpus, load_corpus
from stancewire.models.evaluation.scored import Scored, best_values

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
