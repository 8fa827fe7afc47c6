"""Runs, models and versions in a real MLflow store, and the model in a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import mlflow
import numpy as np
import pytest
from mlflow.tracking import MlflowClient

from stancewire.data.errors import ArtefactError, ConfigError
from stancewire.models import tracking
from stancewire.models.base import SilentLog
from stancewire.models.bundle import load_bundle
from stancewire.models.experiment_run import run_experiment
from stancewire.models.locate import locate_bundle
from stancewire.models.settings import parse_settings
from stancewire.models.training import Experiment, fit_bundle

TEXT = "Moscow said on Friday that its jets had left the base. Officials in Ankara rejected the report."
SETTINGS = parse_settings({"name": "majority", "model": {"kind": "majority"}}, "test")

LOAD = """
import json, sys
import data, models                      # the caller's own packages
import mlflow
model = mlflow.pyfunc.load_model(sys.argv[1])
records = model.predict([{"text": sys.argv[2]}])
import stancewire.models.predictor as used
print(json.dumps({"records": records, "code": used.__file__, "own": [data.MINE, models.MINE]}))
"""


def logged(experiment: Experiment) -> str:
    with tracking.open_run(SETTINGS, experiment):
        bundle = fit_bundle(SETTINGS, experiment, 1, SilentLog())
        return tracking.log_bundle(bundle, "stancewire")


def test_run_carries_settings_data_digest_versions_and_datasets(store: str, experiment: Experiment) -> None:
    uri = logged(experiment)
    version = MlflowClient().get_model_version_by_alias("stancewire", "challenger")
    assert uri == f"models:/stancewire/{version.version}"
    assert version.tags["data.digest"] == experiment.corpus.digest
    run = MlflowClient().search_runs([mlflow.get_experiment_by_name("stancewire").experiment_id])[0]
    assert run.data.params["model.kind"] == "majority"
    assert run.data.params["seed"] == str(SETTINGS.seed)
    assert run.data.tags["version.scikit-learn"]
    assert {item.tags[0].value for item in run.inputs.dataset_inputs} == {"train", "validation"}


def test_cards_stand_in_the_model_and_figures_on_its_run(store: str, experiment: Experiment) -> None:
    finished = run_experiment(SETTINGS, experiment)
    folder, _ = locate_bundle(finished.uri)
    card = (folder / "model-card.md").read_text(encoding="utf-8")
    assert card.startswith("# Model card: majority") and experiment.corpus.digest in card
    assert experiment.corpus.digest in (folder / "data-card.md").read_text(encoding="utf-8")
    for task, score in finished.scores.items():
        assert load_bundle(folder).figures["tasks"][task]["macro_f1"] == score
        assert f"{score:.3f}" in card
    run = MlflowClient().search_runs([mlflow.get_experiment_by_name("stancewire").experiment_id])[0]
    assert {
        f"validation_{task}_macro_f1": score for task, score in finished.scores.items()
    }.items() <= run.data.metrics.items()


def test_logged_model_answers_in_a_fresh_process_beside_foreign_packages(
    store: str, experiment: Experiment, tmp_path: Path
) -> None:
    uri = logged(experiment)
    for name in ("data", "models"):
        (tmp_path / "elsewhere" / name).mkdir(parents=True)
        (tmp_path / "elsewhere" / name / "__init__.py").write_text(f"MINE = {name!r}\n")
    done = subprocess.run(
        [sys.executable, "-c", LOAD, uri, TEXT],
        cwd=tmp_path / "elsewhere", capture_output=True, text=True, timeout=300, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    checkout = Path(__file__).parents[2]
    assert answer["own"] == ["data", "models"]
    assert checkout not in Path(answer["code"]).parents, "the model ran the checkout's code, not its own"
    here = load_bundle(tracking.download_bundle(uri)[0])
    shares = here.classifier.predict_proba([])
    assert set(shares) == set(answer["records"][0]["probabilities"])
    assert [record["text"] for record in answer["records"]] == TEXT.replace(". ", ".|").split("|")


def test_bundle_gives_equal_probabilities_after_the_store(store: str, experiment: Experiment) -> None:
    bundle = fit_bundle(SETTINGS, experiment, 1, SilentLog())
    with tracking.open_run(SETTINGS, experiment):
        uri = tracking.log_bundle(bundle, None)
    inputs = [row.input for row in experiment.part("validation")[:20]]
    again = load_bundle(tracking.download_bundle(uri)[0], experiment.codebook)
    for task, matrix in bundle.predict_proba(inputs).items():
        np.testing.assert_array_equal(matrix, again.predict_proba(inputs)[task])


def test_missing_model_says_what_to_do(store: str) -> None:
    with pytest.raises(ArtefactError, match=r"no such model in sqlite.*train one with"):
        tracking.download_bundle("models:/stancewire@champion")
    with pytest.raises(ConfigError, match="expected runs:/RUN/model"):
        locate_bundle("nowhere")


def test_real_server_takes_runs_and_models(
    tmp_path: Path, experiment: Experiment, mlflow_at: Callable[[str], None]
) -> None:
    with _server(tmp_path) as address:
        mlflow_at(address)
        uri = logged(experiment)
        folder, exact = tracking.download_bundle("models:/stancewire@challenger")
        assert exact == uri
        assert load_bundle(folder).name == "majority"


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """Run ``mlflow server`` on a free loopback port; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--backend-store-uri", f"sqlite:///{folder / 'server.db'}", "--artifacts-destination", str(folder / "files"),
    ]  # fmt: skip
    env = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
    env["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"  # no job runners: nothing here asks for them
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=env, start_new_session=True)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, process, folder / "server.log")
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:  # a busy machine; the test is over and owes the server nothing
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.5)
    pytest.fail(f"the server did not come up: {log.read_text()}")
