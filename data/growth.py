"""A corpus that grows: what was held out stays held out, so that models before and after can be compared."""

from stancewire.data.corpus import Corpus
from stancewire.data.splits import Split, article_groups, split_for


def grown_split(corpus: Corpus, first: Corpus, seed: int) -> Split:
    """Return the split of ``first``, its articles where they were, with the articles that ``corpus`` adds.

    New articles join training, for sentences chosen for review are no fair sample to judge on; one that nearly repeats a
    held-out article joins that article instead, so that nothing held out is learned from.
    """
    base = split_for(first, seed)
    part_of = {article: name for name in ("train", "validation", "test") for article in base.part(name)}
    groups = dict(zip(corpus.by_article, article_groups(corpus), strict=True))
    held_out = {groups[article]: part for article, part in part_of.items() if part != "train"}
    parts: dict[str, list[str]] = {"train": [], "validation": [], "test": []}
    for article in corpus.by_article:
        parts[part_of.get(article) or held_out.get(groups[article], "train")].append(article)
    return Split(*(tuple(parts[name]) for name in ("train", "validation", "test")))
