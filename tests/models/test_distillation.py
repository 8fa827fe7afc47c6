"""Soft labels: from models that never saw the article, tied to what they were made for, and felt in training."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import file_digest, written_digest
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.soft_labels import load_soft_labels
from stancewire.data.splits import Fold
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.base import FloatArray, SilentLog
from stancewire.models.distillation import main, soft_labels, teacher, write
from stancewire.models.settings import load_settings
from stancewire.models.training import written_examples
from stancewire.models.transformer import fit_transformer
from stancewire.models.transformer_settings import TransformerSettings

CONFIG = Path(__file__).parents[2] / "configs" / "transformer.yaml"


class _Remembers:
    """Knows which articles it learned from, and gives each sentence its seed as a probability."""

    kind = "remembers"

    def __init__(self, train: Sequence[Example], seed: int, codebook: Codebook) -> None:
        self.seen, self.seed, self.codebook = {row.input.text for row in train}, seed, codebook
        self.tasks = codebook.task_names

    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        assert not self.seen & {item.text for item in inputs}
        return {"stance": np.full((len(inputs), 4), float(self.seed))}


def test_no_teacher_saw_the_article_and_seeds_are_averaged(codebook: Codebook) -> None:
    written = [Example(str(n), f"a{n // 2}", SentenceInput(f"text {n}"), {}, 1.0, True) for n in range(8)]
    folds = [Fold(0, ("a2", "a3"), ("a0", "a1")), Fold(1, ("a0", "a1"), ("a2", "a3"))]
    told: list[tuple[int, int]] = []
    found = soft_labels(
        lambda train, seed: _Remembers(train, seed, codebook),  # type: ignore[arg-type,return-value]
        written,
        folds,
        (1, 3),
        lambda seed, fold: told.append((seed, fold.number)),
    )
    assert list(found) == [row.id for row in written]
    assert all(labels["stance"].tolist() == [2.0] * 4 for labels in found.values())
    assert told == [(1, 0), (1, 1), (3, 0), (3, 1)]


def test_a_teacher_learns_the_first_stage_towards_plain_labels(
    settings: TransformerSettings, examples: Callable[..., list[Example]], codebook: Codebook
) -> None:
    written = examples(16, synthetic=True)
    loss = settings.first_stage.loss.model_copy(update={"distillation": 0.9})
    distilling = settings.model_copy(update={"first_stage": settings.first_stage.model_copy(update={"loss": loss})})
    inputs = [row.input for row in written]
    plain = teacher(settings, codebook)(written, 5).predict_proba(inputs)
    same = teacher(distilling, codebook)(_with_soft(written, codebook), 5).predict_proba(inputs)
    assert all(np.array_equal(plain[task], same[task]) for task in plain)


def test_training_feels_the_soft_labels(
    settings: TransformerSettings, examples: Callable[..., list[Example]], codebook: Codebook
) -> None:
    annotated, written = examples(8), examples(16, synthetic=True)
    loss = settings.loss.model_copy(update={"distillation": 0.5})
    distilling = settings.model_copy(update={"loss": loss})
    assert distilling.distils and not settings.distils
    inputs = [row.input for row in annotated]
    train = [*annotated, *_with_soft(written, codebook)]
    fits = [fit_transformer(chosen, codebook, train, [], 3, SilentLog()) for chosen in (settings, distilling)]
    plain, told = (fit.predict_proba(inputs)["stance"] for fit in fits)
    assert told[:, 0].mean() > plain[:, 0].mean()


def test_distillation_without_soft_labels_is_refused(
    settings: TransformerSettings, examples: Callable[..., list[Example]], codebook: Codebook
) -> None:
    distilling = settings.model_copy(update={"loss": settings.loss.model_copy(update={"distillation": 0.5})})
    with pytest.raises(DataError, match="soft labels of every written sentence, w0 has none"):
        fit_transformer(distilling, codebook, [*examples(8), *examples(8, synthetic=True)], [], 3, SilentLog())


def _with_soft(written: Sequence[Example], codebook: Codebook) -> list[Example]:
    soft = {task.name: (1.0,) + (0.0,) * (len(task.names) - 1) for task in codebook.tasks}
    return [replace(row, soft_labels=soft) for row in written]


def test_files_come_back_as_they_were_and_sum_to_one(codebook: Codebook, tmp_path: Path) -> None:
    path = tmp_path / "soft.jsonl"
    labels = {task.name: np.full(len(task.names), 1 / len(task.names)) for task in codebook.tasks}
    write({"s1": labels}, {"sentences": 1, "written": written_digest(), "codebook": codebook.digest}, path)
    found = load_soft_labels(codebook, path)["s1"]
    for task in codebook.tasks:
        assert found[task.name] == pytest.approx(labels[task.name])
        assert sum(found[task.name]) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["written", "codebook", "labels"])
def test_files_made_for_others_are_refused(codebook: Codebook, tmp_path: Path, name: str) -> None:
    write({}, {"written": written_digest(), "codebook": codebook.digest}, tmp_path / "soft.jsonl")
    beside = tmp_path / "soft.json"
    beside.write_text(json.dumps(json.loads(beside.read_text()) | {name: "0123"}))
    with pytest.raises(DataError, match=f"made with {name} of digest .*distillation"):
        load_soft_labels(codebook, tmp_path / "soft.jsonl")


def test_missing_or_damaged_files_are_named(codebook: Codebook, tmp_path: Path) -> None:
    path = tmp_path / "soft.jsonl"
    with pytest.raises(DataError, match="soft.json: expected"):
        load_soft_labels(codebook, path)
    write({}, {"written": written_digest(), "codebook": codebook.digest}, path)
    path.write_text(json.dumps({"id": "s1", "probabilities": {}}) + "\n")
    with pytest.raises(DataError, match="made with labels of digest"):
        load_soft_labels(codebook, path)
    for wrong in (
        {},
        {task.name: [1.0] for task in codebook.tasks},
        {task.name: [2.0, -1.0] for task in codebook.tasks},
    ):
        path.write_text(json.dumps({"id": "s1", "probabilities": wrong}) + "\n")
        vouched = {"written": written_digest(), "codebook": codebook.digest, "labels": file_digest(path)}
        path.with_suffix(".json").write_text(json.dumps(vouched))
        with pytest.raises(DataError, match="soft.jsonl:1: expected an id and probabilities"):
            load_soft_labels(codebook, path)
    write({}, {"sentences": 2, "written": written_digest(), "codebook": codebook.digest}, path)
    with pytest.raises(DataError, match="expected 2 sentences, found 0"):
        load_soft_labels(codebook, path)


def test_only_a_transformer_teaches(tmp_path: Path) -> None:
    config = tmp_path / "floor.yaml"
    config.write_text("name: floor\nmodel: {kind: majority}\n")
    with pytest.raises(ConfigError, match="expected a transformer, found majority"):
        main([str(config)])
    with pytest.raises(ConfigError, match="--parts 2 or more"):
        main([str(CONFIG), "--parts", "1"])


def test_the_shipped_config_finds_soft_labels_for_every_written_sentence(codebook: Codebook) -> None:
    settings = load_settings(CONFIG)
    written = written_examples(settings, codebook)
    assert written and all(row.soft_labels for row in written)
