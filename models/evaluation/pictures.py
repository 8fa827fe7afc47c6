"""Pictures of an evaluation: matplotlib figures that stay readable in grey, every axis named with its unit."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from stancewire.data.codebook import Codebook
from stancewire.models.evaluation.results import Result

MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
GREYS = ("0.1", "0.4", "0.6", "0.75", "0.25", "0.5")
SHADES = ("0.85", "0.6", "0.4", "0.95")
LINES = ("-", "--", ":", "-.")
DPI = 150
DARK = 0.55


def draw_all(results: Sequence[Result], codebook: Codebook) -> dict[str, Figure]:
    """Return every picture of the results, file name (without suffix) → figure."""
    pictures: dict[str, Figure] = {}
    for result in results:
        for task in result["tasks"]:
            pictures[f"confusion-{result['name']}-{task}"] = confusion(result, task)
            pictures[f"values-{result['name']}-{task}"] = value_f1(result, codebook.task(task).names, task)
        if result["calibration"]:
            pictures[f"reliability-{result['name']}"] = reliability(result)
        if result["review"]:
            pictures[f"risk-coverage-{result['name']}"] = risk_coverage([result])
    reviewed = [result for result in results if result["review"]]
    if len(reviewed) > 1:
        pictures["risk-coverage"] = risk_coverage(reviewed)
    if len(results) > 1:
        pictures["comparison"] = comparison(results)
    return pictures


def save_all(pictures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Write every picture as PNG; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, picture in pictures.items():
        path = folder / f"{name}.png"
        picture.savefig(path, dpi=DPI)
        paths.append(path)
    return paths


def confusion(result: Result, task: str) -> Figure:
    """Draw a confusion matrix: counts in the cells, shade the share of the annotated value."""
    figures = result["tasks"][task]
    names, counts = figures["values"], np.asarray(figures["confusion"])
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2.4 + 0.5 * len(names)
    picture = Figure(figsize=(size + 2.6, size + 0.6), layout="compressed")
    axes = picture.subplots()
    image = axes.imshow(share, cmap="Greys", vmin=0, vmax=1)
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            colour = "white" if share[row, column] > DARK else "black"
            axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=colour, fontsize=8)
    support = counts.sum(axis=1)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right", fontsize=8)
    axes.set_yticks(range(len(names)), [f"{name} ({n})" for name, n in zip(names, support, strict=True)], fontsize=8)
    axes.set_xlabel("predicted value")
    axes.set_ylabel("annotated value (sentences)")
    axes.set_title(f"{figures['title']}: {result['name']}, {result['origin']}", fontsize=10)
    bar = picture.colorbar(image, ax=axes, fraction=0.04)
    bar.set_label("share of the annotated value")
    return picture


def value_f1(result: Result, names: Sequence[str], task: str) -> Figure:
    """Draw F1 per value with its interval; values absent from the data are named as such."""
    figures = result["tasks"][task]
    picture = Figure(figsize=(6.4, 1.4 + 0.32 * len(names)), layout="constrained")
    axes = picture.subplots()
    for row, name in enumerate(names):
        support = figures["per_class"][name]["support"]
        if not support:
            axes.text(0.02, row, "absent", va="center", fontsize=8, style="italic")
            continue
        span = figures["intervals"][f"f1/{name}"]
        axes.plot([span["low"], span["high"]], [row, row], color="0.5", linewidth=3, solid_capstyle="butt")
        axes.plot(span["value"], row, marker="o", color="black", markersize=6)
    labels = [f"{name} ({figures['per_class'][name]['support']})" for name in names]
    axes.set_yticks(range(len(names)), labels, fontsize=8)
    axes.axvline(figures["macro_f1"], color="black", linestyle="--", linewidth=0.8, label="macro-F1")
    axes.invert_yaxis()
    axes.set_xlim(0, 1.02)
    axes.set_xlabel("F1 with 95 % interval over articles (0 to 1)")
    axes.set_ylabel("value (sentences)")
    axes.set_title(f"{figures['title']}: {result['name']}, {result['origin']}", fontsize=10)
    axes.legend(loc="lower right", fontsize=8, frameon=False)
    axes.grid(axis="x", color="0.9")
    axes.set_axisbelow(True)
    return picture


def reliability(result: Result) -> Figure:
    """Draw accuracy against probability per task, with the number of sentences in each bin below."""
    tasks = list(result["calibration"])
    picture = Figure(figsize=(3.1 * len(tasks) + 0.4, 4.4), layout="constrained")
    grid = picture.subplots(2, len(tasks), squeeze=False, sharex=True, height_ratios=[3, 1])
    for column, task in enumerate(tasks):
        _reliability_column(grid[0, column], grid[1, column], task, result["calibration"][task])
    grid[0, 0].set_ylabel("share of sentences that are right")
    grid[1, 0].set_ylabel("sentences")
    picture.supxlabel("probability given (0 to 1)", fontsize=10)
    picture.suptitle(f"Reliability: {result['name']}, {result['origin']}", fontsize=10)
    return picture


def risk_coverage(results: Sequence[Result]) -> Figure:
    """Draw the share of wrong values against the share of sentences answered, and each model's review mark."""
    picture = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = picture.subplots()
    for at, result in enumerate(results):
        review, grey = result["review"], GREYS[at % len(GREYS)]
        curve = review["curve"]
        style = LINES[at % len(LINES)]
        axes.plot(curve["coverage"], curve["risk"], color=grey, linestyle=style, label=result["name"])
        kept, covered = review["kept_error"], review["coverage"]
        if covered["value"]:
            label = f"{result['name']}: its review mark"
            axes.errorbar(
                covered["value"], kept["value"], color=grey, marker=MARKERS[at % len(MARKERS)], capsize=3, label=label,
                xerr=_arms(covered), yerr=_arms(kept), linestyle="none",
            )  # fmt: skip
        if review["stated"] and not at:
            axes.axhline(
                review["stated"], color="black", linewidth=0.7, linestyle=(0, (1, 3)), label="error rate stated"
            )
    axes.set_xlim(0, 1.02)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("coverage: share of sentences not sent to review")
    axes.set_ylabel("risk: share of their values that are wrong")
    axes.set_title("Risk against coverage", fontsize=10)
    picture.legend(fontsize=8, frameon=False, loc="outside lower center", ncols=2)
    axes.grid(color="0.9")
    return picture


