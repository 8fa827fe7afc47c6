"""The baselines learn, are chosen without leaking, are stored without pickle, and do not depend on the batch."""

import json
from pathlib import Path

import numpy as np
import pytest

from stancewire.data.codebook import load_codebook
from stancewire.data.errors import ArtefactError
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models import baseline
from stancewire.models.base import SilentLog
from stancewire.models.baseline import MajorityClassifier, TfidfClassifier, fit_majority, fit_tfidf
from stancewire.models.settings import MajoritySettings, TfidfSettings

CODEBOOK = load_codebook()
WORDS = {
    "support": "praised welcomed precise",
    "oppose": "condemned reckless harm",
    "neutral": "met talks figures",
    "unrelated": "weather football",
}


def examples(count: int = 96) -> list[Example]:
    """Return sentences whose stance hangs on a word; other tasks are constant but for a few."""
    rng = np.random.default_rng(5)
    rows = []
    for number in range(count):
        stance = list(WORDS)[number % 4]
        word = rng.choice(WORDS[stance].split())
        labels = {
            "stance": stance,
            "claim_type": ["report", "evaluation"][number % 2],
            "speaker_group": "narrator",
            "quotation": "none",
        }
        if number % 7 == 0:
            labels |= {"speaker_group": "russia", "quotation": "direct"}
        text = f"They {word} it in town {rng.integers(50)}"
        rows.append(Example(f"e{number}", f"a{number % 12}", SentenceInput(text, previous=("Before.",)), labels))
    return rows


@pytest.fixture(scope="module")
def fitted() -> TfidfClassifier:
    settings = TfidfSettings(c_grid=(1.0, 10.0), min_df_grid=(1,), folds=3)
    return fit_tfidf(settings, CODEBOOK, examples(), [], 1, SilentLog())


def test_majority_gives_the_annotated_shares_only() -> None:
    written = [
        Example(
            "s",
            "s",
            SentenceInput("x"),
            {"stance": "oppose", "claim_type": "report", "speaker_group": "other", "quotation": "none"},
            1.0,
            True,
        )
    ]
    model = fit_majority(MajoritySettings(), CODEBOOK, examples(8) + written * 100, [], 1, SilentLog())
    np.testing.assert_allclose(model.predict_proba([SentenceInput("y")])["stance"], [[0.25] * 4])


def test_tfidf_learns_the_words(fitted: TfidfClassifier) -> None:
    asked = [
        SentenceInput("They condemned it"),
        SentenceInput("They praised it"),
        SentenceInput("football and weather"),
    ]
    names = CODEBOOK.task("stance").names
    assert [names[i] for i in fitted.predict_proba(asked)["stance"].argmax(1)] == ["oppose", "support", "unrelated"]


def test_columns_follow_the_codebook_and_unseen_values_get_zero(fitted: TfidfClassifier) -> None:
    matrix = fitted.predict_proba([SentenceInput("They met")])["speaker_group"]
    task = CODEBOOK.task("speaker_group")
    assert matrix.shape == (1, len(task.names))
    assert {task.names[i] for i in np.flatnonzero(matrix[0])} == {"narrator", "russia"}
    np.testing.assert_allclose(matrix.sum(1), 1)


def test_result_does_not_depend_on_company(fitted: TfidfClassifier) -> None:
    inputs = [row.input for row in examples(20)]
    together = fitted.predict_proba(inputs)
    for row, item in enumerate(inputs):
        for task, matrix in fitted.predict_proba([item]).items():
            np.testing.assert_allclose(matrix[0], together[task][row], atol=1e-9)


def test_no_sentence_is_no_error(fitted: TfidfClassifier) -> None:
    assert {task: matrix.shape for task, matrix in fitted.predict_proba([]).items()}["claim_type"] == (0, 9)


def test_saved_and_loaded_gives_equal_probabilities(fitted: TfidfClassifier, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    again = TfidfClassifier.load(tmp_path, CODEBOOK)
    inputs = [row.input for row in examples(10)]
    for task, matrix in fitted.predict_proba(inputs).items():
        np.testing.assert_array_equal(matrix, again.predict_proba(inputs)[task])
    assert b"pickle" not in (tmp_path / baseline.MODEL_FILE).read_bytes()


def test_missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="tfidf.skops: expected a TF-IDF model"):
        TfidfClassifier.load(tmp_path, CODEBOOK)
    (tmp_path / baseline.MODEL_FILE).write_bytes(b"not a model")
    with pytest.raises(ArtefactError, match="none that can be read"):
        TfidfClassifier.load(tmp_path, CODEBOOK)
    with pytest.raises(ArtefactError, match="majority.json"):
        MajorityClassifier.load(tmp_path, CODEBOOK)


def test_foreign_types_are_refused(tmp_path: Path) -> None:
    from sklearn.preprocessing import FunctionTransformer
    from skops import io

    io.dump({"x": FunctionTransformer(json.loads)}, tmp_path / baseline.MODEL_FILE)
    with pytest.raises(ArtefactError, match="types that are not trusted: json.loads"):
        TfidfClassifier.load(tmp_path, CODEBOOK)


def test_two_fits_are_equal() -> None:
    settings = TfidfSettings(c_grid=(1.0,), min_df_grid=(1,))
    first = fit_tfidf(settings, CODEBOOK, examples(40), [], 1, SilentLog())
    second = fit_tfidf(settings, CODEBOOK, examples(40), [], 1, SilentLog())
    asked = [SentenceInput("They condemned it")]
    np.testing.assert_array_equal(first.predict_proba(asked)["stance"], second.predict_proba(asked)["stance"])


def test_search_never_sees_the_judged_side() -> None:
    """A token that equals the label, in one article each, must not win: grouped folds cut it off."""
    rows = [
        Example(
            row.id, row.article, SentenceInput(f"{row.input.text} leak{row.article}{row.labels['stance']}"), row.labels
        )
        for row in examples()
    ]
    seen = [
        {example.article for example in judged} & {example.article for example in fitting}
        for fitting, judged in baseline._folds(rows, 3)
    ]
    assert seen == [set(), set(), set()]
