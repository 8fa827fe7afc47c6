"""The drift check from files to words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stancewire.data.annotation_files import load_annotation_files
from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.corpus import DATA, Corpus, load_corpus
from stancewire.data.errors import ConfigError
from stancewire.data.review.reading import read_predictions
from stancewire.models.retrain.drift import calibrate, detect, unknown_words
from stancewire.models.retrain.drift_sides import feed_side, load_thresholds, reference_side, save_thresholds

OUT_OF_FOLD = DATA / "oof"
PREFERRED = "transformer"


@dataclass(frozen=True, slots=True)
class DriftRequest:
    """What is compared with what. Without ``annotations`` the reference is the seed corpus, with the out-of-fold predictions
    kept for it unless ``out_of_fold`` names others."""

    records: tuple[Path, ...]
    annotations: tuple[Path, ...]
    codebook: Path | None
    out_of_fold: Path | None
    thresholds: Path
    seed: int


@dataclass(frozen=True, slots=True)
class DriftReport:
    """The check's outcome in words and as JSON; ``alarms`` counts the measures that raise one."""

    text: str
    figures: Mapping[str, Any]
    alarms: int


def report_drift(request: DriftRequest) -> DriftReport:
    """Compare records with the training data; ConfigError where nothing is given or the thresholds are for other data."""
    if not request.records:
        raise ConfigError("drift: expected RECORDS written by annotate.py, found none")
    codebook, corpus, kept = _reference(request)
    limits = load_thresholds(request.thresholds)
    if limits.digest != corpus.digest:
        raise ConfigError(
            f"{request.thresholds}: made for training data {limits.digest[:10]}, found {corpus.digest[:10]}; "
            "make new ones with --calibrate and --thresholds"
        )
    reference = reference_side(corpus, kept)
    feed = feed_side(read_predictions(request.records, codebook), codebook, request.seed)
    found = detect(reference, feed, codebook, limits.thresholds, request.seed)
    alarms = sum(one.alarm for one in found)
    unknown = unknown_words(reference, feed)
    articles = len(set(feed.articles))
    lines = [
        f"{len(feed.texts)} sentences of {articles} articles against {len(reference.texts)} of {len(set(reference.articles))}",
        *(f"  {one.in_words()}" for one in found),
        f"  words that the training data never use: {unknown:.1%}",
        f"{alarms} of {len(found)} measures raise an alarm",
    ]
    figures = {
        "measures": [{**asdict(one), "alarm": one.alarm} for one in found],
        "unknown_words": unknown,
        "sentences": len(feed.texts),
        "articles": articles,
    }
    return DriftReport("\n".join(lines), figures, alarms)


def calibrate_drift(request: DriftRequest, command: str) -> str:
    """Measure thresholds on halves of the training data and write them with the ``command`` that did; returns a summary."""
    codebook, corpus, kept = _reference(request)
    found = calibrate(reference_side(corpus, kept), codebook, request.seed)
    save_thresholds(request.thresholds, found, command, corpus.digest)
    lines = [f"  {name}: {limit:.3f} (median {found.medians[name]:.3f})" for name, limit in found.thresholds.items()]
    head = (
        f"{request.thresholds}: thresholds of {found.halvings} halvings, any exceeded in {found.any_above:.1%} of them"
    )
    return "\n".join([head, *lines])


def _reference(request: DriftRequest) -> tuple[Codebook, Corpus, Path | None]:
    codebook = load_codebook(request.codebook)
    if request.annotations:
        return codebook, load_annotation_files(request.annotations, codebook, "first").corpus, request.out_of_fold
    if request.codebook is not None:
        raise ConfigError("drift: --codebook needs --annotations, the training data that follow it")
    return codebook, load_corpus(codebook=codebook), request.out_of_fold or _kept()


def _kept() -> Path | None:
    """Return the out-of-fold predictions that stand for the champion: the transformer's, else the first there are."""
    files = sorted(OUT_OF_FOLD.glob("*.jsonl"))
    return next((path for path in files if path.name.startswith(PREFERRED)), files[0] if files else None)
