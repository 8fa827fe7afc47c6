"""Cross-validation and learning curve of a config: computed on request, and kept where later evaluations find them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stancewire.data.codebook import load_codebook
from stancewire.data.corpus import Corpus, load_corpus
from stancewire.data.splits import Fold, grouped_folds
from stancewire.features.examples import corpus_examples
from stancewire.features.inputs import Example
from stancewire.models.cross_validation import OutOfFold, cross_validate
from stancewire.models.evaluation.metrics import task_metrics
from stancewire.models.evaluation.run import KEPT
from stancewire.models.out_of_fold import fitter, summary, write_text
from stancewire.models.settings import Settings
from stancewire.models.training import written_examples

SHARES = (0.25, 0.5, 0.75, 1.0)

Say = Callable[[str], None]


def experiment_data(settings: Settings) -> tuple[Corpus, list[Example], list[Example]]:
    """Return the corpus, its examples, and the written training sentences that the config weighs in."""
    path = settings.data.codebook
    corpus = load_corpus(codebook=load_codebook(Path(path) if path else None))
    return corpus, corpus_examples(corpus), list(written_examples(settings, corpus.codebook))


def cross_validated(settings: Settings, k: int, seeds: Sequence[int], folder: Path, say: Say) -> list[Path]:
    """Predict every annotated sentence by models that did not see its article; writes ``NAME-seedS.jsonl`` per seed.

    Everything a fit chooses, it chooses inside its training fold. Returns the files.
    """
    corpus, examples, written = experiment_data(settings)
    fit = fitter(settings, corpus)
    folder.mkdir(parents=True, exist_ok=True)
    by_seed, paths = {}, []
    for seed in seeds:

        def told(fold: int, rows: Sequence[OutOfFold], seed: int = seed) -> None:
            say(f"seed {seed}, fold {fold + 1} of {k}: {len(rows)} sentences predicted")

        by_seed[seed] = cross_validate(fit, examples, written, grouped_folds(corpus, k), seed, told)
        path = folder / f"{settings.name}-seed{seed}.jsonl"
        write_text(path, "".join(json.dumps(row.to_json()) + "\n" for row in by_seed[seed]))
        paths.append(path)
    text = json.dumps(summary(settings, corpus, by_seed), indent=1) + "\n"
    write_text(folder / f"{settings.name}.json", text)
    return paths


def learning_curve(settings: Settings, k: int, seed: int, say: Say, shares: Sequence[float] = SHARES) -> dict[str, Any]:
    """Return macro-F1 by share of training articles: ``tasks`` maps task → one list per share with one figure per fold.

    Written sentences are left out: they would hide what more annotated articles bring. Each fold's smaller shares are
    parts of its larger ones.
    """
    corpus, examples, _ = experiment_data(settings)
    plain = settings.model_copy(update={"data": settings.data.model_copy(update={"synthetic_weight": 0.0})})
    fit = fitter(plain, corpus)
    folds = grouped_folds(corpus, k)
    tasks: dict[str, list[list[float]]] = {task.name: [] for task in corpus.codebook.tasks}
    for share in shares:
        rows = cross_validate(fit, examples, [], [thinned(fold, share, seed) for fold in folds], seed)
        for name, figures in tasks.items():
            figures.append(_by_fold(corpus, name, rows))
        say(f"{share:.0%} of training articles: done")
    return {
        "name": settings.name,
        "seed": seed,
        "folds": k,
        "shares": list(shares),
        "tasks": tasks,
        "corpus": corpus.digest,
    }


def keep_curve(curve: dict[str, Any], folder: Path = KEPT) -> Path:
    """Write a learning curve where evaluations find it; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"learning-curve-{curve['name']}.json"
    write_text(path, json.dumps(curve, indent=1) + "\n")
    return path


def thinned(fold: Fold, share: float, seed: int) -> Fold:
    """Return the fold with ``share`` of its training articles (one at least), drawn by seed and fold."""
    order = np.random.default_rng([seed, fold.number]).permutation(len(fold.train))
    kept = set(order[: max(1, round(share * len(order)))].tolist())
    return replace(fold, train=tuple(article for at, article in enumerate(fold.train) if at in kept))


def _by_fold(corpus: Corpus, name: str, rows: Sequence[OutOfFold]) -> list[float]:
    task = corpus.codebook.task(name)
    gold = {row.id: task.index(row.labels[name]) for row in corpus.sentences}
    scores = []
    for fold in sorted({row.fold for row in rows}):
        inside = [row for row in rows if row.fold == fold]
        guess = [int(np.argmax(row.probabilities[name])) for row in inside]
        scores.append(task_metrics(task, [gold[row.id] for row in inside], guess).macro_f1)
    return scores
