"""Static int8 by NNCF: activation ranges fixed once on training text, so that no result depends on a batch."""

import contextlib
import io
import logging
import random
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from stancewire.data.errors import DataError
from stancewire.models.runtime.batching import IntArray, Pair, PairTokenizer, distinct, unpadded

ENOUGH = 10
DELICATE = (
    r"__module\.network(\.heads|\.query|/).*",
    r".*scaled_dot_product.*",
    r"/network/(?!encoder/).*",
    r"/network/encoder/.*/self/MatMul.*",
)
"""Pooling, heads and the attention between tokens, as OpenVINO and as ONNX name their nodes."""


class QuantisationOptions(BaseModel):
    """How int8 is made.

    ``samples`` is how many training sentences set the ranges. ``smooth`` is how far SmoothQuant (Xiao et al. 2023) moves
    the spread of activations into the weights (0 to 1): strengths to try, in this order. ``half_range`` keeps weights to
    seven bits: processors without VNNI add products in 16 bits, which then cannot overflow. ``keep`` are patterns of
    names of nodes that stay in fp32: by default those that cost little time and most of the labels in int8.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    samples: int = Field(default=300, ge=ENOUGH)
    smooth: tuple[Annotated[float, Field(ge=0, le=1)], ...] = Field(default=(0.85, 0.95, 0.75), min_length=1)
    half_range: bool = True
    keep: tuple[str, ...] = DELICATE
    seed: int = Field(default=20150930, ge=0)


def calibration_feeds(
    pairs: Sequence[Pair], tokenizer: PairTokenizer, options: QuantisationOptions
) -> list[dict[str, IntArray]]:
    """Draw ``samples`` distinct pairs and return each as the network's input, without padding.

    Padding would widen the ranges for values that are masked anyway. DataError where there are too few pairs.
    """
    unique, _ = distinct(pairs)
    if len(unique) < ENOUGH:
        raise DataError(f"int8: expected at least {ENOUGH} distinct calibration sentences, found {len(unique)}")
    drawn = random.Random(options.seed).sample(unique, min(options.samples, len(unique)))  # noqa: S311 - a fixed draw
    return [unpadded(pair).feed() for pair in tokenizer.encode(drawn)]


def quantise(model: Any, feeds: Sequence[dict[str, IntArray]], options: QuantisationOptions, smooth: float) -> Any:
    """Return an int8 copy of an OpenVINO or ONNX model, smoothed by ``smooth``; the ranges are per tensor and fixed."""
    import nncf
    from nncf.quantization.advanced_parameters import AdvancedSmoothQuantParameters, OverflowFix
    from nncf.quantization.range_estimator import RangeEstimatorParametersSet

    logging.getLogger("nncf").setLevel(logging.WARNING)
    # NNCF draws progress bars on standard output, which belongs to records; what it warns of goes to its logger.
    with contextlib.redirect_stdout(io.StringIO()):
        return nncf.quantize(
            model,
            nncf.Dataset(list(feeds)),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(feeds),
            fast_bias_correction=True,
            ignored_scope=nncf.IgnoredScope(patterns=list(options.keep), validate=False),
            advanced_parameters=nncf.AdvancedQuantizationParameters(
                overflow_fix=OverflowFix.ENABLE if options.half_range else OverflowFix.DISABLE,
                # Ranges by the average extreme, NNCF's default, would clip rare large values.
                activations_range_estimator_params=RangeEstimatorParametersSet.MINMAX,
                smooth_quant_alphas=AdvancedSmoothQuantParameters(matmul=smooth),
            ),
        )
