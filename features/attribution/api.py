"""The one call: an article in, its attributions out."""

from collections.abc import Sequence
from functools import cache

from stancewire.data.actors import Actors, load_actors
from stancewire.data.article import Article, Sentence
from stancewire.data.codebook import load_codebook
from stancewire.data.sentences import segment
from stancewire.features.attribution.engine import Engine
from stancewire.features.attribution.guess import load_guesser
from stancewire.features.attribution.lexicon import load_lexicon
from stancewire.features.attribution.types import Attribution


def attribute(
    article: Article, sentences: Sequence[Sentence] | None = None, actors: Actors | None = None
) -> list[Attribution]:
    """Find the source of every attributed sentence of ``article``.

    ``sentences`` defaults to ``segment(article)``; ``actors`` to the list shipped with the project. Returns one attribution per
    attributed sentence, in order; a sentence in the outlet's own voice has none. Groups are values of the default
    codebook. Time grows linearly with the text; no text raises.
    """
    if sentences is None:
        sentences = segment(article)
    return engine_for(actors).attribute(article, sentences)


@cache
def default_engine() -> Engine:
    """Return the engine over the lists shipped with the project (made once a process)."""
    return _engine(load_actors())


def engine_for(actors: Actors | None) -> Engine:
    """Return the engine over ``actors``, or the default one: what annotates many articles should ask for it once."""
    return default_engine() if actors is None else _engine(actors)


def _engine(actors: Actors) -> Engine:
    task = load_codebook().by_role("group")
    return Engine(load_lexicon(), actors, load_guesser(), frozenset(task.names) if task else frozenset())
