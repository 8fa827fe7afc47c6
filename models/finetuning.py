"""Fine-tuning with the transformers Trainer: batches by length, a loss over all tasks, averaged weights."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Sampler
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from stancewire.models.base import MetricLog
from stancewire.models.encoder import layers_of
from stancewire.models.losses import TaskLoss
from stancewire.models.network import MultiTaskNetwork
from stancewire.models.training_data import TrainingData
from stancewire.models.transformer_settings import OptimiserSettings, TransformerSettings

MEGA_BATCH = 20
AVERAGING_FROM = 0.4
LOG_EVERY = 10

Judge = Callable[[], Mapping[str, float]]


class LengthBatches(Sampler[list[int]]):
    """Each epoch all annotated sentences and the next share of the written ones, in batches of similar length.

    Every batch has the same number of rows, so that processes of a distributed run get the same number of equal batches;
    what is left over at an epoch's end waits for the next one.
    """

    def __init__(self, data: TrainingData, settings: TransformerSettings, seed: int) -> None:
        self.annotated = np.flatnonzero(~data.synthetic)
        self.written = np.flatnonzero(data.synthetic)
        self.data = data
        self.rng = np.random.default_rng(seed)
        self.queue: list[int] = []
        self.context_dropout = settings.context_dropout
        share = round(settings.synthetic_ratio * len(self.annotated)) if len(self.annotated) else len(self.written)
        self.share = share if len(self.written) else 0
        self.batch_size = min(settings.batch_size, len(self.annotated) + self.share)

    def __len__(self) -> int:
        return (len(self.annotated) + self.share) // self.batch_size

    def __iter__(self) -> Iterator[list[int]]:
        while len(self.queue) < self.share:
            self.queue += self.rng.permutation(self.written).tolist()
        drawn, self.queue = self.queue[: self.share], self.queue[self.share :]
        order = self.rng.permutation(np.concatenate([self.annotated, np.asarray(drawn, dtype=np.int64)]))
        order = order[: len(self) * self.batch_size]
        if self.context_dropout:
            order = order + len(self.data.synthetic) * (self.rng.random(len(order)) < self.context_dropout)
        step = MEGA_BATCH * self.batch_size
        for start in range(0, len(order), step):
            part = order[start : start + step]
            part = part[np.argsort(self.data.lengths[part], kind="stable")]
            batches = part.reshape(-1, self.batch_size)
            yield from self.rng.permutation(batches, axis=0).tolist()


@dataclass(frozen=True, slots=True)
class Collator:
    """Pads rows to the longest; token types mark the sentence's tokens."""

    pad_id: int

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
        """Return the network's inputs, ``labels`` (rows, tasks) with -100 for none, ``weight`` (rows,), and ``soft``
        (rows, values of all tasks) where the rows have it."""
        length = max(len(row["input_ids"]) for row in rows)
        ids = torch.full((len(rows), length), self.pad_id, dtype=torch.long)
        mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
        for number, row in enumerate(rows):
            size = len(row["input_ids"])
            ids[number, :size] = torch.as_tensor(row["input_ids"])
            mask[number, :size] = 1
            types[number, row["start"] : size] = 1
        soft = {"soft": torch.as_tensor([row["soft"] for row in rows])} if "soft" in rows[0] else {}
        return soft | {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": types,
            "labels": torch.as_tensor([row["labels"] for row in rows]),
            "weight": torch.as_tensor([row["weight"] for row in rows], dtype=torch.float32),
        }


