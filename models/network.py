"""The network: one encoder, one head a task. What it computes is fixed here for training and for every runtime."""

from collections.abc import Mapping
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from stancewire.features.context import ContextShape

Pooling = Literal["mean", "first", "attention"]


class NetworkShape(BaseModel):
    """What has to be known, besides the encoder's own configuration, to build the network again (``network.json``).

    ``tasks`` maps task to its values, in the order of the logits; ``hidden`` 0 means linear heads.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tasks: dict[str, tuple[str, ...]] = Field(min_length=1)
    pooling: tuple[Pooling, ...] = Field(min_length=1)
    hidden: int = Field(ge=0)
    dropout: float = Field(ge=0, lt=1)
    max_length: int = Field(ge=16)
    context: ContextShape = ContextShape()


class MultiTaskNetwork(nn.Module):
    """Reads (context, sentence) pairs and returns logits per task.

    ``token_type_ids`` mark the sentence's tokens with 1 in every architecture; they reach the encoder only where it
    has such embeddings. Every head reads the mean over the sentence's tokens, the first token, and an attention over
    all tokens whose query is its task's own, as far as ``shape.pooling`` names them.
    """

    def __init__(self, encoder: nn.Module, shape: NetworkShape) -> None:
        super().__init__()
        self.encoder = encoder
        self.shape = shape
        config: Any = encoder.config
        self.typed = int(getattr(config, "type_vocab_size", 0) or 0) > 1
        width = int(config.hidden_size)
        self.query = nn.Linear(width, len(shape.tasks)) if "attention" in shape.pooling else None
        size = width * len(shape.pooling)
        self.heads = nn.ModuleDict({task: _head(size, shape, len(values)) for task, values in shape.tasks.items()})

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> dict[str, Tensor]:
        """Return logits by task, shape (rows, values) each; the three inputs are of shape (rows, length)."""
        extra: Mapping[str, Tensor] = {"token_type_ids": token_type_ids} if self.typed else {}
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **extra).last_hidden_state.float()
        shared = []
        if "mean" in self.shape.pooling:
            weight = token_type_ids.to(states.dtype).unsqueeze(-1)
            shared.append((states * weight).sum(1) / weight.sum(1).clamp(min=1.0))
        if "first" in self.shape.pooling:
            shared.append(states[:, 0])
        queried = self._attend(states, attention_mask)
        logits = {}
        for number, (task, head) in enumerate(self.heads.items()):
            own = [queried[:, number]] if queried is not None else []
            logits[task] = head(torch.cat([*shared, *own], dim=-1))
        return logits

    def _attend(self, states: Tensor, attention_mask: Tensor) -> Tensor | None:
        """Return each task's attention-weighted mean over all tokens, shape (rows, tasks, width)."""
        if self.query is None:
            return None
        scores = self.query(states).float()
        scores = scores + (1.0 - attention_mask.to(scores.dtype)).unsqueeze(-1) * -1e4
        return torch.matmul(scores.softmax(dim=1).transpose(1, 2), states)


def _head(size: int, shape: NetworkShape, values: int) -> nn.Module:
    if not shape.hidden:
        return nn.Sequential(nn.Dropout(shape.dropout), nn.Linear(size, values))
    return nn.Sequential(
        nn.Dropout(shape.dropout), nn.Linear(size, shape.hidden), nn.GELU(), nn.Dropout(shape.dropout),
        nn.Linear(shape.hidden, values),
    )  # fmt: skip


class SequenceDropout(nn.Dropout):
    """Dropout of whole features for all tokens of a sequence (Gal and Ghahramani 2016): as regularising as the usual
    kind, and cheap on a processor, where drawing one random number per activation takes longer than a layer's sums."""

    def forward(self, states: Tensor) -> Tensor:
        """Return ``states`` (rows, length, width) with features dropped in training, unchanged otherwise."""
        if not self.training or not self.p:
            return states
        shape = (states.shape[0], *(1,) * (states.ndim - 2), states.shape[-1])
        kept = torch.empty(shape, dtype=states.dtype, device=states.device).bernoulli_(1.0 - self.p)
        return states * kept.div_(1.0 - self.p)


def use_sequence_dropout(encoder: nn.Module) -> None:
    """Replace the encoder's dropout modules by SequenceDropout of the same rate."""
    for module in list(encoder.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Dropout) and child.p:
                setattr(module, name, SequenceDropout(child.p))
