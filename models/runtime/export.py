"""From the fitted network to runtime files: OpenVINO and ONNX, in fp32 and in statically quantised int8."""

import logging
import random
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field, field_validator
from torch import Tensor, nn
from torch.jit._trace import TracerWarning

from stancewire.data.codebook import Codebook
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
    feeds: list[dict[str, IntArray]] = []
    if any(engine.endswith("int8") for engine in options.engines):
        pairs = [text_pair(item, classifier.network.shape.context) for item in calibration_inputs]
        feeds = calibration_feeds(pairs, classifier.pairs, options.int8)
    probe = list(probe_inputs or calibration_inputs)
    probe = random.Random(options.int8.seed + 1).sample(probe, min(options.probe, len(probe)))  # noqa: S311 - a fixed draw
    expected = classifier.predict_proba(probe)
    found: dict[EngineName, float] = {}
    written: set[str] = set()
    for engine in options.engines:
        stem = NEEDS[engine][1][0]
        if stem not in written:
            _write(classifier, folder, stem, lambda model: quantise(model, feeds, options.int8))
            written.add(stem)
        _describe(classifier, folder, engine, (engine,))
        found[engine] = _agreement(folder, classifier.codebook, engine, probe, expected)
        log.info("engine %s: PyTorch's labels for at least %.1f %% of sentences", engine, 100 * found[engine])
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


def _agreement(
    folder: Path, codebook: Codebook, engine: EngineName, probe: Sequence[SentenceInput], expected: Probabilities
) -> float:
    """Return the share of ``probe`` with the expected labels, in the task where it is lowest."""
    if not probe:
        return 1.0
    runtime = RuntimeClassifier.open(folder, codebook, engine, RuntimeOptions())
    found = runtime.predict_proba(probe)
    runtime.close()
    shares = [(found[task].argmax(axis=1) == matrix.argmax(axis=1)).mean() for task, matrix in expected.items()]
    return float(min(shares, default=1.0))


def _write(classifier: TransformerClassifier, folder: Path, name: str, change: Callable[[Any], Any]) -> None:
    """Write one form of the network into ``folder``, whole or not at all."""
    network = _Ordered(classifier.network, tuple(classifier.network.shape.tasks)).eval()
    write = _write_onnx if name.endswith(".onnx") else _write_openvino
    with tempfile.TemporaryDirectory(prefix=".export.", dir=folder) as beside, torch.no_grad(), _quiet_tracing():
        write(network, Path(beside) / name, change if name.startswith("int8") else None)
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


Change = Callable[[Any], Any] | None


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
