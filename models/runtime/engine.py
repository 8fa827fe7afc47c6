"""The runtimes that can execute an exported network, and the rule that picks one. Nothing here imports torch."""

import importlib.util
import os
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from stancewire.data.errors import ArtefactError, ConfigError, MissingExtraError
from stancewire.models.base import FloatArray
from stancewire.models.runtime.batching import Batch

EngineName = Literal["openvino-int8", "onnx-int8", "openvino-fp32", "onnx-fp32", "openvino-bf16", "torch"]

PREFERENCE: tuple[EngineName, ...] = (
    "openvino-int8", "onnx-int8", "openvino-fp32", "onnx-fp32", "openvino-bf16", "torch",
)  # fmt: skip
"""Fastest first by measurement, but for bf16: most processors lack it, and then it is fp32 with worse rounding."""

NEEDS: Mapping[EngineName, tuple[str, tuple[str, ...]]] = {
    "openvino-int8": ("openvino", ("int8.xml", "int8.bin")),
    "onnx-int8": ("onnxruntime", ("int8.onnx",)),
    "openvino-fp32": ("openvino", ("fp32.xml", "fp32.bin")),
    "openvino-bf16": ("openvino", ("fp32.xml", "fp32.bin")),
    "onnx-fp32": ("onnxruntime", ("fp32.onnx",)),
    "torch": ("torch", ("model.safetensors", "network.json")),
}
"""The package that an engine needs and its files in the model folder."""


@dataclass(frozen=True, slots=True)
class RuntimeOptions:
    """How to run, never what comes out. ``threads`` None means OMP_NUM_THREADS, else every processor of this process.

    ``batch_tokens`` bounds one batch and ``chunk`` the distinct sentences held as tokens at a time: together they bound
    the memory.
    """

    threads: int | None = None
    batch_tokens: int = 1024
    chunk: int = 4096

    def __post_init__(self) -> None:
        for name in ("threads", "batch_tokens", "chunk"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigError(f"runtime {name}: expected a number of at least 1, found {value}")

    def thread_count(self) -> int:
        """Return the number of threads to use."""
        if self.threads is not None:
            return self.threads
        wished = os.environ.get("OMP_NUM_THREADS", "")
        return int(wished) if wished.isdigit() and int(wished) > 0 else len(os.sched_getaffinity(0))


class Engine(Protocol):
    """Runs batches through the network."""

    name: EngineName

    def run(self, batches: Iterable[Batch], tasks: tuple[str, ...], rows: int) -> dict[str, FloatArray]:
        """Return logits, shape (rows, values) per task, each batch's rows at their places."""
        ...

    def close(self) -> None:
        """Release the network and its threads."""
        ...


def available(folder: Path) -> tuple[EngineName, ...]:
    """Return the engines whose package can be imported and whose files ``folder`` has, fastest first."""
    return tuple(name for name in PREFERENCE if _lacks(name, folder) is None)


def choose(folder: Path, recorded: EngineName | None, wanted: str = "auto") -> EngineName:
    """Pick an engine: the one ``wanted``, else the ``recorded`` one, else the fastest there is.

    Raises:
        ConfigError: ``wanted`` names no engine.
        MissingExtraError: its package is not installed.
        ArtefactError: the folder lacks its files, or (auto) no engine can run it.
    """
    if wanted != "auto":
        for name in PREFERENCE:
            if name == wanted:
                _require(name, folder)
                return name
        raise ConfigError(f"engine: expected auto or one of {', '.join(PREFERENCE)}, found {wanted!r}")
    there = available(folder)
    if recorded in there:
        return recorded
    if not there:
        reasons = "; ".join(str(_lacks(name, folder)) for name in PREFERENCE)
        raise ArtefactError(f"{folder}: nothing here can run the model: {reasons}")
    return there[0]


def open_engine(name: EngineName, folder: Path, options: RuntimeOptions) -> Engine:
    """Load the network of ``folder`` into an engine other than torch."""
    files = NEEDS[name][1]
    if name.startswith("openvino"):
        return OpenVinoEngine(name, folder / files[0], options.thread_count())
    if name.startswith("onnx"):
        return OnnxEngine(name, folder / files[0], options.thread_count())
    raise ConfigError(f"engine {name}: not an exported runtime")


class OpenVinoEngine:
    """OpenVINO on the CPU; each thread has a batch under way and one that waits, as Python may be late with the next."""

    def __init__(self, name: EngineName, path: Path, threads: int) -> None:
        import openvino

        self.name = name
        settings = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": threads,
            # Left to itself OpenVINO computes in bfloat16 where the processor can, and quantises by batch.
            "INFERENCE_PRECISION_HINT": "bf16" if name == "openvino-bf16" else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,
            # Pinned threads of several processes would all sit on the same processors.
            "ENABLE_CPU_PINNING": False,
        }
        try:
            self._model: Any = openvino.Core().compile_model(path, "CPU", settings)
        except RuntimeError as error:
            raise ArtefactError(f"{path}: OpenVINO cannot load it: {error}; export the model again") from error
        self._requests: Any = [self._model.create_infer_request() for _ in range(2 * threads)]

    def run(self, batches: Iterable[Batch], tasks: tuple[str, ...], rows: int) -> dict[str, FloatArray]:
        """Return logits, shape (rows, values) per task."""
        ports = {task: self._model.output(task) for task in tasks}
        logits = {task: np.empty((rows, port.partial_shape[1].get_length())) for task, port in ports.items()}

        def collect() -> Any:
            request, places = busy.popleft()
            request.wait()
            for task, port in ports.items():
                logits[task][places] = request.get_tensor(port).data
            return request

        # Waited for in turn and not by callback: a callback's thread may outlive the network and then cannot end.
        free, busy = list(self._requests), deque[Any]()
        for batch in batches:
            request = free.pop() if free else collect()
            request.start_async(batch.feed())
            busy.append((request, batch.rows))
        while busy:
            collect()
        return logits

    def close(self) -> None:
        """Release the network and its threads."""
        self._requests = self._model = None


