"""Discourse networks against examples computed by hand from Leifeld's definitions."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ConfigError
from stancewire.data.views.inputs import Reading, iter_articles
from stancewire.data.views.names import NameJoiner
from stancewire.data.views.network import Affiliations, NetworkSettings, TwoMode, statements
from stancewire.data.views.network_page import NetworkCounts
from stancewire.data.views.roles import Roles

Make = Callable[..., dict[str, object]]


def count(records: list[dict[str, object]], codebook: Codebook, settings: NetworkSettings) -> TwoMode:
    found = Affiliations(settings.duplicates)
    for article in iter_articles(records, codebook, Reading(NameJoiner(None), settings.concept)):
        found.add(statements(article, codebook, settings))
    return found.two_mode()


@pytest.fixture
def example(make_record: Make) -> list[dict[str, object]]:
    """X: Ann x+2 y+1; Bob x+1 x-1; Cas y-3; Dan neutral only; the narrator's sides never count."""
    said = [
        ("Ann", "demand", "support"), ("Ann", "demand", "support"), ("Ann", "denial", "support"),
        ("Bob", "demand", "support"), ("Bob", "demand", "oppose"),
        ("Cas", "denial", "oppose"), ("Cas", "denial", "oppose"), ("Cas", "denial", "oppose"),
        ("Dan", "demand", "neutral"), ("Dan", "demand", "unrelated"), (None, "demand", "oppose"),
    ]  # fmt: skip
    return [
        make_record("a", i, speaker=who, claim_type=claim, stance=side, speaker_group="russia" if who else "narrator")
        for i, (who, claim, side) in enumerate(said)
    ]


EVERY = NetworkSettings(duplicates="include")


def test_two_mode_counts_statements_per_actor_concept_and_qualifier(
    example: list[dict[str, object]], codebook: Codebook
) -> None:
    table = count(example, codebook, EVERY)
    assert table.actors == ("Ann", "Bob", "Cas")
    assert table.concepts == ("demand", "denial")
    assert table.agree.toarray().tolist() == [[2, 1], [1, 0], [0, 0]]
    assert table.disagree.toarray().tolist() == [[0, 0], [1, 0], [0, 3]]
    assert table.affiliation("ignore").toarray().tolist() == [[2, 1], [2, 0], [0, 3]]
    assert table.affiliation("subtract").toarray().tolist() == [[2, 1], [0, 0], [0, -3]]
    assert table.activity.tolist() == [3, 2, 3]


def test_congruence_conflict_and_subtract_by_hand(example: list[dict[str, object]], codebook: Codebook) -> None:
    table = count(example, codebook, EVERY)
    # Ann-Bob agree on demand 2*1, and conflict there 2*1; Ann-Cas conflict on denial 1*3; Bob-Cas share no concept.
    congruence = [[0, 2, 0], [2, 0, 0], [0, 0, 0]]
    conflict = [[0, 2, 3], [2, 0, 0], [3, 0, 0]]
    assert table.one_mode("congruence", normalise=False).matrix.toarray().tolist() == congruence
    assert table.one_mode("conflict", normalise=False).matrix.toarray().tolist() == conflict
    subtract = table.one_mode("subtract", normalise=False).matrix
    assert subtract.toarray().tolist() == (np.array(congruence) - np.array(conflict)).tolist()
    assert subtract.nnz == 2, "a pair whose agreement and conflict cancel out has no tie"


def test_normalisation_divides_by_the_pairs_average_activity(
    example: list[dict[str, object]], codebook: Codebook
) -> None:
    table = count(example, codebook, EVERY)
    assert table.one_mode("congruence").matrix[0, 1] == pytest.approx(2 / ((3 + 2) / 2))
    assert table.one_mode("conflict").matrix[2, 0] == pytest.approx(3 / ((3 + 3) / 2))


def test_repeated_statements_count_once_per_article_or_once_in_all(make_record: Make, codebook: Codebook) -> None:
    said = {"speaker": "Ann", "claim_type": "demand", "stance": "support", "speaker_group": "russia"}
    records = [make_record(article, i, **said) for article in ("a", "b") for i in range(3)]
    for mode, expected in (("include", 6), ("document", 2), ("range", 1)):
        table = count(records, codebook, NetworkSettings(duplicates=mode))  # type: ignore[arg-type]
        assert table.activity.tolist() == [expected], mode


