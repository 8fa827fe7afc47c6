"""Batches, losses, layers' rates and the network's reading of a pair."""

import math

import numpy as np
import pytest
import torch
from datasets import Dataset

from stancewire.data.codebook import Codebook
from stancewire.features.context import ContextShape
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.finetuning import Collator, LengthBatches, parameter_groups, use_bf16
from stancewire.models.losses import UNLABELLED, TaskLoss, class_weights
from stancewire.models.network import MultiTaskNetwork, NetworkShape, SequenceDropout
from stancewire.models.training_data import TrainingData, training_data
from stancewire.models.transformer import start_transformer
from stancewire.models.transformer_settings import LossSettings, OptimiserSettings, TransformerSettings


def _data(annotated: int, written: int) -> TrainingData:
    number = annotated + written
    lengths = np.random.default_rng(0).integers(5, 60, number)
    return TrainingData(Dataset.from_dict({"row": list(range(number))}), lengths, np.arange(number) >= annotated)


def _batches(data: TrainingData, ratio: float, size: int, context_dropout: float = 0.0) -> LengthBatches:
    settings = TransformerSettings(synthetic_ratio=ratio, batch_size=size, context_dropout=context_dropout)
    return LengthBatches(data, settings, seed=1)


def test_an_epoch_shows_annotated_rows_once_and_written_ones_in_turn() -> None:
    batches = _batches(_data(40, 60), ratio=0.5, size=10)
    epochs = [[row for batch in batches for row in batch] for _ in range(3)]
    assert len(batches) == 6
    for epoch in epochs:
        assert sorted(row for row in epoch if row < 40) == list(range(40))
    written = [row for epoch in epochs for row in epoch if row >= 40]
    assert sorted(written) == list(range(40, 100))


def test_batches_are_equal_in_size_and_similar_in_length() -> None:
    data = _data(203, 0)
    batches = list(_batches(data, ratio=1.0, size=20))
    assert {len(batch) for batch in batches} == {20}
    spread = np.mean([np.ptp(data.lengths[batch]) for batch in batches])
    assert spread < np.ptp(data.lengths) / 3


def test_rows_without_annotation_are_all_shown() -> None:
    rows = [row for batch in _batches(_data(0, 30), ratio=0.5, size=10) for row in batch]
    assert sorted(rows) == list(range(30))


