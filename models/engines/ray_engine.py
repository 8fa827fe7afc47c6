"""Many machines: the same articles through Ray Data, the model loaded once an actor, results streamed back in order.

What must be decided in the order of the input (is it new, what does it repeat) is decided before, on the machine that
runs the command; it alone writes the store. So the records are those of the local engine, and the store is as safe.
"""

import json
import logging
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from stancewire.data.article import Article
from stancewire.data.errors import MissingExtraError
from stancewire.data.intake import Admitted
from stancewire.models.engines.types import Annotated, ClusterError
from stancewire.models.predictor import Unit

if TYPE_CHECKING:
    from stancewire.models.predictor import Predictor

_PATIENCE = 10.0
_OUT = pa.schema([("article", pa.string()), ("records", pa.string())])


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What an actor loads: a model URI that every machine can reach (a tracking server, or a folder that all mount), and
    the user's file of actors, as reachable."""

    uri: str
    unit: Unit = "sentence"
    actors: str | None = None


@dataclass(frozen=True, slots=True)
class RayOptions:
    """How the work is laid out.

    ``address`` is the cluster's (None starts Ray on this machine); ``workers`` bounds the actors (None: as many as CPUs
    allow); ``gpus`` and ``cpus`` are what an actor takes; ``block`` articles go to an actor at a time, ``round_articles``
    are in flight at most, which bounds the memory of the object store.
    """

    address: str | None = None
    workers: int | None = None
    cpus: float = 1.0
    gpus: float = 0.0
    block: int = 100
    round_articles: int = 20_000


def annotate(spec: ModelSpec, admitted: Iterable[Admitted], options: RayOptions) -> Iterator[Annotated]:
    """Yield the articles with their records, in the order given.

    A machine that dies mid-way costs time alone: Ray gives its blocks to another. MissingExtraError without Ray;
    ClusterError if the cluster cannot be reached, or an actor cannot load the model.
    """
    ray = _ray()
    # Ray writes its notices (a machine died) to standard output, where our caller's records may go.
    with redirect_stdout(sys.stderr), _connected(ray, options.address):
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        source = iter(admitted)
        while round_ := list(islice(source, options.round_articles)):
            with _named(ray):
                yield from _round(ray, spec, round_, options)


@contextmanager
def _connected(ray: Any, address: str | None) -> Iterator[None]:
    """Use the connection that there is, else one of our own that ends with the block."""
    if ray.is_initialized():
        yield
        return
    _connect(ray, address)
    try:
        yield
    finally:
        ray.shutdown()


def _connect(ray: Any, address: str | None) -> None:
    """Join the cluster at ``address``, or start Ray on this machine; ClusterError if nothing answers there."""
    host, _, port = (address or "").rpartition(":")
    if address and not address.startswith("ray://") and port.isdigit():
        try:  # Ray itself would wait for minutes
            socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
        except OSError as error:
            raise ClusterError(
                f"no Ray cluster answers at {address} ({error}); start one there: ray start --head"
            ) from error
    try:
        ray.init(address=address, log_to_driver=False, configure_logging=False, include_dashboard=False)
    except Exception as error:  # where the start times out, Ray raises Exception itself
        where = f"--address {address}" if address else "this machine"
        raise ClusterError(f"Ray on {where}: {_first_line(error)}") from error


def _round(ray: Any, spec: ModelSpec, admitted: list[Admitted], options: RayOptions) -> Iterator[Annotated]:
    blocks = [_block(admitted[start : start + options.block]) for start in range(0, len(admitted), options.block)]
    available = int(ray.cluster_resources().get("CPU", 1) / max(options.cpus, 0.01))
    workers = max(1, min(options.workers or available, available, len(blocks)))
    results = ray.data.from_arrow(blocks).map_batches(
        _Annotator,
        fn_constructor_args=(spec.uri, spec.unit, spec.actors),
        batch_size=None,
        batch_format="pyarrow",
        num_cpus=options.cpus,
        num_gpus=options.gpus or None,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers, initial_size=workers),
    )
    for batch in results.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=1):
        for row in batch.to_pylist():
            yield Annotated(Article(**json.loads(row["article"])), json.loads(row["records"]))


def _block(admitted: list[Admitted]) -> pa.Table:
    return pa.table(
        {
            "article": [json.dumps(asdict(one.article)) for one in admitted],
            "duplicate_of": pa.array([one.duplicate_of for one in admitted], pa.string()),
        }
    )


class _Annotator:
    """An actor: one model, any number of blocks."""

    def __init__(self, uri: str, unit: Unit, actors: str | None) -> None:
        self.predictor = _predictor(uri, unit, actors)

    def __call__(self, block: pa.Table) -> pa.Table:
        prepared = [
            self.predictor.prepare(Article(**json.loads(row["article"])), row["duplicate_of"])
            for row in block.to_pylist()
        ]
        records = [json.dumps(found) for found in self.predictor.predict(prepared)]
        return pa.table({"article": block["article"], "records": records}, schema=_OUT)


def _predictor(uri: str, unit: Unit, actors: str | None) -> "Predictor":
    from stancewire.data.actors import load_actors
    from stancewire.models.bundle import load_bundle
    from stancewire.models.locate import locate_bundle
    from stancewire.models.predictor import Predictor

    folder, exact = locate_bundle(uri)
    return Predictor(load_bundle(folder), exact, unit, actors=load_actors(Path(actors)) if actors else None)


@contextmanager
def _named(ray: Any) -> Iterator[None]:
    """Turn what Ray raises, pages of it, into one line."""
    try:
        yield
    except (ray.exceptions.RayError, ray.data.exceptions.SystemException) as error:
        raise ClusterError(f"the Ray cluster gave up: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    """Return the line of an error that says most: the last of a remote traceback, else the first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if "Traceback" in str(error) or "ray::" in str(error) else lines[0]) if lines else repr(error)


def _ray() -> Any:
    """Import Ray, quietly: what goes wrong comes out as an error, and its own log files keep the rest."""
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    os.environ.setdefault("RAY_enable_output_error_log_if_still_retry", "0")
    try:
        import ray
        import ray.data
        import ray.data.exceptions
        import ray.exceptions
    except ImportError:
        raise MissingExtraError("--engine ray needs Ray: pip install 'stancewire[ray]'") from None
    logging.getLogger("ray").setLevel(logging.ERROR)
    for handler in logging.getLogger("ray.data").handlers:
        if handler.name == "console":
            handler.setLevel(logging.CRITICAL)
    return ray
