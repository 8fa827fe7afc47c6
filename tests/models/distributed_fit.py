"""Run by torchrun: fit a tiny model on every process and note what it became. Arguments: encoder, target folder."""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch.distributed

from stancewire.data.codebook import load_codebook
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.base import SilentLog
from stancewire.models.transformer import fit_transformer
from stancewire.models.transformer_settings import EncoderSettings, HeadSettings, OptimiserSettings, TransformerSettings

DEEDS = {"praised": "support", "condemned": "oppose", "counted": "neutral", "cooked": "unrelated"}


def main(encoder: str, target: Path) -> None:
    """Fit, and write rank's weights digest and the share of right stances."""
    rows = [
        Example(
            str(place), "a", SentenceInput(f"Moscow {deed} the strikes" + " today" * (place % 5)), {"stance": stance}
        )
        for place in range(16)
        for deed, stance in DEEDS.items()
    ]
    settings = TransformerSettings(
        encoder=EncoderSettings(name=encoder),
        head=HeadSettings(hidden=0, dropout=0.0),
        optimiser=OptimiserSettings(learning_rate=0.003, head_learning_rate=0.01),
        tasks=("stance",),
        epochs=12,
        batch_size=8,
        precision="fp32",
        threads=1,
    )
    codebook = load_codebook()
    model = fit_transformer(settings, codebook, rows, [], 5, SilentLog())
    guess = model.predict_proba([row.input for row in rows])["stance"].argmax(1)
    names = codebook.task("stance").names
    right = float(np.mean([names[column] == row.labels["stance"] for column, row in zip(guess, rows, strict=True)]))
    digest = hashlib.sha256(b"".join(value.numpy().tobytes() for value in model.network.state_dict().values()))
    world, rank = torch.distributed.get_world_size(), torch.distributed.get_rank()
    answer = {"weights": digest.hexdigest(), "right": right, "world": world}
    (target / f"{rank}.json").write_text(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
