"""The fine-tuned transformer as a classifier: fitting it, and predicting, saving and loading with plain PyTorch."""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import torch
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from sklearn.metrics import f1_score
from torch import Tensor, nn

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ArtefactError, ConfigError, DataError
from stancewire.features.context import ContextShape, text_pair
from stancewire.features.inputs import Example, SentenceInput
from stancewire.models.base import FloatArray, MetricLog
from stancewire.models.encoder import build_encoder, load_encoder, read_tokenizer
from stancewire.models.finetuning import FineTuner, Judge, Parts, Watch, freeze
from stancewire.models.losses import TaskLoss, class_weights
from stancewire.models.network import MultiTaskNetwork, NetworkShape, use_sequence_dropout
from stancewire.models.runtime.batching import PairTokenizer, batches, distinct
from stancewire.models.training_data import label_mix, training_data
from stancewire.models.transformer_settings import ContextSettings, TransformerSettings

WEIGHTS_FILE = "model.safetensors"
SHAPE_FILE = "network.json"
TOKEN_BUDGET = 4096
MEMBER_SEEDS = 1000


class TransformerClassifier:
    """One encoder with a head a task, in fp32 with plain PyTorch. Results do not depend on a sentence's company."""

    kind = "transformer"

    def __init__(self, codebook: Codebook, network: MultiTaskNetwork, tokenizer: Any) -> None:
        self.codebook = codebook
        self.network = network.eval()
        self.tokenizer = tokenizer
        self.pairs = PairTokenizer(tokenizer.backend_tokenizer, network.shape.max_length)

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks, in the codebook's order."""
        return tuple(name for name in self.codebook.task_names if name in self.network.shape.tasks)

    @torch.no_grad()
    def predict_proba(self, inputs: Sequence[SentenceInput]) -> dict[str, FloatArray]:
        """Return probabilities, shape (n, values) per task; equal pairs of context and sentence are computed once."""
        shape = self.network.shape
        pairs, inverse = distinct(text_pair(item, shape.context) for item in inputs)
        found = {task: np.zeros((len(pairs), len(shape.tasks[task]))) for task in self.tasks}
        device = next(self.network.parameters()).device
        for batch in batches(self.pairs.encode(pairs), TOKEN_BUDGET, self.pairs.pad_id):
            logits = self.network(**{name: torch.from_numpy(array).to(device) for name, array in batch.feed().items()})
            for task in self.tasks:
                found[task][batch.rows] = logits[task].double().softmax(-1).cpu().numpy()
        return {task: matrix[inverse] for task, matrix in found.items()}

    def save(self, folder: Path) -> None:
        """Write the encoder's ``config.json``, all weights, the tokenizer's files and ``network.json``."""
        cast(Any, self.network.encoder.config).save_pretrained(folder)
        weights = {name: value.detach().cpu().contiguous() for name, value in self.network.state_dict().items()}
        save_file(weights, folder / WEIGHTS_FILE)
        self.tokenizer.save_pretrained(folder)
        (folder / SHAPE_FILE).write_text(self.network.shape.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, codebook: Codebook) -> Self:
        """Read what ``save`` wrote; ArtefactError where a file or a single weight is missing, or the labels differ."""
        shape = load_shape(folder, codebook)
        network = MultiTaskNetwork(build_encoder(folder), shape)
        try:
            network.load_state_dict(load_file(folder / WEIGHTS_FILE), strict=True)
        except (OSError, SafetensorError, RuntimeError, ValueError) as error:
            raise ArtefactError(f"{folder}: damaged transformer model: {' '.join(str(error).split())[:300]}") from error
        return cls(codebook, network, read_tokenizer(folder))


def load_shape(folder: Path, codebook: Codebook) -> NetworkShape:
    """Read ``network.json``; ArtefactError where it is missing, damaged or its labels are not the codebook's."""
    path = folder / SHAPE_FILE
    try:
        shape = NetworkShape.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise ArtefactError(
            f"{path}: expected a transformer model there: {' '.join(str(error).split())[:300]}"
        ) from error
    for task, values in shape.tasks.items():
        known = codebook.task(task).names if task in codebook.task_names else ()
        if values != known:
            raise ArtefactError(f"{path}: task {task}: the model knows {list(values)}, the codebook {list(known)}")
    return shape


