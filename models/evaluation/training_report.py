"""What a training run shows of itself on the validation split: figures, a table, pictures, cards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure

from stancewire.data.codebook import Task
from stancewire.features.inputs import Example
from stancewire.models.bundle import Bundle
from stancewire.models.evaluation import cards, pictures
from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.ceiling import agreement, passes_of
from stancewire.models.evaluation.publish import flat_metrics
from stancewire.models.evaluation.results import Frame, Result, model_result
from stancewire.models.evaluation.sources import score_bundle
from stancewire.models.training import Experiment

WHERE = "validation"
RESAMPLES = 1000


@dataclass(frozen=True)
class TrainingReport:
    """``metrics`` are flat numbers for a run, ``figures`` the same with intervals as JSON, ``pictures`` by file name, ``cards``
    Markdown by file name. ``scores`` maps task to macro-F1. All but the table is empty without validation articles."""

    table: str
    scores: Mapping[str, float] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, Figure] = field(default_factory=dict)
    cards: Mapping[str, str] = field(default_factory=dict)


def validation_report(bundle: Bundle, data: Experiment, seed: int) -> TrainingReport:
    """Judge ``bundle`` on articles that did not fit it, as it annotates; intervals by bootstrap over articles.

    The validation split chose temperature and review threshold, so its figures flatter those two.
    """
    if not data.part(WHERE):
        return TrainingReport(f"{bundle.name}: no validation articles to judge it on")
    corpus = data.corpus.select(data.split.part(WHERE))
    frame = Frame(data.corpus, passes_of(data.corpus), Resampling(seed, RESAMPLES))
    scored = score_bundle(bundle, bundle.name, corpus, WHERE)
    abstention = bundle.calibration.abstention
    result = model_result(scored, frame, abstention.error_rate if abstention else None)
    parts = {name: data.split.part(name) for name in ("train", WHERE, "test")}
    return TrainingReport(
        table=_table(result),
        scores={task: figures["macro_f1"] for task, figures in result["tasks"].items()},
        metrics=flat_metrics(result, None),
        figures={"split": WHERE, "tasks": result["tasks"]},
        pictures=pictures.draw_all([result], bundle.codebook)
        | {f"labels-{task.name}": label_picture(task, data.part(WHERE)) for task in scored.tasks},
        cards={
            "model-card.md": cards.model_card(result, bundle.manifest()),
            "data-card.md": cards.data_card(data.corpus, parts, agreement(scored, frame.passes)),
        },
    )


def _table(result: Result) -> str:
    lines = [
        f"{result['name']}, {result['origin']} split, {result['sentences']} sentences in {result['articles']} articles"
    ]
    for name, figures in result["tasks"].items():
        span = figures["intervals"]["macro_f1"]
        lines.append(
            f"  {name:<14} macro-F1 {span['value']:.3f} [{span['low']:.3f}, {span['high']:.3f}]"
            f"  accuracy {figures['accuracy']:.3f}"
        )
    return "\n".join(lines)


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
