"""Model card and data card, written from what a run measured (Mitchell et al. 2019; Gebru et al. 2021)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import AnnotatedSentence, Corpus
from stancewire.models.evaluation.metrics import TaskMetrics
from stancewire.models.evaluation.results import Result
from stancewire.models.evaluation.slices import SMALL_ARTICLES, SMALL_SENTENCES
from stancewire.models.evaluation.terminal import review_line, span

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
FACTS = HERE / "facts.yaml"
WORST = 10
NO_FACTS: dict[str, Any] = {
    "about": "", "source": "", "labels": "", "written": "", "uses": [], "misuses": [], "limits": [],
}  # fmt: skip


def model_card(result: Result, manifest: Mapping[str, Any], behaviour: Result | None = None) -> str:
    """Return a model's card as Markdown: ``result`` of its evaluation, ``manifest`` of its bundle."""
    codebook = Codebook.model_validate(manifest["codebook"])
    return _render(
        "model_card.md.j2",
        {
            "result": result,
            "manifest": {"commit": "", "versions": {}, **manifest, "data": _data_of(manifest)},
            "codebook": codebook,
            "facts": facts_of(codebook),
            "review": review_line(result).replace("\n", " "),
            "worst": [one for one in result["slices"] if not one["warning"]][:WORST],
            "behaviour": behaviour,
            "settings": _flat(manifest["settings"]),
            "small_sentences": SMALL_SENTENCES,
            "small_articles": SMALL_ARTICLES,
        },
    )


def data_card(corpus: Corpus, parts: Mapping[str, Sequence[str]], agreement: Mapping[str, TaskMetrics]) -> str:
    """Return the corpus' card as Markdown: ``parts`` is split → articles, ``agreement`` that of the passes."""
    return _render(
        "data_card.md.j2",
        {
            "codebook": corpus.codebook,
            "digest": corpus.digest,
            "facts": facts_of(corpus.codebook),
            "documents": len({row.document for row in corpus.sentences if row.document}),
            "articles": len(corpus.by_article),
            "sentences": len(corpus.sentences),
            "counts": _counts(corpus.codebook, corpus.sentences),
            "split": {name: _part(corpus.select(articles)) for name, articles in parts.items()},
            "agreement": agreement,
        },
    )


def facts_of(codebook: Codebook) -> dict[str, Any]:
    """Return what is known of a codebook's corpus beyond its files; empty texts where nothing is."""
    known = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    return {**NO_FACTS, **known.get(codebook.name, {})}


def _render(template: str, values: Mapping[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown; cell() takes care of what would break a table
        finalize=cell,
    )  # fmt: skip
    environment.filters["span"] = span
    return environment.get_template(template).render(values)


def cell(value: object) -> object:
    """Make a value safe inside a Markdown table: no line ends, no column bars, no raw HTML."""
    if not isinstance(value, str):
        return value
    return " ".join(value.split()).replace("|", "\\|").replace("<", "&lt;")


def _data_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {"digest": "", "sentences": {}, "synthetic": 0, **manifest["data"]}


def _part(corpus: Corpus) -> dict[str, Any]:
    return {
        "sentences": len(corpus.sentences),
        "articles": len(corpus.by_article),
        "counts": _counts(corpus.codebook, corpus.sentences),
    }


def _counts(codebook: Codebook, sentences: Sequence[AnnotatedSentence]) -> dict[str, Counter[str]]:
    return {task.name: Counter(row.labels[task.name] for row in sentences) for task in codebook.tasks}


def _flat(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [item for key, inner in value.items() for item in _flat(inner, f"{prefix}{key}.")]
    return [(prefix.rstrip("."), str(value))]
