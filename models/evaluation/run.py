"""An evaluation from end to end: models and kept predictions in, a folder of figures, cards, pictures and pages out."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stancewire.data.corpus import DATA, Corpus
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.splits import split_for
from stancewire.models.bundle import Bundle, load_bundle
from stancewire.models.evaluation import cards, pictures, terminal
from stancewire.models.evaluation.behaviour.cases import load_suite
from stancewire.models.evaluation.behaviour.runner import run_behaviour
from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.browser import error_browser
from stancewire.models.evaluation.ceiling import agreement, passes_of
from stancewire.models.evaluation.comparison import compare_all
from stancewire.models.evaluation.results import Frame, Result, model_result, seed_spread
from stancewire.models.evaluation.scored import Scored
from stancewire.models.evaluation.sources import read_out_of_fold, score_bundle

KEPT = DATA / "oof"
CURVES = "learning-curve-*.json"
RESULTS = "results.json"
SCHEMA = 1
# Holm's correction multiplies p by the number of comparisons: the least p that resampling can give must be small.
FINER = 5


@dataclass(frozen=True)
class Judged:
    """One model with its predictions, its result and, where it is a model and not kept predictions, its bundle."""

    scored: Scored
    result: Result
    bundle: Bundle | None = None
    behaviour: Result | None = None
    uri: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """Everything that one call of the evaluation found; ``sections`` maps where it was measured to the models there.

    ``left_out`` says which kept files could not be judged, and why.
    """

    frame: Frame
    sections: Mapping[str, Sequence[Judged]]
    spreads: Mapping[str, Result] = field(default_factory=dict)
    curves: Sequence[Mapping[str, Any]] = ()
    left_out: Sequence[str] = ()
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        chance = replace(self.frame.chance, resamples=FINER * self.frame.chance.resamples)
        sections = {}
        for name, judged in self.sections.items():
            compared = compare_all([one.scored for one in judged], chance)
            sections[name] = {
                "models": [one.result for one in judged],
                "comparisons": [one.to_dict() for one in compared],
                "behaviour": {one.result["name"]: one.behaviour for one in judged if one.behaviour},
            }
        return {
            "schema": SCHEMA,
            "corpus": self.frame.corpus.digest,
            "codebook": self.frame.corpus.codebook.digest,
            "resamples": self.frame.chance.resamples,
            "seed": self.frame.chance.seed,
            "sections": sections,
            "seeds": dict(self.spreads),
            "learning_curves": list(self.curves),
            "left_out": list(self.left_out),
            "seconds": round(self.seconds, 1),
        }


def frame_for(corpus: Corpus, seed: int, resamples: int = 1000, error_rate: float = 0.2) -> Frame:
    """Return what the models are seen against, the annotation passes of the seed corpus included."""
    return Frame(corpus, passes_of(corpus), Resampling(seed, resamples), error_rate)


def judge_bundle(folder: Path, uri: str, frame: Frame, split: str, with_behaviour: bool) -> Judged:
    """Judge a model folder on articles it has not seen; ``uri`` is how it was asked for."""
    bundle = load_bundle(folder, frame.corpus.codebook)
    articles, origin = unseen_articles(bundle, frame.corpus, split)
    corpus = frame.corpus.select(articles)
    scored = score_bundle(bundle, bundle.name, corpus, origin)
    abstention = bundle.calibration.abstention
    behaviour = None
    if with_behaviour:
        suite = load_suite(bundle.codebook)
        behaviour = run_behaviour(bundle, suite, corpus) if suite else None
    result = model_result(scored, frame, abstention.error_rate if abstention else None)
    return Judged(scored, result, bundle, behaviour, uri)


def unseen_articles(bundle: Bundle, corpus: Corpus, split: str) -> tuple[list[str], str]:
    """Return the articles to judge on and what to call them.

    On the corpus that it was trained on, a model's own papers say which articles form the split; on any other, all
    articles count that its training and validation parts do not name. DataError where none is left.
    """
    parts: Mapping[str, Sequence[str]] = bundle.data.get("articles") or {}
    if bundle.data.get("digest") == corpus.digest and parts:
        return list(parts[split]), split
    seen = {article for name in ("train", "validation") for article in parts.get(name, ())}
    left = [article for article in corpus.by_article if article not in seen]
    if not left:
        raise DataError(f"{bundle.name}: saw every annotated article in training; give --annotations of other articles")
    return left, "annotations"


@dataclass(frozen=True)
class Kept:
    """Kept out-of-fold predictions: the first seed of each config in full, mean and spread over its seeds, and one line for
    each file that does not fit the corpus."""

    judged: Sequence[Judged]
    spreads: Mapping[str, Result]
    left_out: Sequence[str] = ()


def judge_kept(frame: Frame, folder: Path = KEPT, only: str = "*") -> Kept:
    """Judge every kept set of out-of-fold predictions; files of another corpus, or damaged ones, are left out and named.

    Files are ``NAME-seedS.jsonl``; NAME is the config's name, and ``only`` keeps one.
    """
    by_name: dict[str, dict[int, Scored]] = {}
    left_out = []
    for path in sorted(folder.glob(f"{only}-seed*.jsonl")):
        name = path.stem.rpartition("-seed")[0]
        try:
            by_seed = read_out_of_fold(path, frame.corpus, name)
        except DataError as error:
            left_out.append(f"left out: {error}; compute it anew with --cv and --keep")
            continue
        by_name.setdefault(name, {}).update(by_seed)
    firsts = [seeds[min(seeds)] for seeds in by_name.values()]
    judged = [Judged(first, model_result(first, frame)) for first in firsts]
    spreads = {name: seed_spread(dict(sorted(seeds.items()))) for name, seeds in by_name.items()}
    return Kept(judged, spreads, left_out)


def read_curves(corpus: Corpus, folder: Path = KEPT) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the learning curves kept for ``corpus``, and one line for each that was measured on another."""
    curves, left_out = [], []
    for path in sorted(folder.glob(CURVES)):
        curve = json.loads(path.read_text(encoding="utf-8"))
        if curve.get("corpus") == corpus.digest:
            curves.append(curve)
        else:
            left_out.append(f"left out: {path}: measured on other annotations; measure it anew with --learning-curve")
    return curves, left_out


