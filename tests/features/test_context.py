"""What a classifier may see of a sentence: everything before it, nothing after it."""

import pytest

from stancewire.data.article import Sentence
from stancewire.features.attribution.types import Attribution
from stancewire.features.context import PREVIOUS, ContextShape, sentence_inputs, text_pair
from stancewire.features.inputs import SentenceInput


def _sentences(*texts: str) -> list[Sentence]:
    return [Sentence(i, "body", 0, len(text), text) for i, text in enumerate(texts)]


def _attribution(sentence: int) -> Attribution:
    return Attribution(sentence, "Ana Rey", "Rey", (0, 3), "russia", "indirect", (), None, "verb")


def test_nothing_that_follows_a_sentence_is_in_its_input() -> None:
    texts = [f"Sentence {word}." for word in ("one", "two", "three", "four")]
    whole = sentence_inputs(_sentences(*texts), "A title", [])
    for place in range(len(texts)):
        cut = sentence_inputs(_sentences(*texts[: place + 1]), "A title", [])
        assert cut[place] == whole[place]
    assert whole[2].previous == ("Sentence one.", "Sentence two.")


def test_only_the_nearest_previous_sentences_are_kept() -> None:
    inputs = sentence_inputs(_sentences(*(f"s{i}" for i in range(20))), "T", [])
    assert inputs[-1].previous == tuple(f"s{i}" for i in range(19 - PREVIOUS, 19))


def test_attribution_reaches_its_own_sentence_alone() -> None:
    inputs = sentence_inputs(_sentences("a", "b"), None, [_attribution(1)])
    assert (inputs[0].speaker, inputs[1].speaker, inputs[1].group) == (None, "Ana Rey", "russia")


def test_line_breaks_in_a_sentence_become_spaces() -> None:
    assert sentence_inputs(_sentences("two\r\n  lines"), None, [])[0].text == "two lines"


@pytest.mark.parametrize("opening, closing", [("“", "”"), ("«", "»"), ("„", "“")])
def test_the_outlets_quotation_marks_make_no_difference(opening: str, closing: str) -> None:
    texts = ["Russia's 'brothers' split", 'He said "we don\'t know".']
    changed = [texts[0].replace("'", "’"), f"He said {opening}we don’t know{closing}."]
    shape = ContextShape(title=80, speaker=True)
    straight, other = (
        [text_pair(item, shape) for item in sentence_inputs(_sentences(*given), given[0], [])]
        for given in (texts, changed)
    )
    assert straight == other


def test_without_a_title_the_first_sentence_serves_the_later_ones() -> None:
    inputs = sentence_inputs(_sentences("Headline", "Body"), None, [])
    assert [item.title for item in inputs] == [None, "Headline"]


def test_targets_go_with_their_sentences() -> None:
    inputs = sentence_inputs(_sentences("a", "b"), None, [], ["x", None])
    assert [item.target for item in inputs] == ["x", None]
    assert text_pair(inputs[0], ContextShape())[0] == "x"


def test_pair_holds_title_and_nearest_text_within_its_bounds() -> None:
    item = SentenceInput("Now.", title="A headline of five words", previous=("Old old text.", "Near text."))
    context, sentence = text_pair(item, ContextShape(title=12, previous=12))
    assert sentence == "Now."
    assert context == "A headline | Near text."


def test_a_title_is_not_repeated_as_previous_sentence_nor_as_its_own_context() -> None:
    shape = ContextShape()
    assert text_pair(SentenceInput("Title", title="Title"), shape) == ("", "Title")
    assert text_pair(SentenceInput("Body", title="Title", previous=("Title",)), shape)[0] == "Title"


def test_zero_sizes_leave_everything_out() -> None:
    item = SentenceInput("Now.", title="T", previous=("P",), speaker="Ana", group="russia")
    assert text_pair(item, ContextShape(title=0, previous=0)) == ("", "Now.")
    assert text_pair(item, ContextShape(title=0, previous=0, speaker=True))[0] == "Ana (russia)"


def test_a_word_longer_than_the_bound_is_cut() -> None:
    item = SentenceInput("Now.", title="x" * 50, previous=("y" * 50,))
    context, _ = text_pair(item, ContextShape(title=10, previous=10))
    assert context == "x" * 10 + " | " + "y" * 10
