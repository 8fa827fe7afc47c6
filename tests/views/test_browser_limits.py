"""The report in a real browser, at its limits: hostile text, very many and very long articles, other codebooks, nothing."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.views import report as module
from stancewire.data.views.meta import ReportMeta
from stancewire.data.views.report import write_report
from tests.views.browsing import Browser, all_of, complaints, one, opened, press, saved

pytestmark = pytest.mark.browser

Make = Callable[..., dict[str, object]]

BAD = '"><img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script><!--'


def hostile(make: Make) -> list[dict[str, object]]:
    said: dict[str, object] = {"speaker": BAD, "speaker_group": "russia", "url": "javascript:window.hacked=1"}
    said |= {"title": f"<script>window.hacked=1</script>{BAD}", "source": BAD, "published": "2016-01-01"}
    evil = make("evil", 0, f"{BAD} \u202eevil\u202c \x00", stance="support", mention_start=0, mention_end=5, **said)
    foe = make("foe", 0, "It is bad.", stance="oppose", **(said | {"speaker": "x' onmouseover='window.hacked=1"}))
    copy = make("copy", 0, BAD, duplicate_of="<b>not here</b>", **said)
    kind = make("kind", 0, "Fine.", url='https://example.org/"onclick="window.hacked=1')
    return [evil, foe, copy, kind]


@pytest.mark.parametrize("paged", [False, True])
def test_hostile_text_stays_text(
    paged: bool,
    browser: Browser,
    make_record: Make,
    codebook: Codebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "INLINE_ARTICLES", 0 if paged else 400)
    path = tmp_path / "report.html"
    meta = ReportMeta(title=BAD, model=BAD, note=BAD, measured_on=BAD, rejected={BAD: 1})
    write_report(hostile(make_record), path, meta, codebook)
    pages = [path, *sorted((tmp_path / "report_files").glob("*.html"))]
    assert len(pages) == (5 if paged else 1)
    for page in pages:
        opened(browser, page)
        for element in all_of(browser, "#actor-table .open, #theme"):
            press(browser, element)
        for sentence in all_of(browser, ".article-text .s"):
            webdriver.ActionChains(browser).move_to_element(sentence).perform()
        assert browser.execute_script("return window.hacked") is None
        assert all_of(browser, "img, iframe, object, [onerror], [onclick], [onmouseover]") == []
        links = browser.execute_script("return [...document.querySelectorAll('a[href]')].map((a) => a.protocol)")
        assert set(links) <= {"file:", "https:"}, links
        assert browser.title in {BAD.strip(), "Fine.", "Title of kind"} or BAD in browser.title
        assert complaints(browser) == []
    opened(browser, path)
    picture = ET.fromstring(saved(browser, tmp_path, "svg"))
    assert BAD[:20] in "".join(picture.itertext())
    assert {element.tag.rpartition("}")[2] for element in picture.iter()} <= {
        "svg",
        "g",
        "path",
        "rect",
        "text",
        "style",
    }
    opened(browser, pages[1] if paged else path)
    shown = one(browser, "#reader").text
    assert "\u2426evil\u2426 \u2400" in shown
    assert BAD in shown


def test_many_articles_and_a_long_one_open_on_their_pages(
    browser: Browser,
    gold: list[dict[str, object]],
    make_record: Make,
    codebook: Codebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "INLINE_ARTICLES", 10)
    long = [make_record("long", i, "All work and no play. " * 45) for i in range(10_000)]
    path = tmp_path / "report.html"
    write_report([*gold, *long], path, ReportMeta(), codebook)
    opened(browser, path)
    press(browser, one(browser, "#actor-table .open"))
    item = one(browser, "tr.inner li")
    said = one(item, ".words").text.removesuffix("…")
    press(browser, one(item, ".to-article"))
    WebDriverWait(browser, 10).until(lambda b: "report_files" in b.current_url)
    assert one(browser.switch_to.active_element, ".words").text.startswith(said)
    assert one(browser, ".card").is_displayed()
    assert one(browser, ".bar").value_of_css_property("position") == "sticky", "the shared style is missing"
    press(browser, one(browser, ".bar a"))
    WebDriverWait(browser, 10).until(lambda b: b.current_url.endswith("report.html#articles"))
    opened(browser, tmp_path / "report_files" / "article-000046.html")
    assert "7,000 further sentences" in one(browser, "#reader").text
    assert complaints(browser) == []


@pytest.mark.slow
def test_ten_thousand_articles_open(
    browser: Browser, gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path
) -> None:
    few = [row for row in gold if int(str(row["sentence"])) < 5]
    records = (row | {"article_id": f"{row['article_id']}/{turn}"} for turn in range(218) for row in few)
    summary = write_report(records, tmp_path / "report.html", ReportMeta(), codebook)
    assert summary.pages == summary.articles == 46 * 218
    opened(browser, tmp_path / "report.html")
    assert "10,028" in one(browser, ".tiles").text
    assert len(all_of(browser, ".article-list li")) == 40
    find = one(browser, "#articles input[type=search]")
    press(browser, find)
    find.send_keys("rivlin to tell")
    assert one(browser, "#article-count").text == "218 articles of 10,028"
    press(browser, one(browser, ".article-list a"))
    WebDriverWait(browser, 10).until(lambda b: "report_files" in b.current_url)
    assert "Rivlin to tell Putin" in one(browser, "#reader").text
    assert complaints(browser) == []


OTHER = """
name: reviews
tasks:
  mood:
    title: Mood
    values:
      glad: {definition: happy}
      sad: {definition: unhappy}
"""


def test_a_codebook_without_roles_shows_what_there_is(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(OTHER, encoding="utf-8")
    records = [
        {"article_id": f"r{i}", "sentence": 0, "text": f"Review {i}.", "mood": mood, "mood_probability": 0.9}
        for i, mood in enumerate(["glad", "sad", "glad"])
    ]
    write_report(records, tmp_path / "r.html", ReportMeta(), load_codebook(tmp_path / "c.yaml"))
    opened(browser, tmp_path / "r.html")
    assert "Glad" in one(browser, "#overview").text
    assert "67 %" in one(browser, "#overview").text
    assert "no network" in one(browser, "#network").text
    assert len(all_of(browser, ".article-list li")) == 3
    assert complaints(browser) == []


def test_no_records_at_all(browser: Browser, codebook: Codebook, tmp_path: Path) -> None:
    write_report([], tmp_path / "r.html", ReportMeta(), codebook)
    opened(browser, tmp_path / "r.html")
    assert "No articles" in one(browser, "#overview").text
    assert complaints(browser) == []