class OnnxEngine:
    """onnxruntime on the CPU."""

    def __init__(self, name: EngineName, path: Path, threads: int) -> None:
        import onnxruntime

        self.name = name
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Ever new shapes would make the memory plan and its arena grow without an end.
        options.enable_mem_pattern = False
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            # onnxruntime's exceptions share no base but Exception.
            raise ArtefactError(f"{path}: onnxruntime cannot load it: {error}; export the model again") from error

    def run(self, batches: Iterable[Batch], tasks: tuple[str, ...], rows: int) -> dict[str, FloatArray]:
        """Return logits, shape (rows, values) per task."""
        sizes = {output.name: output.shape[1] for output in self._session.get_outputs()}
        logits = {task: np.empty((rows, sizes[task])) for task in tasks}
        for batch in batches:
            for task, values in zip(tasks, self._session.run(list(tasks), batch.feed()), strict=True):
                logits[task][batch.rows] = values
        return logits

    def close(self) -> None:
        """Release the network and its threads."""
        self._session = None


def _require(name: EngineName, folder: Path) -> None:
    problem = _lacks(name, folder)
    if problem is not None:
        raise (ArtefactError if _missing(folder, NEEDS[name][1]) else MissingExtraError)(problem)


def _lacks(name: EngineName, folder: Path) -> str | None:
    """Say what keeps ``name`` from running ``folder``; None where nothing does."""
    package, files = NEEDS[name]
    missing = _missing(folder, files)
    if missing:
        return f"engine {name}: {folder} has no {' and no '.join(missing)}; export it or choose another engine"
    if importlib.util.find_spec(package) is None:
        return f"engine {name}: the package {package} is not installed; install it or choose another engine"
    return None


def _missing(folder: Path, files: tuple[str, ...]) -> list[str]:
    return [file for file in files if not (folder / file).is_file()]