class FineTuner(Trainer):  # type: ignore[misc]
    """The Trainer with this project's batches, loss and parameter groups."""

    def __init__(
        self, network: nn.Module, data: TrainingData, settings: TransformerSettings, loss: TaskLoss, parts: "Parts"
    ) -> None:
        self.data = data
        self.settings = settings
        self.task_loss = loss
        self.batches = LengthBatches(data, settings, parts.seed)
        super().__init__(
            model=network,
            args=training_arguments(settings, parts),
            train_dataset=data.rows,
            data_collator=Collator(parts.pad_id),
            callbacks=[parts.watch],
        )
        self.model_accepts_loss_kwargs = False
        self.remove_callback(PrinterCallback)  # writes to standard output, which belongs to the commands

    def get_train_dataloader(self) -> Any:
        """Return batches by length, shared out among the processes of a distributed run."""
        loader = DataLoader(self.train_dataset, batch_sampler=self.batches, collate_fn=self.data_collator)
        return self.accelerator.prepare(loader)

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """Fused AdamW with a learning rate per layer."""
        if self.optimizer is None:  # type: ignore[has-type]
            groups = parameter_groups(self.model, self.settings.optimiser)
            self.optimizer = torch.optim.AdamW(groups, fused=True)
        return self.optimizer

    def compute_loss(
        self, model: nn.Module, inputs: dict[str, Tensor], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Return the weighted sum of the tasks' losses."""
        labels, weight, soft = inputs.pop("labels"), inputs.pop("weight"), inputs.pop("soft", None)
        logits = model(**inputs)
        loss = self.task_loss(logits, labels, weight, soft)
        return (loss, logits) if return_outputs else loss


class Watch(TrainerCallback):  # type: ignore[misc]
    """Reports learning curves, averages weights over the later steps, and keeps the best epoch's weights.

    ``judge`` scores the network on validation (task → macro-F1), or is None; ``stage`` names the curves.
    """

    def __init__(self, settings: TransformerSettings, log: MetricLog, judge: Judge | None, stage: str) -> None:
        self.settings, self.log, self.judge, self.stage = settings, log, judge, stage
        self.average: list[Tensor] | None = None
        self.best: tuple[float, dict[str, Tensor]] | None = None
        self.waited = 0

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        """Pass the Trainer's figures on."""
        if state.is_world_process_zero:
            for name in ("loss", "learning_rate", "grad_norm"):
                if name in (logs or {}):
                    self.log.metric(f"{self.stage}_{name}", float(logs[name]), state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        """Move the running mean of the weights."""
        if self.settings.averaging and state.global_step > AVERAGING_FROM * state.max_steps:
            weights = [weight.detach() for weight in _trained(model)]
            if self.average is None:
                self.average = [weight.clone() for weight in weights]
            torch._foreach_lerp_(self.average, weights, 1.0 - self.settings.averaging)

    def on_epoch_end(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        """Judge the epoch; remember the best and stop where it gets no better."""
        if self.judge is None:
            return
        with self.averaged(model):
            model.eval()
            scores = self.judge()
            model.train()
            mean = float(np.mean(list(scores.values())))
            if self.settings.patience and (self.best is None or mean > self.best[0]):
                self.best = (mean, {name: value.clone() for name, value in model.state_dict().items()})
                self.waited = -1
        if state.is_world_process_zero:
            for task, score in {**scores, "mean": mean}.items():
                self.log.metric(f"validation_{task}_macro_f1", score, state.global_step)
        self.waited += 1
        control.should_training_stop = bool(self.settings.patience and self.waited >= self.settings.patience)

    def averaged(self, model: nn.Module) -> "_Swapped":
        """Return a context in which ``model`` has the averaged weights, where there are any."""
        return _Swapped(_trained(model), self.average)

    def finish(self, model: nn.Module) -> None:
        """Leave ``model`` with the weights that count: the best epoch's, else the averaged, else the last."""
        if self.best is not None:
            model.load_state_dict(self.best[1])
        elif self.average is not None:
            self.averaged(model).__enter__()


class _Swapped:
    def __init__(self, weights: list[Tensor], others: list[Tensor] | None) -> None:
        self.weights, self.others = weights, others

    @torch.no_grad()
    def __enter__(self) -> None:
        if self.others is not None:
            self.kept = [weight.detach().clone() for weight in self.weights]
            torch._foreach_copy_(self.weights, self.others)

    @torch.no_grad()
    def __exit__(self, *error: object) -> None:
        if self.others is not None:
            torch._foreach_copy_(self.weights, self.kept)


@dataclass(frozen=True)
class Parts:
    """What a FineTuner needs besides network, data, settings and loss."""

    seed: int
    pad_id: int
    watch: Watch


def training_arguments(settings: TransformerSettings, parts: Parts) -> TrainingArguments:
    """Translate the settings; nothing is written but to a temporary folder, nothing is reported but through the log."""
    optimiser = settings.optimiser
    return TrainingArguments(
        output_dir=tempfile.gettempdir(),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_size,
        learning_rate=optimiser.learning_rate,
        weight_decay=optimiser.weight_decay,
        warmup_steps=optimiser.warmup,
        lr_scheduler_type=optimiser.schedule,
        max_grad_norm=optimiser.max_gradient,
        bf16=use_bf16(settings),
        use_cpu=not torch.cuda.is_available(),
        seed=parts.seed % 2**32,
        save_strategy="no",
        logging_steps=LOG_EVERY,
        logging_first_step=True,
        report_to=[],
        disable_tqdm=True,
        remove_unused_columns=False,
    )


def use_bf16(settings: TransformerSettings) -> bool:
    """Tell whether to compute in bf16: as set, or where "auto" finds a processor or GPU that has it."""
    if settings.precision != "auto":
        return settings.precision == "bf16"
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported())


def freeze(network: MultiTaskNetwork, settings: OptimiserSettings) -> None:
    """Freeze word embeddings and the lowest layers, as set, and nothing else; frozen layers take all embeddings with them."""
    encoder = network.encoder.requires_grad_(True)
    if settings.freeze_embeddings:
        cast(Any, encoder).get_input_embeddings().requires_grad_(False)
    if settings.freeze_layers:
        upper = {id(weight) for layer in layers_of(encoder)[settings.freeze_layers :] for weight in layer.parameters()}
        for weight in encoder.parameters():
            if id(weight) not in upper:
                weight.requires_grad_(False)


def parameter_groups(network: nn.Module, settings: OptimiserSettings) -> list[dict[str, Any]]:
    """Return optimiser groups: the heads' rate, and the encoder's, which falls by ``layer_decay`` a layer downwards."""
    layers = layers_of(cast(nn.Module, network.encoder))
    depth = {id(weight): number for number, layer in enumerate(layers, 1) for weight in layer.parameters()}
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, weight in network.named_parameters():
        if not weight.requires_grad:
            continue
        rate = settings.head_learning_rate
        if name.startswith("encoder."):
            rate = settings.learning_rate * settings.layer_decay ** (len(layers) - depth.get(id(weight), 0))
        decay = settings.weight_decay if weight.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(weight)
    return [{"params": weights, "lr": rate, "weight_decay": decay} for (rate, decay), weights in groups.items()]


def _trained(model: nn.Module) -> list[Tensor]:
    return [weight for weight in model.parameters() if weight.requires_grad]
