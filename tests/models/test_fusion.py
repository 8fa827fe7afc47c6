"""Attribution's word and the classifier's opinion in one distribution."""

import numpy as np
import pytest

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.fusion import fit_trust, fuse

BOOK = load_codebook()
GROUP, QUOTATION = BOOK.task("speaker_group"), BOOK.task("quotation")
NOBODY = SentenceInput("Rain fell.")
KNOWN = SentenceInput("Moscow said so.", speaker="Moscow", group="russia", quotation="indirect")
STRANGER = SentenceInput("A man said so.", speaker="man", group=None, quotation="indirect")


def flat(k: int, rows: int = 1) -> np.ndarray:
    return np.full((rows, k), 1 / k)


def test_known_speaker_is_pooled_with_trust() -> None:
    fused = fuse({"speaker_group": flat(14)}, [KNOWN], BOOK, {"speaker_group": 0.9})["speaker_group"][0]
    assert fused[GROUP.index("russia")] == pytest.approx(0.9 + 0.1 / 14)
    assert fused.sum() == pytest.approx(1)


def test_without_a_speaker_it_is_the_outlet() -> None:
    fused = fuse({"quotation": flat(4)}, [NOBODY], BOOK, {"quotation": 0.8})["quotation"][0]
    assert fused[QUOTATION.index("none")] == pytest.approx(0.8 + 0.2 / 4)


def test_unknown_group_is_left_to_the_classifier_but_hardly_the_outlet() -> None:
    fused = fuse({"speaker_group": flat(14)}, [STRANGER], BOOK, {"speaker_group": 0.9})["speaker_group"][0]
    assert fused[GROUP.index("narrator")] == pytest.approx(0.1 / 13.1)
    assert np.ptp(np.delete(fused, GROUP.index("narrator"))) == pytest.approx(0)


def test_other_tasks_pass() -> None:
    given = np.array([[0.1, 0.2, 0.3, 0.4]])
    np.testing.assert_array_equal(fuse({"stance": given}, [KNOWN], BOOK, {"speaker_group": 0.9})["stance"], given)


def test_codebook_without_speakers_is_untouched() -> None:
    plain = Codebook.model_validate(BOOK.model_dump() | {"attribution": False})
    np.testing.assert_array_equal(
        fuse({"quotation": flat(4)}, [KNOWN], plain, {"quotation": 0.9})["quotation"], flat(4)
    )


def test_trust_is_the_share_of_right_findings() -> None:
    def row(item: SentenceInput, group: str, quotation: str, synthetic: bool = False) -> Example:
        return Example("x", "a", item, {"speaker_group": group, "quotation": quotation}, 1.0, synthetic)

    rows = [row(KNOWN, "russia", "indirect")] * 6 + [row(NOBODY, "turkey", "direct")] * 2
    rows += [row(STRANGER, "other", "direct"), *[row(KNOWN, "other", "direct", True)] * 50]
    trust = fit_trust(rows, BOOK)
    assert trust["speaker_group"] == pytest.approx(
        (6 + 1) / (8 + 2)
    )  # the stranger's group is not known to attribution
    assert trust["quotation"] == pytest.approx((6 + 1) / (9 + 2))
