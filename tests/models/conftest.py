"""A tiny encoder of another architecture than the default one, and a few sentences that words alone tell apart."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import DistilBertConfig, DistilBertModel, PreTrainedTokenizerFast

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.transformer_settings import (
    EncoderSettings,
    FirstStageSettings,
    HeadSettings,
    OptimiserSettings,
    TransformerSettings,
)

WORDS = (
    "praised",
    "condemned",
    "counted",
    "cooked",
    "the",
    "strikes",
    "dinner",
    "Moscow",
    "Ankara",
    "said",
    "today",
    ".",
    "|",
)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a two-layer DistilBERT and its tokenizer; returns the folder."""
    folder = tmp_path_factory.mktemp("encoder")
    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    vocabulary = {word: number for number, word in enumerate((*special, *WORDS))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(folder)
    torch.manual_seed(0)
    config = DistilBertConfig(vocab_size=len(vocabulary), dim=32, n_layers=2, n_heads=2, hidden_dim=64)
    DistilBertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="session")
def settings(tiny_encoder: Path) -> TransformerSettings:
    return TransformerSettings(
        encoder=EncoderSettings(name=str(tiny_encoder)),
        head=HeadSettings(hidden=0, dropout=0.0),
        optimiser=OptimiserSettings(learning_rate=0.003, head_learning_rate=0.01, freeze_embeddings=False),
        first_stage=FirstStageSettings(epochs=(1,), learning_rate=0.003, head_learning_rate=0.01),
        epochs=6,
        batch_size=8,
        precision="fp32",
        threads=1,
    )


@pytest.fixture(scope="session")
def examples() -> Callable[..., list[Example]]:
    """Return a maker of labelled sentences, of which half are written ones where asked."""

    def make(number: int, synthetic: bool = False) -> list[Example]:
        kinds = (
            ("praised the strikes", "support", "evaluation"),
            ("condemned the strikes", "oppose", "accusation"),
            ("counted the strikes", "neutral", "report"),
            ("cooked the dinner", "unrelated", "report"),
        )
        rows = []
        for place in range(number):
            deed, stance, claim = kinds[place % len(kinds)]
            speaker, group = (("Moscow", "russia"), ("Ankara", "turkey"))[place // len(kinds) % 2]
            given = SentenceInput(f"{speaker} {deed} ." + " today" * (place % 5), title="the strikes said")
            labels = {"stance": stance, "claim_type": claim, "speaker_group": group, "quotation": "indirect"}
            rows.append(
                Example(f"{'w' if synthetic else 'a'}{place}", f"article{place % 6}", given, labels, 1.0, synthetic)
            )
        return rows

    return make
