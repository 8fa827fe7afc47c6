"""The Ray engine gives the records of the local one, on two nodes, one of which is killed mid-run."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stancewire.data.article import Article
from stancewire.data.intake import Admitted
from stancewire.models.bundle import load_bundle
from stancewire.models.engines import local
from stancewire.models.engines.types import Annotated
from stancewire.models.predictor import Predictor

Rows = Callable[..., list[dict[str, Any]]]
STORE = 200 * 1024 * 1024


def admitted(rows: list[dict[str, Any]]) -> list[Admitted]:
    return [Admitted(Article(**row), rows[0]["id"] if number % 4 == 3 else None) for number, row in enumerate(rows)]


@pytest.fixture
def expected(model: Path, articles: Rows) -> list[Annotated]:
    given = admitted(articles(300))
    return list(local.annotate(Predictor(load_bundle(model), str(model)), given))


@pytest.mark.slow
def test_two_nodes_one_of_them_killed_give_the_records_of_one_machine(
    model: Path, articles: Rows, expected: list[Annotated]
) -> None:
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    from stancewire.models.engines import ray_engine

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": STORE})
    second = cluster.add_node(num_cpus=1, object_store_memory=STORE)
    try:
        ray.init(address=cluster.address, log_to_driver=False)
        found: list[Annotated] = []
        options = ray_engine.RayOptions(workers=2, block=10, round_articles=150)
        for result in ray_engine.annotate(ray_engine.ModelSpec(str(model)), admitted(articles(300)), options):
            found.append(result)
            if len(found) == 20:
                cluster.remove_node(second, allow_graceful=False)
        assert found == expected
        assert sum(node["Alive"] for node in ray.nodes()) == 1
    finally:
        ray.shutdown()
        cluster.shutdown()


def test_without_ray_the_extra_is_named(tmp_path: Path, model: Path) -> None:
    (tmp_path / "ray.py").write_text("raise ImportError('no ray here')\n")
    (tmp_path / "feed.jsonl").write_text('{"text": "The troops leave, he said."}\n')
    root = Path(__file__).parents[2]
    call = [
        sys.executable,
        str(root / "annotate.py"),
        "feed.jsonl",
        "--output",
        "o.jsonl",
        "--model",
        str(model),
        "--engine",
        "ray",
    ]
    done = subprocess.run(
        call, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "pip install 'stancewire[ray]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_pipeline_works_ahead_no_further_than_its_windows(model: Path, articles: Rows) -> None:
    taken: list[int] = []

    def source() -> Iterator[Admitted]:
        for number, one in enumerate(admitted(articles(200))):
            taken.append(number)
            yield one

    predictor = Predictor(load_bundle(model), str(model), window=20)
    results = local.annotate(predictor, source())
    next(results)
    time.sleep(0.5)
    assert len(taken) < 60
    results.close()
    assert not [thread for thread in threading.enumerate() if thread.name in {"prepare", "predict"}]


def test_an_error_in_a_stage_reaches_the_caller(model: Path, articles: Rows) -> None:
    def source() -> Iterator[Admitted]:
        yield admitted(articles(1))[0]
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="the disk went away"):
        list(local.annotate(Predictor(load_bundle(model), str(model)), source()))
