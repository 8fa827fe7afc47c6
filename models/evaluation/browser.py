"""The error browser: one HTML page without network; its confusion matrices open to the sentences behind a cell."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stancewire.models.evaluation.ceiling import Passes
from stancewire.models.evaluation.scored import Scored

TEMPLATES = Path(__file__).parent / "templates"
DIGITS = 3


def error_browser(scored: Scored, passes: Passes, titles: Mapping[str, str | None]) -> str:
    """Return the page: ``passes`` by sentence id (may be empty), ``titles`` by article.

    Sentences, titles and names are untrusted: they reach the page as JSON with ``<``, ``>``, ``&`` and quotes
    escaped, and the script writes them as text only.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("browser.html.j2").render(
        name=scored.name, origin=scored.origin, data=browser_data(scored, passes, titles)
    )


def browser_data(scored: Scored, passes: Passes, titles: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what the page shows as plain JSON values; sentences stay in order, so neighbours give the context."""
    return {
        "tasks": [_task(scored, task.name) for task in scored.tasks],
        "titles": {article: titles.get(article) for article in dict.fromkeys(scored.articles)},
        "sentences": [
            {
                "id": sentence.id,
                "article": sentence.article,
                "text": sentence.text,
                "part": sentence.part,
                "passes": [
                    {task.name: labels[task.name] for task in scored.tasks} for labels in passes.get(sentence.id, ())
                ],
                "review": bool(scored.review[row]) if scored.review is not None else None,
            }
            for row, sentence in enumerate(scored.sentences)
        ],
    }


def _task(scored: Scored, name: str) -> dict[str, Any]:
    task = scored.codebook.task(name)
    matrix = scored.probabilities.get(name)
    return {
        "name": name,
        "title": task.title,
        "values": list(task.names),
        "gold": scored.gold(task).tolist(),
        "predicted": scored.predicted[name].tolist(),
        "probabilities": None if matrix is None else matrix.round(DIGITS).tolist(),
    }
