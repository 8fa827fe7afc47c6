"""The corpus as a ``datasets.DatasetDict``, one row a sentence with its context."""

from typing import Any

from datasets import ClassLabel, Dataset, DatasetDict, Features, Sequence, Value

from stancewire.data.corpus import Corpus
from stancewire.data.splits import SHARES, Split, load_split


def to_dataset(corpus: Corpus, split: Split | None = None) -> DatasetDict:
    """Return train, validation and test. ``split`` defaults to the committed one.

    A row holds id, article, document, part, position, start, end, text, title, previous (the sentences before it in the
    article, oldest first), speaker, speaker_mention, target, and each task as a ClassLabel in the codebook's order.
    """
    split = split or load_split(corpus)
    features = _features(corpus)
    return DatasetDict({
        name: Dataset.from_list([row for article in split.part(name) for row in _rows(corpus, article)], features=features)
        for name in SHARES
    })  # fmt: skip


def _features(corpus: Corpus) -> Features:
    text, number = Value("string"), Value("int64")
    names = ("id", "article", "document", "part", "text", "title", "speaker", "speaker_mention", "target")
    columns: dict[str, Any] = dict.fromkeys(names, text) | dict.fromkeys(("position", "start", "end"), number)
    columns["previous"] = Sequence(text)
    return Features(columns | {task.name: ClassLabel(names=list(task.names)) for task in corpus.codebook.tasks})


def _rows(corpus: Corpus, article: str) -> list[dict[str, Any]]:
    sentences = corpus.by_article[article]
    return [
        {
            "id": row.id, "article": row.article, "document": row.document, "part": row.part, "position": row.position,
            "start": row.start, "end": row.end, "text": row.text, "title": corpus.titles[article],
            "previous": [one.text for one in sentences[: row.position]],
            "speaker": row.speaker, "speaker_mention": row.speaker_mention, "target": row.target, **row.labels,
        }
        for row in sentences
    ]  # fmt: skip
