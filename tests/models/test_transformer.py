"""The transformer learns, keeps what it learned through save and load, and treats every sentence alike."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ArtefactError, ConfigError, DataError
from stancewire.features.inputs import Example
from stancewire.models.base import SilentLog
from stancewire.models.transformer import (
    MEMBER_SEEDS,
    TransformerClassifier,
    adapt_transformer,
    fit_transformer,
    start_transformer,
)
from stancewire.models.transformer_settings import LossSettings, TransformerSettings

Make = Callable[..., list[Example]]


class Curves:
    """A log that keeps its curves."""

    def __init__(self) -> None:
        self.points: dict[str, list[tuple[int, float]]] = {}

    def metric(self, name: str, value: float, step: int) -> None:
        self.points.setdefault(name, []).append((step, value))


@pytest.fixture(scope="module")
def fitted(settings: TransformerSettings, codebook: Codebook, examples: Make) -> TransformerClassifier:
    return fit_transformer(settings, codebook, [*examples(48), *examples(48, synthetic=True)], [], 1, SilentLog())


def _texts(rows: list[Example]) -> list[str]:
    return [row.input.text for row in rows]


def test_it_learns_every_task_from_words(fitted: TransformerClassifier, examples: Make) -> None:
    rows = examples(16)
    found = fitted.predict_proba([row.input for row in rows])
    for task in ("stance", "claim_type", "speaker_group"):
        names = fitted.codebook.task(task).names
        right = [names[column] == row.labels[task] for column, row in zip(found[task].argmax(1), rows, strict=True)]
        assert np.mean(right) > 0.85, task


def test_equal_seeds_give_equal_models_and_others_do_not(
    settings: TransformerSettings, codebook: Codebook, examples: Make
) -> None:
    rows = [*examples(16), *examples(16, synthetic=True)]
    short = settings.model_copy(update={"epochs": 1})
    inputs = [row.input for row in rows]
    first, again, other = (
        fit_transformer(short, codebook, rows, [], seed, SilentLog()).predict_proba(inputs)["stance"]
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.allclose(first, other, atol=1e-4)


def test_one_start_serves_several_folds(settings: TransformerSettings, codebook: Codebook, examples: Make) -> None:
    written, annotated = examples(16, synthetic=True), examples(16)
    start = start_transformer(settings, codebook, written, 3, SilentLog())
    adapt_transformer(start, settings, annotated[:8] + written, [], 3, SilentLog())
    shared = adapt_transformer(start, settings, annotated + written, [], 3, SilentLog())
    alone = fit_transformer(settings, codebook, annotated + written, [], 3, SilentLog())
    inputs = [row.input for row in annotated]
    assert np.array_equal(shared.predict_proba(inputs)["stance"], alone.predict_proba(inputs)["stance"])


def test_every_stage_trains_in_the_precision_asked_for(
    settings: TransformerSettings, codebook: Codebook, examples: Make
) -> None:
    low = settings.model_copy(update={"precision": "bf16", "epochs": 1})
    start = start_transformer(low, codebook, examples(8, synthetic=True), 3, SilentLog())
    seen: list[bool] = []
    start.network.encoder.register_forward_hook(lambda *_: seen.append(torch.is_autocast_enabled("cpu")))
    adapt_transformer(start, low, examples(8), [], 3, SilentLog())
    assert seen
    assert all(seen)


def test_a_sentence_gets_the_same_result_in_any_company(fitted: TransformerClassifier, examples: Make) -> None:
    inputs = [row.input for row in examples(20)]
    together = fitted.predict_proba(inputs)
    for place in (0, 7, 19):
        alone = fitted.predict_proba([inputs[place]])
        for task, matrix in together.items():
            np.testing.assert_allclose(alone[task][0], matrix[place], atol=1e-6)


def test_rows_are_probabilities_and_nothing_gives_nothing(fitted: TransformerClassifier, examples: Make) -> None:
    found = fitted.predict_proba([row.input for row in examples(3)])
    assert list(found) == list(fitted.codebook.task_names)
    assert all(np.allclose(matrix.sum(axis=1), 1.0) for matrix in found.values())
    assert {matrix.shape for matrix in fitted.predict_proba([]).values()} == {
        (0, len(task.names)) for task in fitted.codebook.tasks
    }


@pytest.mark.slow
def test_a_saved_model_predicts_the_same_in_another_process(
    fitted: TransformerClassifier, examples: Make, tmp_path: Path
) -> None:
    inputs = [row.input for row in examples(4)]
    fitted.save(tmp_path)
    code = (
        "import json, sys; from pathlib import Path\n"
        "from stancewire.data.codebook import load_codebook\n"
        "from stancewire.features.inputs import SentenceInput\n"
        "from stancewire.models.transformer import TransformerClassifier\n"
        "model = TransformerClassifier.load(Path(sys.argv[1]), load_codebook())\n"
        "inputs = [SentenceInput(text, title='the strikes said') for text in json.loads(sys.argv[2])]\n"
        "print(json.dumps({task: matrix.tolist() for task, matrix in model.predict_proba(inputs).items()}))\n"
    )
    call = [sys.executable, "-c", code, str(tmp_path), json.dumps([item.text for item in inputs])]
    answer = json.loads(subprocess.run(call, capture_output=True, text=True, check=True).stdout)
    for task, matrix in fitted.predict_proba(inputs).items():
        np.testing.assert_allclose(np.asarray(answer[task]), matrix, atol=1e-6)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".safetensors"}


def test_a_model_without_a_head_is_refused(fitted: TransformerClassifier, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    kept = {name: value for name, value in weights.items() if not name.startswith("heads.stance")}
    save_file(kept, tmp_path / "model.safetensors")
    with pytest.raises(ArtefactError, match=r"heads\.stance"):
        TransformerClassifier.load(tmp_path, fitted.codebook)


@pytest.mark.parametrize("gone", ["model.safetensors", "network.json", "config.json", "tokenizer.json"])
def test_a_model_without_a_file_is_refused(fitted: TransformerClassifier, tmp_path: Path, gone: str) -> None:
    fitted.save(tmp_path)
    (tmp_path / gone).unlink()
    with pytest.raises(ArtefactError):
        TransformerClassifier.load(tmp_path, fitted.codebook)


def test_a_model_of_other_labels_is_refused(fitted: TransformerClassifier, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    raw = json.loads(fitted.codebook.to_json())
    for task in raw["tasks"]:
        task["values"] = task["values"][::-1] if task["name"] == "stance" else task["values"]
    with pytest.raises(ArtefactError, match="stance"):
        TransformerClassifier.load(tmp_path, Codebook.from_json(json.dumps(raw)))


def test_curves_and_validation_are_reported_and_stopping_keeps_the_best_epoch(
    settings: TransformerSettings, codebook: Codebook, examples: Make
) -> None:
    log = Curves()
    patient = settings.model_copy(update={"patience": 1, "epochs": 12})
    model = fit_transformer(patient, codebook, [*examples(40), *examples(16, synthetic=True)], examples(16), 1, log)
    means = [value for _, value in log.points["validation_mean_macro_f1"]]
    assert len(means) < 12
    assert {"written0_loss", "train_loss", "validation_stance_macro_f1"} <= set(log.points)
    rows = examples(16)
    found = model.predict_proba([row.input for row in rows])
    names = codebook.task("stance").names
    right = np.mean([names[c] == row.labels["stance"] for c, row in zip(found["stance"].argmax(1), rows, strict=True)])
    assert right >= max(value for _, value in log.points["validation_stance_macro_f1"]) - 0.15


def test_a_missing_label_teaches_its_task_nothing(
    settings: TransformerSettings, codebook: Codebook, examples: Make
) -> None:
    rows = [Example(row.id, row.article, row.input, {"stance": row.labels["stance"]}) for row in examples(24)]
    model = fit_transformer(settings, codebook, rows, [], 1, SilentLog())
    start = start_transformer(settings, codebook, [], 1, SilentLog())
    for name, value in model.network.heads["claim_type"].state_dict().items():
        np.testing.assert_allclose(
            value.numpy(), start.network.heads["claim_type"].state_dict()[name].numpy(), atol=1e-2
        )


def test_single_tasks_can_be_learned_and_unknown_ones_are_named(
    settings: TransformerSettings, codebook: Codebook, examples: Make
) -> None:
    single = settings.model_copy(update={"tasks": ("stance",), "epochs": 1})
    assert fit_transformer(single, codebook, examples(8), [], 1, SilentLog()).tasks == ("stance",)
    for wrong in ({"tasks": ("mood",)}, {"loss": LossSettings(task_weights={"mood": 2.0})}):
        with pytest.raises(ConfigError, match="mood"):
            fit_transformer(settings.model_copy(update=wrong), codebook, examples(8), [], 1, SilentLog())


def test_no_sentences_are_an_error(settings: TransformerSettings, codebook: Codebook) -> None:
    with pytest.raises(DataError, match="found none"):
        fit_transformer(settings, codebook, [], [], 1, SilentLog())


def test_frozen_parts_keep_their_weights(settings: TransformerSettings, codebook: Codebook, examples: Make) -> None:
    frozen = settings.optimiser.model_copy(update={"freeze_layers": 1})
    start = start_transformer(settings, codebook, [], 1, SilentLog()).network.state_dict()
    kept = settings.model_copy(update={"optimiser": frozen, "epochs": 1})
    after = fit_transformer(kept, codebook, examples(16), [], 1, SilentLog()).network.state_dict()
    moved = {name for name, value in after.items() if not bool((value == start[name]).all())}
    assert not [name for name in moved if "embeddings" in name or "layer.0." in name]
    assert any("layer.1." in name for name in moved)


def test_the_first_stage_freezes_layers_of_its_own(
    settings: TransformerSettings, codebook: Codebook, examples: Make
) -> None:
    second = settings.optimiser.model_copy(update={"freeze_layers": 1})
    first = settings.first_stage.model_copy(update={"epochs": (1,)})
    given = settings.model_copy(update={"optimiser": second, "first_stage": first, "epochs": 1})
    written = examples(16, synthetic=True)
    untrained = start_transformer(given, codebook, [], 1, SilentLog()).network.state_dict()
    start = start_transformer(given, codebook, written, 1, SilentLog())
    begun = copy.deepcopy(start.network.state_dict())
    after = adapt_transformer(start, given, [*examples(16), *written], [], 1, SilentLog()).network.state_dict()
    lowest = [name for name in begun if "layer.0." in name]
    assert any(not bool((begun[name] == untrained[name]).all()) for name in lowest)
    assert all(bool((after[name] == begun[name]).all()) for name in lowest)


def test_members_are_averaged_weight_by_weight(
    settings: TransformerSettings, codebook: Codebook, examples: Make
) -> None:
    short = settings.model_copy(update={"epochs": 1})
    start = start_transformer(short, codebook, [], 1, SilentLog())
    seeds = (1, 1 + MEMBER_SEEDS)
    singles = [adapt_transformer(start, short, examples(16), [], seed, SilentLog()) for seed in seeds]
    both = adapt_transformer(start, short.model_copy(update={"members": 2}), examples(16), [], 1, SilentLog())
    first, second = (single.network.state_dict() for single in singles)
    for name, value in both.network.state_dict().items():
        np.testing.assert_allclose(value.numpy(), (first[name].numpy() + second[name].numpy()) / 2, atol=1e-6)
    assert not np.allclose(first["heads.stance.1.weight"].numpy(), second["heads.stance.1.weight"].numpy(), atol=1e-4)


def test_biases_move_from_the_mix_to_the_annotated_shares(
    settings: TransformerSettings, codebook: Codebook, examples: Make
) -> None:
    rows = [*examples(12), *(row for row in examples(16, synthetic=True) if row.labels["stance"] == "oppose")]
    short = settings.model_copy(update={"epochs": 1, "synthetic_ratio": 0.25})
    moved = short.model_copy(update={"prior_correction": {"stance": 0.5}})
    plain, corrected = (
        fit_transformer(each, codebook, rows, [], 1, SilentLog()).network.heads for each in (short, moved)
    )
    change = (corrected["stance"][-1].bias - plain["stance"][-1].bias).tolist()
    by_name = dict(zip(codebook.task("stance").names, change, strict=True))
    # annotated: three of each; the mix: three more written ones that oppose; class weights flatten by half
    logs = {"oppose": np.log(4) - 0.5 * np.log(7), "support": np.log(4) - 0.5 * np.log(4)}
    assert by_name["support"] - by_name["oppose"] == pytest.approx(0.5 * (logs["support"] - logs["oppose"]), abs=1e-4)
    assert by_name["support"] == pytest.approx(by_name["unrelated"], abs=1e-5)
    assert bool((plain["claim_type"][-1].bias == corrected["claim_type"][-1].bias).all())


@pytest.mark.slow
def test_two_processes_train_one_model(tiny_encoder: Path, tmp_path: Path) -> None:
    script = Path(__file__).with_name("distributed_fit.py")
    call = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2", str(script)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([*call, str(tiny_encoder), str(tmp_path)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    first, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert first["world"] == 2
    assert first["weights"] == second["weights"]
    assert first["right"] > 0.8
