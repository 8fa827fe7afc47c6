import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from stancewire.data.codebook import Codebook, load_codebook
from tests.views.browsing import Browser, started

ROOT = Path(__file__).parents[2]
Record = dict[str, object]

OUTLETS = ("Daily Ledger", "Harbour Post", "Northern Wire", "The Observer of Things", "Evening Courier")


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()


def _lines(name: str) -> list[Record]:
    path = ROOT / "data" / "annotations" / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def gold_records(codebook: Codebook, seed: int = 5, dressed: bool = True) -> list[Record]:
    """The annotated corpus as records. Probabilities are drawn (seeded); ``dressed`` adds invented outlets and days."""
    draw = np.random.default_rng(seed)
    articles = {str(a["article"]): a for a in _lines("articles.jsonl")}
    texts: dict[str, str] = {}
    records: list[Record] = []
    number: dict[str, int] = {}
    days: dict[str, date] = {}
    for item in _lines("annotations.jsonl"):
        article = articles[str(item["article"])]
        name = str(item["document"])
        if name not in texts:
            with (ROOT / "seeds" / name).open(encoding="utf-8", newline="") as stream:
                texts[name] = stream.read()
        begin, end = int(str(item["start"])), int(str(item["end"]))
        text = texts[name][begin:end]
        key = str(item["article"])
        index = number.get(key, 0)
        number[key] = index + 1
        if key not in days:
            days[key] = date(2015, 9, 28) + timedelta(
                days=int(draw.integers(0, 90)) + (150 if len(days) % 3 == 0 else 0)
            )
        start = 0 if text == article["title"] else begin - int(str(article["start"]))
        mention = item["speaker_mention"]
        at = text.find(str(mention)) if mention else -1
        record: Record = {
            "article_id": key, "title": article["title"],
            "source": OUTLETS[hash_of(key) % len(OUTLETS)] if dressed else None,
            "published": days[key].isoformat() if dressed else None,
            "url": f"https://example.org/{key}" if dressed else None,
            "part": "title" if text == article["title"] else "body", "sentence": index,
            "text": text, "start": start, "end": start + len(text),
            "speaker": item["speaker"], "speaker_mention": mention,
            "mention_start": start + at if at >= 0 else None,
            "mention_end": start + at + len(str(mention)) if at >= 0 else None,
            "duplicate_of": None, "model": "models:/stancewire/0", "schema_version": 1,
        }  # fmt: skip
        sure = []
        for task in codebook.tasks:
            record[task.name] = item[task.name]
            if task.probability:
                sure.append(round(float(draw.beta(6, 1.4)), 4))
                record[f"{task.name}_probability"] = sure[-1]
        record["needs_review"] = min(sure) < 0.5
        records.append(record)
    return records


def hash_of(text: str) -> int:
    return sum(text.encode()) * 7


@pytest.fixture(scope="session")
def gold(codebook: Codebook) -> list[Record]:
    return gold_records(codebook)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    yield from started()


@pytest.fixture
def make_record() -> Callable[..., Record]:
    def make(article: str = "a", sentence: int = 0, text: str = "A sentence.", **changes: object) -> Record:
        start = sentence * 100
        record: Record = {
            "article_id": article, "title": f"Title of {article}", "source": None, "published": None, "url": None,
            "part": "body", "sentence": sentence, "text": text, "start": start, "end": start + len(text),
            "speaker": None, "speaker_mention": None, "mention_start": None, "mention_end": None,
            "speaker_group": "narrator", "quotation": "none", "stance": "neutral", "claim_type": "report",
            "speaker_group_probability": 0.9, "stance_probability": 0.8, "claim_type_probability": 0.7,
            "needs_review": False, "duplicate_of": None, "model": "models:/stancewire/1", "schema_version": 1,
        }  # fmt: skip
        return record | changes

    return make
