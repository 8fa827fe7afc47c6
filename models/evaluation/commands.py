"""What each call of evaluate.py does; every function returns text for people and plain values for ``--json``."""

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.corpus import Corpus, load_corpus
from stancewire.data.errors import ConfigError
from stancewire.models.attribution_scores import SpeakerScores, score_speaker
from stancewire.models.bundle import load_bundle
from stancewire.models.evaluation import cards, terminal
from stancewire.models.evaluation.cross_validated import cross_validated, experiment_data, keep_curve, learning_curve
from stancewire.models.evaluation.publish import publish
from stancewire.models.evaluation.records import Record, join, read_records, scored_records
from stancewire.models.evaluation.results import Frame, model_result
from stancewire.models.evaluation.run import (
    KEPT,
    Evaluation,
    Judged,
    check_output,
    evaluate_all,
    frame_for,
    judge_bundle,
    judge_kept,
    report,
    unseen_articles,
    write_evaluation,
)
from stancewire.models.evaluation.sources import annotate_sentences
from stancewire.models.evaluation.summary import newest_versions
from stancewire.models.locate import locate_bundle
from stancewire.models.settings import load_settings
from stancewire.models.tracking import connect

SPEAKER = "speaker"
SEED = 20150930


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; ``output`` None writes no files."""

    split: str = "test"
    annotations: Path | None = None
    codebook: Path | None = None
    output: Path | None = None
    task: str | None = None
    card: bool = False
    resamples: int = 1000
    seed: int = SEED

    def corpus(self, codebook: Codebook | None = None) -> Corpus:
        """Return the annotations asked for, the seed corpus if none were; ``codebook`` is a model's own.

        ConfigError before any work is done if ``output`` cannot be written, or if the seed corpus follows another codebook.
        """
        if self.output is not None:
            check_output(self.output)
        given = load_codebook(self.codebook) if self.codebook else codebook
        if self.annotations is None:
            if given is not None and given.digest != load_codebook().digest:
                raise ConfigError(
                    f"expected --annotations that follow codebook {given.name!r}; the seed corpus does not"
                )
            return load_corpus(codebook=given)
        return load_corpus(self.annotations, given)


@dataclass(frozen=True, slots=True)
class Folding:
    """How a config is cross-validated: ``k`` folds, one run of all folds per seed, predictions kept or not."""

    k: int = 5
    seeds: tuple[int, ...] = (0,)
    keep: bool = False


Answer = tuple[str, dict[str, Any]]


def evaluate_model(target: str, request: Request) -> Answer:
    """Judge one model (URI or folder) on articles it has not seen; with an output folder, write and log it all."""
    folder, uri = locate_bundle(target)
    corpus = request.corpus(load_bundle(folder).codebook)
    frame = frame_for(corpus, request.seed, request.resamples)
    if request.task == SPEAKER:
        return _speaker_of_model(folder, target, frame, request)
    judged = judge_bundle(folder, uri, frame, request.split, with_behaviour=request.output is not None or request.card)
    if request.card:
        assert judged.bundle is not None
        card = cards.model_card(judged.result, judged.bundle.manifest(), judged.behaviour)
        return card, {"card": card}
    return _finish(Evaluation(frame, {judged.result["origin"]: [judged]}), request)


def evaluate_records(predictions: Path, request: Request) -> Answer:
    """Score a file of records against annotations; what found no partner is counted and shown."""
    corpus = request.corpus()
    joined = join(read_records(predictions), corpus)
    frame = frame_for(corpus, request.seed, request.resamples)
    if request.task == SPEAKER:
        return _speaker(joined.pairs, corpus.codebook, joined.in_words())
    scored = scored_records(predictions.name, joined, corpus)
    judged = Judged(scored, model_result(scored, frame))
    text, figures = _finish(Evaluation(frame, {"records": [judged]}), request)
    counts = {"stray": joined.stray, "doubled": joined.doubled, "missing": joined.missing, "by": dict(joined.by)}
    return f"{joined.in_words()}\n\n{text}", {**figures, "join": counts}


def evaluate_config(target: str, overrides: Sequence[str], request: Request, how: Folding) -> Answer:
    """Cross-validate a config and judge its out-of-fold predictions, kept in data/oof where ``how`` says so."""
    settings = load_settings(Path(target), overrides)
    with tempfile.TemporaryDirectory() as scratch:
        folder = KEPT if how.keep else Path(scratch)
        cross_validated(settings, how.k, how.seeds, folder, logging.getLogger("stancewire").info)
        frame = frame_for(experiment_data(settings)[0], request.seed, request.resamples, settings.review.error_rate)
        kept = judge_kept(frame, folder, settings.name)
    sections = {"out-of-fold": kept.judged} if kept.judged else {}
    return _finish(Evaluation(frame, sections, kept.spreads, left_out=kept.left_out), request)


def curve_of_config(target: str, overrides: Sequence[str], how: Folding, seed: int) -> Answer:
    """Measure a config's learning curve, kept in data/oof where ``how`` says so."""
    settings = load_settings(Path(target), overrides)
    curve = learning_curve(settings, how.k, seed, logging.getLogger("stancewire").info)
    kept = f"\n\nKept in {keep_curve(curve)}." if how.keep else ""
    return terminal.curve_lines(curve) + kept, curve


