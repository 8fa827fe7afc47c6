"""Examples as a fine-tuning run reads them: tokenised, with labels, soft labels and weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from torch import Tensor

from stancewire.data.codebook import Codebook
from stancewire.features.context import text_pair
from stancewire.features.inputs import Example
from stancewire.models.losses import UNLABELLED
from stancewire.models.network import NetworkShape
from stancewire.models.runtime.batching import PairTokenizer
from stancewire.models.transformer_settings import TransformerSettings


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Tokenised examples (columns ``input_ids``, ``start``, ``labels``, ``weight``, and ``soft`` where one has soft labels)
    and which of them are written ones.

    Where contexts can be dropped, ``rows`` and ``lengths`` hold all examples twice: as they are, then without context.
    """

    rows: Dataset
    lengths: NDArray[np.int64]
    synthetic: NDArray[np.bool_]


def training_data(
    train: Sequence[Example], reading: tuple[NetworkShape, PairTokenizer, Codebook], bare: bool
) -> TrainingData:
    """Tokenise ``train``; with ``bare`` all sentences follow once more, in the same order, without their context.

    ``reading`` is how the network reads: its shape, its tokenizer and the codebook of its labels.
    """
    shape, tokenizer, codebook = reading
    pairs = [text_pair(example.input, shape.context) for example in train]
    if bare:
        pairs += [("", sentence) for _, sentence in pairs]
    encoded = tokenizer.encode(pairs)
    copies = len(pairs) // len(train)
    labels = [
        [codebook.task(name).index(row.labels[name]) if name in row.labels else UNLABELLED for name in shape.tasks]
        for row in train
    ]
    columns: dict[str, list[Any]] = {
        "input_ids": [pair.ids for pair in encoded],
        "start": [pair.start for pair in encoded],
        "labels": labels * copies,
        "weight": [example.weight for example in train] * copies,
    }
    if any(example.soft_labels for example in train):
        columns["soft"] = [_soft_row(example, shape) for example in train] * copies
    rows = Dataset.from_dict(columns)
    lengths = np.asarray([len(pair.ids) for pair in encoded])
    return TrainingData(rows, lengths, np.asarray([example.synthetic for example in train]))


def _soft_row(example: Example, shape: NetworkShape) -> list[float]:
    """Return the soft labels of all tasks, one after another; zeros where there are none."""
    given = example.soft_labels or {}
    return [value for task, names in shape.tasks.items() for value in given.get(task, (0.0,) * len(names))]


def label_mix(
    settings: TransformerSettings, shape: NetworkShape, train: Sequence[Example]
) -> dict[str, tuple[Tensor, Tensor]]:
    """Count by task how often an epoch shows each value in annotated and in written sentences, shape (values,) each."""
    written = sum(example.synthetic for example in train)
    annotated = len(train) - written
    share = min(1.0, settings.synthetic_ratio * annotated / written) if annotated and written else 1.0
    mix = {task: (torch.zeros(len(values)), torch.zeros(len(values))) for task, values in shape.tasks.items()}
    for example in train:
        for task, counts in mix.items():
            if task in example.labels:
                value = shape.tasks[task].index(example.labels[task])
                counts[example.synthetic][value] += share if example.synthetic else 1.0
    return mix
