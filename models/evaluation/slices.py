"""Where a model fails: the same figures on parts of the data, worst first, small parts marked as such."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stancewire.data.codebook import Codebook, Task
from stancewire.data.corpus import AnnotatedSentence
from stancewire.models.evaluation.bootstrap import Interval, intervals
from stancewire.models.evaluation.scored import Scored

SMALL_SENTENCES = 30
SMALL_ARTICLES = 5
VALUE_SUPPORT = 10
LENGTHS = (10, 20, 35)
QUOTES = frozenset('"“”„«»‹›')
RESAMPLES = 500

SliceOf = Callable[[AnnotatedSentence], str]


@dataclass(frozen=True, slots=True)
class SliceFigures:
    """One task on one slice. ``warning`` says why the figures are weak, None where they are not.

    ``macro_f1`` averages the values that the slice's gold has, so it compares badly between slices; ``gap`` is the
    slice's accuracy minus that of all sentences. ``per_value`` holds F1 and support of values with enough support in
    the slice.
    """

    task: str
    dimension: str
    slice: str
    n: int
    articles: int
    accuracy: Interval
    macro_f1: Interval
    gap: float
    per_value: Mapping[str, tuple[float, int]]
    warning: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        flat = {
            name: getattr(self, name) for name in self.__slots__ if name not in {"accuracy", "macro_f1", "per_value"}
        }
        values = {name: {"f1": f1, "support": support} for name, (f1, support) in self.per_value.items()}
        return {**flat, "accuracy": self.accuracy.to_dict(), "macro_f1": self.macro_f1.to_dict(), "per_value": values}


def dimensions(codebook: Codebook) -> dict[str, SliceOf]:
    """Return the ways to cut the data, dimension → slice of a sentence, as far as the codebook has what they need."""
    found: dict[str, SliceOf] = {
        "document": lambda sentence: sentence.document or "none",
        "part": lambda sentence: sentence.part,
        "length": length_slice,
        "quotation marks": quotes_slice,
    }
    quotation, group = codebook.by_role("quotation"), codebook.by_role("group")
    if quotation is not None:
        found["quotation type"] = _by_label(quotation)
    if group is not None:
        found["speaker group"] = _by_label(group)
        found["voice"] = _by_voice(group)
    return found


def length_slice(sentence: AnnotatedSentence) -> str:
    """Return the sentence's length class in words (white space separated)."""
    words = len(sentence.text.split())
    edges = [0, *LENGTHS]
    for low, high in zip(edges, LENGTHS, strict=False):
        if words <= high:
            return f"{low + 1}-{high} words"
    return f"over {LENGTHS[-1]} words"


def quotes_slice(sentence: AnnotatedSentence) -> str:
    """Tell whether the sentence has double quotation marks of any style."""
    return "with marks" if QUOTES & set(sentence.text) else "without marks"


def slice_figures(scored: Scored, *, seed: int) -> tuple[SliceFigures, ...]:
    """Return every task on every slice: the worst accuracy first, those too small to trust after all others."""
    found = []
    for dimension, slice_of in dimensions(scored.codebook).items():
        names = np.array([slice_of(sentence) for sentence in scored.sentences])
        for name in dict.fromkeys(names.tolist()):
            part = scored.where(names == name)
            if len(part.sentences) < len(scored.sentences):
                found += [_figures(scored, part, task, (dimension, name), seed) for task in scored.tasks]
    return tuple(sorted(found, key=lambda one: (one.warning is not None, one.accuracy.value, one.task)))


def _figures(whole: Scored, part: Scored, task: Task, where: tuple[str, str], seed: int) -> SliceFigures:
    gold, predicted = part.gold(task), part.predicted[task.name]
    spans = intervals(task, gold.tolist(), predicted.tolist(), part.articles, resamples=RESAMPLES, seed=seed)
    support = np.bincount(gold, minlength=len(task.names))
    everywhere = float((whole.gold(task) == whole.predicted[task.name]).mean())
    n, articles = len(part.sentences), len(set(part.articles))
    return SliceFigures(
        task=task.name,
        dimension=where[0],
        slice=where[1],
        n=n,
        articles=articles,
        accuracy=spans["accuracy"],
        macro_f1=spans["macro_f1"],
        gap=spans["accuracy"].value - everywhere,
        per_value={
            value: (spans[f"f1/{value}"].value, int(support[at]))
            for at, value in enumerate(task.names)
            if support[at] >= VALUE_SUPPORT
        },
        warning=_warning(n, articles),
    )


def _warning(n: int, articles: int) -> str | None:
    reasons = [f"only {n} sentences"] if n < SMALL_SENTENCES else []
    if articles < SMALL_ARTICLES:
        reasons.append(f"only {articles} article{'s' if articles > 1 else ''}: the interval says little")
    return "; ".join(reasons) or None


def _by_label(task: Task) -> SliceOf:
    return lambda sentence: sentence.labels[task.name]


def _by_voice(group: Task) -> SliceOf:
    return lambda sentence: "unattributed" if sentence.labels[group.name] == group.unattributed else "attributed"
