"""The committed out-of-fold predictions, as an evaluation reads them."""

import pytest

from stancewire.data.corpus import Corpus
from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.calibration_measures import calibration_figures
from stancewire.models.evaluation.run import KEPT
from stancewire.models.evaluation.sources import read_out_of_fold
from stancewire.models.fusion import attributed_tasks


def test_what_attribution_decides_is_as_sure_as_it_is_right(corpus: Corpus) -> None:
    """Pooled without a temperature of the whole, the side's probabilities were five points too high."""
    path = next(iter(sorted(KEPT.glob("transformer-seed*.jsonl"))), None)
    if path is None:
        pytest.skip("no out-of-fold predictions of the transformer are kept: make cv")
    (scored,) = read_out_of_fold(path, corpus).values()
    for task in attributed_tasks(corpus.codebook):
        found = calibration_figures(scored, task, Resampling(seed=1, resamples=20))
        assert found.ece.value <= 0.05
        assert found.confidence == pytest.approx(found.accuracy, abs=0.03)