def test_dropped_contexts_are_another_draw_each_epoch_and_lose_no_sentence() -> None:
    plain = _data(0, 200)
    data = TrainingData(plain.rows, np.concatenate([plain.lengths, plain.lengths // 2]), plain.synthetic)
    batches = _batches(data, ratio=1.0, size=20, context_dropout=0.3)
    epochs = [[row for batch in batches for row in batch] for _ in range(2)]
    bare = [{row - 200 for row in epoch if row >= 200} for epoch in epochs]
    assert all(sorted(row % 200 for row in epoch) == list(range(200)) for epoch in epochs)
    assert all(30 <= len(rows) <= 90 for rows in bare)
    assert bare[0] != bare[1]


def test_rows_without_context_hold_the_sentence_alone(settings: TransformerSettings, codebook: Codebook) -> None:
    classifier = start_transformer(settings, codebook, [], 0, _Silent())
    told = Example("1", "a", SentenceInput("He left.", title="Long title"), {"stance": "neutral"})
    reading = (classifier.network.shape, classifier.pairs, codebook)
    rows = training_data([told], reading, bare=True).rows
    alone = classifier.pairs.encode([("", "He left.")])[0]
    assert len(rows[0]["input_ids"]) > len(alone.ids)
    assert (rows[1]["input_ids"], rows[1]["start"]) == (list(alone.ids), alone.start)
    assert rows[0]["labels"] == rows[1]["labels"]


def test_less_than_a_batch_makes_one() -> None:
    assert [len(batch) for batch in _batches(_data(3, 0), ratio=1.0, size=32)] == [3]


def test_collator_marks_padding_and_the_sentence() -> None:
    rows = [
        {"input_ids": [2, 7, 3, 8, 3], "start": 3, "labels": [1], "weight": 1.0},
        {"input_ids": [2, 3, 9, 3], "start": 2, "labels": [0], "weight": 0.5},
    ]
    batch = Collator(pad_id=0)(rows)
    assert batch["input_ids"].tolist() == [[2, 7, 3, 8, 3], [2, 3, 9, 3, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]]
    assert batch["token_type_ids"].tolist() == [[0, 0, 0, 1, 1], [0, 0, 1, 1, 0]]


def _loss(settings: LossSettings, scores: list[list[float]], gold: list[int], weight: list[float]) -> float:
    loss = TaskLoss(settings, {"t": torch.ones(2)})
    return float(loss({"t": torch.tensor(scores)}, torch.tensor(gold).unsqueeze(1), torch.tensor(weight)))


def test_unlabelled_rows_and_weightless_rows_cost_nothing() -> None:
    plain = LossSettings(label_smoothing=0.0)
    one = _loss(plain, [[1.0, 0.0]], [0], [1.0])
    assert _loss(plain, [[1.0, 0.0], [0.0, 9.0]], [0, UNLABELLED], [1.0, 1.0]) == pytest.approx(one)
    assert _loss(plain, [[1.0, 0.0], [0.0, 9.0]], [0, 0], [1.0, 0.0]) == pytest.approx(one)


def test_focal_loss_scales_by_what_is_missing_to_certainty() -> None:
    plain, focal = (LossSettings(label_smoothing=0.0, focal=gamma) for gamma in (0.0, 2.0))
    right = 1 / (1 + math.exp(-2.0))
    ratio = _loss(focal, [[2.0, 0.0]], [0], [1.0]) / _loss(plain, [[2.0, 0.0]], [0], [1.0])
    assert ratio == pytest.approx((1 - right) ** 2, rel=1e-4)


def test_class_weights_balance_and_keep_the_loss_scale() -> None:
    counts = torch.tensor([90.0, 10.0, 0.0])
    assert class_weights(counts, 0.0).tolist() == [1.0, 1.0, 1.0]
    balanced = class_weights(counts, 1.0)
    assert float(balanced[0] * 90) == pytest.approx(float(balanced[1] * 10))
    assert float((class_weights(counts, 0.5) * counts).sum() / 100) == pytest.approx(1.0)
    assert float(balanced[2]) == 1.0


def test_rates_fall_from_the_heads_down(settings: TransformerSettings, codebook: Codebook) -> None:
    network = start_transformer(settings, codebook, [], 0, _Silent()).network
    groups = parameter_groups(network, OptimiserSettings(learning_rate=0.01, head_learning_rate=0.1, layer_decay=0.5))
    rates = {id(weight): group["lr"] for group in groups for weight in group["params"]}
    found = {name: rates[id(weight)] for name, weight in network.named_parameters()}
    assert found["heads.stance.1.weight"] == 0.1
    assert found["encoder.transformer.layer.1.ffn.lin1.weight"] == pytest.approx(0.01)
    assert found["encoder.transformer.layer.0.ffn.lin1.weight"] == pytest.approx(0.005)
    assert found["encoder.embeddings.word_embeddings.weight"] == pytest.approx(0.0025)


def test_padding_does_not_move_a_result(settings: TransformerSettings, codebook: Codebook) -> None:
    network = start_transformer(settings, codebook, [], 0, _Silent()).network.eval()
    ids, types = torch.tensor([[2, 8, 3, 9, 3]]), torch.tensor([[0, 0, 0, 1, 1]])
    padded = [torch.nn.functional.pad(tensor, (0, 4)) for tensor in (ids, torch.ones_like(ids), types)]
    short, long = network(ids, torch.ones_like(ids), types), network(*padded)
    for task in short:
        torch.testing.assert_close(short[task], long[task], atol=1e-5, rtol=0)


def test_every_pooling_reads_the_sentence(settings: TransformerSettings, codebook: Codebook) -> None:
    encoder = start_transformer(settings, codebook, [], 0, _Silent()).network.encoder.eval()
    for pooling in ("mean", "first", "attention"):
        shape = NetworkShape(
            tasks={"t": ("a", "b")}, pooling=(pooling,), hidden=8, dropout=0.0, max_length=32, context=ContextShape()
        )
        network = MultiTaskNetwork(encoder, shape).eval()
        mask, types = torch.ones(1, 4, dtype=torch.long), torch.tensor([[0, 0, 1, 1]])
        first, second = (network(torch.tensor([[2, 3, word, 3]]), mask, types)["t"] for word in (6, 9))
        assert not torch.allclose(first, second)


def test_sequence_dropout_drops_a_feature_for_all_tokens_and_only_in_training() -> None:
    torch.manual_seed(0)
    dropout = SequenceDropout(0.5)
    states = torch.ones(4, 6, 64)
    dropped = dropout.train()(states)
    assert bool((dropped == dropped[:, :1]).all())
    assert 0.3 < float((dropped == 0).float().mean()) < 0.7
    assert float(dropped.mean()) == pytest.approx(1.0, abs=0.2)
    assert bool((dropout.eval()(states) == states).all())


def test_precision_is_as_set(settings: TransformerSettings) -> None:
    assert use_bf16(settings.model_copy(update={"precision": "bf16"}))
    assert not use_bf16(settings.model_copy(update={"precision": "fp32"}))


class _Silent:
    def metric(self, name: str, value: float, step: int) -> None:
        pass


def test_soft_labels_share_the_target_and_rows_without_keep_their_label() -> None:
    plain = LossSettings(label_smoothing=0.0)
    half = LossSettings(label_smoothing=0.0, distillation=0.5)
    scores, gold = torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([[0], [0]])
    weight, soft = torch.ones(2), torch.tensor([[0.2, 0.8], [0.0, 0.0]])

    def cost(settings: LossSettings, row: int, given: torch.Tensor | None) -> float:
        rows = slice(row, row + 1)
        loss = TaskLoss(settings, {"t": torch.ones(2)})
        return float(loss({"t": scores[rows]}, gold[rows], weight[rows], None if given is None else given[rows]))

    logs = scores[0].log_softmax(-1)
    assert cost(half, 0, soft) == pytest.approx(float(-(0.5 + 0.1) * logs[0] - 0.4 * logs[1]), rel=1e-5)
    assert cost(half, 1, soft) == pytest.approx(cost(plain, 1, None))
    assert cost(plain, 0, soft) == pytest.approx(cost(plain, 0, None))


def test_each_task_reads_its_own_soft_labels() -> None:
    loss = TaskLoss(LossSettings(label_smoothing=0.0, distillation=1.0), {"a": torch.ones(2), "b": torch.ones(3)})
    logits = {"a": torch.zeros(1, 2), "b": torch.tensor([[5.0, 0.0, 0.0]])}
    labels, weight = torch.tensor([[UNLABELLED, 0]]), torch.ones(1)
    sure = float(loss(logits, labels, weight, torch.tensor([[0.0, 1.0, 1.0, 0.0, 0.0]])))
    wrong = float(loss(logits, labels, weight, torch.tensor([[1.0, 0.0, 0.0, 0.0, 1.0]])))
    assert sure < 0.1 < 4.0 < wrong


def test_soft_labels_reach_the_rows_and_zeros_stand_for_none(settings: TransformerSettings, codebook: Codebook) -> None:
    classifier = start_transformer(settings, codebook, [], 0, _Silent())
    soft = {task.name: (1.0,) + (0.0,) * (len(task.names) - 1) for task in codebook.tasks}
    rows = [Example("1", "a", SentenceInput("He left.")), Example("2", "a", SentenceInput("Who?"), soft_labels=soft)]
    reading = (classifier.network.shape, classifier.pairs, codebook)
    data = training_data(rows, reading, bare=True).rows
    width = sum(len(task.names) for task in codebook.tasks)
    assert [len(row["soft"]) for row in data] == [width] * 4
    assert [sum(row["soft"]) for row in data] == [0.0, len(codebook.tasks)] * 2
    assert Collator(0)([data[0], data[1]])["soft"].shape == (2, width)
    assert "soft" not in training_data(rows[:1], reading, bare=False).rows.column_names
