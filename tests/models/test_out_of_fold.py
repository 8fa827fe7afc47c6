"""Kept predictions cover the corpus, say what made them, and come from the models that a plain fit would give."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stancewire.data.corpus import Corpus, load_corpus
from stancewire.features.inputs import Example
from stancewire.models.base import SilentLog
from stancewire.models.out_of_fold import TransformerFolds, figures, main, read_rows
from stancewire.models.transformer import fit_transformer
from stancewire.models.transformer_settings import TransformerSettings


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


def test_files_cover_the_corpus_and_the_companion_repeats_their_figures(corpus: Corpus, tmp_path: Path) -> None:
    config = tmp_path / "floor.yaml"
    config.write_text("name: floor\nmodel: {kind: majority}\n")
    main([str(config), "--seeds", "3", "4", "--out", str(tmp_path)])
    rows = read_rows(tmp_path / "floor-seed3.jsonl")
    assert [row.id for row in rows] == [sentence.id for sentence in corpus.sentences]
    folds = {row.article: row.fold for row in rows}
    assert sorted(set(folds.values())) == [0, 1, 2, 3, 4]
    assert all(row.fold == folds[row.article] for row in rows)
    companion = json.loads((tmp_path / "floor.json").read_text())
    assert companion["corpus"] == corpus.digest
    assert set(companion["seeds"]) == {"3", "4"}
    for task, score in figures(rows, corpus).items():
        assert companion["seeds"]["3"][task] == pytest.approx(score, abs=1e-4)
        assert companion["mean"][task] == pytest.approx(score, abs=1e-4)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("kept", [False, True])
def test_folds_share_a_first_stage_and_give_what_a_whole_fit_gives(
    settings: TransformerSettings, examples: Callable[..., list[Example]], corpus: Corpus, tmp_path: Path, kept: bool
) -> None:
    annotated, written = examples(16), examples(16, synthetic=True)
    inputs = [row.input for row in annotated]
    fit = TransformerFolds(settings, corpus, tmp_path if kept else None)
    fit([*annotated[:8], *written], 3)
    again = TransformerFolds(settings, corpus, tmp_path) if kept else fit
    shared = again([*annotated, *written], 3).predict_proba(inputs)
    whole = fit_transformer(settings, corpus.codebook, [*annotated, *written], [], 3, SilentLog()).predict_proba(inputs)
    for task, matrix in whole.items():
        assert np.array_equal(shared[task], matrix)


def test_a_start_of_other_settings_is_not_taken_up(
    settings: TransformerSettings, examples: Callable[..., list[Example]], corpus: Corpus, tmp_path: Path
) -> None:
    rows = examples(8, synthetic=True)
    TransformerFolds(settings, corpus, tmp_path)([*examples(8), *rows], 3)
    other = settings.model_copy(update={"encoder_dropout": 0.3})
    TransformerFolds(other, corpus, tmp_path)([*examples(8), *rows], 3)
    assert len(list(tmp_path.iterdir())) == 2