def evaluate_registered(registered: str, request: Request) -> Answer:
    """Judge the newest version of each config registered under ``registered``, and all kept out-of-fold predictions."""
    corpus = request.corpus()
    models = {
        name: locate_bundle(f"models:/{registered}/{version}")
        for name, version in newest_versions(connect(), registered).items()
    }
    fitting = {name: held for name, held in models.items() if load_bundle(held[0]).data.get("digest") == corpus.digest}
    if not fitting:
        raise ConfigError(f"{registered}: no model of this corpus is registered; train one, for example with make run")
    return _finish(evaluate_all(frame_for(corpus, request.seed, request.resamples), fitting), request)


def speaker_text(scores: SpeakerScores) -> Answer:
    """Show attribution's figures."""
    rows = [[one.name, f"{one.value:.3f}", str(one.support)] for one in scores.measures]
    parts = [terminal.table(["speaker", "figure", "sentences"], rows)]
    for task, values in scores.per_value.items():
        held = [[name, f"{one.value:.3f}", str(one.support)] for name, one in values.items()]
        parts.append(terminal.table([task, "F1", "support"], held))
    figures = {
        "measures": {one.name: {"value": one.value, "support": one.support} for one in scores.measures},
        "per_value": {
            task: {name: {"f1": one.value, "support": one.support} for name, one in values.items()}
            for task, values in scores.per_value.items()
        },
    }
    return "\n\n".join(parts), figures


def _speaker_of_model(folder: Path, name: str, frame: Frame, request: Request) -> Answer:
    bundle = load_bundle(folder, frame.corpus.codebook)
    articles, origin = unseen_articles(bundle, frame.corpus, request.split)
    corpus = frame.corpus.select(articles)
    records = annotate_sentences(bundle, name, corpus)
    heading = f"{name}, {origin}: {len(corpus.sentences)} sentences of {len(corpus.by_article)} articles"
    return _speaker(list(zip(corpus.sentences, records, strict=True)), corpus.codebook, heading)


def _speaker(pairs: Sequence[tuple[Any, Record]], codebook: Codebook, heading: str) -> Answer:
    if not codebook.attribution:
        raise ConfigError(f"--task {SPEAKER}: the codebook {codebook.name!r} does not annotate speakers")
    gold = [{**row.labels, "speaker": row.speaker, "speaker_mention": row.speaker_mention} for row, _ in pairs]
    text, figures = speaker_text(score_speaker(gold, [record for _, record in pairs], codebook))
    return f"{heading}\n\n{text}", figures


def _finish(evaluation: Evaluation, request: Request) -> Answer:
    """Write and log where an output folder was asked for; else only show. ``--task`` keeps one task."""
    if request.output is None:
        figures = evaluation.to_dict()
    else:
        figures = write_evaluation(evaluation, request.output)
        for one in (judged for section in evaluation.sections.values() for judged in section):
            publish(one, request.output)
    text = report(evaluation, figures)
    if request.task:
        text = _one_task(evaluation, request.task)
    if request.output is not None:
        text += f"\n\nWritten to {request.output}: results.json, tables.txt, cards, pictures and error browsers."
    return text, figures


def _one_task(evaluation: Evaluation, task: str) -> str:
    evaluation.frame.corpus.codebook.task(task)
    shown: list[Mapping[str, Any]] = [one.result for judged in evaluation.sections.values() for one in judged]
    kept = [{**one, "tasks": {task: one["tasks"][task]}} for one in shown if task in one["tasks"]]
    tables = [terminal.overall_table(kept), *(terminal.value_table(one, task) for one in kept)]
    return "\n\n".join(tables)
