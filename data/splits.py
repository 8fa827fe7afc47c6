"""Train, validation and test by whole article, and grouped folds; near-duplicate articles never part.

The committed split is made by ``python -m data.splits``.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stancewire.data.corpus import DATA, Corpus, load_corpus
from stancewire.data.duplicates import group_duplicates
from stancewire.data.errors import DataError

SPLIT_FILE = DATA / "splits.json"
SHARES = {"train": 0.6, "validation": 0.15, "test": 0.25}
SPLIT_SEED = 20150930
FOLD_SEED = 20150930
_GREEDY_STEPS = 20_000

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Split:
    """Article ids of each part, in corpus order; together they are all articles, and no two parts share one."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]

    def part(self, name: str) -> tuple[str, ...]:
        """Return the articles of ``train``, ``validation`` or ``test``."""
        if name not in SHARES:
            raise DataError(f"unknown split {name!r}, expected one of {', '.join(SHARES)}")
        parts: tuple[str, ...] = getattr(self, name)
        return parts


@dataclass(frozen=True, slots=True)
class Fold:
    """One round of cross-validation: disjoint article ids."""

    number: int
    train: tuple[str, ...]
    test: tuple[str, ...]


def make_split(corpus: Corpus, seed: int = SPLIT_SEED) -> Split:
    """Split ``corpus`` by near-duplicate groups of articles, label shares and sizes kept as even as they can be."""
    where = _assign(corpus, list(SHARES.values()), seed)
    names = list(corpus.by_article)
    parts = [tuple(name for name, part in zip(names, where, strict=True) if part == k) for k in range(len(SHARES))]
    return Split(*parts)


def grouped_folds(corpus: Corpus, k: int = 5, seed: int = FOLD_SEED) -> list[Fold]:
    """Return k folds over all articles of ``corpus``; near-duplicates share a fold. DataError if k exceeds the groups."""
    where = _assign(corpus, [1 / k] * k, seed)
    names = list(corpus.by_article)
    folds = []
    for number in range(k):
        test = tuple(name for name, part in zip(names, where, strict=True) if part == number)
        train = tuple(name for name, part in zip(names, where, strict=True) if part != number)
        folds.append(Fold(number, train, test))
    return folds


