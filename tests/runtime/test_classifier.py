import logging
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ArtefactError, ConfigError, DataError
from stancewire.features.inputs import SentenceInput
from stancewire.models.runtime import RuntimeClassifier, RuntimeOptions, load_classifier
from stancewire.models.runtime.export import ExportOptions, export_runtime
from stancewire.models.runtime.quantise import QuantisationOptions
from stancewire.models.transformer import TransformerClassifier

WITHOUT_TORCH = """
import sys
for name in ("torch", "transformers"):
    sys.modules[name] = None  # any import of it now fails
from pathlib import Path
import numpy as np
from stancewire.data.codebook import load_codebook
from stancewire.features.inputs import SentenceInput
from stancewire.models.runtime import load_classifier
found = load_classifier(Path(sys.argv[1]), load_codebook()).predict_proba([SentenceInput(text="They denied it.")])
print(" ".join(repr(float(value)) for matrix in found.values() for value in matrix[0]))
"""


@pytest.fixture
def runtime(folder: Path, codebook: Codebook) -> RuntimeClassifier:
    return RuntimeClassifier.load(folder, codebook)


def copy_of(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / "copy"))


def test_it_answers_in_a_process_that_cannot_import_torch(folder: Path, runtime: RuntimeClassifier) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, str(folder)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    here = runtime.predict_proba([SentenceInput(text="They denied it.")])
    assert np.allclose(
        [float(text) for text in done.stdout.split()], np.concatenate([m[0] for m in here.values()]), atol=1e-6
    )


def test_rows_are_probabilities_in_the_order_of_tasks_and_inputs(
    runtime: RuntimeClassifier, codebook: Codebook
) -> None:
    found = runtime.predict_proba([SentenceInput(text="One."), SentenceInput(text="Another sentence.")])
    assert list(found) == list(runtime.tasks) == list(codebook.task_names)
    for task, matrix in found.items():
        assert matrix.shape == (2, len(codebook.task(task).names))
        assert np.allclose(matrix.sum(axis=1), 1)


def test_no_input_gives_no_rows(runtime: RuntimeClassifier, codebook: Codebook) -> None:
    for task, matrix in runtime.predict_proba([]).items():
        assert matrix.shape == (0, len(codebook.task(task).names))


