"""An encoder is the one that was asked for, complete, or there is none."""

import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from stancewire.data.errors import ArtefactError
from stancewire.models.encoder import PACKAGE_SHA256, build_encoder, layers_of, load_encoder
from stancewire.models.transformer_settings import EncoderSettings


def _copy(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target / "encoder"))


def test_a_local_folder_of_another_architecture_loads_with_its_own_weights(tiny_encoder: Path) -> None:
    encoder = load_encoder(EncoderSettings(name=str(tiny_encoder)))
    stored = load_file(tiny_encoder / "model.safetensors")
    loaded = encoder.network.state_dict()
    assert set(stored) == set(loaded)
    assert all((loaded[name] == value).all() for name, value in stored.items())
    assert encoder.network.config.model_type == "distilbert"


def test_the_default_encoder_is_the_pinned_one() -> None:
    encoder = load_encoder(EncoderSettings())
    assert encoder.sha256 == PACKAGE_SHA256
    assert len(layers_of(encoder.network)) == 6


def test_a_missing_tensor_is_refused_and_named(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = _copy(tiny_encoder, tmp_path)
    weights = load_file(folder / "model.safetensors")
    gone = "transformer.layer.1.ffn.lin1.weight"
    del weights[gone]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ArtefactError, match=gone):
        load_encoder(EncoderSettings(name=str(folder)))


def test_other_weights_than_the_pinned_ones_are_refused(tiny_encoder: Path) -> None:
    with pytest.raises(ArtefactError, match="expected 0000"):
        load_encoder(EncoderSettings(name=str(tiny_encoder), sha256="0" * 64))


@pytest.mark.parametrize("name", ["no-such-owner/no-such-encoder", "not/a/folder/or/id", "bad id!"])
def test_an_encoder_that_cannot_be_had_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ArtefactError, match=name):
        load_encoder(EncoderSettings(name=name))


@pytest.mark.parametrize(("gone", "word"), [("model.safetensors", "safetensors"), ("config.json", "cannot be loaded")])
def test_a_folder_without_its_files_is_refused(tiny_encoder: Path, tmp_path: Path, gone: str, word: str) -> None:
    folder = _copy(tiny_encoder, tmp_path)
    (folder / gone).unlink()
    with pytest.raises(ArtefactError, match=word):
        load_encoder(EncoderSettings(name=str(folder)))


def test_a_folder_without_tokenizer_is_refused(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = _copy(tiny_encoder, tmp_path)
    for path in folder.glob("tokenizer*"):
        path.unlink()
    with pytest.raises(ArtefactError, match="tokenizer"):
        load_encoder(EncoderSettings(name=str(folder)))


def test_building_without_configuration_says_so(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="no encoder configuration"):
        build_encoder(tmp_path)
