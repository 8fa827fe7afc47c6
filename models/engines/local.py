"""One machine: read and prepare, predict, write, each stage a thread; what waits between two stages is bounded."""

from collections.abc import Iterable, Iterator

from stancewire.data.intake import Admitted
from stancewire.models.engines.prefetch import prefetched
from stancewire.models.engines.types import Annotated
from stancewire.models.predictor import Predictor, Prepared

_WINDOWS_AHEAD = 2


def annotate(predictor: Predictor, admitted: Iterable[Admitted]) -> Iterator[Annotated]:
    """Yield the articles with their records, in the order given.

    While the model works on one window of sentences, a thread prepares the next (reading, segmentation, attribution)
    and the caller writes the last. Sentences of a window are batched by length across articles. Memory: at most six
    windows of ``predictor.window`` sentences, and one article more, however many articles there are.
    """
    with (
        prefetched(_windows(predictor, admitted), _WINDOWS_AHEAD, "prepare") as windows,
        prefetched(_predicted(predictor, windows), _WINDOWS_AHEAD, "predict") as results,
    ):
        for window in results:
            yield from window


def _windows(predictor: Predictor, admitted: Iterable[Admitted]) -> Iterator[list[Prepared]]:
    window: list[Prepared] = []
    sentences = 0
    for article, duplicate_of in admitted:
        prepared = predictor.prepare(article, duplicate_of)
        window.append(prepared)
        sentences += max(1, len(prepared.inputs))
        if sentences >= predictor.window:
            yield window
            window, sentences = [], 0
    if window:
        yield window


def _predicted(predictor: Predictor, windows: Iterable[list[Prepared]]) -> Iterator[list[Annotated]]:
    for window in windows:
        results = predictor.predict(window)
        yield [Annotated(one.article, records) for one, records in zip(window, results, strict=True)]
