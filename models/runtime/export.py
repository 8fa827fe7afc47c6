"""From the fitted network to runtime files: OpenVINO and ONNX, in fp32 and in statically quantised int8."""

import logging
import random
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

import torch
from pydantic import BaseModel, ConfigDict, Field, field_validator
from torch import Tensor, nn
from torch.jit._trace import TracerWarning

from stancewire.features.context import text_pair
from stancewire.features.inputs import SentenceInput
from stancewire.models.base import Probabilities
from stancewire.models.runtime.batching import IntArray
from stancewire.models.runtime.classifier import RuntimeClassifier
from stancewire.models.runtime.engine import NEEDS, EngineName, RuntimeOptions
from stancewire.models.runtime.quantise import QuantisationOptions, calibration_feeds, quantise
from stancewire.models.runtime.spec import TOKENIZER, RuntimeSpec, sha256
from stancewire.models.transformer import TransformerClassifier

INPUTS = ("input_ids", "attention_mask", "token_type_ids")

log = logging.getLogger(__name__)


class ExportOptions(BaseModel):
    """What to export, in order of preference.

    Recorded, and to be evaluated with, is the first engine that gives PyTorch's labels for at least ``agreement`` of up
    to ``probe`` sentences in every task; where none does, the closest. With ``spare`` the other engines' files stay in
    the folder too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    engines: tuple[EngineName, ...] = Field(default=("openvino-int8",), min_length=1)
    int8: QuantisationOptions = QuantisationOptions()
    agreement: float = Field(default=0.98, ge=0, le=1)
    probe: int = Field(default=1000, ge=1)
    spare: bool = False

    @field_validator("engines")
    @classmethod
    def _exported(cls, engines: tuple[EngineName, ...]) -> tuple[EngineName, ...]:
        if "torch" in engines:
            raise ValueError("torch runs the model's own files and needs no export")
        return engines


@dataclass(frozen=True)
class ExportReport:
    """What was written: the recorded engine, the lowest share of equal labels per engine tried, bytes per file, seconds."""

    engine: EngineName
    agreement: dict[EngineName, float]
    sizes: dict[str, int]
    seconds: float


def export_runtime(
    classifier: TransformerClassifier,
    folder: Path,
    calibration_inputs: Sequence[SentenceInput],
    options: ExportOptions | None = None,
    probe_inputs: Sequence[SentenceInput] = (),
) -> ExportReport:
    """Write runtime files and ``runtime.json`` beside the classifier's own files, which ``folder`` already holds.

    ``calibration_inputs`` set the ranges of int8: give training sentences, never ones that the model is judged by.
    ``probe_inputs`` (the former where empty) are what engines are compared on: news as the model will read it; the same
    goes for them. DataError where the former are too few.
    """
    options = options or ExportOptions()
    start = time.monotonic()
    trial = _Trial.of(classifier, folder, calibration_inputs, options, probe_inputs)
    found: dict[EngineName, float] = {}
    for engine in options.engines:
        found[engine] = trial.int8(engine) if engine.endswith("int8") else trial.plain(engine)
        if found[engine] >= options.agreement and not options.spare:
            break
    faithful = [engine for engine, share in found.items() if share >= options.agreement]
    recorded = faithful[0] if faithful else max(found, key=found.__getitem__)
    if not faithful:
        log.warning("no engine reaches %.1f %% of PyTorch's labels, %s is closest", 100 * options.agreement, recorded)
    kept = tuple(found) if options.spare else (recorded,)
    for name in {name for engine in found for name in NEEDS[engine][1]} - {n for e in kept for n in NEEDS[e][1]}:
        (folder / name).unlink()
    names = _describe(classifier, folder, recorded, kept)
    sizes = {name: (folder / name).stat().st_size for name in names}
    return ExportReport(recorded, found, sizes, time.monotonic() - start)


def with_runtime(
    classifier: TransformerClassifier,
    folder: Path,
    calibration_inputs: Sequence[SentenceInput],
    options: ExportOptions | None = None,
    probe_inputs: Sequence[SentenceInput] = (),
) -> RuntimeClassifier:
    """Save the classifier into the empty ``folder``, export it there and return it with its recorded engine.

    ``folder`` has to stay while the returned classifier is in use: it copies its files from there when saved.
    """
    classifier.save(folder)
    export_runtime(classifier, folder, calibration_inputs, options, probe_inputs)
    return RuntimeClassifier.load(folder, classifier.codebook)


def _describe(
    classifier: TransformerClassifier, folder: Path, recorded: EngineName, engines: Sequence[EngineName]
) -> list[str]:
    """Write ``runtime.json`` and return the files that it covers."""
    shape = classifier.network.shape
    names = [*dict.fromkeys(name for engine in engines for name in NEEDS[engine][1]), TOKENIZER]
    RuntimeSpec(
        engine=recorded,
        tasks=shape.tasks,
        max_length=shape.max_length,
        context=shape.context,
        files={name: sha256(folder / name) for name in names},
    ).write(folder)
    return names


@dataclass(frozen=True)
class _Trial:
    """Writes a network's engines and tells which share of PyTorch's labels each gives on ``probe``, in the worst task.

    ``feeds`` set the ranges of int8, ``expected`` is what PyTorch says of ``probe``.
    """

    classifier: TransformerClassifier
    folder: Path
    options: ExportOptions
    feeds: Sequence[dict[str, IntArray]]
    probe: Sequence[SentenceInput]
    expected: Probabilities

    @classmethod
    def of(
        cls,
        classifier: TransformerClassifier,
        folder: Path,
        calibration_inputs: Sequence[SentenceInput],
        options: ExportOptions,
        probe_inputs: Sequence[SentenceInput],
    ) -> Self:
        feeds: list[dict[str, IntArray]] = []
        if any(engine.endswith("int8") for engine in options.engines):
            pairs = [text_pair(item, classifier.network.shape.context) for item in calibration_inputs]
            feeds = calibration_feeds(pairs, classifier.pairs, options.int8)
        given = list(probe_inputs or calibration_inputs)
        probe = random.Random(options.int8.seed + 1).sample(given, min(options.probe, len(given)))  # noqa: S311 - a fixed draw
        return cls(classifier, folder, options, feeds, probe, classifier.predict_proba(probe))

    def plain(self, engine: EngineName) -> float:
        """Write an engine in floating point."""
        _write(self.classifier, self.folder, NEEDS[engine][1][0])
        return self._share(engine, "")

    def int8(self, engine: EngineName) -> float:
        """Write an int8 engine with the first strength of SmoothQuant that is near enough to PyTorch, else the nearest.

        Which one that is differs from network to network, and int8 is worth a second try: nothing else is as fast.
        """
        strengths = self.options.int8.smooth
        shares: list[float] = []
        for smooth in strengths:
            shares.append(self._int8(engine, smooth))
            if shares[-1] >= self.options.agreement:
                return shares[-1]
        best = shares.index(max(shares))
        return shares[best] if best == len(shares) - 1 else self._int8(engine, strengths[best])

    def _int8(self, engine: EngineName, smooth: float) -> float:
        change = partial(quantise, feeds=self.feeds, options=self.options.int8, smooth=smooth)
        _write(self.classifier, self.folder, NEEDS[engine][1][0], change)
        return self._share(engine, f", smoothed by {smooth:g}")

    def _share(self, engine: EngineName, how: str) -> float:
        if not self.probe:
            return 1.0
        _describe(self.classifier, self.folder, engine, (engine,))
        runtime = RuntimeClassifier.open(self.folder, self.classifier.codebook, engine, RuntimeOptions())
        found = runtime.predict_proba(self.probe)
        runtime.close()
        same = [(found[task].argmax(axis=1) == rows.argmax(axis=1)).mean() for task, rows in self.expected.items()]
        share = float(min(same, default=1.0))
        log.info("engine %s%s: PyTorch's labels for at least %.1f %% of sentences", engine, how, 100 * share)
        return share


Change = Callable[[Any], Any] | None


def _write(classifier: TransformerClassifier, folder: Path, name: str, change: Change = None) -> None:
    """Write one form of the network, changed by ``change``, into ``folder``, whole or not at all."""
    network = _Ordered(classifier.network, tuple(classifier.network.shape.tasks)).eval()
    write = _write_onnx if name.endswith(".onnx") else _write_openvino
    with tempfile.TemporaryDirectory(prefix=".export.", dir=folder) as beside, torch.no_grad(), _quiet_tracing():
        write(network, Path(beside) / name, change)
        for path in sorted(Path(beside).iterdir()):
            path.replace(folder / path.name)


@contextmanager
def _quiet_tracing() -> Iterator[None]:
    """Tracing reads every attribute of a transformers model; what these warn of then concerns nobody.

    That the trace itself is right is measured afterwards, by the labels it gives.
    """
    chatty = logging.getLogger("transformers.modeling_utils")
    level = chatty.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TracerWarning)
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        chatty.setLevel(logging.ERROR)
        try:
            yield
        finally:
            chatty.setLevel(level)


class _Ordered(nn.Module):
    """The network with its logits as a tuple in the order of ``tasks``, which is what exporters can name."""

    def __init__(self, network: nn.Module, tasks: tuple[str, ...]) -> None:
        super().__init__()
        self.network = network
        self.tasks = tasks

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        logits = self.network(input_ids, attention_mask, token_type_ids)
        return tuple(logits[task] for task in self.tasks)


def _write_openvino(network: _Ordered, path: Path, change: Change) -> None:
    import openvino

    model = openvino.convert_model(network, example_input=dict(zip(INPUTS, _example(), strict=True)))
    for output, task in zip(model.outputs, network.tasks, strict=True):
        output.set_names({task})
    # Half-precision storage would make fp32 differ from the network it was made from.
    openvino.save_model(change(model) if change else model, path, compress_to_fp16=False)


def _write_onnx(network: _Ordered, path: Path, change: Change) -> None:
    import onnx

    with tempfile.TemporaryDirectory() as beside:
        plain = Path(beside) / "plain.onnx"
        # The older exporter names nodes after their modules, by which int8 leaves the delicate ones alone.
        torch.onnx.export(
            network,
            _example(),
            str(plain),
            input_names=INPUTS,
            output_names=network.tasks,
            dynamic_axes={name: {0: "rows", 1: "length"} for name in INPUTS}
            | {task: {0: "rows"} for task in network.tasks},
            opset_version=17,
            dynamo=False,
        )
        model = onnx.load(plain)
    onnx.save_model(change(model) if change else model, path)


def _example() -> tuple[Tensor, Tensor, Tensor]:
    """Return inputs to trace the network with: two rows, one of them padded, so that no mask is optimised away."""
    ids = torch.arange(24).reshape(2, 12) + 5
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0
    types = mask.clone()
    types[:, :4] = 0
    return ids * mask, mask, types
