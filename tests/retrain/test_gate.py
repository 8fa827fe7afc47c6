import json
import subprocess
import sys
from dataclasses import replace

import mlflow
import numpy as np
import pytest

from stancewire.data.errors import ArtefactError, ConfigError, DataError
from stancewire.models import tracking
from stancewire.models.base import SilentLog
from stancewire.models.evaluation.bootstrap import Interval
from stancewire.models.evaluation.comparison import Comparison
from stancewire.models.retrain.gate import decide, unseen, verdict
from stancewire.models.retrain.promotion import RaceError, challenge, move_champion, registry_lock, rollback
from stancewire.models.settings import GateSettings
from stancewire.models.training import fit_bundle, prepare_experiment


def _compared(task, value, low, high):
    return Comparison(task, "old", "new", 100, 20, Interval(value, low, high, 1000), 0.01, 0.01, 1, 2, 0.5)


SETTINGS = GateSettings(worse_margin=0.02, better_margin=0.01, level=95.0)


@pytest.mark.parametrize(
    ("compared", "passes", "said"),
    [
        ([("a", 0.05, 0.01, 0.09), ("b", -0.01, -0.05, 0.03)], True, "a: better"),
        ([("a", 0.05, 0.01, 0.09), ("b", -0.03, -0.07, 0.01)], False, "b: worse beyond the margin of 0.02"),
        ([("a", 0.05, -0.01, 0.11), ("b", 0.0, 0.0, 0.0)], False, "no task is better"),
        ([("a", 0.005, 0.001, 0.009)], False, "no task is better"),
    ],
)
def test_the_margins_decide(compared, passes, said):
    found, reasons = verdict([_compared(*one) for one in compared], SETTINGS)
    assert found is passes
    assert said in "\n".join(reasons)


@pytest.fixture(scope="module")
def experiment(small_settings, posts):
    return prepare_experiment(small_settings, posts)


@pytest.fixture(scope="module")
def good(small_settings, experiment):
    return fit_bundle(small_settings, experiment, 7, SilentLog())


@pytest.fixture(scope="module")
def bad(small_settings, experiment):
    """The same, learned from shuffled labels."""
    rng = np.random.default_rng(1)
    rows = experiment.part("train")
    order = rng.permutation(len(rows))
    shuffled = tuple(replace(row, labels=rows[int(place)].labels) for row, place in zip(rows, order, strict=True))
    return fit_bundle(
        small_settings, replace(experiment, examples={**experiment.examples, "train": shuffled}), 7, SilentLog()
    )


def test_only_articles_that_neither_saw_judge(good, bad, posts, experiment):
    other = replace(
        bad,
        data={**bad.data, "articles": {"train": [*experiment.split.train, experiment.split.test[0]], "validation": []}},
    )
    left = unseen(posts, (("a", good), ("b", other)))
    assert set(left) <= set(experiment.split.test) - {experiment.split.test[0]}
    assert left
    assert decide(("a", good), ("b", other), posts, 1).articles == len(left)


def test_near_duplicates_of_training_articles_do_not_judge_either(good, posts, experiment):
    copied = experiment.split.train[0]
    rows = [replace(row, id=f"copy-{row.id}", article="copy") for row in posts.by_article[copied]]
    more = replace(posts, sentences=(*posts.sentences, *rows), titles={**posts.titles, "copy": None})
    assert "copy" not in unseen(more, (("a", good),))


def test_a_model_that_saw_everything_or_does_not_say_is_not_judged(good, posts):
    everything = replace(good, data={"articles": {"train": list(posts.by_article), "validation": []}})
    with pytest.raises(DataError, match="was seen by one of the models"):
        unseen(posts, (("a", good), ("b", everything)))
    with pytest.raises(ArtefactError, match="does not say which articles it saw"):
        unseen(posts, (("a", replace(good, data={})),))


def _log(bundle, name):
    with mlflow.start_run(experiment_id=tracking.use_experiment("stancewire")):
        return tracking.log_bundle(bundle, name)


@pytest.mark.slow
def test_promotion_refusal_and_rollback(store, good, bad, posts):
    name = "gated"
    worse, better = _log(bad, name), _log(good, name)
    champion = f"models:/{name}@champion"
    move_champion(name, worse.rpartition("/")[2], expected=None)

    told = challenge(better, champion, posts, 1, promote=False)
    assert told.passed
    assert tracking.alias_version(name, "champion") == "1"

    assert challenge(better, champion, posts, 1, promote=True).passed
    assert tracking.alias_version(name, "champion") == "2"
    tags = mlflow.MlflowClient().get_model_version(name, "2").tags
    assert (tags["gate.decision"], tags["gate.against"], tags["gate.data_digest"]) == ("promoted", worse, posts.digest)
    assert json.loads(tags["gate.figures"])["mood"]["low"] > 0

    refused = challenge(f"models:/{name}/1", champion, posts, 1, promote=True)
    assert not refused.passed
    assert "worse beyond the margin" in refused.in_words()
    assert tracking.alias_version(name, "champion") == "2"
    assert mlflow.MlflowClient().get_model_version(name, "1").tags["gate.decision"] == "refused"

    with pytest.raises(ConfigError, match="is models:/gated@champion itself"):
        challenge(better, champion, posts, 1, promote=True)
    with pytest.raises(ConfigError, match="--promote needs --against models:/gated@champion"):
        challenge(better, worse, posts, 1, promote=True)

    assert rollback(name) == ("2", "1")
    assert tracking.alias_version(name, "champion") == "1"
    with pytest.raises(ConfigError, match="was the first champion"):
        rollback(name)


@pytest.fixture
def three_versions(store, tmp_path):
    """A registered model with three versions; promotion looks at the registry alone."""
    client = mlflow.MlflowClient()
    name = f"raced-{tmp_path.name}"
    client.create_registered_model(name)
    for _ in range(3):
        client.create_model_version(name, source=str(tmp_path))
    return name


def test_a_promotion_from_a_champion_that_is_gone_changes_nothing(three_versions):
    move_champion(three_versions, "1", expected=None)
    move_champion(three_versions, "2", expected="1")
    with pytest.raises(RaceError, match="the champion is version 2, expected 1"):
        move_champion(three_versions, "3", expected="1")
    assert tracking.alias_version(three_versions, "champion") == "2"
    assert "gate.decision" not in mlflow.MlflowClient().get_model_version(three_versions, "3").tags


def test_the_lock_keeps_others_out_and_is_given_back(three_versions):
    with (
        registry_lock(three_versions),
        pytest.raises(RaceError, match="another promotion holds the lock"),
        registry_lock(three_versions, patience=0.2),
    ):
        pass
    with registry_lock(three_versions, patience=0.2):
        pass


@pytest.mark.slow
def test_of_many_promotions_at_once_exactly_one_wins(three_versions, store):
    """Processes, not threads: nothing but the registry is between them."""
    move_champion(three_versions, "1", expected=None)
    script = (
        "import sys\n"
        "from stancewire.models.retrain.promotion import RaceError, move_champion\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "try:\n"
        f"    move_champion({three_versions!r}, sys.argv[1], expected='1'); print('won')\n"
        "except RaceError as error:\n"
        "    print('lost')\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, version], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for version in ("2", "3", "2", "3")
    ]
    for one in running:
        assert one.stdout.readline().strip() == "ready"
    for one in running:
        one.stdin.write("\n")
        one.stdin.flush()
    outcomes = [one.communicate()[0].split()[-1] for one in running]
    assert sorted(outcomes) == ["lost", "lost", "lost", "won"]
    assert tracking.alias_version(three_versions, "champion") == running[outcomes.index("won")].args[-1]
