"""Do two sets of articles carry the same label shares: a distance and a test with articles as the unit of chance."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import jensenshannon
from scipy.stats import permutation_test

from stancewire.data.codebook import Task
from stancewire.data.errors import DataError

FloatArray = NDArray[np.float64]
RESAMPLES = 999


@dataclass(frozen=True, slots=True)
class ShareShift:
    """``distance`` is the Jensen-Shannon distance (base 2, 0 to 1) between the shares of ``first`` and ``second``; ``p`` that of
    no difference. Shares are in the codebook's order."""

    task: str
    distance: float
    p: float
    first: tuple[float, ...]
    second: tuple[float, ...]


def share_shift(
    task: Task,
    first: Sequence[tuple[Hashable, str]],
    second: Sequence[tuple[Hashable, str]],
    seed: int,
    resamples: int = RESAMPLES,
) -> ShareShift:
    """Compare the label shares of two sets of (article, value) pairs; DataError where one is empty."""
    if not first or not second:
        raise DataError(f"{task.name}: expected labels on both sides, found {len(first)} and {len(second)}")
    counts = (article_counts(first, task), article_counts(second, task))
    totals = [matrix.sum(axis=0) for matrix in counts]
    p = permuted(counts, share_distance, seed, resamples)
    shares = [tuple(float(share) for share in total / total.sum()) for total in totals]
    return ShareShift(task.name, share_distance(*counts), p, shares[0], shares[1])


def article_counts(pairs: Sequence[tuple[Hashable, str]], task: Task) -> FloatArray:
    """Count values per article, shape (articles, values)."""
    place = {article: number for number, article in enumerate(dict.fromkeys(article for article, _ in pairs))}
    counts = np.zeros((len(place), len(task.names)))
    for article, value in pairs:
        counts[place[article], task.index(value)] += 1
    return counts


def share_distance(first: FloatArray, second: FloatArray) -> float:
    """Return the Jensen-Shannon distance between the column shares of two count matrices (articles, columns).

    Lin 1991; base 2: 0 for equal shares, 1 for shares without a common column. 0 where a side counts nothing.
    """
    totals = np.asarray(first.sum(axis=0)).ravel(), np.asarray(second.sum(axis=0)).ravel()
    if not totals[0].sum() or not totals[1].sum():
        return 0.0
    # rounding can leave the square of a zero distance a hair below 0
    return float(np.nan_to_num(jensenshannon(*totals, base=2)))


def permuted(
    rows: tuple[FloatArray, FloatArray],
    statistic: Callable[[FloatArray, FloatArray], float],
    seed: int,
    resamples: int = RESAMPLES,
) -> float:
    """Return the permutation p of no difference: whole articles (rows) change sides, ``statistic`` is large for a shift.

    Sentences of one article are not independent, so a chi-square test over sentences would reject far too often.
    ``rows`` hold one row per article; the p-value counts the observed arrangement (Phipson and Smyth 2010). A side of
    one article cannot show a shift: 1.
    """
    if min(len(side) for side in rows) < 2:
        return 1.0
    everything = np.concatenate(rows)
    sides = np.arange(len(rows[0])), np.arange(len(rows[0]), len(everything))

    def measure(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
        return statistic(everything[first], everything[second])

    result = permutation_test(
        sides, measure, alternative="greater", n_resamples=resamples, rng=np.random.default_rng(seed), vectorized=False
    )
    return float(result.pvalue)