def test_time_window_holds_both_ends_and_no_undated_article(make_record: Make, codebook: Codebook) -> None:
    days = {
        "a": "2015-09-30T23:59:00Z",
        "b": "2015-10-01",
        "c": "2015-10-31T08:00:00+03:00",
        "d": "2015-11-01",
        "e": None,
    }
    records = [
        make_record(key, speaker=f"Actor {key}", stance="oppose", published=day, speaker_group="turkey")
        for key, day in days.items()
    ]
    october = NetworkSettings(start=date(2015, 10, 1), end=date(2015, 10, 31))
    assert count(records, codebook, october).actors == ("Actor b", "Actor c")
    assert len(count(records, codebook, NetworkSettings()).actors) == 5
    with pytest.raises(ConfigError, match="start before end"):
        NetworkSettings(start=date(2016, 1, 2), end=date(2016, 1, 1))


def test_groups_as_actors_leave_the_narrator_out(example: list[dict[str, object]], codebook: Codebook) -> None:
    table = count(example, codebook, NetworkSettings(actors="group", duplicates="include"))
    assert table.actors == ("russia",)
    assert table.activity.tolist() == [8]


def test_a_concept_column_takes_the_place_of_the_claim_type(make_record: Make, codebook: Codebook) -> None:
    said = {"stance": "support", "speaker_group": "russia"}
    records = [
        make_record("a", 0, speaker="Ann", claim_type="demand", topic="air strikes", **said),
        make_record("a", 1, speaker="Bob", claim_type="denial", topic="air strikes", **said),
        make_record("a", 2, speaker="Bob", claim_type="denial", topic=None, **said),
    ]
    table = count(records, codebook, NetworkSettings(concept="topic"))
    assert table.concepts == ("air strikes",)
    assert table.one_mode("congruence", normalise=False).matrix[0, 1] == 1


def test_a_choice_of_actors_keeps_its_order_and_empty_rows(
    example: list[dict[str, object]], codebook: Codebook
) -> None:
    table = count(example, codebook, EVERY).among(["Cas", "Nobody", "Ann"])
    assert table.concepts == ("demand", "denial")
    assert table.affiliation("subtract").toarray().tolist() == [[0, -3], [0, 0], [2, 1]]
    assert table.one_mode("conflict").matrix.toarray().tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]


def test_periods_hold_their_own_statements(make_record: Make, codebook: Codebook) -> None:
    said = {"claim_type": "demand", "stance": "support", "speaker_group": "russia"}
    days = {"a": "2015-09-30", "b": "2015-11-02", "c": "2016-07-01", "d": None}
    records = [make_record(key, i, speaker=who, published=day, **said)
               for key, day in days.items() for i, who in enumerate(("Ann", "Bob" if key == "b" else "Cas"))]  # fmt: skip
    network = NetworkCounts(Roles(codebook), NetworkSettings())
    for article in iter_articles(records, codebook):
        network.add(article)
    page: Any = network.page()
    assert [node["name"] for node in page["nodes"]] == ["Ann", "Cas", "Bob"]
    assert [period["name"] for period in page["periods"]] == ["2015 Q3", "2015 Q4", "2016 Q3"]
    assert [period["n"] for period in page["periods"]] == [[1, 1, 0], [1, 0, 1], [1, 1, 0]]
    assert [period["edges"] for period in page["periods"]] == [[[0, 1, 1, 0]], [[0, 2, 1, 0]], [[0, 1, 1, 0]]]
    assert page["edges"] == [[0, 1, 12, 0], [0, 2, 4, 0], [1, 2, 3, 0]], "Ann 4, Cas 3 and Bob 1 statements"


def test_most_active_keeps_order_and_drops_unused_concepts(
    example: list[dict[str, object]], codebook: Codebook
) -> None:
    table = count(example, codebook, EVERY).most_active(1)
    assert table.actors == ("Ann",)
    assert table.agree.toarray().tolist() == [[2, 1]]
