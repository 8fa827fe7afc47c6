"""The error browser: complete, self-contained, and safe with hostile text."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from stancewire.models.evaluation.browser import browser_data, error_browser
from stancewire.models.evaluation.results import Frame
from tests.evaluation.conftest import MakeScored

HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> ' \" \u202e"


def embedded(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_every_sentence_label_and_annotator_is_there(make_scored: MakeScored, frame: Frame) -> None:
    scored = make_scored()
    data = embedded(error_browser(scored, frame.passes, frame.corpus.titles))
    assert data == browser_data(scored, frame.passes, frame.corpus.titles)
    sentences, tasks = data["sentences"], data["tasks"]
    assert isinstance(sentences, list) and isinstance(tasks, list)
    assert [row["id"] for row in sentences] == [row.id for row in scored.sentences]
    assert all(len(row["passes"]) == 2 for row in sentences)
    for shown, task in zip(tasks, scored.tasks, strict=True):
        assert shown["gold"] == scored.gold(task).tolist()
        assert shown["predicted"] == scored.predicted[task.name].tolist()


def test_nothing_is_fetched(make_scored: MakeScored, frame: Frame) -> None:
    page = error_browser(make_scored(), {}, frame.corpus.titles)
    assert "default-src 'none'" in page
    assert not re.search(r"<(link|img|iframe)\b|\bsrc=|@import|url\(", page.split('id="data"')[0])


def test_hostile_text_stays_text(make_scored: MakeScored, frame: Frame) -> None:
    scored = make_scored(HOSTILE)
    hostile = replace(scored, sentences=(replace(scored.sentences[0], text=HOSTILE), *scored.sentences[1:]))
    page = error_browser(hostile, {}, {scored.sentences[0].article: HOSTILE})
    assert "<img" not in page
    assert page.count("<script") == 2
    sentences = embedded(page)["sentences"]
    assert isinstance(sentences, list) and sentences[0]["text"] == HOSTILE


@pytest.mark.browser
@pytest.mark.slow
def test_a_cell_opens_its_sentences_most_confident_first(make_scored: MakeScored, frame: Frame, tmp_path: Path) -> None:
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.common.exceptions import WebDriverException

    scored = make_scored(HOSTILE)
    hostile = replace(scored, sentences=(replace(scored.sentences[0], text=HOSTILE), *scored.sentences[1:]))
    path = tmp_path / "errors.html"
    path.write_text(error_browser(hostile, frame.passes, frame.corpus.titles), encoding="utf-8")
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    try:
        driver = webdriver.Chrome(options=options)
    except WebDriverException as error:
        pytest.skip(f"no browser: {error.msg}")
    try:
        driver.get(path.as_uri())
        task = scored.tasks[2]
        driver.find_elements("css selector", "nav button")[2].click()
        cell = next(
            one for one in driver.find_elements("css selector", ".cell") if "right" not in one.get_attribute("class")
        )
        size = int(cell.text)
        cell.click()
        cards = driver.find_elements("css selector", "#list article")
        assert len(cards) == min(size, 50)
        lines = [card.find_elements("css selector", ".facts")[-1].text for card in cards]
        tops = [float(re.findall(r"\d\.\d\d", line)[0]) for line in lines]
        assert tops == sorted(tops, reverse=True)
        assert driver.find_element("id", "head").text == task.title
        assert "owned" not in driver.title.replace(HOSTILE, "")
        assert not [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    finally:
        driver.quit()
