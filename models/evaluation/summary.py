"""The closing table of a whole run: every registered model on the same test articles, and who is champion."""

from mlflow.tracking import MlflowClient

from stancewire.data.corpus import Corpus, load_corpus
from stancewire.data.errors import ArtefactError
from stancewire.data.splits import load_split
from stancewire.models.bundle import load_bundle, read_manifest
from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.ceiling import passes_of
from stancewire.models.evaluation.results import Frame, Result, model_result
from stancewire.models.evaluation.sources import score_bundle
from stancewire.models.evaluation.terminal import LEGEND, overall_table
from stancewire.models.tracking import alias_version, connect, download_bundle

CHAMPION = "champion"


def closing_summary(registered: str, seed: int) -> str:
    """Return the table of the newest version of each config on the test split of the corpus it was trained on.

    ArtefactError where nothing is registered under ``registered``.
    """
    corpus = load_corpus()
    newest = newest_versions(connect(), registered)
    if not newest:
        raise ArtefactError(f"{registered}: no model is registered; train one with python train.py configs/tfidf.yaml")
    champion = alias_version(registered, CHAMPION)
    test = corpus.select(load_split(corpus).test)
    frame = Frame(corpus, passes_of(corpus), Resampling(seed=seed))
    results = [_result(registered, version, test, frame) for version in newest.values()]
    crowned = next((name for name, version in newest.items() if version == champion), "an older model")
    return "\n\n".join([
        f"Test split: {len(test.sentences)} sentences of {len(test.by_article)} articles that no model was trained on.",
        overall_table([result for result in results if result is not None]),
        LEGEND,
        f"Champion: models:/{registered}@{CHAMPION} = version {champion} ({crowned}).",
    ])  # fmt: skip


def newest_versions(client: MlflowClient, registered: str) -> dict[str, str]:
    """Return config name → its newest version's number, in order of registration."""
    found = client.search_model_versions(f"name='{registered}'")
    ordered = sorted(found, key=lambda version: int(version.version))
    newest = {version.tags.get("config", "?"): str(version.version) for version in ordered}
    return dict(sorted(newest.items(), key=lambda item: int(item[1])))


def _result(registered: str, version: str, test: Corpus, frame: Frame) -> Result | None:
    """Judge one version; None if it was trained on another corpus, where this test split says nothing."""
    folder, _ = download_bundle(f"models:/{registered}/{version}")
    if read_manifest(folder)["data"].get("digest") != test.digest:
        return None
    bundle = load_bundle(folder, test.codebook)
    return model_result(score_bundle(bundle, bundle.name, test, "test"), frame)
