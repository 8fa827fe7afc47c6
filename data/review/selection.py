"""Which sentences are worth a person's time.

**Uncertainty.** A task's uncertainty is 1 − (p₁ − p₂), the margin between its two most probable values (Scheffer,
Decomain and Wrobel 2001; Settles 2009, section 3.1): a sentence counts that the model nearly gave another value.

**Class balance.** Each task's uncertainty is weighed by how rare the sentence's likely values are,
Σᵥ pᵥ · (1 / (K sᵥ))^b with sᵥ the mean probability of value v over the feed, K the number of values and b = 0.5.
Without it the queue repeats the feed's common values (Ertekin et al. 2007; Bengar et al. 2022 balance the expected
labels likewise). A sentence's score is the mean over tasks.

**Diversity.** Of the best-scored ``pool_factor`` × budget sentences, K-means weighted by score over LSA vectors (TF-IDF,
truncated SVD) finds as many clusters as the budget has places, and the best-scored sentence of each is taken: diverse
mini-batch active learning (Zhdanov 2019, arXiv:1901.05954), with the score instead of the distance to the centre as the
choice within a cluster.

**No near-duplicates.** Records marked as copies, and sentences that nearly repeat a chosen or an already annotated one
(MinHash, ``stancewire.data.duplicates``), are left out.
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from stancewire.data.duplicates import group_duplicates
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.review.reading import Prediction

FloatArray = NDArray[np.float64]
RARE = 1e-3
LSA_DIMENSIONS = 64


class Strategy(BaseModel):
    """How sentences are chosen; ``balance`` 0 ignores rarity, 1 undoes it wholly. ``similar`` is the Jaccard similarity of
    word 3-shingles from which two sentences count as one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    balance: float = Field(default=0.5, ge=0.0, le=1.0)
    pool_factor: int = Field(default=3, ge=1, le=1000)
    similar: float = Field(default=0.5, gt=0.0, le=1.0)


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence for review with its score; higher means more worth looking at."""

    prediction: Prediction
    score: float


def choose(
    read: Callable[[], Iterable[Prediction]],
    budget: int,
    seed: int,
    annotated: Collection[str] = (),
    strategy: Strategy | None = None,
) -> list[Choice]:
    """Return up to ``budget`` sentences, best score first.

    ``read`` opens the feed anew; it is read twice (shares, then scores) and never held in memory whole. ``annotated`` are
    texts that need no second look. ConfigError for a budget below 1, DataError for an empty feed.
    """
    strategy = strategy or Strategy()
    if budget < 1:
        raise ConfigError(f"budget: expected at least 1 sentence, found {budget}")
    shares = _mean_shares(read())
    pool = _best(read(), shares, budget * strategy.pool_factor, strategy)
    kept = distinct([item.prediction.text for item in pool], annotated, strategy.similar)
    pool = [pool[index] for index in kept]
    scores = np.array([item.score for item in pool])
    picked = diverse([item.prediction.text for item in pool], scores, budget, seed)
    return [pool[index] for index in picked]


def scores_of(probabilities: Mapping[str, FloatArray], shares: Mapping[str, FloatArray], balance: float) -> FloatArray:
    """Score sentences by uncertainty and rarity; ``probabilities`` maps task to (n, values). Returns shape (n,)."""
    parts = []
    for task, matrix in probabilities.items():
        top = -np.partition(-matrix, 1, axis=1)[:, :2]
        rarity = (1 / (matrix.shape[1] * np.maximum(shares[task], RARE))) ** balance
        parts.append((1 - (top[:, 0] - top[:, 1])) * (matrix @ rarity))
    return np.asarray(np.mean(parts, axis=0), dtype=np.float64)


def distinct(texts: Sequence[str], annotated: Collection[str], similar: float) -> list[int]:
    """Return the places of ``texts`` that repeat neither an earlier one nor an annotated one, in order."""
    known = list(dict.fromkeys(annotated))
    groups = group_duplicates([*known, *texts], similar)
    seen = set(groups[: len(known)])
    kept = []
    for index, group in enumerate(groups[len(known) :]):
        if group not in seen:
            seen.add(group)
            kept.append(index)
    return kept


def diverse(texts: Sequence[str], scores: FloatArray, budget: int, seed: int) -> list[int]:
    """Return ``budget`` places of ``texts`` that cover what they are about, best score first; all where there are fewer."""
    if len(texts) <= budget:
        return [int(index) for index in np.argsort(-scores, kind="stable")]
    vectors = _vectors(texts, seed)
    # one thread: many small steps, which threads on a busy machine slow down a hundredfold
    with threadpool_limits(1):
        model = KMeans(budget, n_init=3, random_state=seed).fit(vectors, sample_weight=np.maximum(scores, 1e-9))
    order = np.argsort(-scores, kind="stable")
    _, first = np.unique(model.labels_[order], return_index=True)
    picked = [int(order[index]) for index in np.sort(first)]
    rest = [int(index) for index in order if int(index) not in set(picked)]
    return sorted([*picked, *rest[: budget - len(picked)]], key=lambda index: (-scores[index], index))


def _vectors(texts: Sequence[str], seed: int) -> FloatArray:
    matrix = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\S+").fit_transform(texts)  # noqa: S106
    width = min(LSA_DIMENSIONS, min(matrix.shape) - 1)
    if width < 1:
        return np.asarray(matrix.toarray(), dtype=np.float64)
    return np.asarray(normalize(TruncatedSVD(width, random_state=seed).fit_transform(matrix)), dtype=np.float64)


def _mean_shares(predictions: Iterable[Prediction]) -> dict[str, FloatArray]:
    """Return the feed's mean probability of every value; copies are not counted."""
    totals: dict[str, FloatArray] = {}
    for prediction in predictions:
        if not _copied(prediction):
            for task, vector in prediction.probabilities.items():
                totals[task] = totals.get(task, np.zeros(len(vector))) + vector
    if not totals:
        raise DataError("records: expected at least one sentence that is no copy, found none")
    return {task: total / total.sum() for task, total in totals.items()}


def _best(
    predictions: Iterable[Prediction], shares: Mapping[str, FloatArray], size: int, strategy: Strategy
) -> list[Choice]:
    """Return the ``size`` best-scored sentences; the same text is kept once. Best first, ties in reading order."""
    heap: list[tuple[float, int, Prediction]] = []
    held: set[str] = set()
    for number, prediction in enumerate(predictions):
        if _copied(prediction) or prediction.text in held or not prediction.text.strip():
            continue
        rows = {task: vector[None, :] for task, vector in prediction.probabilities.items()}
        entry = (float(scores_of(rows, shares, strategy.balance)[0]), -number, prediction)
        if len(heap) < size:
            heapq.heappush(heap, entry)
            held.add(prediction.text)
        elif entry[:2] > heap[0][:2]:
            dropped = heapq.heapreplace(heap, entry)
            held.discard(dropped[2].text)
            held.add(prediction.text)
    return [
        Choice(prediction, score) for score, _, prediction in sorted(heap, key=lambda entry: (-entry[0], -entry[1]))
    ]


def _copied(prediction: Prediction) -> bool:
    return prediction.record.get("duplicate_of") not in (None, "")
