from collections.abc import Callable
from typing import Any

import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.views.aggregate import Aggregate, wilson
from stancewire.data.views.inputs import iter_articles
from stancewire.data.views.payload import Names, sentences_payload
from stancewire.data.views.roles import Roles

Make = Callable[..., dict[str, object]]


def figures(records: list[dict[str, object]], codebook: Codebook) -> dict[str, Any]:
    aggregate = Aggregate(Roles(codebook), Names())
    numbers = {aggregate.add(article) for article in iter_articles(records, codebook)}
    return dict(aggregate.result(numbers)) | {"names": aggregate.speakers.names}


def test_wilson_interval_by_hand() -> None:
    # 8 of 10, z = 1.959964: centre (0.8 + z²/20) / (1 + z²/10), half z/(1 + z²/10) * sqrt(0.8*0.2/10 + z²/400)
    assert wilson(8, 10) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert wilson(0, 3)[0] == 0
    assert wilson(0, 0) == (None, None)


def test_a_speakers_row(make_record: Make, codebook: Codebook) -> None:
    said = [("support", "demand"), ("support", "denial"), ("oppose", "demand"), ("neutral", "report")]
    records = [
        make_record("a", i, speaker="Ann", speaker_group="russia", stance=side, claim_type=claim)
        for i, (side, claim) in enumerate(said)
    ]
    found = figures([*records, make_record("a", 4)], codebook)
    row = found["actors"][0]
    assert (row["n"], row["side"], row["k"], row["m"]) == (4, [2, 1, 1, 0], 2, 3)
    assert row["claim"][codebook.task("claim_type").index("demand")] == 2
    assert (row["lo"], row["hi"]) == wilson(2, 3)
    assert row["st"] == [[0, 0], [0, 1], [0, 2], [0, 3]]
    assert found["totals"]["attributed"] == 4
    assert found["totals"]["counted"] == 5


def test_a_repeated_article_counts_for_its_outlet_only(make_record: Make, codebook: Codebook) -> None:
    said = {"speaker": "Ann", "speaker_group": "russia", "stance": "support"}
    records = [
        make_record("a", source="One", **said),
        make_record("b", source="Two", duplicate_of="a", **said),
        make_record("c", source="Two", duplicate_of="not here", **said),
    ]
    found = figures(records, codebook)
    assert found["counts"]["stance"][0] == 2, "a repeat of an article that is not in the records is the only copy"
    assert found["actors"][0]["n"] == 2
    assert {o["name"]: (o["articles"], o["side"][0]) for o in found["outlets"]} == {"One": (1, 1), "Two": (2, 2)}
    assert found["totals"]["duplicates"] == 2
    assert dict(found["actors"][0]["by"]) == {0: [2, 0, 0, 0, 0], 1: [1, 0, 0, 0, 0]}


def test_periods_without_articles_stay_on_the_axis(make_record: Make, codebook: Codebook) -> None:
    days = ["2015-10-15", "2016-01-03", None]
    records = [make_record(f"a{i}", published=day, stance="oppose") for i, day in enumerate(days)]
    time = figures(records, codebook)["time"]
    assert time["month"]["axis"] == ["2015-10-01", "2015-11-01", "2015-12-01", "2016-01-01"]
    assert [cell[0] for cell in time["month"]["cells"]] == [0, 3]
    assert (time["week"]["axis"][0], time["week"]["axis"][-1], len(time["week"]["axis"])) == (
        "2015-10-12",
        "2015-12-28",
        12,
    )


def test_article_text_keeps_paragraphs_and_mentions(make_record: Make, codebook: Codebook) -> None:
    def at(sentence: int, start: int, text: str, **more: object) -> dict[str, object]:
        return make_record("a", sentence, text) | {"start": start, "end": start + len(text)} | more

    records = [
        at(0, 0, "Title", part="title"), at(1, 0, "One."), at(2, 5, "Two."), at(3, 11, "Three."),
        at(4, 18, "😀 he said.", speaker="Ann", mention_start=20, mention_end=22),
    ]  # fmt: skip
    names = Names()
    rows = sentences_payload(next(iter_articles(records, codebook)), names)
    assert [row[0] for row in rows] == [1, 0, 0, 0, 0]
    assert [row[1] for row in rows] == [2, 2, 1, 2, 1]
    assert rows[4][3:6] == [0, 3, 5], "mentions count UTF-16 units, as the browser does"
    assert names.names == ["Ann"]
