"""What holds for attribution on any text at all."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancewire.data.article import Article, Sentence
from stancewire.features.attribution import attribute
from stancewire.features.attribution.furniture import cut_furniture
from stancewire.features.attribution.quotes import find_quotes
from stancewire.features.attribution.tokens import tokenize

WORDS = (
    "“|”|\"|‘|’|'|«|»|,|.|:|;|—|–|(|)|?|…|\n|\n\n| |\u00a0|é|🙂|said|says|told|according to|quoted|citing|as saying|"
    "Anna Dolin|Dolin|President|spokesman|the ministry|he|She|it|they|who|which|that|and|Russia|Norway’s|one of them|"
    "Russian Defence Ministry|on Friday|READ MORE:|KELLER:|was|accused|called|U.S.|al-Abadi|in Graz|a retired pilot|not|to|with"
)
PIECES = st.sampled_from(WORDS.split("|"))
UNITS = (
    "\"|“|”|‘|'|“a” |,”|said |Anna said, |said Anna Dolin, who said |A-b_|Ministry of |says that |the |“x|he said. "
    "|he called the raid |he wrote to the chair |police charged him and "
    "|sent a letter asking |carried a statement that said |as he had said, |on condition that he said |the men said |+++ a "
)
NEWSLIKE = st.lists(PIECES, max_size=60).map(" ".join)
ANY_TEXT = st.one_of(NEWSLIKE, st.text(max_size=200))
MEGABYTE, LARGE = 1_000_000, 250_000


def cut(text: str) -> list[Sentence]:
    """Cut a text at full stops and line ends: every stretch that is not blank is a sentence."""
    sentences, start = [], 0
    for end, letter in enumerate(text + "\n"):
        if letter in ".\n":
            piece = text[start : end + 1]
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                body = piece.strip()
                sentences.append(Sentence(len(sentences), "body", start + lead, start + lead + len(body), body))
            start = end + 1
    return sentences


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT, st.one_of(st.none(), ANY_TEXT))
def test_any_text_is_attributed_and_offsets_cut_out_what_they_name(text: str, title: str | None) -> None:
    sentences = cut(text)
    for one in attribute(Article("any", text, title=title), sentences):
        sentence = sentences[one.sentence]
        assert (one.mention is None) == (one.mention_span is None)
        if one.mention_span is not None:
            start, end = one.mention_span
            assert text[start:end] == one.mention
            assert sentence.start <= start < end <= sentence.end
        for start, end in one.content:
            assert sentence.start <= start < end <= sentence.end
        if one.cue is not None:
            assert sentence.start <= one.cue[0] < one.cue[1] <= sentence.end


@settings(max_examples=100, deadline=None)
@given(NEWSLIKE)
def test_every_speaker_stands_in_the_article(text: str) -> None:
    flat = " ".join(text.split())
    for one in attribute(Article("any", text, title="Dispatch"), cut(text)):
        if one.mention is None and one.speaker == "source":
            continue  # a quotation whose speaker the article never names
        for part in one.speaker.split(" and "):
            assert all(word in flat for word in part.split()), one


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_attribution_comes_in_order_once_a_sentence_and_repeats_itself(text: str) -> None:
    article, sentences = Article("any", text, title="Dispatch"), cut(text)
    first = attribute(article, sentences)
    order = [one.sentence for one in first]
    assert order == sorted(set(order))
    assert first == attribute(article, sentences)


@given(ANY_TEXT)
def test_quotations_do_not_overlap(text: str) -> None:
    end = 0
    for quote in sorted(find_quotes(text), key=lambda quote: quote.start):
        assert end <= quote.start < quote.end <= len(text)
        end = quote.end


@given(st.text())
def test_tokens_are_the_text_without_its_white_space(text: str) -> None:
    tokens = tokenize(text)
    assert [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)] == tokens.words
    covered = {at for start, end in zip(tokens.starts, tokens.ends, strict=True) for at in range(start, end)}
    assert all(letter.isspace() for at, letter in enumerate(text) if at not in covered)


@pytest.mark.slow
@pytest.mark.parametrize("opening", ["Recommended", "+++ a"])
def test_white_space_behind_a_link_is_passed_over_once(opening: str) -> None:
    def spent(size: int) -> float:
        text = opening + " " * size + "b"
        begin = time.process_time()
        cut_furniture(text, heads=False)
        return time.process_time() - begin

    small, large = spent(LARGE // 160), spent(LARGE // 10)
    assert large < 16 * 4 * max(small, 0.02), f"{small:.3f} s for a sixteenth, {large:.3f} s for the whole"


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS.split("|"))
def test_work_grows_with_the_text_and_not_faster(unit: str) -> None:
    def spent(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        sentences = [Sentence(0, "body", 0, len(text), text)]
        begin = time.process_time()
        attribute(Article("any", text, title="Dispatch"), sentences)
        return time.process_time() - begin

    spent(1000)
    size = MEGABYTE if unit in ('"', "“") else LARGE
    small, large = spent(size // 16), spent(size)
    assert large < 16 * 4 * max(small, 0.02), f"{small:.3f} s for a sixteenth, {large:.3f} s for the whole"
