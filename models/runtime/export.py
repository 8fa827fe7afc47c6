"""From the fitted network to runtime files: OpenVINO and ONNX, in fp32 and in statically quantised int8."""

import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field, field_validator
from torch import Tensor, nn

from stancewire.features.context import text_pair
from stancewire.features.inputs import SentenceInput
from stancewire.models.runtime.batching import IntArray
from stancewire.models.runtime.classifier import RuntimeClassifier
from stancewire.models.runtime.engine import NEEDS, EngineName
from stancewire.models.runtime.quantise import QuantisationOptions, calibration_feeds, quantise
from stancewire.models.runtime.spec import TOKENIZER, RuntimeSpec, sha256
from stancewire.models.transformer import TransformerClassifier

INPUTS = ("input_ids", "attention_mask", "token_type_ids")

log = logging.getLogger(__name__)


class ExportOptions(BaseModel):
    """What to export. The first of ``engines`` is the one that the model is recorded, and to be evaluated, with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engines: tuple[EngineName, ...] = Field(default=("openvino-int8",), min_length=1)
    int8: QuantisationOptions = QuantisationOptions()

    @field_validator("engines")
    @classmethod
    def _exported(cls, engines: tuple[EngineName, ...]) -> tuple[EngineName, ...]:
        if "torch" in engines:
            raise ValueError("torch runs the model's own files and needs no export")
        return engines


@dataclass(frozen=True)
class ExportReport:
    """What was written: the recorded engine, bytes per file, seconds in all."""

    engine: EngineName
    sizes: dict[str, int]
    seconds: float


def export_runtime(
    classifier: TransformerClassifier,
    folder: Path,
    calibration_inputs: Sequence[SentenceInput],
    options: ExportOptions | None = None,
) -> ExportReport:
    """Write runtime files and ``runtime.json`` beside the classifier's own files, which ``folder`` already holds.

    ``calibration_inputs`` set the ranges of int8: give training sentences, never ones that the model is judged by.
    DataError where they are too few.
    """
    options = options or ExportOptions()
    start = time.monotonic()
    shape = classifier.network.shape
    feeds: list[dict[str, IntArray]] = []
    if any(engine.endswith("int8") for engine in options.engines):
        pairs = [text_pair(item, shape.context) for item in calibration_inputs]
        feeds = calibration_feeds(pairs, classifier.pairs, options.int8)
    stems = dict.fromkeys(NEEDS[engine][1][0] for engine in options.engines)
    network = _Ordered(classifier.network, tuple(shape.tasks)).eval()
    with tempfile.TemporaryDirectory(prefix=".export.", dir=folder) as beside, torch.no_grad():
        for stem in stems:
            write = _write_onnx if stem.endswith(".onnx") else _write_openvino
            write(
                network,
                Path(beside) / stem,
                (lambda model: quantise(model, feeds, options.int8)) if "int8" in stem else None,
            )
        for path in sorted(Path(beside).iterdir()):
            path.replace(folder / path.name)
    names = [*dict.fromkeys(name for engine in options.engines for name in NEEDS[engine][1]), TOKENIZER]
    RuntimeSpec(
        engine=options.engines[0],
        tasks=shape.tasks,
        max_length=shape.max_length,
        context=shape.context,
        files={name: sha256(folder / name) for name in names},
    ).write(folder)
    sizes = {name: (folder / name).stat().st_size for name in names}
    log.info("exported %s, %.1f MB", ", ".join(options.engines), sum(sizes.values()) / 1e6)
    return ExportReport(options.engines[0], sizes, time.monotonic() - start)


def with_runtime(
    classifier: TransformerClassifier,
    folder: Path,
    calibration_inputs: Sequence[SentenceInput],
    options: ExportOptions | None = None,
) -> RuntimeClassifier:
    """Save the classifier into the empty ``folder``, export it there and return it with its recorded engine.

    ``folder`` has to stay while the returned classifier is in use: it copies its files from there when saved.
    """
    classifier.save(folder)
    export_runtime(classifier, folder, calibration_inputs, options)
    return RuntimeClassifier.load(folder, classifier.codebook)


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
