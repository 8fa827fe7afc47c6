"""Does a feed still look like what the model learned from: distances, permutation tests, and alarms.

Per task the shares of predicted labels (Jensen-Shannon distance) and the confidence in them (Wasserstein distance, in
units of probability: a rank statistic would take confidences of 0.95 and 0.96 for worlds apart), the shift of a model's
own output that Rabanser, Günnemann and Lipton (2019, "Failing Loudly") found to detect most; over all sentences the
vocabulary (Jensen-Shannon distance of word shares) and the sentence vectors (maximum mean discrepancy, Gretton et al.
2012, with a Gaussian kernel at the median distance, pairs within one article left out).

Every test permutes whole articles. A large feed makes any difference significant, so an alarm needs two things: p at
most ``ALPHA`` after Holm's correction, and a distance above the measure's threshold, which is the ``QUANTILE`` of
the distances between random halves of the training articles: more than the training data differ from themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.feature_extraction.text import CountVectorizer
from statsmodels.stats.multitest import multipletests

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.shift import article_counts, permuted, share_distance

ALPHA = 0.05
QUANTILE = 0.99
BINS = 200
WORDS = 2000
KERNEL_SAMPLE = 1000
FloatArray = NDArray[np.float64]
Statistic = Callable[[FloatArray, FloatArray], float]


@dataclass(frozen=True)
class Side:
    """One of the two sets compared, n sentences. ``labels`` maps task to n values, ``confidence`` to the probabilities of the
    values, shape (n,); a task may be missing from it. ``vectors`` has shape (n, d)."""

    articles: Sequence[str]
    texts: Sequence[str]
    labels: Mapping[str, Sequence[str]]
    confidence: Mapping[str, FloatArray]
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking at both sides: rows of articles, the reference's first, and a distance between sets of rows."""

    name: str
    rows: FloatArray
    statistic: Statistic


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure of a feed. ``p`` is Holm-corrected over all measures; ``threshold`` is None where none was calibrated."""

    name: str
    distance: float
    p: float
    threshold: float | None

    @property
    def alarm(self) -> bool:
        """Whether the shift is both more than chance and more than the training data's own variation."""
        return self.threshold is not None and self.p <= ALPHA and self.distance > self.threshold

    def in_words(self) -> str:
        """Say the finding in one line."""
        limit = "no threshold" if self.threshold is None else f"threshold {self.threshold:.3f}"
        return f"{self.name}: distance {self.distance:.3f} ({limit}), p = {self.p:.3f}: {'ALARM' if self.alarm else 'no alarm'}"


def detect(
    reference: Side, feed: Side, codebook: Codebook, thresholds: Mapping[str, float], seed: int, resamples: int = 1999
) -> list[Finding]:
    """Compare a feed with the reference; DataError where a side is empty, ConfigError where thresholds are for other tasks."""
    if not feed.texts or not reference.texts:
        raise DataError(f"drift: expected sentences on both sides, found {len(reference.texts)} and {len(feed.texts)}")
    built = views(reference, feed, codebook)
    unknown = set(thresholds) - {view.name for view in views(reference, reference, codebook)}
    if unknown:
        raise ConfigError(f"drift thresholds: {min(unknown)}: no such measure here; calibrate with this reference")
    size = len(set(reference.articles))
    found = [
        Finding(
            view.name,
            view.statistic(view.rows[:size], view.rows[size:]),
            permuted((view.rows[:size], view.rows[size:]), view.statistic, seed, resamples),
            thresholds.get(view.name),
        )
        for view in built
    ]
    adjusted = multipletests([one.p for one in found], method="holm")[1]
    return [replace(one, p=float(p)) for one, p in zip(found, adjusted, strict=True)]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """``thresholds`` and ``medians`` by measure; ``any_above`` is the share of halvings in which any distance exceeds its
    threshold: the rate of false alarms before the test's say."""

    thresholds: dict[str, float]
    medians: dict[str, float]
    any_above: float
    halvings: int


