"""The one call: an article in, its attributions out."""

from collections.abc import Sequence
from functools import cache

from stancewire.data.actors import Actors, load_actors
from stancewire.data.article import Article, Sentence
from stancewire.features.attribution.engine import Engine
from stancewire.features.attribution.lexicon import load_lexicon
from stancewire.features.attribution.types import Attribution


def attribute(article: Article, sentences: Sequence[Sentence] | None = None, actors: Actors | None = None) -> list[Attribution]:
    """Find the source of every attributed sentence of ``article``.

    ``sentences`` defaults to ``segment(article)``; ``actors`` to the list shipped with the project. Returns one attribution per
    attributed sentence, in order; a sentence in the outlet's own voice has none. Time grows linearly with the text. Raises nothing
    on any text.
    """
    if sentences is None:
        from stancewire.data.sentences import segment

        sentences = segment(article)
    engine = _default_engine() if actors is None else Engine(load_lexicon(), actors)
    return engine.attribute(article, sentences)


@cache
def _default_engine() -> Engine:
    return Engine(load_lexicon(), load_actors())
