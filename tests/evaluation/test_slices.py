"""Figures on parts of the data."""

import numpy as np
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import AnnotatedSentence, Corpus
from stancewire.models.evaluation.scored import Scored
from stancewire.models.evaluation.slices import dimensions, length_slice, quotes_slice, slice_figures
from tests.evaluation.conftest import MakeScored


def test_the_planted_weakness_comes_first(make_scored: MakeScored, corpus: Corpus) -> None:
    scored = make_scored("model", 4.0)
    task = corpus.codebook.by_role("side")
    assert task is not None
    titles = np.array([sentence.part == "title" for sentence in scored.sentences])
    spoiled = np.where(titles, (scored.gold(task) + 1) % len(task.names), scored.predicted[task.name])
    weak = Scored(
        "weak", "test", corpus.codebook, scored.sentences, {**scored.predicted, task.name: spoiled}, {}, scored.folds
    )
    worst = slice_figures(weak, seed=0)[0]
    assert (worst.task, worst.dimension, worst.slice, worst.accuracy.value) == (task.name, "part", "title", 0.0)
    assert worst.gap < -0.8


def test_worst_first_and_small_slices_last_with_a_reason(make_scored: MakeScored) -> None:
    found = slice_figures(make_scored("model", 1.0), seed=0)
    firm = [one.accuracy.value for one in found if one.warning is None]
    assert firm == sorted(firm)
    flags = [one.warning is not None for one in found]
    assert flags == sorted(flags)
    iran = next(one for one in found if one.slice == "iran_hezbollah")
    assert iran.warning is not None and "only 8 sentences" in iran.warning


def test_slices_of_a_dimension_cover_every_sentence_once(make_scored: MakeScored, corpus: Corpus) -> None:
    found = slice_figures(make_scored(), seed=0)
    for dimension in dimensions(corpus.codebook):
        sizes = [one.n for one in found if one.dimension == dimension and one.task == corpus.codebook.tasks[0].name]
        assert sum(sizes) == len(corpus.sentences), dimension


def test_values_are_shown_only_with_support(make_scored: MakeScored) -> None:
    for one in slice_figures(make_scored(), seed=0):
        assert all(support >= 10 for _, support in one.per_value.values())


def test_a_codebook_without_speakers_has_the_plain_dimensions() -> None:
    values = {"a": {"definition": "a"}, "b": {"definition": "b"}}
    codebook = Codebook.model_validate({"name": "tweets", "tasks": {"mood": {"title": "Mood", "values": values}}})
    assert list(dimensions(codebook)) == ["document", "part", "length", "quotation marks"]


@pytest.mark.parametrize(
    ("words", "expected"), [(1, "1-10 words"), (10, "1-10 words"), (11, "11-20 words"), (36, "over 35 words")]
)
def test_length_classes(words: int, expected: str) -> None:
    assert length_slice(AnnotatedSentence("x", "a", "w " * words, 0, "body", {})) == expected


@pytest.mark.parametrize(("text", "expected"), [("He said “no”", "with marks"), ("It's so", "without marks")])
def test_quotation_marks(text: str, expected: str) -> None:
    assert quotes_slice(AnnotatedSentence("x", "a", text, 0, "body", {})) == expected
