"""From the annotated corpus to what classifiers learn from; attribution is computed, never taken from the annotation."""

from stancewire.data.article import Article, Sentence
from stancewire.data.codebook import Codebook
from stancewire.data.corpus import Corpus
from stancewire.features.attribution import attribute
from stancewire.features.attribution.types import Attribution
from stancewire.features.context import sentence_inputs
from stancewire.features.inputs import Example


def corpus_examples(corpus: Corpus, weight: float = 1.0, synthetic: bool = False) -> list[Example]:
    """Return one Example per annotated sentence, in corpus order."""
    examples = []
    for name, rows in corpus.by_article.items():
        article, units = corpus.article(name), corpus.units(name)
        attributions = attributions_of(article, units, corpus.codebook)
        targets = [row.target for row in rows]
        inputs = sentence_inputs(units, corpus.titles[name], attributions, targets)
        examples += [
            Example(row.id, row.article, given, row.labels, weight, synthetic)
            for row, given in zip(rows, inputs, strict=True)
        ]
    return examples


def attributions_of(article: Article, sentences: list[Sentence], codebook: Codebook) -> list[Attribution]:
    """Return the article's attributions, none where the codebook does not ask for speakers."""
    return list(attribute(article, sentences)) if codebook.attribution else []
