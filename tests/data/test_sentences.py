"""Segmentation: the annotated spans, the hard cases of news text, and rules that hold for any text."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stancewire.data.article import Article
from stancewire.data.sentences import MAX_UNIT, _blank, _pieces, segment, spans

ROOT = Path(__file__).parents[2]


def units(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in spans(text, language)]


def gold() -> Iterator[tuple[str, str, set[tuple[int, int]]]]:
    """Yield each annotated article: name, text, annotated spans within that text."""
    folder = ROOT / "data" / "annotations"
    articles = [json.loads(line) for line in (folder / "articles.jsonl").open(encoding="utf-8")]
    annotated = [json.loads(line) for line in (folder / "annotations.jsonl").open(encoding="utf-8")]
    for article in articles:
        with (ROOT / "seeds" / article["document"]).open(encoding="utf-8", newline="") as stream:
            document = stream.read()
        start = article["start"]
        found = {
            (one["start"] - start, one["end"] - start) for one in annotated if one["article"] == article["article"]
        }
        yield article["article"], document[start : article["end"]], found


def test_boundary_f1_on_the_annotated_articles() -> None:
    hit = wrong = missed = 0
    for _, text, annotated in gold():
        ends = {end for _, end in annotated}
        found = {end for _, end in spans(text)}
        hit, wrong, missed = hit + len(ends & found), wrong + len(found - ends), missed + len(ends - found)
    assert hit + missed == 1080
    assert 2 * hit / (2 * hit + wrong + missed) >= 0.99


def test_no_annotated_span_is_cut_short_or_drawn_out() -> None:
    exact = sum(len(annotated & set(spans(text))) for _, text, annotated in gold())
    assert exact >= 0.99 * 1080


def test_synthetic_sentences_come_back_from_one_paragraph() -> None:
    """Sentences of the synthetic articles, five joined to a paragraph, where they end as sentences do."""
    lines = (ROOT / "data" / "annotations" / "synthetic.jsonl").open(encoding="utf-8")
    sentences = [json.loads(line)["text"] for line in lines]
    whole = [text for text in sentences if text.rstrip("\"”’')")[-1] in ".?!"]
    kept = 0
    for first in range(0, len(whole), 5):
        paragraph = whole[first : first + 5]
        kept += len(set(units(" ".join(paragraph))) & set(paragraph))
    assert kept >= 0.995 * len(whole)


@pytest.mark.parametrize(
    "text",
    [
        "He met Lt. Gen. Gadi Eisenkot, Col. Steve Warren and Sgt. Bilko in the U.S. State Department on Nov. 26.",
        "Brig. Gen. (res.) Nimrod Voss told Maj. Gen. (ret.) Jan Keller so.",
        "Ms. Ostrowicki told Amb. Power, Cmdr. Ivan and Pte. Kokorin so.",
        "J. R. R. Tolkien and George W. Bush met V. Putin near St. Petersburg.",
        "It was No. 5 of approx. 20 in Vol. 2, for $3.5 billion or 1.5 mln roubles.",
        "It began at 5 p.m. Moscow time.",
        "It began at 5 p.m. (1400 GMT) on Tues. Nov. 3 and ended at 3 a.m. Thursday.",
        "“Stop!” he said.",
        '"Why?" asked Mr. Lavrov.',
        '"Why now?" Putin asked reporters.',
        "“By what right do we meddle?” Bohumil Hrnko, an adviser to the government, asked.",
        "He said… and then he left.",
        "See www.example.com or Gazeta.Ru for the U.S.-led coalition's figures, e.g. in English.",
        "Maj.-Gen. Igor Konashenkov, i.e. A spokesman, of the U.S. A-10 unit.",
        "MOSCOW (AP) — The U.N. Security Council met.",
        "1. A Russian Su-34 taxis past.",
        "Then (he left. He came.) he slept.",
        "Yahoo! said so.",
    ],
)
def test_one_sentence_stays_whole(text: str) -> None:
    assert units(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We go. They stay. Who knows? I do.” He left",
         ["“We go.", "They stay.", "Who knows?", "I do.”", "He left"]),
        ('He said, "We go. They stay." "No." He left.', ['He said, "We go.', 'They stay."', '"No."', "He left."]),
        ("«We go. They stay.» „Ich. Du.“ Er ging.", ["«We go.", "They stay.»", "„Ich.", "Du.“", "Er ging."]),
        ("« On part. » Il sort.", ["« On part. »", "Il sort."]),
        ("'Go.' ‘Stay. Russia’s here.’ He left.", ["'Go.'", "‘Stay.", "Russia’s here.’", "He left."]),
        ("He asked for help… There is a need.", ["He asked for help…", "There is a need."]),
        ("What?! He left... Really?? Yes.", ["What?!", "He left...", "Really??", "Yes."]),
        ("He went to the U.S. The president stayed until 5 p.m. The army left.",
         ["He went to the U.S.", "The president stayed until 5 p.m.", "The army left."]),
        ("He told me. Putin left in May. Lavrov told RT. Moscow said no. Assad agreed.",
         ["He told me.", "Putin left in May.", "Lavrov told RT.", "Moscow said no.", "Assad agreed."]),
        ("Was it the U.S.? No. It's the U.K. A spokesman left the U.N. They're gone.",
         ["Was it the U.S.?", "No.", "It's the U.K.", "A spokesman left the U.N.", "They're gone."]),
        ("It ended on Nov. 26. He was 5. The next is 6.", ["It ended on Nov. 26.", "He was 5.", "The next is 6."]),
        ("He spoke. (They left. She came.) It ended. [Only] then it rained.",
         ["He spoke.", "(They left.", "She came.)", "It ended.", "[Only] then it rained."]),
        ("“Would they be segregated?” Issam Rayyes, spokesman, told Reuters.",
         ["“Would they be segregated?”", "Issam Rayyes, spokesman, told Reuters."]),
        ("Heading\nMOSCOW, Sept 30\r\n- one item\r- another\u2028He left. She came.\n\n\xa0\n",
         ["Heading", "MOSCOW, Sept 30", "- one item", "- another", "He left.", "She came."]),
        ("😀 Да. «Он ушёл. Она нет.» Конец.", ["😀 Да.", "«Он ушёл.", "Она нет.»", "Конец."]),
        ("行く。来る。", ["行く。", "来る。"]),
    ],
)  # fmt: skip
def test_sentences_are_cut_where_they_end(text: str, expected: list[str]) -> None:
    assert units(text) == expected


def test_title_units_come_first_and_offsets_refer_to_the_part() -> None:
    article = Article("a", " Body one.  Body two. ", title="Title one. Two")
    found = segment(article)
    assert [(one.index, one.part, one.text) for one in found] == [
        (0, "title", "Title one."), (1, "title", "Two"), (2, "body", "Body one."), (3, "body", "Body two."),
    ]  # fmt: skip
    assert all(article.part(one.part)[one.start : one.end] == one.text for one in found)


def test_an_article_without_text_has_no_units() -> None:
    assert segment(Article("a", " \n\u200b\ufeff\t ", title=None)) == []


PIECES = st.sampled_from(
    [
        *"aB. .. \"“”'’‘()[]…?!\n\r\xa0\u200b«»„,;:—é😀行。。",
        "U.S. ",
        "Mr. ",
        " he said",
        "p.m. ",
        "me. ",
        "J.\xa0B",
        "\ud800",
        "\x00",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=60).map("".join)))
@example("J.\xa0B. C")
@example("a. " * MAX_UNIT)
def test_units_cover_every_visible_character_once_and_in_order(text: str) -> None:
    before = 0
    for start, end in spans(text):
        assert before <= start < end <= len(text)
        assert end - start <= MAX_UNIT
        assert not _blank(text[start])
        assert not _blank(text[end - 1])
        assert all(_blank(char) for char in text[before:start])
        before = end
    assert all(_blank(char) for char in text[before:])


@pytest.mark.parametrize(
    "pattern", ["x", ".", '"', "“a. ", "( ", "a? “", "\xa0", "U.S. ", "“Go!” he ", ". (a b", "me. B"]
)
def test_a_huge_line_gives_bounded_units_that_cover_it(pattern: str) -> None:
    text = "Start " + pattern * (300_000 // len(pattern)) + " end."
    found = list(spans(text))
    assert max(end - start for start, end in found) <= MAX_UNIT
    visible = sum(not _blank(char) for char in text)
    assert sum(not _blank(char) for start, end in found for char in text[start:end]) == visible


def test_a_long_line_is_cut_like_a_short_one() -> None:
    """The library sees windows of a long line; abbreviations at a window's rim are not cut for that."""
    sentences = ["Lt. Gen. Gadi Eisenkot of the U.S. Army left St. Petersburg at 5 p.m. Moscow time.", "“Go!” he said."]
    paragraph = sentences * (5 * MAX_UNIT // 100)
    assert units(" ".join(paragraph)) == paragraph


def test_a_panic_of_the_library_costs_no_text(capfd: pytest.CaptureFixture[str]) -> None:
    assert _pieces("He left. Plan B\xa0. She came.", "en") == ["He left. ", "Plan B\xa0. ", "She came."]
    assert "panicked" in capfd.readouterr().err
    assert units("He left. Plan B\xa0. She came.") == ["He left.", "Plan B\xa0.", "She came."]
    assert capfd.readouterr().err == ""


def test_an_unknown_language_is_segmented_all_the_same() -> None:
    assert units("He left. She came.", "tlh") == ["He left.", "She came."]
