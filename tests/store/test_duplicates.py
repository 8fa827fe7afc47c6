"""Near-duplicates: found, attributed to the earliest article, and never invented between different seed articles."""

import json
import random
import sqlite3
from pathlib import Path

import pytest

from stancewire.data.duplicates import NearDuplicates, group_duplicates

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seed_texts() -> list[str]:
    documents: dict[str, str] = {}
    texts = []
    for line in (ROOT / "data/annotations/articles.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        name = article["document"]
        if name not in documents:
            documents[name] = (ROOT / "seeds" / name).read_bytes().decode()
        texts.append(documents[name][article["start"] : article["end"]])
    return texts


def substitute(text: str, share: float, seed: int) -> str:
    chance = random.Random(seed)
    words = text.split(" ")
    return " ".join(chance.choice(words) if chance.random() < share else word for word in words)


def test_different_seed_articles_are_no_duplicates(seed_texts: list[str]) -> None:
    assert group_duplicates(seed_texts) == list(range(len(seed_texts)))
    index = NearDuplicates()
    assert [index.add(str(n), text) for n, text in enumerate(seed_texts)] == [None] * len(seed_texts)


def test_edited_copies_of_every_seed_article_are_found(seed_texts: list[str]) -> None:
    index = NearDuplicates()
    for number, text in enumerate(seed_texts):
        index.add(f"original-{number}", text)
    wire = "By our correspondent. {} Sign up for our newsletter and follow us."
    found = [index.add(f"copy-{n}", wire.format(substitute(t, 0.05, n))) for n, t in enumerate(seed_texts)]
    missed = [n for n, original in enumerate(found) if original != f"original-{n}"]
    assert len(missed) <= 1, missed


def test_a_copy_of_a_copy_names_the_original(seed_texts: list[str]) -> None:
    index = NearDuplicates()
    assert index.add("a", seed_texts[0]) is None
    assert index.add("b", seed_texts[0] + " One more line.") == "a"
    assert index.add("c", seed_texts[0] + " One more line.") == "a"


def test_an_article_is_no_duplicate_of_its_own_earlier_version(seed_texts: list[str]) -> None:
    index = NearDuplicates()
    assert index.add("a", seed_texts[0]) is None
    assert index.add("a", seed_texts[0] + " Updated.") is None
    assert index.add("b", seed_texts[0]) == "a"


def test_the_index_outlives_the_process(seed_texts: list[str], tmp_path: Path) -> None:
    first = sqlite3.connect(tmp_path / "index.sqlite", isolation_level=None)
    NearDuplicates(first).add("a", seed_texts[1])
    first.close()
    again = NearDuplicates(sqlite3.connect(tmp_path / "index.sqlite", isolation_level=None))
    assert again.add("b", seed_texts[1].upper()) == "a"


def test_groups_join_and_count_by_first_appearance(seed_texts: list[str]) -> None:
    texts = [seed_texts[0], "", seed_texts[1], seed_texts[0] + " More.", "two words", seed_texts[1], "two words"]
    assert group_duplicates(texts) == [0, 1, 2, 0, 3, 2, 3]
    assert group_duplicates([]) == []
