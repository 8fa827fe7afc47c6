"""The measures of attribution, worked out by hand."""

import pytest

from stancewire.data.errors import DataError
from stancewire.models.attribution_scores import folded, score_speaker

Row = dict[str, str | None]


def row(speaker: str | None, mention: str | None, group: str, quotation: str) -> Row:
    return {"speaker": speaker, "speaker_mention": mention, "speaker_group": group, "quotation": quotation}


SILENT = row(None, None, "narrator", "none")


def test_measures_by_hand() -> None:
    gold = [
        row("Anna Dolin", "Dolin", "russia", "direct"),
        row("Norway", "Norway", "europe_nato", "indirect"),
        SILENT,
        SILENT,
    ]
    found = [row("anna dolín", "she", "russia", "direct"), SILENT, row("ice", "ice", "other", "indirect"), SILENT]
    scores = score_speaker(gold, found)
    assert scores.value("attributed_f1") == pytest.approx(2 * 1 / (2 + 2))
    assert scores.value("right_speaker") == pytest.approx(
        1 / 2
    )  # accents and case folded; the missed sentence is wrong
    assert scores.value("mention_exact") == 0.0
    # direct 1, mixed absent, indirect 0, none 2 * 1 / (2 + 2)
    assert scores.value("quotation_macro_f1") == pytest.approx((1.0 + 0.0 + 0.5) / 3)
    assert scores.per_value["speaker_group"]["narrator"].support == 2


def test_groups_with_few_sentences_are_not_averaged() -> None:
    gold = [SILENT] * 10 + [row("Norway", "Norway", "europe_nato", "indirect")]
    scores = score_speaker(gold, [SILENT] * 11)
    assert scores.value("group_macro_f1") == pytest.approx(2 * 10 / (10 + 11))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Pentagon", "pentagon"),
        ("François Hollande", "Francois Hollande"),
        ("General Petr Dolin", "Petr Dolin"),
        ("Gen. Dolin", "Dolin"),
    ],
)
def test_names_fold_article_accents_and_rank(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_two_names_stay_two() -> None:
    assert folded("Anna Dolin") != folded("Petr Dolin")
    assert folded(None) is None


def test_rows_must_pair_up() -> None:
    with pytest.raises(DataError, match="expected one prediction for each of 1 sentences, found 0"):
        score_speaker([SILENT], [])
