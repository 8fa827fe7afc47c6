"""Is one model better than another: on the same sentences, with articles as the unit of chance."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from stancewire.data.codebook import Task
from stancewire.data.errors import DataError
from stancewire.models.evaluation.bootstrap import (
    Interval,
    Resampling,
    draws,
    group_confusions,
    percentile_interval,
    resampled_scores,
)
from stancewire.models.evaluation.metrics import scores
from stancewire.models.evaluation.scored import Scored

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """``second`` against ``first`` on one task.

    ``difference`` is second minus first in macro-F1, with its interval. ``p`` tests no difference by the paired
    bootstrap over articles; ``p_adjusted`` is Holm's where several comparisons are read together. ``mcnemar_p`` is
    the exact McNemar test on the sentences that only one of the two gets right; it takes sentences as independent, so
    it errs on the bold side.
    """

    task: str
    first: str
    second: str
    n: int
    articles: int
    difference: Interval
    p: float
    p_adjusted: float
    only_first_right: int
    only_second_right: int
    mcnemar_p: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, the sentence in words among them."""
        flat = {name: getattr(self, name) for name in self.__slots__ if name != "difference"}
        return {**flat, "difference": self.difference.to_dict(), "in_words": self.in_words()}

    def in_words(self) -> str:
        """Say the result in one sentence."""
        size, low, high = self.difference.value, self.difference.low, self.difference.high
        where = f"on {self.n} sentences of {self.articles} articles"
        span = f"95 % interval {low:+.3f} to {high:+.3f}, p = {self.p_adjusted:.3f}"
        if self.p_adjusted < ALPHA and (low > 0 or high < 0):
            verdict = "better" if size > 0 else "worse"
            return (
                f"{self.task}: {self.second} is {verdict} than {self.first} by {abs(size):.3f} macro-F1 "
                f"{where} ({span})."
            )
        return (
            f"{self.task}: no difference shown between {self.second} and {self.first}: {size:+.3f} macro-F1 "
            f"{where} ({span})."
        )


def paired_bootstrap(
    task: Task,
    gold: Sequence[int],
    predictions: tuple[Sequence[int], Sequence[int]],
    groups: Sequence[Hashable],
    chance: Resampling,
) -> tuple[Interval, float]:
    """Return second minus first in macro-F1 with its interval, and the two-sided p of no difference.

    Both models are scored on the same resamples of whole ``groups`` (articles); p is twice the share of resamples on
    the far side of 0, each side counted with one resample more, so never 0 (Davison and Hinkley 1997, 4.4).
    """
    k = len(task.names)
    first, _ = group_confusions(gold, predictions[0], groups, k)
    second, _ = group_confusions(gold, predictions[1], groups, k)
    weights = draws(len(first), chance.resamples, chance.seed)
    point = scores(second.sum(axis=0)).macro_f1 - scores(first.sum(axis=0)).macro_f1
    sample = resampled_scores(second, weights).macro_f1 - resampled_scores(first, weights).macro_f1
    tail = min((sample <= 0).sum(), (sample >= 0).sum())
    p = min(1.0, 2 * (float(tail) + 1) / (chance.resamples + 1))
    return percentile_interval(float(point), sample, chance.level), p


def compare(first: Scored, second: Scored, task: Task, chance: Resampling) -> Comparison:
    """Compare two models on one task; DataError if they were not scored on the same sentences."""
    if [sentence.id for sentence in first.sentences] != [sentence.id for sentence in second.sentences]:
        raise DataError(
            f"{first.name} and {second.name} were scored on different sentences; score both on the same ones"
        )
    gold = first.gold(task)
    pair = first.predicted[task.name], second.predicted[task.name]
    right = [column == gold for column in pair]
    only_first, only_second = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    difference, p = paired_bootstrap(task, gold.tolist(), (pair[0].tolist(), pair[1].tolist()), first.articles, chance)
    return Comparison(
        task=task.name,
        first=first.name,
        second=second.name,
        n=len(gold),
        articles=len(set(first.articles)),
        difference=difference,
        p=p,
        p_adjusted=p,
        only_first_right=only_first,
        only_second_right=only_second,
        mcnemar_p=float(mcnemar([[0, only_first], [only_second, 0]], exact=True).pvalue),
    )


def compare_all(models: Sequence[Scored], chance: Resampling) -> tuple[Comparison, ...]:
    """Compare every pair on every task that both predict; p-values are Holm-corrected over all of them (Holm 1979)."""
    found = [
        compare(first, second, task, chance)
        for at, first in enumerate(models)
        for second in models[at + 1 :]
        for task in first.tasks
        if task in second.tasks
    ]
    if not found:
        return ()
    adjusted = multipletests([one.p for one in found], method="holm")[1]
    return tuple(replace(one, p_adjusted=float(p)) for one, p in zip(found, np.asarray(adjusted), strict=True))
