"""From the annotated corpus to what classifiers learn from; attribution is computed, never taken from the annotation."""

from collections.abc import Sequence
from itertools import accumulate

from stancewire.data.article import Article, Sentence
from stancewire.data.codebook import Codebook
from stancewire.data.corpus import AnnotatedSentence, Corpus
from stancewire.features.attribution.api import default_engine
from stancewire.features.attribution.engine import Engine
from stancewire.features.attribution.types import Attribution
from stancewire.features.context import sentence_inputs
from stancewire.features.inputs import Example, SentenceInput


def corpus_examples(corpus: Corpus, weight: float = 1.0, synthetic: bool = False) -> list[Example]:
    """Return one Example per annotated sentence, in corpus order."""
    examples = []
    for name, rows in corpus.by_article.items():
        article, units = corpus.article(name), corpus.units(name)
        attributions = attributions_of(article, units, corpus.codebook)
        targets = [row.target for row in rows]
        inputs = sentence_inputs(units, corpus.titles[name], attributions, targets)
        for row, given in zip(rows, inputs, strict=True):
            seen = given if row.before is None else _in_context(row, row.before, corpus.codebook)
            examples.append(Example(row.id, row.article, seen, row.labels, weight, synthetic))
    return examples


def _in_context(row: AnnotatedSentence, before: Sequence[str], codebook: Codebook) -> SentenceInput:
    """Return the input of a sentence that was annotated out of its article, as the predictor saw it there."""
    if row.part == "title":
        article, units = Article(row.article, "", row.text), [Sentence(0, "title", 0, len(row.text), row.text)]
    else:
        texts = [*before, row.text]
        ends = list(accumulate(len(text) + 1 for text in texts))
        article = Article(row.article, "\n".join(texts), row.title)
        units = [
            Sentence(index, "body", end - 1 - len(text), end - 1, text)
            for index, (text, end) in enumerate(zip(texts, ends, strict=True))
        ]
    attributions = attributions_of(article, units, codebook)
    return sentence_inputs(units, article.title, attributions, [row.target] * len(units))[-1]


def attributions_of(
    article: Article, sentences: list[Sentence], codebook: Codebook, engine: Engine | None = None
) -> list[Attribution]:
    """Return the article's attributions by ``engine`` (the default one), none where the codebook asks for no speakers."""
    return (engine or default_engine()).attribute(article, sentences) if codebook.attribution else []
