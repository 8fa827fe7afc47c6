import subprocess
import sys
import time

import mlflow
import optuna
import pytest
import yaml

from stancewire.data.errors import ConfigError
from stancewire.models.retrain.sweep import SweepSettings, load_sweep, run_sweep, with_values
from stancewire.models.training import prepare_experiment

SPACE = {
    "model.c_grid": {"type": "choice", "values": [[0.001], [4.0]]},
    "model.context": {"type": "float", "low": 0.0, "high": 1.0},
}


@pytest.fixture
def experiment(small_settings, posts):
    return prepare_experiment(small_settings, posts)


def _sweep(tmp_path, **changes):
    return SweepSettings.model_validate(
        {"trials": 4, "folds": 2, "startup": 1, "storage": f"sqlite:///{tmp_path}/optuna.db", "space": SPACE, **changes}
    )


def test_a_sweep_is_nested_runs_under_one_and_is_taken_up_again(store, tmp_path, small_settings, experiment):
    first = run_sweep(small_settings, _sweep(tmp_path, trials=2), experiment)
    again = run_sweep(small_settings, _sweep(tmp_path, trials=4), experiment)
    assert again.run_id == first.run_id
    assert again.finished + again.pruned == 4
    assert run_sweep(small_settings, _sweep(tmp_path, trials=4), experiment).finished == again.finished

    client = mlflow.MlflowClient()
    parent = client.get_run(first.run_id)
    nested = client.search_runs([parent.info.experiment_id], f"tags.mlflow.parentRunId = '{first.run_id}'")
    assert sorted(run.data.tags["sweep.trial"] for run in nested) == ["0", "1", "2", "3"]
    whole = [run.data.metrics["macro_f1"] for run in nested if run.data.tags["sweep.state"] == "complete"]
    assert parent.data.metrics["best_macro_f1"] == pytest.approx(max(whole)) == pytest.approx(again.score)
    names = {file.path for file in client.list_artifacts(first.run_id)}
    assert {"best.yaml", "pictures", "sweep.json"} <= names
    best = yaml.safe_load(mlflow.artifacts.load_text(f"runs:/{first.run_id}/best.yaml"))
    assert best == again.settings.model_dump(mode="json")


@pytest.mark.slow
def test_a_hopeless_trial_is_cut_short(store, tmp_path, small_settings, experiment):
    """Fixed trials: a good one first, then one whose regularisation lets nothing be learned."""
    sweep = _sweep(tmp_path, trials=3, folds=3)
    run_sweep(small_settings, _sweep(tmp_path, trials=1, folds=3), experiment)
    (name,) = optuna.get_all_study_names(sweep.storage)
    study = optuna.load_study(study_name=name, storage=sweep.storage)
    good = study.trials[0].value
    for _ in range(2):
        study.enqueue_trial({"model.c_grid": "[0.001]" if good > 0.6 else "[4.0]", "model.context": 0.0})
    found = run_sweep(small_settings, sweep, experiment)
    assert found.pruned + found.finished == 3
    if good > 0.6:
        assert found.pruned == 2


def test_no_trial_sees_the_test_articles(store, tmp_path, small_settings, experiment, posts):
    """Labels of test articles are torn out: a sweep that looked at one would fail."""
    from dataclasses import replace

    test = set(experiment.split.test)
    blind = replace(
        posts, sentences=tuple(row if row.article not in test else replace(row, labels={}) for row in posts.sentences)
    )
    found = run_sweep(
        small_settings,
        _sweep(tmp_path, trials=1),
        replace(experiment, corpus=blind, examples={**experiment.examples, "test": ()}),
    )
    assert found.finished == 1


def test_bad_sweeps_are_one_clear_line(tmp_path, small_settings, experiment, store):
    path = tmp_path / "sweep.yaml"
    path.write_text("trials: 3\nspace: {seed: {type: int, low: 1, high: 3}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"sweep.yaml: space: .*seed: expected a setting under model"):
        load_sweep(path)
    path.write_text("trials: 3\nspace: {model.context: {type: float, low: 2, high: 1}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="expected low < high"):
        load_sweep(path)
    with pytest.raises(ConfigError, match="no such file|not found"):
        load_sweep(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match=r"sweep: model.tfidf: |sweep: model.*extra|Extra inputs"):
        with_values(small_settings, {"model.tfidf": 3})
    wide = _sweep(tmp_path, space={"model.context": {"type": "float", "low": 5.0, "high": 6.0}}, trials=1)
    with pytest.raises(Exception, match="no trial ran whole"):
        run_sweep(small_settings, wide, experiment)


@pytest.mark.slow
def test_a_killed_sweep_goes_on_with_the_trial_it_lost(store, tmp_path, codebook_path, write_posts):
    """kill -9 in the middle of a trial; the next command takes the study up and ends with every trial told."""
    posts = write_posts(tmp_path / "posts.jsonl", 300)
    script = tmp_path / "go.py"
    script.write_text(
        f"""
import sys, time
from pathlib import Path
from stancewire.data.codebook import load_codebook
from stancewire.data.corpus import load_corpus
from stancewire.models.retrain import sweep as module
from stancewire.models.settings import parse_settings
from stancewire.models.training import prepare_experiment
module.HEARTBEAT, module.GRACE = 1, 2
model = {{"kind": "tfidf", "char_ngrams": [3, 3], "c_grid": [4.0]}}
settings = parse_settings({{"name": "small", "seed": 7, "model": model}}, "test")
data = prepare_experiment(settings, load_corpus(Path({str(posts)!r}), load_codebook(Path({str(codebook_path)!r})), articles=None))
sweep = module.SweepSettings.model_validate({{"trials": 3, "folds": 2, "storage": "sqlite:///{tmp_path}/optuna.db",
    "space": {{"model.context": {{"type": "float", "low": 0.0, "high": 1.0}}}}}})
if sys.argv[1] == "hang":
    def hang(*_):
        print("in trial", flush=True)
        time.sleep(600)
    module.cross_validate = hang
print(module.run_sweep(settings, sweep, data).finished)
""",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(script), "hang"], stdout=subprocess.PIPE, text=True) as lost:
        assert lost.stdout.readline().strip() == "in trial"
        lost.kill()
    time.sleep(4)
    done = subprocess.run([sys.executable, str(script), "go"], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) >= 2
    (name,) = optuna.get_all_study_names(f"sqlite:///{tmp_path}/optuna.db")
    states = [
        trial.state.name
        for trial in optuna.load_study(study_name=name, storage=f"sqlite:///{tmp_path}/optuna.db").trials
    ]
    assert "RUNNING" not in states
