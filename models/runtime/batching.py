"""From text pairs to padded batches: every distinct text tokenised once, every distinct pair computed once.

A pair is padded to the next length of ``LENGTHS`` above its own, never to its neighbours': the arithmetic done for a
sentence, and so its result, does not depend on the company it is computed in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from stancewire.data.errors import ArtefactError

IntArray = NDArray[np.int64]
Pair = tuple[str, str]

LENGTHS = (16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 256, 320, 384, 448, 512)


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays of shape (rows, length) for the network, and which ``rows`` of the input they are."""

    rows: IntArray
    input_ids: IntArray
    attention_mask: IntArray
    token_type_ids: IntArray

    def feed(self) -> dict[str, IntArray]:
        """Return the network's inputs by name."""
        return {
            "input_ids": self.input_ids,
            "attention_mask": self.attention_mask,
            "token_type_ids": self.token_type_ids,
        }


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Token numbers of one pair, special tokens included; the sentence begins at ``start``."""

    ids: tuple[int, ...]
    start: int


class PairTokenizer:
    """Tokenises (context, sentence) with the Rust library alone.

    Where a pair is longer than ``max_length``, the context loses its oldest tokens first; a sentence that alone is too
    long loses its end.
    """

    def __init__(self, tokenizer: Tokenizer, max_length: int) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self.max_length = max_length
        self.pad_id = _pad_id(tokenizer)
        self._before, self._between, self._after = _template(tokenizer)

    @classmethod
    def load(cls, path: Path, max_length: int) -> Self:
        """Read a ``tokenizer.json``; ArtefactError where it is missing or damaged."""
        try:
            return cls(Tokenizer.from_str(path.read_text(encoding="utf-8")), max_length)
        except FileNotFoundError:
            raise ArtefactError(f"{path}: no tokenizer there; export the model again") from None
        except Exception as error:
            # The Rust library raises bare Exception for a file that it cannot read.
            raise ArtefactError(f"{path}: not a tokenizer file: {error}; export the model again") from error

    def encode(self, pairs: Sequence[Pair]) -> list[TokenPair]:
        """Tokenise pairs, in order; a text that several pairs share is read once."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        ids = {text: item.ids for text, item in zip(texts, encoded, strict=True)}
        return [self._join(ids[context], ids[sentence]) for context, sentence in pairs]

    def _join(self, context: list[int], sentence: list[int]) -> TokenPair:
        room = self.max_length - len(self._before) - len(self._between) - len(self._after)
        sentence = sentence[:room]
        context = context[len(context) - min(len(context), room - len(sentence)) :]
        head = (*self._before, *context, *self._between)
        return TokenPair((*head, *sentence, *self._after), len(head))


def distinct(pairs: Iterable[Pair]) -> tuple[list[Pair], IntArray]:
    """Return the distinct pairs in order of first appearance, and for every input its place among them, shape (n,)."""
    places: dict[Pair, int] = {}
    inverse = [places.setdefault(pair, len(places)) for pair in pairs]
    return list(places), np.asarray(inverse, dtype=np.int64)


def padded_length(tokens: int) -> int:
    """Return the length that ``tokens`` tokens are padded to: the next of LENGTHS, or a multiple of 64 above them."""
    for length in LENGTHS:
        if tokens <= length:
            return length
    return -(-tokens // 64) * 64


def batches(encoded: Sequence[TokenPair], budget: int, pad_id: int = 0) -> Iterator[Batch]:
    """Yield batches of one padded length each, at most ``budget`` tokens (at least one row), longest first.

    Every row comes exactly once. Longest first, so that the largest memory is asked for at the start.
    """
    lengths = np.asarray([len(pair.ids) for pair in encoded], dtype=np.int64)
    padded = np.asarray([padded_length(length) for length in lengths], dtype=np.int64)
    for length in sorted(set(padded.tolist()), reverse=True):
        rows = np.flatnonzero(padded == length)
        size = max(1, budget // length)
        for start in range(0, len(rows), size):
            yield _pack(encoded, rows[start : start + size], length, pad_id)


def unpadded(pair: TokenPair) -> Batch:
    """Return one pair as a batch of its own, without padding."""
    return _pack([pair], np.zeros(1, dtype=np.int64), len(pair.ids), 0)


def _pack(encoded: Sequence[TokenPair], rows: IntArray, length: int, pad_id: int) -> Batch:
    ids = np.full((len(rows), length), pad_id, dtype=np.int64)
    pairs = [encoded[row] for row in rows]
    for row, pair in zip(ids, pairs, strict=True):
        row[: len(pair.ids)] = pair.ids
    place = np.arange(length)
    mask = place < np.asarray([len(pair.ids) for pair in pairs])[:, None]
    types = mask & (place >= np.asarray([pair.start for pair in pairs])[:, None])
    return Batch(rows, ids, mask.astype(np.int64), types.astype(np.int64))


def _template(tokenizer: Tokenizer) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Find the special tokens that the tokenizer puts before, between and after the two texts of a pair."""
    encoded = tokenizer.encode("a", "b")
    first = [i for i, text in enumerate(encoded.sequence_ids) if text == 0]
    second = [i for i, text in enumerate(encoded.sequence_ids) if text == 1]
    if not first or not second:
        raise ArtefactError("the tokenizer does not join two texts into one input; expected one that takes text pairs")
    ids = tuple(encoded.ids)
    return ids[: first[0]], ids[first[-1] + 1 : second[0]], ids[second[-1] + 1 :]


def _pad_id(tokenizer: Tokenizer) -> int:
    """Return the number of the padding token; 0, which the mask hides anyway, where the tokenizer names none."""
    for token in ("[PAD]", "<pad>"):
        number = tokenizer.token_to_id(token)
        if number is not None:
            return int(number)
    return 0
