"""Which language a text is in, offline (``py3langid``: a naive Bayes model over byte n-grams, 97+ languages).

Measured on the seed articles, all English: every article and every excerpt of 200 characters is recognised; of excerpts
of 50 characters 6 % are taken for another language. So only text of ``MIN_BYTES`` or more is judged, and it passes
unless the expected language is less probable than ``MIN_PROBABILITY``.
"""

import io
import lzma
from array import array
from functools import cache

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

MIN_BYTES = 200
MIN_PROBABILITY = 0.05
_SAMPLE = 300
# Languages that the detector's classes split and a model's language code does not.
_SAME = {"pcm": "en"}
_WORDLESS = "zxx"


def probabilities(text: str) -> dict[str, float]:
    """Return the probability of each language (ISO 639-1 where there is a code), the most probable first.

    A long text is judged from samples of its beginning, middle and end.
    """
    sample = text
    if len(text) > 3 * _SAMPLE:
        middle = len(text) // 2
        sample = f"{text[:_SAMPLE]}\n{text[middle : middle + _SAMPLE]}\n{text[-_SAMPLE:]}"
    found: dict[str, float] = {}
    for language, probability in _identifier().rank(sample.encode("utf-8", "replace").decode("utf-8")):
        name = _SAME.get(language, language)
        found[name] = found.get(name, 0.0) + float(probability)
    return found


def foreign(text: str, expected: str) -> str | None:
    """Return the language of ``text`` if it surely is another than ``expected`` (ISO 639-1), else None."""
    if len(text.encode("utf-8", "replace")) < MIN_BYTES:
        return None
    found = probabilities(text)
    likely = next(iter(found))
    return likely if likely not in (expected, _WORDLESS) and found.get(expected, 0.0) < MIN_PROBABILITY else None


@cache
def _identifier() -> LanguageIdentifier:
    """Load the detector's model (about one second) when it is first needed.

    The library's own loader unpacks the model into the temporary folder, which a full disk or a sealed container may
    not have to give; here it is unpacked in memory.
    """
    with lzma.open(MODEL_DIR / MODEL_FILE) as packed, np.load(io.BytesIO(packed.read()), allow_pickle=False) as model:
        return LanguageIdentifier(
            model["ptc"],
            model["pc"],
            model["classes"].tolist(),
            _items(model["nextmove"]),
            model["out_feat"].tolist(),
            norm_probs=True,
            tk_row=_items(model["nextmove_row"]),
        )


def _items(numbers: NDArray[np.unsignedinteger]) -> "array[int]":
    """Return an array whose single items are read fast."""
    return array(numbers.dtype.char, numbers.tobytes())
