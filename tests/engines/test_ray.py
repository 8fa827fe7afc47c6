"""The Ray engine gives the records of the local one, on two nodes, one of which is killed mid-run."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from stancewire.data.article import Article
from stancewire.data.intake import Admitted
from stancewire.models.bundle import load_bundle
from stancewire.models.engines import local
from stancewire.models.engines.types import ClusterError
from stancewire.models.predictor import Predictor

Rows = Callable[..., list[dict[str, Any]]]
STORE = 200 * 1024 * 1024


def admitted(rows: list[dict[str, Any]]) -> list[Admitted]:
    return [Admitted(Article(**row), rows[0]["id"] if number % 4 == 3 else None) for number, row in enumerate(rows)]


@pytest.fixture
def rows(articles: Rows) -> list[dict[str, Any]]:
    """Return articles long enough for a block of them to keep an actor busy for a while."""
    return [row | {"text": "\n".join([row["text"]] * 8)} for row in articles(200)]


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Give a cluster of two nodes with one processor each; nothing of it is left afterwards."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": STORE})
    cluster.second = cluster.add_node(num_cpus=1, object_store_memory=STORE)
    nodes = cluster.list_all_nodes()
    started = [one.process.pid for node in nodes for kind in node.all_processes.values() for one in kind]
    try:
        ray.init(address=cluster.address, log_to_driver=False)
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()
        _, alive = psutil.wait_procs([psutil.Process(pid) for pid in started if psutil.pid_exists(pid)], timeout=30)
        for process in alive:
            process.kill()


def annotators(node: Any) -> list[str]:
    """Return the command lines of a node's actors that hold our model."""
    raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
    lines = [" ".join(child.cmdline()) for child in raylet.children(recursive=True)]
    return [line for line in lines if "_Annotator" in line]


@pytest.mark.slow
def test_two_nodes_one_of_them_killed_give_the_records_of_one_machine(
    cluster: Any, model: Path, rows: list[dict[str, Any]]
) -> None:
    from stancewire.models.engines import ray_engine

    expected = local.annotate(Predictor(load_bundle(model), str(model)), admitted(rows))
    options = ray_engine.RayOptions(workers=2, block=5, round_articles=150)
    killed = 0
    for number, result in enumerate(ray_engine.annotate(ray_engine.ModelSpec(str(model)), admitted(rows), options)):
        assert result == next(expected), number
        if not killed and annotators(cluster.second):
            killed = number + 1
            cluster.remove_node(cluster.second, allow_graceful=False)
    assert number == len(rows) - 1
    assert 0 < killed < 100, "the second node had no work to lose"
    import ray

    assert sum(node["Alive"] for node in ray.nodes()) == 1


@pytest.mark.slow
def test_a_model_that_no_actor_can_load_is_one_line(cluster: Any, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    from stancewire.models.engines import ray_engine

    with pytest.raises(ClusterError, match=r"gave up: .*gone: expected runs:/RUN/model, .*") as caught:
        list(ray_engine.annotate(ray_engine.ModelSpec("gone"), admitted(rows), ray_engine.RayOptions()))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "[::1]:1"])
def test_an_address_where_nothing_answers_is_told_at_once(
    model: Path, rows: list[dict[str, Any]], address: str
) -> None:
    pytest.importorskip("ray")
    from stancewire.models.engines import ray_engine

    with pytest.raises(ClusterError, match="no Ray cluster answers at"):
        next(
            ray_engine.annotate(
                ray_engine.ModelSpec(str(model)), admitted(rows), ray_engine.RayOptions(address=address)
            )
        )


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
        call, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, timeout=600
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