def calibrate(reference: Side, codebook: Codebook, seed: int, halvings: int = 1000) -> Calibrated:
    """Measure how far random halves of the reference's articles lie apart; DataError for fewer than four articles."""
    size = len(set(reference.articles))
    if size < 4:
        raise DataError(f"drift: expected at least 4 articles to calibrate on, found {size}")
    built = views(reference, None, codebook)
    rng = np.random.default_rng(seed)
    distances = np.zeros((halvings, len(built)))
    for row in range(halvings):
        order = rng.permutation(size)
        for column, view in enumerate(built):
            distances[row, column] = view.statistic(view.rows[order[: size // 2]], view.rows[order[size // 2 :]])
    limits, medians = np.quantile(distances, QUANTILE, axis=0), np.median(distances, axis=0)
    names = [view.name for view in built]
    return Calibrated(
        thresholds={name: round(float(limit), 4) for name, limit in zip(names, limits, strict=True)},
        medians={name: round(float(median), 4) for name, median in zip(names, medians, strict=True)},
        any_above=round(float((distances > limits).any(axis=1).mean()), 4),
        halvings=halvings,
    )


def views(reference: Side, feed: Side | None, codebook: Codebook) -> list[View]:
    """Return every measure that both sides allow; without a feed those of the reference alone."""
    sides = [reference] if feed is None else [reference, feed]
    articles = [f"{number}:{name}" for number, side in enumerate(sides) for name in side.articles]
    built = []
    for task in codebook.tasks:
        if all(task.name in side.labels for side in sides):
            values = [value for side in sides for value in side.labels[task.name]]
            rows = article_counts(list(zip(articles, values, strict=True)), task)
            built.append(View(f"labels/{task.name}", rows, share_distance))
        if task.probability and all(task.name in side.confidence for side in sides):
            scores = np.concatenate([side.confidence[task.name] for side in sides])
            built.append(View(f"confidence/{task.name}", _histograms(articles, scores), _wasserstein))
    texts = [text for side in sides for text in side.texts]
    built.append(View("vocabulary", _word_counts(articles, texts), share_distance))
    built.append(_mmd_view(articles, np.concatenate([side.vectors for side in sides])))
    return built


def unknown_words(reference: Side, feed: Side) -> float:
    """Return the share of the feed's word tokens that the reference never uses."""
    split = CountVectorizer(lowercase=True).build_analyzer()
    known = {word for text in reference.texts for word in split(text)}
    words = [word for text in feed.texts for word in split(text)]
    return sum(word not in known for word in words) / max(1, len(words))


def _places(articles: Sequence[str]) -> NDArray[np.int64]:
    order = {name: place for place, name in enumerate(dict.fromkeys(articles))}
    return np.array([order[name] for name in articles], dtype=np.int64)


def _histograms(articles: Sequence[str], scores: FloatArray) -> FloatArray:
    """Count each article's probabilities in bins of equal width from 0 to 1, shape (articles, BINS)."""
    places, bins = _places(articles), np.clip((scores * BINS).astype(np.int64), 0, BINS - 1)
    counts = np.zeros((places.max() + 1, BINS))
    np.add.at(counts, (places, bins), 1)
    return counts


def _wasserstein(first: FloatArray, second: FloatArray) -> float:
    """Return the area between the two cumulative shares: how far probability has to move, 0 to 1."""
    curves = [np.cumsum(rows.sum(axis=0)) / max(rows.sum(), 1.0) for rows in (first, second)]
    return float(np.abs(curves[0] - curves[1]).sum() / BINS)


def _word_counts(articles: Sequence[str], texts: Sequence[str]) -> FloatArray:
    """Count the commonest words per article, shape (articles, words)."""
    places = _places(articles)
    try:
        counts = CountVectorizer(max_features=WORDS, lowercase=True).fit_transform(texts)
    except ValueError:  # scikit-learn's word for texts without any word
        return np.zeros((places.max() + 1, 1))
    rows = np.zeros((places.max() + 1, counts.shape[1]))
    table = counts.tocoo()
    np.add.at(rows, (places[table.row], table.col), table.data)
    return rows


def _mmd_view(articles: Sequence[str], vectors: FloatArray) -> View:
    """Prepare the kernel's sums between articles; the view's rows are article numbers into them."""
    places = _places(articles)
    size = int(places.max()) + 1
    sample = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), KERNEL_SAMPLE)).astype(int)]
    between = cdist(sample, sample, "sqeuclidean")
    width = float(np.median(between[np.triu_indices(len(sample), 1)])) if len(sample) > 1 else 1.0
    members = np.zeros((size, len(vectors)))
    members[places, np.arange(len(vectors))] = 1.0
    sums = members @ np.exp(-cdist(vectors, vectors, "sqeuclidean") / (width or 1.0)) @ members.T
    pairs = np.outer(members.sum(axis=1), members.sum(axis=1))
    np.fill_diagonal(sums, 0.0)
    np.fill_diagonal(pairs, 0.0)

    def distance(first: FloatArray, second: FloatArray) -> float:
        one, two = (rows[:, 0].astype(np.int64) for rows in (first, second))
        square = _mean(sums, pairs, one, one) + _mean(sums, pairs, two, two) - 2 * _mean(sums, pairs, one, two)
        return float(np.sqrt(max(square, 0.0)))

    return View("embedding", np.arange(size, dtype=np.float64)[:, None], distance)


def _mean(sums: FloatArray, pairs: FloatArray, one: NDArray[np.int64], two: NDArray[np.int64]) -> float:
    """Return the kernel's mean over pairs of sentences of different articles; 1 where there is no such pair."""
    count = pairs[np.ix_(one, two)].sum()
    return float(sums[np.ix_(one, two)].sum() / count) if count else 1.0
