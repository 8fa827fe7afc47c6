"""The report in a real browser: what a reader clicks, types, sees and saves."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from stancewire.data.codebook import Codebook
from stancewire.data.views.meta import Quality, ReportMeta
from stancewire.data.views.names import name_joiner
from stancewire.data.views.report import write_report
from tests.views.browsing import Browser, all_of, channels, colours, complaints, one, opened, press, saved

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(gold: list[dict[str, object]], codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    copy = [row | {"article_id": f"copy-{row['article_id']}", "duplicate_of": row["article_id"]} for row in gold[:21]]
    meta = ReportMeta(quality=(Quality(task="stance", score=0.6, low=0.5, high=0.7),), rejected={"empty": 3})
    write_report([*gold, *copy], path, meta, codebook)
    return path


@pytest.fixture
def report(browser: Browser, page: Path) -> Iterator[Browser]:
    opened(browser, page)
    yield browser
    assert complaints(browser) == []


def test_it_opens_complete_and_without_a_request(report: Browser) -> None:
    assert report.execute_script("return document.documentElement.dataset.ready") == "true"
    assert report.execute_script("return performance.getEntriesByType('resource').length") == 0
    for section in ("overview", "actors", "time", "outlets", "articles", "network"):
        assert len(one(report, f"#{section}").text) > 100, section
    tiles = one(report, ".tiles").text
    for words in ("47", "1,101", "1,080 outside repeats", "1 repeat another"):
        assert words in tiles, tiles
    assert "0.50–0.70" in one(report, "#overview").text
    shot = report.get_screenshot_as_png()
    assert colours(shot) > 200, "the screenshot is blank"


def test_charts_are_drawn_and_have_their_figures_as_tables(report: Browser) -> None:
    for section in ("overview", "actors", "time", "network"):
        box = one(report, f"#{section} .chart")
        report.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
        WebDriverWait(report, 5).until(lambda _, box=box: len(all_of(box, "svg path")) > 10)
        assert box.get_attribute("role") == "img"
        assert "table" in str(box.get_attribute("aria-label"))
        assert colours(box.screenshot_as_png) > 20, section
    rows = one(report, "#overview figure details table").get_attribute("textContent")
    assert rows and "Russia (271)" in rows


def test_speakers_sort_by_every_column_and_say_so(report: Browser) -> None:
    def column(index: int) -> list[str]:
        return [row.text for row in all_of(report, f"#actor-table tbody tr > *:nth-child({index})")]

    counts = [int(text) for text in column(3)]
    assert counts == sorted(counts, reverse=True)
    head = one(report, "#actor-table th[data-key=name]")
    press(report, one(head, "button"))
    assert head.get_attribute("aria-sort") == "ascending"
    names = [text.lower() for text in column(1)]
    assert names == sorted(names)
    press(report, one(head, "button"))
    assert head.get_attribute("aria-sort") == "descending"
    assert len(all_of(report, "#actor-table [aria-sort]")) == 1
    assert "Sorted by Speaker, descending" in one(report, "#live").get_attribute("textContent")


def test_speakers_filter_by_name_group_and_side(
    report: Browser, gold: list[dict[str, object]], codebook: Codebook
) -> None:
    join = name_joiner(codebook)
    speakers = len({join(str(row["speaker"]), str(row["speaker_group"])) for row in gold if row["speaker"]})
    box = one(report, "#actors input[type=search]")
    press(report, box)
    box.send_keys("ministry")
    names = [row.text for row in all_of(report, "#actor-table tbody th")]
    assert names
    assert all("ministry" in name.lower() for name in names)
    assert one(report, "#actor-count").text.startswith(f"{len(names)} speakers of {speakers}")
    box.clear()
    box.send_keys(" ")
    Select(one(report, "#actors select")).select_by_visible_text("Turkey")
    groups = {row.text for row in all_of(report, "#actor-table tbody td:nth-child(2)")}
    assert groups == {"Turkey"}
    press(report, one(report, "#actors input[type=checkbox]"))
    assert "takes no side" not in one(report, "#actor-table").text


def test_a_statement_leads_to_its_sentence_in_its_article(report: Browser) -> None:
    button = next(b for b in all_of(report, "#actor-table .open") if b.text == "Vladimir Putin")
    press(report, button)
    assert button.get_attribute("aria-expanded") == "true"
    item = one(report, "tr.inner li")
    said = one(item, ".words").text
    title = one(item, ".to-article").text
    assert "Support" in item.text
    press(report, one(item, ".to-article"))
    WebDriverWait(report, 5).until(
        lambda b: b.execute_script("return document.activeElement.className").startswith("s")
    )
    focused = report.switch_to.active_element
    assert one(focused, ".words").text == said
    assert one(report, ".headline[aria-current]").text == title
    card = one(report, ".card")
    assert card.is_displayed()
    assert "Vladimir Putin" in card.text
    assert "%" in card.text


def test_details_on_hover_and_on_focus_by_keyboard(report: Browser) -> None:
    first, second = all_of(report, "#articles .article-text .s")[:2]
    card = one(report, ".card")
    assert not card.is_displayed()
    report.execute_script("arguments[0].scrollIntoView({block: 'center'})", first)
    webdriver.ActionChains(report).move_to_element(one(first, ".words")).perform()
    assert card.is_displayed()
    hovered = card.text
    webdriver.ActionChains(report).move_to_element(one(report, "#articles h2")).perform()
    assert not card.is_displayed()
    report.execute_script("arguments[0].focus()", first)
    assert card.text == hovered
    assert first.get_attribute("aria-describedby") == card.get_attribute("id")
    first.send_keys(Keys.ARROW_RIGHT)
    assert report.switch_to.active_element == second
    assert card.text != hovered
    second.send_keys(Keys.ESCAPE)
    assert not card.is_displayed()


def test_articles_filter_and_mark_what_was_asked_for(report: Browser, gold: list[dict[str, object]]) -> None:
    wanted = {row["article_id"] for row in gold if row["needs_review"]}
    again = {row["article_id"] for row in gold[:21] if row["needs_review"]}
    review = next(label for label in all_of(report, "#articles label") if label.text == "Needs review")
    press(report, one(review, "input"))
    assert one(report, "#article-count").text == f"{len(wanted) + bool(again)} articles of 47"
    shown = all_of(report, "#articles .article-text .s")
    assert {("dim" in str(s.get_attribute("class"))) for s in shown} == {True, False}
    assert all(
        "to-review" in str(s.get_attribute("class")) for s in shown if "dim" not in str(s.get_attribute("class"))
    )
    press(report, one(review, "input"))
    find = one(report, "#articles input[type=search]")
    press(report, find)
    find.send_keys("Hamadan")
    texts = {str(row["article_id"]) for row in gold if "hamadan" in f"{row['text']} {row['speaker']}".lower()}
    assert one(report, "#article-count").text.split()[0] == str(len(texts))
    assert "article of 47" in one(report, "#live").get_attribute("textContent")


def test_a_repeat_points_to_its_original(report: Browser) -> None:
    press(report, one(report, "#articles .list-pane button"))
    tag = one(report, "#articles .article-list .tag.dup")
    assert tag.text.startswith("⧉ Repeats Netanyahu describes mutual interests")
    press(report, one(tag, "a"))
    WebDriverWait(report, 5).until(lambda b: b.current_url.endswith("#article-0"))
    assert one(report, "#articles .reader .words").text.startswith("Netanyahu describes mutual interests")
    assert all_of(report, "#articles .reader .tag.dup") == []


def test_time_shows_gaps_and_follows_the_group(report: Browser) -> None:
    table = one(report, "#time details table")
    rows = [row.get_attribute("textContent") for row in all_of(table, "tbody tr")]
    assert [row for row in rows if row and row.startswith("Jan 2016")] == ["Jan 2016––––"]
    chart = one(report, "#time .chart")
    report.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    selects = all_of(report, "#time select")
    for who in ("Everybody", "Turkey"):
        Select(selects[1]).select_by_visible_text(who)
        rows = all_of(report, "#time details table tbody tr")
        empty = sum("–" in str(row.get_attribute("textContent")) for row in rows)
        bands = [band for band in all_of(chart, "svg path[fill='#dedad1']") if band.size["height"] > 150]
        assert len(bands) == empty > 0, who
    assert "Turkey" in one(report, "#time figure h3").text
    Select(selects[0]).select_by_visible_text("Week")
    assert len(all_of(report, "#time details table tbody tr")) > 20


def test_network_threshold_and_pictures(report: Browser, tmp_path: Path) -> None:
    slider = one(report, "#threshold")
    report.execute_script("arguments[0].scrollIntoView({block: 'center'})", slider)
    before = int(one(report, "#tie-table caption").text.split()[0])
    slider.send_keys(Keys.END)
    after = int(one(report, "#tie-table caption").text.split()[0])
    assert 0 < after < before
    slider.send_keys(Keys.HOME)
    assert int(one(report, "#tie-table caption").text.split()[0]) > before
    period = next(
        Select(label.find_element(By.TAG_NAME, "select"))
        for label in all_of(report, "#network label")
        if "Period" in label.text
    )
    period.select_by_visible_text("2015-12")
    assert int(one(report, "#tie-table caption").text.split()[0]) > 0
    Select(one(report, "#network select")).select_by_visible_text("Groups")
    assert "Russia" in one(report, "#tie-table").text
    assert "Russia" in "".join(ET.fromstring(saved(report, tmp_path, "svg")).itertext())
    assert colours(saved(report, tmp_path, "png")) > 50


def test_theme_print_and_narrow_windows(report: Browser) -> None:
    paper = "return getComputedStyle(document.body).backgroundColor"
    light = report.execute_script(paper)
    press(report, one(report, "#theme"))
    dark = report.execute_script(paper)
    assert sum(channels(dark)) < 150 < 600 < sum(channels(light))
    assert one(report, "#theme").get_attribute("aria-pressed") == "true"
    report.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert report.execute_script(paper) == "rgb(255, 255, 255)"
    assert not one(report, ".bar").is_displayed()
    report.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    metrics = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    report.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    overflow = report.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    report.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert overflow <= 0, "the page scrolls sideways on a phone"


def test_the_keyboard_reaches_the_figures_first(report: Browser) -> None:
    report.execute_script("document.body.focus()")
    webdriver.ActionChains(report).send_keys(Keys.TAB).perform()
    skip = report.switch_to.active_element
    assert skip.text == "Skip to the figures"
    assert skip.value_of_css_property("outline-style") == "solid"
    skip.send_keys(Keys.ENTER)
    assert report.switch_to.active_element.get_attribute("id") == "overview"
