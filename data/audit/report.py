"""The audit in words and tables, for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 100


def text_report(found: Mapping[str, Any], show: int) -> str:
    """Return the audit as text; ``show`` limits the examples of each part."""
    parts = [_files(found), _agreement(found), _suspects(found, show), _contradictions(found, show), _drift(found)]
    return "\n".join(line for part in parts for line in part) + "\n"


def _files(found: Mapping[str, Any]) -> Iterator[str]:
    for name, count in found["files"].items():
        yield f"{name}: {count} sentences"


def _agreement(found: Mapping[str, Any]) -> Iterator[str]:
    for pair in found["agreement"]:
        yield ""
        yield f"Agreement of {pair['first']} and {pair['second']}"
        yield f"  {'':24}{'agree':>8}{'kappa':>8}{'alpha':>8}{'first':>8}{'second':>8}{'both':>8}"
        for task in pair["tasks"]:
            counts = f"{task['n']:>8}{task['n']:>8}"
            yield f"  {task['task']:24}{task['share']:>8.3f}{_number(task['kappa'])}{_number(task['alpha'])}{counts}"
            for value in task["values"]:
                counts = f"{value['first']:>8}{value['second']:>8}{value['both']:>8}"
                yield f"    {value['name']:22}{'':8}{_number(value['kappa'])}{_number(value['alpha'])}{counts}"


def _suspects(found: Mapping[str, Any], show: int) -> Iterator[str]:
    if "suspects" not in found:
        return
    rows = found["suspects"]
    yield ""
    yield f"Suspected label errors (confident learning): {len(rows)}, the most doubtful first"
    for row in rows[:show]:
        yield f"  {row['id']} {row['task']}: {row['given']} → {row['suggested']} ({row['probability']:.2f})"
        yield f"      {row['text'][:WIDTH]}"


def _contradictions(found: Mapping[str, Any], show: int) -> Iterator[str]:
    for name, rows in found["contradictions"].items():
        yield ""
        yield f"Nearly equal sentences labelled differently in {name}: {len(rows)}"
        for row in rows[:show]:
            yield f"  {row['task']}"
            for ident, value, text in row["labels"]:
                yield f"    {ident} {value}: {text[:WIDTH]}"


def _drift(found: Mapping[str, Any]) -> Iterator[str]:
    pair = None
    for row in found["drift"]:
        if row["files"] != pair:
            pair = row["files"]
            yield ""
            yield f"Label shares, {pair[0]} against {pair[1]} (permutation of whole articles)"
        yield f"  {row['task']:24} Jensen-Shannon distance {row['distance']:.3f}, p = {row['p']:.3f}"


def _number(value: float | None) -> str:
    return f"{'–':>8}" if value is None else f"{value:>8.3f}"