def fit_transformer(
    settings: TransformerSettings,
    codebook: Codebook,
    train: Sequence[Example],
    validation: Sequence[Example],
    seed: int,
    log: MetricLog,
) -> TransformerClassifier:
    """Fine-tune the encoder on ``train``; ``validation`` (may be empty) is scored each epoch, for early stopping alone.

    Equal arguments give an equal model. Raises ArtefactError where the encoder cannot be had, DataError without
    sentences, ConfigError for a task that the codebook does not have.
    """
    written = [example for example in train if example.synthetic]
    start = start_transformer(settings, codebook, written, seed, log)
    return adapt_transformer(start, settings, train, validation, seed, log)


def start_transformer(
    settings: TransformerSettings, codebook: Codebook, written: Sequence[Example], seed: int, log: MetricLog
) -> TransformerClassifier:
    """Return the classifier after its first stage: fine-tuned on ``written`` alone, or with untrained heads without it.

    It depends on no annotated sentence, so that one start serves every fold of a cross-validation.
    """
    if settings.threads:
        torch.set_num_threads(settings.threads)
    encoder = load_encoder(settings.encoder, settings.encoder_dropout)
    shape = _shape(settings, codebook)
    torch.manual_seed(seed)
    network = _trainable(MultiTaskNetwork(encoder.network, shape))
    classifier = TransformerClassifier(codebook, network, encoder.tokenizer)
    for number in range(len(settings.first_stage.epochs) if written else 0):
        classifier = written_cycle(classifier, settings, written, number, (seed, log))
    return classifier


def written_cycle(
    classifier: TransformerClassifier,
    settings: TransformerSettings,
    written: Sequence[Example],
    number: int,
    run: tuple[int, MetricLog],
) -> TransformerClassifier:
    """Train ``classifier`` in place through cycle ``number`` of the first stage; ``run`` is (seed, log)."""
    first = settings.first_stage
    own = {name: getattr(first, name) for name in ("learning_rate", "head_learning_rate", "freeze_layers")}
    optimiser = settings.optimiser.model_copy(update=own)
    changes = {
        "epochs": first.epochs[number], "averaging": first.averaging, "context_dropout": first.context_dropout,
        "loss": first.loss, "patience": 0,
    }  # fmt: skip
    stage = settings.model_copy(update={**changes, "optimiser": optimiser})
    seed, log = run
    return _fine_tune(classifier, stage, written, Watch(stage, log, None, f"written{number}"), seed + number)


def resume_transformer(settings: TransformerSettings, codebook: Codebook, folder: Path) -> TransformerClassifier:
    """Load a saved start so that a second stage can follow, with the same result as without the detour."""
    start = TransformerClassifier.load(folder, codebook)
    return TransformerClassifier(codebook, _trainable(start.network), start.tokenizer)


def _trainable(network: MultiTaskNetwork) -> MultiTaskNetwork:
    use_sequence_dropout(network.encoder)
    cast_embeddings(network.encoder)
    return network


def adapt_transformer(
    start: TransformerClassifier,
    settings: TransformerSettings,
    train: Sequence[Example],
    validation: Sequence[Example],
    seed: int,
    log: MetricLog,
) -> TransformerClassifier:
    """Return a copy of ``start`` after its second stage, on annotated and written sentences together."""
    if not train:
        raise DataError("training: expected at least one sentence, found none")
    members = []
    for number in range(settings.members):
        member = TransformerClassifier(start.codebook, copy.deepcopy(start.network), start.tokenizer)
        judge = _judge(member, validation) if validation else None
        watch = Watch(settings, log, judge, f"train{number}" if number else "train")
        members.append(_fine_tune(member, settings, train, watch, seed + MEMBER_SEEDS * number).network)
    network = average_networks(members)
    _correct_priors(network, settings, train)
    return TransformerClassifier(start.codebook, network, start.tokenizer)


@torch.no_grad()
def average_networks(networks: Sequence[MultiTaskNetwork]) -> MultiTaskNetwork:
    """Return the first network with the mean of all networks' weights (Wortsman et al. 2022); it is changed in place."""
    states = [network.state_dict() for network in networks]
    for name, value in states[0].items():
        if value.is_floating_point() and len(states) > 1:
            value.copy_(torch.stack([state[name].double() for state in states]).mean(0))
    return networks[0]


