"""Annotated articles with their wording changed throughout: sentence, title and context alike."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stancewire.data.article import Article, Part, Sentence
from stancewire.data.corpus import AnnotatedSentence, Corpus
from stancewire.features.context import sentence_inputs
from stancewire.features.examples import attributions_of
from stancewire.models.bundle import Bundle
from stancewire.models.predictor import Predictor, Prepared

Change = Callable[[str], str]
GAP = "\n\n"


def changed_records(bundle: Bundle, corpus: Corpus, change: Change) -> list[Mapping[str, Any]]:
    """Return the records of all annotated sentences of ``corpus`` after ``change`` of every text, in article order.

    Articles are put together from their annotated sentences, so that changed and unchanged ones have equal boundaries.
    """
    prepared = [
        _prepared(bundle, corpus, name, [change(row.text) for row in rows]) for name, rows in corpus.by_article.items()
    ]
    return [record for records in Predictor(bundle, bundle.name).predict(prepared) for record in records]


def _prepared(bundle: Bundle, corpus: Corpus, name: str, texts: Sequence[str]) -> Prepared:
    rows = corpus.by_article[name]
    parts: dict[Part, str] = {part: _joined(rows, texts, part) for part in ("title", "body")}
    ends: dict[Part, int] = {"title": 0, "body": 0}
    units = []
    for row, text in zip(rows, texts, strict=True):
        start = ends[row.part]
        units.append(Sentence(row.position, row.part, start, start + len(text), text))
        ends[row.part] = start + len(text) + len(GAP)
    article = Article(id=name, text=parts["body"], title=parts["title"] or None)
    attributions = attributions_of(article, units, bundle.codebook)
    inputs = sentence_inputs(units, article.title, attributions, [row.target for row in rows])
    return Prepared(article, units, {found.sentence: found for found in attributions}, inputs)


def _joined(rows: Sequence[AnnotatedSentence], texts: Sequence[str], part: Part) -> str:
    return GAP.join(text for row, text in zip(rows, texts, strict=True) if row.part == part)
