"""Out-of-fold predictions of one config, kept so that nobody has to compute them again to check a figure.

``python -m models.out_of_fold configs/transformer.yaml`` writes NAME-seedS.jsonl and NAME.json to data/oof.
"""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from stancewire.data.corpus import DATA, Corpus, load_corpus, written_digest
from stancewire.data.splits import grouped_folds
from stancewire.features.examples import corpus_examples
from stancewire.features.inputs import Example
from stancewire.models.base import Classifier, SilentLog
from stancewire.models.bundle import git_commit, library_versions
from stancewire.models.cross_validation import Fit, OutOfFold, cross_validate
from stancewire.models.settings import Settings, load_settings
from stancewire.models.training import fit_classifier, written_examples
from stancewire.models.transformer_settings import TransformerSettings

FOLDS = 5
OUT = DATA / "oof"


def fitter(settings: Settings, corpus: Corpus, starts: Path | None = None) -> Fit:
    """Return ``fit(train, seed)`` for the config's kind of model.

    A transformer's first stage sees no annotated sentence, so it is done once a seed and, with ``starts``, kept there.
    """
    if isinstance(settings.model, TransformerSettings):
        return TransformerFolds(settings.model, corpus, starts)
    return lambda train, seed: fit_classifier(settings, corpus.codebook, train, [], seed, SilentLog())


class TransformerFolds:
    """Fits the transformer for fold after fold; the same model as ``fit_transformer`` would give each time."""

    def __init__(self, settings: TransformerSettings, corpus: Corpus, starts: Path | None) -> None:
        self.settings = settings
        self.codebook = corpus.codebook
        self.starts = starts
        self.done: dict[int, Any] = {}

    def __call__(self, train: Sequence[Example], seed: int) -> Classifier:
        """Return the model of one fold."""
        from stancewire.models.transformer import adapt_transformer

        if seed not in self.done:
            self.done[seed] = self._start([row for row in train if row.synthetic], seed)
        return adapt_transformer(self.done[seed], self.settings, train, [], seed, SilentLog())

    def _start(self, written: Sequence[Example], seed: int) -> Any:
        from stancewire.models.transformer import resume_transformer, start_transformer

        if self.starts is None:
            return start_transformer(self.settings, self.codebook, written, seed, SilentLog())
        folder = self.starts / f"{seed}-{_digest(self.settings, written)}"
        if not folder.is_dir():
            start = start_transformer(self.settings, self.codebook, written, seed, SilentLog())
            beside = folder.with_suffix(".part")
            beside.mkdir(parents=True)
            start.save(beside)
            beside.rename(folder)
        return resume_transformer(self.settings, self.codebook, folder)


def _digest(settings: TransformerSettings, written: Sequence[Example]) -> str:
    """Tell starts apart by all that decides them; what only the second stage reads is left out."""
    second = {"epochs", "synthetic_ratio", "patience", "averaging", "context_dropout", "members", "loss"}
    second |= {"prior_correction", "threads"}
    essence = settings.model_dump(mode="json", exclude=second) | {
        "written": [[row.id, row.weight, row.soft_labels] for row in written]
    }
    for own in ("learning_rate", "head_learning_rate", "freeze_layers"):
        essence["optimiser"].pop(own)
    return hashlib.sha256(json.dumps(essence, sort_keys=True).encode()).hexdigest()[:12]


def figures(rows: Sequence[OutOfFold], corpus: Corpus) -> dict[str, float]:
    """Return macro-F1 per task over all out-of-fold predictions together, values as they occur in the corpus."""
    gold = {sentence.id: sentence.labels for sentence in corpus.sentences}
    scores = {}
    for task in corpus.codebook.tasks:
        truth = [gold[row.id][task.name] for row in rows]
        guess = [task.names[int(np.argmax(row.probabilities[task.name]))] for row in rows]
        scores[task.name] = float(f1_score(truth, guess, average="macro", labels=sorted(set(truth)), zero_division=0))
    return scores


def summary(settings: Settings, corpus: Corpus, by_seed: dict[int, list[OutOfFold]]) -> dict[str, Any]:
    """Return the companion of the out-of-fold files: what was computed, with what, and how well it did."""
    scores = {seed: figures(rows, corpus) for seed, rows in sorted(by_seed.items())}
    tasks = corpus.codebook.task_names
    mean = {task: round(float(np.mean([score[task] for score in scores.values()])), 4) for task in tasks}
    spread = {task: round(float(np.std([score[task] for score in scores.values()])), 4) for task in tasks}
    return {
        "figure": "macro-F1 over all out-of-fold predictions together; spread: standard deviation over seeds",
        "folds": FOLDS,
        "sentences": len(corpus.sentences),
        "corpus": corpus.digest,
        "synthetic": written_digest(),
        "codebook": corpus.codebook.digest,
        "columns": {task.name: list(task.names) for task in corpus.codebook.tasks},
        "seeds": {str(seed): _rounded(score) for seed, score in scores.items()},
        "mean": mean,
        "spread": spread,
        "settings": settings.model_dump(mode="json"),
        "commit": git_commit(),
        "versions": library_versions(),
    }


def _rounded(score: dict[str, float]) -> dict[str, float]:
    return {task: round(value, 4) for task, value in score.items()}


def read_rows(path: Path) -> list[OutOfFold]:
    """Read an out-of-fold file."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        chances = {task: tuple(values) for task, values in raw["probabilities"].items()}
        rows.append(OutOfFold(raw["id"], raw["article"], raw["fold"], raw["seed"], chances))
    return rows


def write_text(path: Path, text: str) -> None:
    """Write ``path`` whole or not at all."""
    beside = path.with_name(path.name + f".{os.getpid()}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def main(argv: Sequence[str] | None = None) -> None:
    """Cross-validate a config and keep every sentence's out-of-fold prediction."""
    parser = argparse.ArgumentParser(prog="python -m models.out_of_fold", description=main.__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2], help="none only writes the summary again")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--starts", type=Path, help="keep first stages here, to take them up again")
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments.config, arguments.set)
    corpus = load_corpus()
    examples = corpus_examples(corpus)
    written = written_examples(settings, corpus.codebook)
    arguments.out.mkdir(parents=True, exist_ok=True)
    fit = fitter(settings, corpus, arguments.starts)
    for seed in arguments.seeds:
        rows = cross_validate(fit, examples, written, grouped_folds(corpus, FOLDS), seed, _say)
        lines = [json.dumps(row.to_json()) + "\n" for row in rows]
        write_text(arguments.out / f"{settings.name}-seed{seed}.jsonl", "".join(lines))
    found = {rows[0].seed: rows for rows in map(read_rows, sorted(arguments.out.glob(f"{settings.name}-seed*.jsonl")))}
    text = json.dumps(summary(settings, corpus, found), indent=1) + "\n"
    write_text(arguments.out / f"{settings.name}.json", text)


def _say(fold: int, rows: Sequence[OutOfFold]) -> None:
    sys.stderr.write(f"seed {rows[0].seed}, fold {fold}: {len(rows)} sentences predicted\n")


if __name__ == "__main__":
    main()
