"""A model folder: a manifest that says everything about the model, and the classifier's own files. No pickle."""

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ArtefactError
from stancewire.features.inputs import SentenceInput
from stancewire.models.base import Classifier, FloatArray
from stancewire.models.calibration import Calibration
from stancewire.models.fusion import fuse

MANIFEST = "manifest.json"
FORMAT = 1
PACKAGES = (
    "numpy",
    "scikit-learn",
    "skops",
    "torch",
    "transformers",
    "datasets",
    "mlflow",
    "openvino",
    "onnxruntime",
    "tokenizers",
)


@dataclass(frozen=True)
class Bundle:
    """A classifier with its calibration and its papers.

    ``settings`` are the experiment's, ``data`` says what it was trained on (digest, articles of each part), ``trust`` how
    far attribution's word is believed against the classifier's (see ``models.fusion``), ``figures`` what it reached,
    ``versions`` what it was made with.
    """

    classifier: Classifier
    calibration: Calibration
    name: str
    seed: int
    settings: Mapping[str, Any]
    data: Mapping[str, Any]
    trust: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=lambda: library_versions())
    commit: str = field(default_factory=lambda: git_commit())

    @property
    def codebook(self) -> Codebook:
        """The labels that the model knows."""
        return self.classifier.codebook

    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        """Return calibrated probabilities, attribution's findings included, shape (n, values) per task."""
        return self.calibration.apply(fuse(self.classifier.predict_proba(inputs), inputs, self.codebook, self.trust))

    def needs_review(self, calibrated: Mapping[str, FloatArray]) -> NDArray[np.bool_]:
        """Tell which sentences a person should look at, shape (n,)."""
        return self.calibration.needs_review(calibrated)

    def quality(self) -> list[dict[str, Any]]:
        """Return the measured macro-F1 with its interval per task, for people: task, figure, low, high."""
        found = self.figures.get("tasks", {})
        spans = {name: task["intervals"]["macro_f1"] for name, task in found.items()}
        return [
            {"task": name, "score": span["value"], "low": span["low"], "high": span["high"]}
            for name, span in spans.items()
        ]

    def manifest(self) -> dict[str, Any]:
        """Return everything but the classifier's files, as JSON."""
        return {
            "format": FORMAT,
            "kind": self.classifier.kind,
            "name": self.name,
            "seed": self.seed,
            "commit": self.commit,
            "codebook": json.loads(self.codebook.to_json()),
            "calibration": json.loads(self.calibration.to_json()),
            "settings": dict(self.settings),
            "data": dict(self.data),
            "trust": dict(self.trust),
            "figures": dict(self.figures),
            "versions": dict(self.versions),
        }


def save_bundle(bundle: Bundle, folder: Path) -> None:
    """Write ``folder`` whole or not at all; an existing bundle there is replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        bundle.classifier.save(beside)
        text = json.dumps(bundle.manifest(), indent=1, ensure_ascii=False)
        (beside / MANIFEST).write_text(text + "\n", encoding="utf-8")
        beside.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(beside, folder)  # noqa: PTH105 - one atomic step, whatever the type
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def load_bundle(folder: Path, expected: Codebook | None = None, engine: str = "auto") -> Bundle:
    """Read a model folder. ArtefactError if it is none, damaged, of a newer format or of another codebook.

    ``expected`` is the codebook that the caller's data follow; ``engine`` forces a runtime of a transformer.
    """
    manifest = read_manifest(folder)
    try:
        codebook = Codebook.model_validate(manifest["codebook"])
        calibration = Calibration.model_validate(manifest["calibration"])
    except (KeyError, ValidationError) as error:
        raise ArtefactError(f"{folder / MANIFEST}: damaged manifest: {error}; log the model again") from error
    if expected is not None and expected.digest != codebook.digest:
        raise ArtefactError(
            f"{folder}: the model knows codebook {codebook.name!r} ({codebook.digest}), expected {expected.name!r} "
            f"({expected.digest}); train a model with your codebook or pass the model's own"
        )
    return Bundle(
        classifier=_load_classifier(manifest["kind"], folder, codebook, engine),
        calibration=calibration,
        name=manifest["name"],
        seed=manifest["seed"],
        settings=manifest["settings"],
        data=manifest["data"],
        trust=manifest["trust"],
        figures=manifest["figures"],
        versions=manifest["versions"],
        commit=manifest["commit"],
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a bundle's manifest; ArtefactError where there is none."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArtefactError(f"{folder}: no {MANIFEST} there; expected a model folder written by train.py") from None
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path}: unreadable manifest: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else type(manifest).__name__
        raise ArtefactError(
            f"{path}: expected format {FORMAT}, found {found!r}; use the version of stancewire that wrote it"
        )
    return manifest


def _load_classifier(kind: str, folder: Path, codebook: Codebook, engine: str) -> Classifier:
    """Import only what the kind needs: a baseline must load without torch, a runtime without transformers."""
    if kind in ("majority", "tfidf"):
        from stancewire.models import baseline

        loader = baseline.MajorityClassifier if kind == "majority" else baseline.TfidfClassifier
        return loader.load(folder, codebook)
    if kind == "transformer":
        from stancewire.models import runtime

        return runtime.load_classifier(folder, codebook, engine)
    raise ArtefactError(f"{folder}: unknown kind of model {kind!r}; expected majority, tfidf or transformer")


def library_versions() -> dict[str, str]:
    """Return Python's and the main packages' versions; what is not installed is left out."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def git_commit() -> str:
    """Return the checkout's commit, with ``-dirty`` where tracked files are changed; ``unknown`` outside a checkout."""
    here = Path(__file__).parent
    try:
        text = subprocess.run(  # noqa: S603
            ["git", "-C", str(here), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return text.strip()
