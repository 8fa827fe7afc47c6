"""Results as text for the terminal."""

from collections.abc import Sequence
from statistics import mean
from typing import Any

from stancewire.models.evaluation.results import Result

NAMES = {"accuracy": "accuracy", "macro_f1": "macro-F1", "kappa": "kappa", "mcc": "Matthews"}
WORST = 8
LEGEND = (
    "Intervals: 95 %, bootstrap over articles. Floor: always the commonest value. "
    "Ceiling: one annotation pass against the other."
)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align columns, the first to the left, the others to the right; an empty table is its head line."""
    widths = [max(len(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    lines = []
    for row in [heads, ["─" * width for width in widths], *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def span(figure: dict[str, float]) -> str:
    """Show a figure with its interval: ``0.612 [0.55, 0.67]``."""
    return f"{figure['value']:.3f} [{figure['low']:.2f}, {figure['high']:.2f}]"


def overall_table(results: Sequence[Result]) -> str:
    """One row per task and model: figures with 95 % intervals beside ceiling and floor."""
    rows = []
    for task in _tasks(results):
        for result in (one for one in results if task in one["tasks"]):
            figures = result["tasks"][task]
            ceiling = figures["ceiling"]
            rows.append(
                [
                    f"{task} · {result['name']}",
                    *(span(figures["intervals"][name]) for name in NAMES),
                    f"{figures['floor']['macro_f1']:.3f}",
                    f"{ceiling['macro_f1']:.3f}" if ceiling else "–",
                ]
            )
    return table(["task · model", *NAMES.values(), "floor F1", "ceiling F1"], rows)


def value_table(result: Result, task: str) -> str:
    """One row per value: precision, recall and F1 with intervals, and support; absent values say so."""
    figures = result["tasks"][task]
    rows = []
    for name in figures["values"]:
        held = figures["per_class"][name]
        if held["support"]:
            cells = [span(figures["intervals"][f"{kind}/{name}"]) for kind in ("precision", "recall", "f1")]
        else:
            cells = ["absent", "absent", "absent"]
        rows.append([name, *cells, str(held["support"])])
    return table([figures["title"], "precision", "recall", "F1", "support"], rows)


def summary(result: Result) -> str:
    """Show everything about one model that fits a terminal."""
    parts = [f"{result['name']}, {result['origin']}: {result['sentences']} sentences of {result['articles']} articles"]
    parts += [
        overall_table([result]),
        LEGEND,
    ]
    parts += [value_table(result, task) for task in result["tasks"]]
    parts += [text for text in (calibration_lines(result), review_line(result), slice_lines(result)) if text]
    return "\n\n".join(parts)


def calibration_lines(result: Result) -> str:
    """Show each task's calibration error; empty without probabilities."""
    rows = [
        [task, span(one["ece"]), f"{one['confidence']:.3f}", f"{one['accuracy']:.3f}", f"{one['nll']:.3f}"]
        for task, one in result["calibration"].items()
    ]
    return table(["calibration", "ECE", "mean probability", "accuracy", "log loss"], rows) if rows else ""


def review_line(result: Result) -> str:
    """Say what the review marks achieve; empty where nothing is marked."""
    review = result["review"]
    if not review:
        return ""
    asked = f"asked for at most {review['stated']:.0%} wrong values" if review["stated"] else "no error rate was stated"
    kept = review["kept_error"]
    if not review["coverage"]["value"]:
        return (
            f"Review: {asked}; that cannot be promised of any sentence, so all are marked "
            f"({review['all_error']:.1%} of their values are wrong)."
        )
    return (
        f"Review: {asked}; {1 - review['coverage']['value']:.0%} of sentences are marked, and of the values in the\n"
        f"others {kept['value']:.1%} are wrong [{kept['low']:.1%}, {kept['high']:.1%}] "
        f"(without marks {review['all_error']:.1%}, in the marked ones {review['marked_error']:.1%})."
    )


def slice_lines(result: Result) -> str:
    """Show the worst slices with enough support."""
    rows = [
        [
            f"{one['task']} · {one['dimension']}: {one['slice']}",
            span(one["accuracy"]),
            f"{one['gap']:+.3f}",
            str(one["n"]),
        ]
        for one in result["slices"]
        if not one["warning"]
    ][:WORST]
    return table(["worst slices", "accuracy", "to all", "sentences"], rows) if rows else ""


def comparison_lines(comparisons: Sequence[dict[str, Any]]) -> str:
    """Say each comparison in words."""
    return "\n".join(one["in_words"] for one in comparisons)


def behaviour_lines(behaviour: Result, name: str) -> str:
    """Show each behaviour test's rate with its number of cases."""
    rows = [
        [f"{one['kind']} · {test}", f"{one['rate']:.1%}", one["meaning"], str(one["n"])]
        for test, one in behaviour["tests"].items()
    ]
    flips = behaviour["invariance"]
    rows.append(["invariance · all", f"{flips['rate']:.1%}", "labels that flip", str(flips["n"])])
    return table([f"behaviour of {name}", "rate", "of", "cases"], rows)


def spread_lines(name: str, spread: Result) -> str:
    """Show mean and standard deviation over seeds."""
    rows = [
        [task, *(f"{figures[key]['mean']:.3f} ± {figures[key]['sd']:.3f}" for key in NAMES)]
        for task, figures in spread["tasks"].items()
    ]
    return table([f"{name}, {len(spread['seeds'])} seeds, out-of-fold", *NAMES.values()], rows)


def curve_lines(curve: Result) -> str:
    """Show macro-F1 by share of training articles, mean and range over folds."""
    rows = [
        [task, *(f"{mean(row):.3f} [{min(row):.2f}, {max(row):.2f}]" for row in rows)]
        for task, rows in curve["tasks"].items()
    ]
    return table([f"{curve['name']}, macro-F1", *(f"{share:.0%}" for share in curve["shares"])], rows)


def _tasks(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(task for result in results for task in result["tasks"]))
