"""A trained network as it is exported: close to PyTorch on every annotated sentence, in whatever company."""

from pathlib import Path

import numpy as np
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import load_corpus
from stancewire.data.splits import load_split
from stancewire.features.examples import corpus_examples
from stancewire.features.inputs import Example
from stancewire.models.base import SilentLog
from stancewire.models.runtime import load_classifier
from stancewire.models.runtime.export import ExportOptions, export_runtime
from stancewire.models.settings import load_settings
from stancewire.models.training import fit_classifier, written_examples
from stancewire.models.transformer import TransformerClassifier

CONFIG = Path(__file__).parents[2] / "configs" / "transformer.yaml"
SAME_LABELS, MEAN_DIFFERENCE = 0.98, 0.02

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return corpus_examples(load_corpus())


@pytest.fixture(scope="module")
def exported(
    codebook: Codebook, examples: list[Example], tmp_path_factory: pytest.TempPathFactory
) -> tuple[TransformerClassifier, Path]:
    """The network of the config, trained as ``train.py`` trains it (minutes), and its folder with the int8 engine."""
    settings = load_settings(CONFIG, [])
    corpus = load_corpus()
    split = load_split(corpus)
    train = [row for row in examples if row.article in split.train]
    probe = [row.input for row in examples if row.article in {*split.train, *split.validation}]
    written = written_examples(settings, codebook)
    fitted = fit_classifier(settings, codebook, [*train, *written], [], settings.seed, SilentLog())
    assert isinstance(fitted, TransformerClassifier)
    folder = tmp_path_factory.mktemp("trained")
    fitted.save(folder)
    given = [row.input for row in (*train, *written)]
    export_runtime(fitted, folder, given, ExportOptions(engines=("openvino-int8",)), probe)
    return fitted, folder


def test_int8_gives_pytorchs_labels_on_the_whole_corpus(
    exported: tuple[TransformerClassifier, Path], codebook: Codebook, examples: list[Example]
) -> None:
    fitted, folder = exported
    inputs = [row.input for row in examples]
    expected = fitted.predict_proba(inputs)
    found = load_classifier(folder, codebook, "openvino-int8").predict_proba(inputs)
    for task, matrix in expected.items():
        assert len(set(matrix.argmax(axis=1))) > 2, f"{task}: too little was learned for labels to differ"
        same = np.mean(matrix.argmax(axis=1) == found[task].argmax(axis=1))
        assert same >= SAME_LABELS, (task, same)
        difference = np.mean(np.abs(matrix - found[task]))
        assert difference <= MEAN_DIFFERENCE, (task, difference)


def test_order_and_company_change_no_label(
    exported: tuple[TransformerClassifier, Path], codebook: Codebook, examples: list[Example]
) -> None:
    inputs = [row.input for row in examples]
    runtime = load_classifier(exported[1], codebook, "openvino-int8")
    together = runtime.predict_proba(inputs)
    order = np.random.default_rng(3).permutation(len(inputs))
    for size in (1, 7):
        some = order[: 40 * size]
        parts = [runtime.predict_proba([inputs[at] for at in some[i : i + size]]) for i in range(0, len(some), size)]
        for task, matrix in together.items():
            alone = np.concatenate([part[task] for part in parts])
            np.testing.assert_array_equal(matrix[some].argmax(axis=1), alone.argmax(axis=1))
            np.testing.assert_allclose(matrix[some], alone, atol=1e-5)
