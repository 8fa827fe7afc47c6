"""Real servers on loopback, each ended by the process id that started it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0

Launch = Callable[..., None]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str], ready: Callable[[], bool]
) -> Iterator[None]:
    """Run a server in a process group of its own until ``ready``; end the whole group afterwards."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=dict(environment), start_new_session=True)
    try:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")[-3000:]
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8", errors="replace")[-3000:]
            time.sleep(0.5)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(url: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ask


def environment(tracking: str) -> dict[str, str]:
    quiet = {
        "MLFLOW_TRACKING_URI": tracking,
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }
    # `mlflow models serve` looks for uvicorn on the path
    return {**os.environ, **quiet, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@contextmanager
def model_server(uri: str, tracking: str, folder: Path) -> Iterator[str]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "mlflow",
        "models",
        "serve",
        "-m",
        uri,
        "--env-manager",
        "local",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    base = f"http://127.0.0.1:{port}"
    with running(command, folder / "serve.log", environment(tracking), answers(f"{base}/ping")):
        yield base


def script(*arguments: object, tracking: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        env=environment(tracking),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def _postgres_binary(name: str) -> str | None:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(debian[-1]) if debian else None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL cluster of these tests' own; its URI. Skips with the reason where it cannot be had."""
    pytest.importorskip("psycopg2", reason="psycopg2 is not installed: pip install psycopg2-binary")
    initdb, server, is_ready = (_postgres_binary(name) for name in ("initdb", "postgres", "pg_isready"))
    if not (initdb and server and is_ready):
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    owner: dict[str, str] = {}
    if os.geteuid() == 0:
        import pwd

        try:
            pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("running as root, and there is no user postgres to start PostgreSQL as")
        owner = {"user": "postgres", "group": "postgres"}
    folder, port = Path(tempfile.mkdtemp(prefix="stancewire-pg-")), free_port()
    try:
        if owner:
            shutil.chown(folder, "postgres", "postgres")
        subprocess.run(
            [initdb, "-D", str(folder / "data"), "-A", "trust", "-U", "mlflow", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, cwd="/", **owner,
        )  # fmt: skip
        process = subprocess.Popen(
            [server, "-D", str(folder / "data"), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1", "-F"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **owner,
        )  # fmt: skip
        try:
            for _ in range(120):
                if (
                    subprocess.run(
                        [is_ready, "-h", "127.0.0.1", "-p", str(port)], capture_output=True, check=False
                    ).returncode
                    == 0
                ):
                    break
                time.sleep(0.5)
            # the driver is named, for SQLAlchemy's default one changed with its version 2.1
            yield f"postgresql+psycopg2://mlflow@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def tracking_server(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``mlflow server`` on that cluster, artefacts served by it too; its address."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    base = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "mlflow", "server", "--backend-store-uri", postgres,
        "--artifacts-destination", str(folder / "artifacts"), "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
    ]  # fmt: skip
    inside = {name: value for name, value in environment("").items() if name != "MLFLOW_TRACKING_URI"}
    with running(command, folder / "server.log", inside, answers(f"{base}/health")):
        yield base


@pytest.fixture(scope="session")
def servers() -> object:
    """What tests start themselves."""

    class Servers:
        model = staticmethod(model_server)
        script = staticmethod(script)
        root = ROOT

    return Servers