def inner_split(corpus: Corpus, share: float, seed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut a validation share off training articles: (train, validation). For selection inside a training fold."""
    where = _assign(corpus, [1 - share, share], seed)
    names = list(corpus.by_article)
    train = tuple(name for name, part in zip(names, where, strict=True) if part == 0)
    return train, tuple(name for name, part in zip(names, where, strict=True) if part == 1)


def load_split(corpus: Corpus, path: Path = SPLIT_FILE) -> Split:
    """Read the committed split; DataError if it was made from another corpus or misses an article."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise DataError(f"{path}: no readable split ({error}); make it with python -m data.splits") from error
    if raw["corpus"] != corpus.digest:
        raise DataError(
            f"{path}: made for corpus {raw['corpus'][:10]}, found {corpus.digest[:10]}; run python -m data.splits"
        )
    split = Split(*(tuple(raw[name]) for name in SHARES))
    listed = sorted(split.train + split.validation + split.test)
    if listed != sorted(corpus.by_article):
        raise DataError(
            f"{path}: lists {len(listed)} articles, expected each of the corpus' {len(corpus.by_article)} once"
        )
    return split


def split_for(corpus: Corpus, seed: int) -> Split:
    """Return the committed split for the corpus it was made for, else a new one made with ``seed``."""
    committed = json.loads(SPLIT_FILE.read_text(encoding="utf-8"))["corpus"] if SPLIT_FILE.is_file() else None
    return load_split(corpus) if committed == corpus.digest else make_split(corpus, seed)


def article_groups(corpus: Corpus) -> list[int]:
    """Return one group number per article, in corpus order; near-duplicate articles share theirs."""
    return group_duplicates([_article_text(corpus, name) for name in corpus.by_article])


def _article_text(corpus: Corpus, name: str) -> str:
    return "\n".join(row.text for row in corpus.by_article[name])


def _assign(corpus: Corpus, shares: Sequence[float], seed: int) -> NDArray[np.int64]:
    """Give each article a part: the best of many greedy orders. Returns shape (articles,)."""
    groups = np.asarray(article_groups(corpus))
    units = int(groups.max()) + 1
    if units < len(shares):
        raise DataError(
            f"{units} groups of articles cannot fill {len(shares)} parts; expected more articles or fewer parts"
        )
    counts = _label_counts(corpus, groups, units)
    present = (counts > 0).sum(axis=0)
    rng = np.random.default_rng(seed)
    best: NDArray[np.int64] = np.zeros(units, dtype=np.int64)
    best_cost = np.inf
    for _ in range(max(1, _GREEDY_STEPS // units)):
        parts = _greedy(counts, np.asarray(shares), rng)
        cost = _cost(counts, parts, np.asarray(shares), present)
        if cost < best_cost:
            best, best_cost = parts, cost
    return np.asarray(best[groups], dtype=np.int64)


def _label_counts(corpus: Corpus, groups: NDArray[np.int64], units: int) -> Counts:
    """Count values per group, shape (groups, 1 + all values of all tasks); column 0 counts sentences."""
    tasks = corpus.codebook.tasks
    offsets = np.cumsum([1] + [len(task.names) for task in tasks])
    counts = np.zeros((units, int(offsets[-1])))
    for number, rows in zip(groups, corpus.by_article.values(), strict=True):
        for row in rows:
            counts[number, 0] += 1
            for task, offset in zip(tasks, offsets, strict=False):
                counts[number, offset + task.index(row.labels[task.name])] += 1
    return counts


def _greedy(counts: Counts, shares: Counts, rng: np.random.Generator) -> NDArray[np.int64]:
    """Place groups, large ones first with noise, each where the wanted shares are most underfilled."""
    size = counts[:, 0]
    order = np.argsort(-size * rng.uniform(0.4, 1.6, len(size)))
    weight = 1.0 / np.maximum(counts.sum(axis=0), 1.0)
    want = shares[:, None] * counts.sum(axis=0)[None, :]
    filled = np.zeros_like(want)
    parts = np.zeros(len(size), dtype=np.int64)
    for unit in order:
        before = (np.abs(want - filled) * weight).sum(axis=1)
        after = (np.abs(want - filled - counts[unit]) * weight).sum(axis=1)
        part = int(np.argmin(after - before + rng.uniform(0, 1e-3, len(shares))))
        parts[unit] = part
        filled[part] += counts[unit]
    return parts


def _cost(counts: Counts, parts: NDArray[np.int64], shares: Counts, present: NDArray[np.int64]) -> float:
    """Judge an assignment: uneven shares, and heavily each value missing from a part that could have it."""
    filled = np.stack([counts[parts == k].sum(axis=0) for k in range(len(shares))])
    total = np.maximum(counts.sum(axis=0), 1.0)
    uneven = np.abs(filled / total - shares[:, None])
    uneven[:, 0] *= 5.0  # sizes matter more than any single value
    missing = (filled == 0) & (present >= len(shares))[None, :]
    return float(uneven.sum() + 10.0 * missing.sum())


def main(argv: Sequence[str] | None = None) -> None:
    """Write ``data/splits.json`` for the seed corpus."""
    parser = argparse.ArgumentParser(prog="python -m data.splits", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=SPLIT_SEED)
    seed = parser.parse_args(argv).seed
    corpus = load_corpus()
    split = make_split(corpus, seed)
    content = {
        "command": f"python -m data.splits --seed {seed}",
        "corpus": corpus.digest,
        **{name: list(split.part(name)) for name in SHARES},
    }
    SPLIT_FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
