"""What errors cost: one loss over all tasks, with class weights, focal loss, label smoothing and soft labels."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from stancewire.models.transformer_settings import LossSettings

UNLABELLED = -100


class TaskLoss(nn.Module):
    """Weighted sum of the tasks' losses; a row without a label of a task counts nothing there."""

    def __init__(self, settings: LossSettings, class_weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.settings = settings
        self.class_weights = dict(class_weights)

    def forward(
        self, logits: Mapping[str, Tensor], labels: Tensor, weight: Tensor, soft: Tensor | None = None
    ) -> Tensor:
        """Return the loss, a scalar; ``labels`` are of shape (rows, tasks), tasks in the order of ``logits``.

        ``soft``, of shape (rows, values of all tasks in that order), holds probabilities, or zeros for a row without.
        """
        total = weight.new_zeros(())
        place = 0
        for number, (task, scores) in enumerate(logits.items()):
            gold = labels[:, number]
            rows = gold != UNLABELLED
            if rows.any():
                share = self.settings.task_weights.get(task, 1.0)
                teacher = (
                    soft[rows, place : place + scores.shape[-1]]
                    if soft is not None and self.settings.distillation
                    else None
                )
                total = total + share * self._task(task, scores[rows].float(), (gold[rows], teacher), weight[rows])
            place += scores.shape[-1]
        return total

    def _task(self, task: str, scores: Tensor, wanted: tuple[Tensor, Tensor | None], weight: Tensor) -> Tensor:
        gold, teacher = wanted
        losses = functional.cross_entropy(scores, gold, reduction="none", label_smoothing=self.settings.label_smoothing)
        if teacher is not None:
            known = teacher.sum(-1)  # 1, or 0 in a row without soft labels
            told = functional.cross_entropy(scores, teacher, reduction="none")
            losses = losses + self.settings.distillation * (told - losses * known)
        if self.settings.focal:
            right = scores.softmax(-1).gather(1, gold.unsqueeze(1)).squeeze(1)
            losses = losses * (1.0 - right).pow(self.settings.focal)
        scaled = losses * weight * self.class_weights[task].to(scores.device)[gold]
        return scaled.sum() / weight.sum().clamp(min=1e-6)


def class_weights(counts: Tensor, power: float) -> Tensor:
    """Return (total / count) ** power per value, scaled to a mean of 1 over the counted rows; unseen values get 1.

    ``counts`` are of shape (values,): how often, and how heavily, each value stands in the training mix.
    """
    seen = counts > 0
    raw = torch.where(seen, (counts.sum() / counts.clamp(min=1e-9)).pow(power), torch.ones_like(counts))
    mean = (raw * counts).sum() / counts.sum().clamp(min=1e-9)
    return torch.where(seen, raw / mean, torch.ones_like(raw))
