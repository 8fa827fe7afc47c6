"""The README's figures, copied from an evaluation's JSON by a command and never by hand."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stancewire.data.errors import ConfigError
from stancewire.models.evaluation.terminal import span

BEGIN = "<!-- figures:begin -->"
END = "<!-- figures:end -->"
TITLES = {"test": "Test split", "out-of-fold": "Cross-validation, out-of-fold predictions of every annotated sentence"}


def update_readme(readme: Path, results: Path) -> bool:
    """Replace the text between the markers of ``readme`` by the figures of ``results``; returns whether it changed.

    ConfigError where the results or the markers are missing.
    """
    try:
        figures = json.loads(results.read_text(encoding="utf-8"))
        text = readme.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{error.filename}: not found; write the results with make evaluate first") from None
    except ValueError as error:
        raise ConfigError(f"{results}: not JSON: {error}; write it again with make evaluate") from error
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ConfigError(
            f"{readme}: expected one pair of markers {BEGIN} and {END}, found {len(pattern.findall(text))}"
        )
    fresh = pattern.sub(lambda _: f"{BEGIN}\n{figures_markdown(figures)}\n{END}", text)
    if fresh == text:
        return False
    beside = readme.with_suffix(".part")
    beside.write_text(fresh, encoding="utf-8")
    beside.replace(readme)
    return True


def figures_markdown(figures: Mapping[str, Any]) -> str:
    """Return the tables: macro-F1, accuracy and kappa by task and model, comparisons in words, calibration, review."""
    parts = [f"Annotations `{figures['corpus'][:10]}`; 95 % intervals by bootstrap over articles."]
    for name, section in figures["sections"].items():
        parts += [f"**{TITLES.get(name, name)}** ({_size(section)})", _table(section["models"])]
        words = [one["in_words"] for one in section["comparisons"] if "majority" not in (one["first"], one["second"])]
        parts += ["\n".join(f"* {line}" for line in words)] if words else []
    parts += [_spread(name, spread) for name, spread in figures["seeds"].items() if len(spread["seeds"]) > 1]
    return "\n\n".join(parts)


def _size(section: Mapping[str, Any]) -> str:
    first = section["models"][0]
    return f"{first['sentences']} sentences of {first['articles']} articles"


def _table(results: list[dict[str, Any]]) -> str:
    lines = [
        "| task | model | macro-F1 | accuracy | Cohen's kappa | calibration error | floor F1 | ceiling F1 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for task in dict.fromkeys(task for result in results for task in result["tasks"]):
        for result in (one for one in results if task in one["tasks"]):
            figures, spans = result["tasks"][task], result["tasks"][task]["intervals"]
            calibration = result["calibration"].get(task)
            ece = f"{calibration['ece']['value']:.3f}" if calibration else "–"
            ceiling = f"{figures['ceiling']['macro_f1']:.3f}" if figures["ceiling"] else "–"
            lines.append(
                f"| {task} | {result['name']} | {span(spans['macro_f1'])} | {span(spans['accuracy'])} | "
                f"{span(spans['kappa'])} | {ece} | {figures['floor']['macro_f1']:.3f} | {ceiling} |"
            )
    return "\n".join(lines)


def _spread(name: str, spread: Mapping[str, Any]) -> str:
    figures = ", ".join(
        f"{task} {one['macro_f1']['mean']:.3f} ± {one['macro_f1']['sd']:.3f}" for task, one in spread["tasks"].items()
    )
    return f"{name} over {len(spread['seeds'])} seeds, macro-F1, mean ± standard deviation: {figures}."
