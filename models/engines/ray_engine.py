"""Many machines: the same articles through Ray Data, the model loaded once an actor, results streamed back in order.

What must be decided in the order of the input (is it new, what does it repeat) is decided before, on the machine that
runs the command; it alone writes the store. So the records are those of the local engine, and the store is as safe.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from stancewire.data.article import Article
from stancewire.data.errors import MissingExtraError
from stancewire.data.intake import Admitted
from stancewire.models.engines.types import Annotated
from stancewire.models.predictor import Unit

if TYPE_CHECKING:
    from stancewire.models.predictor import Predictor

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

    A machine that dies mid-way costs time alone: Ray gives its blocks to another. MissingExtraError without Ray.
    """
    ray = _ray()
    ours = not ray.is_initialized()
    if ours:
        ray.init(address=options.address, log_to_driver=False, configure_logging=False, include_dashboard=False)
    try:
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        source = iter(admitted)
        while round_ := list(islice(source, options.round_articles)):
            yield from _round(ray, spec, round_, options)
    finally:
        if ours:
            ray.shutdown()


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
        concurrency=(1, workers),
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


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError:
        raise MissingExtraError("--engine ray needs Ray: pip install 'stancewire[ray]'") from None
    return ray
