import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.views import report as module
from stancewire.data.views.meta import Quality, ReportMeta
from stancewire.data.views.report import write_report

Make = Callable[..., dict[str, object]]


def data_of(page: Path) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', page.read_text(encoding="utf-8"), re.S
    )
    assert found
    return dict(json.loads(found.group(1)))


def test_two_hundred_articles_stay_one_file_below_five_megabytes(
    gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path
) -> None:
    records = (row | {"article_id": f"{row['article_id']}/{k}"} for k in range(5) for row in gold)
    summary = write_report(records, tmp_path / "report.html", ReportMeta(), codebook)
    assert summary.articles == 230
    assert summary.pages == 0
    assert summary.files is None
    assert summary.size < 5e6
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_page_asks_for_nothing_from_elsewhere(
    gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    write_report(gold, page, ReportMeta(), codebook)
    text = re.sub(r"<script.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r'(src|href)="(?!#|data:,)', text)
    assert "url(" not in text
    assert "default-src 'none'" in text


def test_meta_and_model_reach_the_page(gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path) -> None:
    quality = (Quality(task="stance", score=0.6, low=0.5, high=0.7),)
    meta = ReportMeta(quality=quality, measured_on="the test split", rejected={"empty": 2}, title="A & B")
    write_report(gold[:30], tmp_path / "r.html", meta, codebook)
    found = data_of(tmp_path / "r.html")["meta"]
    assert found["model"] == "models:/stancewire/0"
    assert found["rejected"] == {"empty": 2}
    assert found["quality"][0] == {"task": "stance", "score": 0.6, "low": 0.5, "high": 0.7, "metric": "macro-F1"}
    assert "<title>A &amp; B</title>" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_many_articles_get_pages_that_the_overview_links(
    gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INLINE_ARTICLES", 10)
    summary = write_report(gold, tmp_path / "r.html", ReportMeta(), codebook)
    assert summary.pages == summary.articles == 46
    data = data_of(tmp_path / "r.html")
    assert all("s" not in article for article in data["articles"])
    for article in data["articles"]:
        assert (tmp_path / article["p"]).is_file()
    page = data_of(tmp_path / data["articles"][3]["p"])
    assert page["head"]["id"] == data["articles"][3]["id"]
    assert len(page["s"]) == data["articles"][3]["n"]
    statement = data["actors"][0]["st"][0]
    assert statement[2] == data_of(tmp_path / data["articles"][statement[0]]["p"])["s"][statement[1]][2]
    write_report(gold[:21], tmp_path / "r.html", ReportMeta(), codebook)
    assert not (tmp_path / "r_files").exists(), "a later report of one file leaves no stale pages"


def test_a_ten_megabyte_article_is_cut_for_the_page_only(make_record: Make, codebook: Codebook, tmp_path: Path) -> None:
    long = [make_record("long", i, "All work and no play. " * 23) for i in range(10_000)]
    wide = make_record("wide", 0, "x" * 10_000_000, speaker="Ann", speaker_group="other", stance="support")
    summary = write_report([*long, wide, make_record("short")], tmp_path / "r.html", ReportMeta(), codebook)
    assert summary.sentences == 10_002
    assert summary.size < 2e6
    data = data_of(tmp_path / "r.html")
    assert [article.get("p") is not None for article in data["articles"]] == [True, False, False]
    assert data["articles"][0]["n"] == 10_000
    page = tmp_path / data["articles"][0]["p"]
    assert page.stat().st_size < 3e6
    assert len(data_of(page)["s"]) == 3000
    assert len(data["articles"][1]["s"][0][2]) == 4001


def test_nothing_is_left_behind_by_a_failure(make_record: Make, codebook: Codebook, tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    write_report([make_record()], page, ReportMeta(), codebook)
    before = page.read_bytes()
    with pytest.raises(DataError, match="record 2"):
        write_report([make_record("a"), make_record("b", stance="?")], page, ReportMeta(), codebook)
    assert page.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


def test_a_folder_that_is_not_a_reports_is_left_alone(make_record: Make, codebook: Codebook, tmp_path: Path) -> None:
    mine = tmp_path / "r_files"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(DataError, match="not a report's folder"):
        write_report([make_record()], tmp_path / "r.html", ReportMeta(), codebook)
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_the_same_records_give_the_same_bytes(
    gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path
) -> None:
    for name in ("one.html", "two.html"):
        write_report(gold, tmp_path / name, ReportMeta(), codebook)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