def _fine_tune(
    classifier: TransformerClassifier, settings: TransformerSettings, train: Sequence[Example], watch: Watch, seed: int
) -> TransformerClassifier:
    reading = (classifier.network.shape, classifier.pairs, classifier.codebook)
    bare = next((row.id for row in train if row.synthetic and not row.soft_labels), None)
    if settings.loss.distillation and bare is not None:
        raise DataError(
            f"training: distillation needs soft labels of every written sentence, {bare} has none; set it to 0"
        )
    data = training_data(train, reading, bare=settings.context_dropout > 0)
    mix = label_mix(settings, classifier.network.shape, train)
    weights = {
        task: class_weights(annotated + written, settings.loss.class_weight)
        for task, (annotated, written) in mix.items()
    }
    loss = TaskLoss(settings.loss, weights)
    freeze(classifier.network, settings.optimiser)
    tuner = FineTuner(classifier.network, data, settings, loss, Parts(seed, classifier.pairs.pad_id, watch))
    tuner.train()
    # without this the Trainer's mixed precision would stay wrapped around the network
    plain = tuner.accelerator.unwrap_model(tuner.model_wrapped, keep_fp32_wrapper=False)
    for left in ("forward", "_is_accelerate_prepared"):  # with these the next training would skip mixed precision
        plain.__dict__.pop(left, None)
    watch.finish(plain)
    return TransformerClassifier(classifier.codebook, plain.cpu(), classifier.tokenizer)


def cast_embeddings(encoder: nn.Module) -> None:
    """Under autocast let the encoder's states run in the low precision from the embeddings on.

    Autocast alone keeps them in fp32 and converts before every product, which costs a tenth of the time.
    """
    embeddings = getattr(encoder, "embeddings", None)
    if isinstance(embeddings, nn.Module):
        embeddings.register_forward_hook(_cast)


def _cast(module: nn.Module, given: Any, states: Any) -> Any:
    if module.training and isinstance(states, Tensor) and torch.is_autocast_enabled(states.device.type):
        return states.to(torch.get_autocast_dtype(states.device.type))
    return states


def _shape(settings: TransformerSettings, codebook: Codebook) -> NetworkShape:
    names = settings.tasks or codebook.task_names
    unknown = sorted(
        {*names, *settings.loss.task_weights, *settings.first_stage.loss.task_weights, *settings.prior_correction}
        - set(codebook.task_names)
    )
    if unknown:
        raise ConfigError(f"model: unknown task {unknown[0]!r}, expected one of {', '.join(codebook.task_names)}")
    return NetworkShape(
        tasks={name: codebook.task(name).names for name in codebook.task_names if name in names},
        pooling=settings.head.pooling,
        hidden=settings.head.hidden,
        dropout=settings.head.dropout,
        max_length=settings.context.max_length,
        context=_context_shape(settings.context),
    )


def _context_shape(settings: ContextSettings) -> ContextShape:
    return ContextShape(title=settings.title, previous=settings.previous, speaker=settings.speaker)


@torch.no_grad()
def _correct_priors(network: MultiTaskNetwork, settings: TransformerSettings, train: Sequence[Example]) -> None:
    """Move the heads' biases towards the annotated sentences' label shares (Saerens, Latinne and Decaestecker 2002).

    What a head has learned of shares is the training mix's, flattened by the class weights.
    """
    if all(example.synthetic for example in train):
        return
    mix = label_mix(settings, network.shape, train)
    for task, strength in settings.prior_correction.items():
        if task in mix:
            annotated, written = mix[task]
            learned = (1.0 - settings.loss.class_weight) * (annotated + written + 1.0).log()
            shift = (annotated + 1.0).log() - learned
            bias = cast(nn.Linear, cast(nn.Sequential, network.heads[task])[-1]).bias
            bias.add_(strength * (shift - shift.mean()).to(bias.device))


def _judge(classifier: TransformerClassifier, validation: Sequence[Example]) -> Judge:
    """Return a function that scores the network as it then is: macro-F1 per task over the values present."""
    inputs = [example.input for example in validation]

    def judge() -> dict[str, float]:
        scores = {}
        for task, matrix in classifier.predict_proba(inputs).items():
            names = classifier.codebook.task(task).names
            rows = [number for number, example in enumerate(validation) if task in example.labels]
            gold = [validation[number].labels[task] for number in rows]
            guess = [names[number] for number in matrix[rows].argmax(axis=1)]
            scores[task] = float(f1_score(gold, guess, average="macro", labels=sorted(set(gold)), zero_division=0))
        return scores

    return judge