def comparison(results: Sequence[Result]) -> Figure:
    """Draw macro-F1 of every model and task with intervals, the floor and the ceiling as lines across each task."""
    tasks = list(dict.fromkeys(task for result in results for task in result["tasks"]))
    picture = Figure(figsize=(1.6 + 1.9 * len(tasks), 4.2), layout="constrained")
    axes = picture.subplots()
    width = 0.8 / len(results)
    for at, result in enumerate(results):
        for place, task in enumerate(tasks):
            if task not in result["tasks"]:
                continue
            span = result["tasks"][task]["intervals"]["macro_f1"]
            axes.bar(
                place - 0.4 + (at + 0.5) * width, span["value"], width * 0.92, yerr=_arms(span), capsize=3,
                color=SHADES[at % len(SHADES)], hatch=HATCHES[at % len(HATCHES)], edgecolor="black", linewidth=0.6,
            )  # fmt: skip
    _levels(axes, results, tasks)
    handles: list[Artist] = [
        Patch(
            facecolor=SHADES[at % len(SHADES)],
            hatch=HATCHES[at % len(HATCHES)],
            edgecolor="black",
            label=result["name"],
        )
        for at, result in enumerate(results)
    ]
    handles += axes.get_legend_handles_labels()[0]
    axes.set_xticks(range(len(tasks)), tasks)
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("macro-F1 with 95 % interval over articles")
    axes.set_title("Models compared", fontsize=10)
    picture.legend(handles=handles, fontsize=8, frameon=False, loc="outside lower center", ncols=min(4, len(handles)))
    return picture


def learning_curve(curve: Mapping[str, Any]) -> Figure:
    """Draw macro-F1 against the share of training articles per task, mean and range over repetitions."""
    picture = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = picture.subplots()
    shares = np.asarray(curve["shares"])
    for at, (task, rows) in enumerate(curve["tasks"].items()):
        scores = np.asarray(rows)
        middle, grey = scores.mean(axis=1), GREYS[at % len(GREYS)]
        arms = [middle - scores.min(axis=1), scores.max(axis=1) - middle]
        shift = shares * 100 + 0.5 * (at - len(curve["tasks"]) / 2)
        axes.errorbar(
            shift, middle, yerr=arms, color=grey, linestyle=LINES[at % len(LINES)],
            marker=MARKERS[at % len(MARKERS)], capsize=3, label=task,
        )  # fmt: skip
    axes.set_ylim(0, 1)
    axes.set_xlabel("share of training articles (%)")
    axes.set_ylabel("macro-F1 on held-out folds (mean, range)")
    axes.set_title(f"Learning curve: {curve['name']}", fontsize=10)
    picture.legend(fontsize=8, frameon=False, loc="outside lower center", ncols=4)
    axes.grid(color="0.9")
    return picture


def _reliability_column(above: Axes, below: Axes, task: str, figures: Mapping[str, Any]) -> None:
    held = figures["reliability"]
    counts = np.asarray(held["counts"])
    filled = counts > 0
    confidence, accuracy = np.asarray(held["confidence"])[filled], np.asarray(held["accuracy"])[filled]
    above.plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=0.8)
    above.plot(confidence, accuracy, color="black", marker="o", markersize=4)
    above.set_title(f"{task}\nECE {figures['ece']['value']:.3f}", fontsize=9)
    above.set_xlim(0, 1)
    above.set_ylim(0, 1.02)
    edges = np.asarray(held["edges"])
    below.bar(edges[:-1], counts, width=np.diff(edges), align="edge", color="0.75", edgecolor="black", linewidth=0.5)


def _levels(axes: Axes, results: Sequence[Result], tasks: Sequence[str]) -> None:
    """Mark floor and ceiling across each task's bars."""
    for place, task in enumerate(tasks):
        figures = next(result["tasks"][task] for result in results if task in result["tasks"])
        for kind, style in (("floor", ":"), ("ceiling", "--")):
            if figures[kind]:
                label = {"floor": "floor (commonest value)", "ceiling": "ceiling (two passes)"}[kind]
                level = figures[kind]["macro_f1"]
                axes.plot(
                    [place - 0.45, place + 0.45], [level, level], color="black", linestyle=style, linewidth=1.2,
                    label=label if not place else None,
                )  # fmt: skip


def _arms(span: Mapping[str, float]) -> list[list[float]]:
    """Return an interval as error-bar arms, none below zero (a percentile interval may leave its figure out)."""
    return [[max(0.0, span["value"] - span["low"])], [max(0.0, span["high"] - span["value"])]]