def write_evaluation(evaluation: Evaluation, folder: Path) -> dict[str, Any]:
    """Write figures (JSON and text), cards, pictures and error browsers; returns the figures.

    Everything is written beside and moved into place at the end; a folder that holds anything else than an evaluation
    is left alone with a ConfigError.
    """
    check_output(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        figures = _fill(evaluation, beside)
        beside.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(beside, folder)  # noqa: PTH105 - one atomic step
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return figures


def check_output(folder: Path) -> None:
    """ConfigError if ``folder`` holds anything else than an evaluation, which must not be overwritten."""
    if folder.exists() and not (folder.is_dir() and (not any(folder.iterdir()) or (folder / RESULTS).is_file())):
        raise ConfigError(
            f"--output {folder}: expected a new or empty folder or an earlier evaluation, found something else"
        )


def report(evaluation: Evaluation, figures: Mapping[str, Any]) -> str:
    """Return everything as text: a summary per model, comparisons in words, behaviour, spread over seeds."""
    parts = []
    for name, judged in evaluation.sections.items():
        parts += [f"== {name} =="]
        if len(judged) > 1:
            parts += [terminal.overall_table([one.result for one in judged]), terminal.LEGEND]
        parts += [terminal.comparison_lines(figures["sections"][name]["comparisons"])]
        parts += [terminal.behaviour_lines(one.behaviour, one.result["name"]) for one in judged if one.behaviour]
    parts += [terminal.spread_lines(name, spread) for name, spread in evaluation.spreads.items()]
    for judged in evaluation.sections.values():
        parts += [terminal.summary(one.result) for one in judged]
    parts += evaluation.left_out
    return "\n\n".join(part for part in parts if part)


def data_card(frame: Frame, scored: Scored) -> str:
    """Return the corpus' card; ``scored`` tells which sentences' agreement is shown."""
    corpus = frame.corpus
    split = split_for(corpus, frame.chance.seed)
    parts = {name: split.part(name) for name in ("train", "validation", "test")}
    return cards.data_card(corpus, parts, agreement(scored, frame.passes))


def _fill(evaluation: Evaluation, folder: Path) -> dict[str, Any]:
    frame = evaluation.frame
    figures = evaluation.to_dict()
    for name, judged in evaluation.sections.items():
        drawn = pictures.draw_all([one.result for one in judged], frame.corpus.codebook)
        pictures.save_all(drawn, folder / "pictures" / name)
        for one in judged:
            page = error_browser(one.scored, frame.passes, frame.corpus.titles)
            (folder / f"errors-{name}-{one.result['name']}.html").write_text(page, encoding="utf-8")
            if one.bundle:
                card = cards.model_card(one.result, one.bundle.manifest(), one.behaviour)
                (folder / f"model-card-{one.result['name']}.md").write_text(card, encoding="utf-8")
    curves = {f"learning-curve-{curve['name']}": pictures.learning_curve(curve) for curve in evaluation.curves}
    pictures.save_all(curves, folder / "pictures")
    whole = next((one.scored for judged in evaluation.sections.values() for one in judged), None)
    if whole is not None:
        (folder / "data-card.md").write_text(data_card(frame, whole), encoding="utf-8")
    (folder / "tables.txt").write_text(report(evaluation, figures) + "\n", encoding="utf-8")
    (folder / RESULTS).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return figures


def evaluate_all(frame: Frame, models: Mapping[str, tuple[Path, str]]) -> Evaluation:
    """Judge the given models (name → folder, URI) on the test split and every kept set of out-of-fold predictions."""
    start = time.monotonic()
    tested = [judge_bundle(folder, uri, frame, "test", with_behaviour=True) for folder, uri in models.values()]
    kept = judge_kept(frame)
    curves, others = read_curves(frame.corpus)
    sections = {name: judged for name, judged in (("test", tested), ("out-of-fold", kept.judged)) if judged}
    return Evaluation(frame, sections, kept.spreads, curves, [*kept.left_out, *others], time.monotonic() - start)