@pytest.mark.parametrize("text", ["", " ", "\u200b", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🙂" * 900])
def test_odd_texts_get_finite_probabilities(runtime: RuntimeClassifier, text: str) -> None:
    assert all(np.isfinite(matrix).all() for matrix in runtime.predict_proba([SentenceInput(text=text)]).values())


@pytest.mark.parametrize("engine", ["openvino-int8", "openvino-fp32"])
def test_company_batch_size_and_threads_change_nothing(
    folder: Path, codebook: Codebook, inputs: list[SentenceInput], engine: str
) -> None:
    first = load_classifier(folder, codebook, engine).predict_proba(inputs)
    order = random.Random(3).sample(range(len(inputs)), len(inputs))
    shuffled = [inputs[number] for number in order]
    for options in (RuntimeOptions(1, 64, 7), RuntimeOptions(2, 300, 50), RuntimeOptions(3, 9000, 9000)):
        again = load_classifier(folder, codebook, engine, options).predict_proba(shuffled)
        for task, matrix in first.items():
            assert np.array_equal(again[task].argmax(axis=1), matrix[order].argmax(axis=1))
            assert np.abs(again[task] - matrix[order]).max() < 0.001
    alone = load_classifier(folder, codebook, engine).predict_proba(inputs[17:18])
    assert all(np.abs(alone[task][0] - matrix[17]).max() < 0.001 for task, matrix in first.items())


def test_repeated_sentences_get_their_own_result_in_every_place(
    runtime: RuntimeClassifier, inputs: list[SentenceInput]
) -> None:
    once = runtime.predict_proba(inputs[:5])
    many = runtime.predict_proba([*inputs[:5], *reversed(inputs[:5])])
    for task, matrix in once.items():
        assert np.array_equal(many[task], np.concatenate([matrix, matrix[::-1]]))


def test_fp32_equals_pytorch(
    folder: Path, codebook: Codebook, classifier: TransformerClassifier, inputs: list[SentenceInput]
) -> None:
    expected = classifier.predict_proba(inputs)
    found = load_classifier(folder, codebook, "openvino-fp32").predict_proba(inputs)
    assert all(np.abs(found[task] - matrix).max() < 1e-4 for task, matrix in expected.items())


def test_the_recorded_engine_is_used_and_named_in_the_log(
    folder: Path, codebook: Codebook, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        loaded = load_classifier(folder, codebook)
    assert isinstance(loaded, RuntimeClassifier)
    assert "engine openvino-int8" in caplog.text
    assert not [line for line in caplog.records if line.levelno >= logging.WARNING]


def test_another_engine_than_the_recorded_one_is_a_warning(
    folder: Path, codebook: Codebook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copy = copy_of(folder, tmp_path)
    (copy / "int8.bin").unlink()
    loaded = load_classifier(copy, codebook)
    assert isinstance(loaded, RuntimeClassifier)
    assert loaded.engine_name == "openvino-fp32"
    assert "engine openvino-fp32, but the model was evaluated with openvino-int8" in caplog.text


def test_without_runtime_files_torch_answers(folder: Path, codebook: Codebook, tmp_path: Path) -> None:
    copy = copy_of(folder, tmp_path)
    for path in (*copy.glob("*.xml"), *copy.glob("*.bin"), copy / "runtime.json"):
        path.unlink()
    assert isinstance(load_classifier(copy, codebook), TransformerClassifier)


def test_a_forced_engine_that_is_unknown_or_not_exported_is_refused(folder: Path, codebook: Codebook) -> None:
    with pytest.raises(ConfigError, match=r"engine: expected auto or one of openvino-int8, .* found 'fastest'"):
        load_classifier(folder, codebook, "fastest")
    with pytest.raises(ArtefactError, match=r"engine onnx-int8: .* has no int8\.onnx"):
        load_classifier(folder, codebook, "onnx-int8")


def test_a_damaged_file_is_found_on_loading(folder: Path, codebook: Codebook, tmp_path: Path) -> None:
    copy = copy_of(folder, tmp_path)
    content = bytearray((copy / "int8.bin").read_bytes())
    content[len(content) // 2] ^= 255
    (copy / "int8.bin").write_bytes(content)
    with pytest.raises(ArtefactError, match=r"int8\.bin: damaged"):
        load_classifier(copy, codebook)


def test_a_model_of_another_codebook_is_refused(folder: Path, codebook: Codebook) -> None:
    task = codebook.tasks[0]
    turned = task.model_copy(update={"values": task.values[::-1]})
    other = codebook.model_copy(update={"tasks": (turned, *codebook.tasks[1:])})
    with pytest.raises(ArtefactError, match=f"the model's {task.name} has values"):
        load_classifier(folder, Codebook.from_json(other.to_json()))


def test_a_saved_copy_answers_alike_and_keeps_what_torch_needs(
    runtime: RuntimeClassifier, codebook: Codebook, inputs: list[SentenceInput], tmp_path: Path
) -> None:
    runtime.save(tmp_path)
    assert (tmp_path / "model.safetensors").is_file()
    again = RuntimeClassifier.load(tmp_path, codebook).predict_proba(inputs[:9])
    assert all(np.array_equal(again[task], matrix) for task, matrix in runtime.predict_proba(inputs[:9]).items())


def test_a_closed_classifier_opens_again_when_used(runtime: RuntimeClassifier, inputs: list[SentenceInput]) -> None:
    before = runtime.predict_proba(inputs[:3])
    runtime.close()
    assert all(np.array_equal(before[task], matrix) for task, matrix in runtime.predict_proba(inputs[:3]).items())


@pytest.mark.parametrize("given", [{"threads": 0}, {"batch_tokens": 0}, {"chunk": -1}])
def test_impossible_options_are_refused(given: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match=f"runtime {next(iter(given))}: expected a number of at least 1"):
        RuntimeOptions(**given)


def test_an_engine_that_strays_from_pytorch_is_not_the_recorded_one(
    classifier: TransformerClassifier, inputs: list[SentenceInput], tmp_path: Path
) -> None:
    classifier.save(tmp_path)
    strayed = QuantisationOptions(samples=10, keep=())
    options = ExportOptions(engines=("openvino-int8", "openvino-fp32"), int8=strayed, agreement=1.0)
    report = export_runtime(classifier, tmp_path, inputs, options)
    assert report.engine == "openvino-fp32", report.agreement
    assert not list(tmp_path.glob("int8*")), "what is not used is not kept"
    assert RuntimeClassifier.load(tmp_path, classifier.codebook).engine_name == "openvino-fp32"


def test_int8_is_made_anew_until_it_is_near_enough_to_pytorch(
    classifier: TransformerClassifier, inputs: list[SentenceInput], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    classifier.save(tmp_path)
    # Everything in int8, which no strength makes good; the first is nearer than the second.
    strengths = QuantisationOptions(samples=10, keep=(), smooth=(0.85, 0.0))
    options = ExportOptions(engines=("openvino-int8",), int8=strengths, agreement=1.0)
    with caplog.at_level("INFO", logger="stancewire.models.runtime.export"):
        report = export_runtime(classifier, tmp_path, inputs, options)
    shares = [float(share) for share in re.findall(r"smoothed by .* at least ([0-9.]+) %", caplog.text)]
    assert shares[0] > shares[1], "else this says nothing of which is kept"
    assert shares[2:] == [shares[0]] == [round(100 * report.agreement["openvino-int8"], 1)]
    caplog.clear()
    with caplog.at_level("INFO", logger="stancewire.models.runtime.export"):
        export_runtime(classifier, tmp_path, inputs, options.model_copy(update={"agreement": shares[0] / 100 - 0.001}))
    assert caplog.text.count("smoothed by") == 1, "the first is near enough"


def test_too_little_calibration_text_is_refused(
    classifier: TransformerClassifier, inputs: list[SentenceInput], tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="int8: expected at least 10 distinct calibration sentences, found 1"):
        export_runtime(classifier, tmp_path, inputs[:1] * 40)
    assert not list(tmp_path.iterdir()), "nothing half-written"
