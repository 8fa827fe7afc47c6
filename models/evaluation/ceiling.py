"""How far two annotation passes agree: what a model on these labels can be expected to reach at most."""

from collections.abc import Mapping
from typing import Any

from stancewire.data.annotation_rows import read_rows
from stancewire.data.corpus import PASSES, Corpus, load_passes
from stancewire.models.evaluation.metrics import TaskMetrics, task_metrics
from stancewire.models.evaluation.scored import Scored

Passes = Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]


def passes_of(corpus: Corpus) -> Passes:
    """Return sentence id → its rows in both passes; empty for a corpus that was not annotated by these two passes."""
    annotated = {str(row.get("id")) for _, row in read_rows(PASSES[0])} if PASSES[0].is_file() else set()
    if annotated != {sentence.id for sentence in corpus.sentences}:
        return {}
    first, second = load_passes(corpus)
    return {ident: (first[ident], second[ident]) for ident in first}


def agreement(scored: Scored, passes: Passes) -> dict[str, TaskMetrics]:
    """Score the second pass against the first on the sentences of ``scored``; empty where the passes are not known."""
    pairs = [passes[sentence.id] for sentence in scored.sentences if sentence.id in passes]
    if len(pairs) < len(scored.sentences):
        return {}
    found = {}
    for task in scored.tasks:
        first, second = ([task.index(pair[side][task.name]) for pair in pairs] for side in (0, 1))
        found[task.name] = task_metrics(task, first, second)
    return found
