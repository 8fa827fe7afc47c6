"""What a training run shows of itself on the validation split: figures, a table, pictures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from stancewire.data.codebook import Task
from stancewire.features.inputs import Example
from stancewire.models.bundle import Bundle
from stancewire.models.evaluation.bootstrap import intervals
from stancewire.models.evaluation.metrics import task_metrics
from stancewire.models.training import gold_indices, predicted_indices

RESAMPLES = 1000


@dataclass(frozen=True)
class TrainingReport:
    """``metrics`` are flat numbers for a run, ``figures`` the same with intervals as JSON, ``pictures`` by file name."""

    metrics: Mapping[str, float]
    figures: Mapping[str, Any]
    pictures: Mapping[str, Figure]
    table: str


def validation_report(bundle: Bundle, examples: Sequence[Example], seed: int) -> TrainingReport:
    """Score ``bundle`` on examples that did not fit it; intervals by bootstrap over articles."""
    gold = gold_indices(examples, bundle.codebook)
    predicted = predicted_indices(bundle, examples)
    groups = [example.article for example in examples]
    metrics: dict[str, float] = {}
    figures: dict[str, Any] = {}
    pictures: dict[str, Figure] = {}
    lines = [f"{bundle.name}, validation split, {len(examples)} sentences in {len(set(groups))} articles"]
    for name in bundle.classifier.tasks:
        task = bundle.codebook.task(name)
        found = task_metrics(task, gold[name], predicted[name])
        spans = intervals(task, gold[name], predicted[name], groups, resamples=RESAMPLES, seed=seed)
        for key in ("accuracy", "macro_f1", "kappa", "mcc"):
            metrics[f"validation_{name}_{key}"] = getattr(found, key)
        for value in found.per_class:
            for key in ("precision", "recall", "f1"):
                metrics[f"validation_{name}/{value.name}_{key}"] = getattr(value, key)
        figures[name] = {**found.to_dict(), "intervals": {key: span.to_dict() for key, span in spans.items()}}
        pictures[f"confusion-{name}"] = confusion_picture(task, found.confusion)
        pictures[f"labels-{name}"] = label_picture(task, examples)
        span = spans["macro_f1"]
        lines.append(
            f"  {name:<14} macro-F1 {span.value:.3f} [{span.low:.3f}, {span.high:.3f}]  accuracy {found.accuracy:.3f}"
        )
    return TrainingReport(metrics, {"split": "validation", "tasks": figures}, pictures, "\n".join(lines))


def confusion_picture(task: Task, confusion: np.ndarray[Any, Any]) -> Figure:
    """Draw a confusion matrix with counts; shade is the share of the gold value, readable in grey."""
    size = 2.2 + 0.55 * len(task.names)
    picture = Figure(figsize=(size + 1.2, size), layout="constrained")
    axes = picture.subplots()
    share = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Greys", vmin=0, vmax=1)
    for row, column in np.ndindex(*confusion.shape):
        if confusion[row, column]:
            colour = "white" if share[row, column] > 0.5 else "black"
            axes.text(column, row, str(confusion[row, column]), ha="center", va="center", color=colour, fontsize=8)
    axes.set_xticks(range(len(task.names)), task.names, rotation=45, ha="right")
    axes.set_yticks(range(len(task.names)), task.names)
    axes.set_xlabel("predicted (sentences)")
    axes.set_ylabel("annotated (sentences)")
    axes.set_title(task.title, fontsize=10)
    return picture


def label_picture(task: Task, examples: Sequence[Example]) -> Figure:
    """Draw how often each value is annotated."""
    counts = Counter(example.labels[task.name] for example in examples if task.name in example.labels)
    picture = Figure(figsize=(6, 1.2 + 0.28 * len(task.names)), layout="constrained")
    axes = picture.subplots()
    bars = axes.barh(
        task.names,
        [counts[name] for name in task.names],
        color=[value.colour for value in task.values],
        edgecolor="black",
    )
    axes.bar_label(bars, fontsize=8, padding=2)
    axes.invert_yaxis()
    axes.set_xlabel("sentences")
    axes.set_title(f"{task.title}: annotated values", fontsize=10)
    return picture
