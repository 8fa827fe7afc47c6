"""Soft labels for the written sentences: each is judged by networks that never saw its article.

``python -m stancewire.models.distillation configs/transformer.yaml`` writes soft_labels.jsonl and its companion to
data/annotations. Training towards them as well as towards the labels (Hinton, Vinyals and Dean 2015; with a teacher
of the student's own kind: Furlanello et al. 2018) takes the edge off labels that another reader would give
differently. No annotated sentence has a part in it, so that the files serve every fold of a cross-validation.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import file_digest, load_synthetic, written_digest
from stancewire.data.errors import ConfigError, StancewireError
from stancewire.data.soft_labels import SOFT_LABELS
from stancewire.data.splits import Fold, grouped_folds
from stancewire.features.examples import corpus_examples
from stancewire.features.inputs import Example
from stancewire.models.base import Classifier, Probabilities, SilentLog
from stancewire.models.bundle import git_commit, library_versions
from stancewire.models.out_of_fold import write_text
from stancewire.models.settings import load_settings
from stancewire.models.transformer_settings import TransformerSettings

PARTS = 4
TEACHERS = (50, 51)
DIGITS = 3
MIN_PARTS = 2

Teach = Callable[[Sequence[Example], int], Classifier]
Told = Callable[[int, Fold], None]


def teacher(settings: TransformerSettings, codebook: Codebook) -> Teach:
    """Return ``fit(written, seed)``: the first stage alone, towards plain labels."""
    loss = settings.first_stage.loss.model_copy(update={"distillation": 0.0})
    plain = settings.model_copy(update={"first_stage": settings.first_stage.model_copy(update={"loss": loss})})

    def fit(written: Sequence[Example], seed: int) -> Classifier:
        from stancewire.models.transformer import start_transformer

        return start_transformer(plain, codebook, written, seed, SilentLog())

    return fit


def soft_labels(
    fit: Teach, written: Sequence[Example], folds: Sequence[Fold], seeds: Sequence[int], told: Told
) -> dict[str, Probabilities]:
    """Return sentence id → task → mean probabilities over ``seeds``, shape (values,), by models without its article."""
    found: dict[str, dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]] = {}
    for seed in seeds:
        for fold in folds:
            held = set(fold.test)
            model = fit([row for row in written if row.article not in held], seed)
            judged = [row for row in written if row.article in held]
            matrices = model.predict_proba([row.input for row in judged])
            for place, row in enumerate(judged):
                so_far = found.setdefault(row.id, {})
                for task, matrix in matrices.items():
                    so_far[task] = so_far.get(task, np.zeros(matrix.shape[1])) + matrix[place] / len(seeds)
            told(seed, fold)
    return {row.id: found[row.id] for row in written}


def write(labels: dict[str, Probabilities], companion: dict[str, object], path: Path) -> None:
    """Write the soft labels, then the companion that vouches for them."""
    lines = []
    for name, by_task in labels.items():
        rounded = {task: [round(float(value), DIGITS) for value in row] for task, row in by_task.items()}
        lines.append(json.dumps({"id": name, "probabilities": rounded}, separators=(",", ":")) + "\n")
    write_text(path, "".join(lines))
    vouched = {**companion, "labels": file_digest(path)}
    write_text(path.with_suffix(".json"), json.dumps(vouched, indent=1) + "\n")


def main(argv: Sequence[str] | None = None) -> None:
    """Compute soft labels for the written sentences with a config's first stage and keep them."""
    parser = argparse.ArgumentParser(prog="python -m stancewire.models.distillation", description=main.__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(TEACHERS), help="one teacher each, averaged")
    parser.add_argument("--parts", type=int, default=PARTS, help="a teacher learns from all parts but one")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments.config, arguments.set)
    if not isinstance(settings.model, TransformerSettings):
        raise ConfigError(f"{arguments.config}: expected a transformer, found {settings.model.kind}")
    if settings.data.codebook or arguments.parts < MIN_PARTS:
        raise ConfigError(
            "distillation: expected the default codebook, which the written sentences follow, and --parts 2 or more"
        )
    corpus = load_synthetic()
    written = corpus_examples(corpus, settings.data.synthetic_weight or 1.0, synthetic=True)
    folds = grouped_folds(corpus, arguments.parts)
    labels = soft_labels(teacher(settings.model, corpus.codebook), written, folds, arguments.seeds, _say)
    companion = {
        "what": "mean probabilities of first-stage networks that did not learn from the sentence's article",
        "sentences": len(labels),
        "written": written_digest(),
        "codebook": corpus.codebook.digest,
        "columns": {task.name: list(task.names) for task in corpus.codebook.tasks},
        "parts": arguments.parts,
        "seeds": arguments.seeds,
        "settings": settings.model_dump(mode="json"),
        "commit": git_commit(),
        "versions": library_versions(),
    }
    write(labels, companion, SOFT_LABELS)


def _say(seed: int, fold: Fold) -> None:
    sys.stderr.write(f"teacher {seed}, part {fold.number}: done\n")


if __name__ == "__main__":
    try:
        main()
    except StancewireError as error:
        sys.exit(f"distillation: {error}")
