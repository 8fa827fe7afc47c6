"""Cards as a whole, and what untrusted words do to them (nothing)."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import AnnotatedSentence, Corpus
from stancewire.models.evaluation.cards import cell, data_card, model_card
from stancewire.models.evaluation.results import Frame, model_result
from stancewire.models.evaluation.run import data_card as card_of_frame
from tests.evaluation.conftest import MakeScored

HERE = Path(__file__).parent


def manifest(codebook: Codebook, **changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "kind": "tfidf",
        "name": "tfidf",
        "seed": 7,
        "commit": "0123abc",
        "codebook": json.loads(codebook.to_json()),
        "settings": {"seed": 7, "model": {"kind": "tfidf", "c_grid": [1.0, 4.0]}},
        "data": {"digest": "de238b", "sentences": {"train": 653, "validation": 164, "test": 263}, "synthetic": 5939},
        "versions": {"python": "3.11.7", "numpy": "2.0.0"},
    }
    return {**plain, **changes}


BEHAVIOUR = {"tests": {"cities": {"kind": "invariance", "rate": 0.025, "meaning": "labels that flip", "n": 120}}}


def without_figures(card: str) -> str:
    """Figures and their intervals as #: they are tested elsewhere, and move with library versions."""
    return re.sub(r"[-+]?\d+\.\d+( %)?|\d+(\.\d+)?%", "#", card)


def test_the_whole_model_card(make_scored: MakeScored, frame: Frame) -> None:
    result = model_result(make_scored("tfidf", 1.5), frame)
    card = model_card(result, manifest(frame.corpus.codebook), BEHAVIOUR)
    assert without_figures(card) == (HERE / "expected_model_card.md").read_text(encoding="utf-8")


def test_the_card_shows_the_result_s_own_figures(make_scored: MakeScored, frame: Frame) -> None:
    result = model_result(make_scored("tfidf", 1.5), frame)
    card = model_card(result, manifest(frame.corpus.codebook), BEHAVIOUR)
    for figures in result["tasks"].values():
        span = figures["intervals"]["macro_f1"]
        assert f"| {span['value']:.3f} [{span['low']:.2f}, {span['high']:.2f}] |" in card
    assert "| invariance: cities | 2.5 % | labels that flip | 120 |" in card
    assert "Judging a person" in card


def test_absent_values_are_named(make_scored: MakeScored, frame: Frame) -> None:
    scored = make_scored("tfidf", 1.5)
    group = frame.corpus.codebook.by_role("group")
    assert group is not None
    kept = scored.where(scored.gold(group) != group.index("jihadist_groups"))
    card = model_card(model_result(kept, frame), manifest(frame.corpus.codebook))
    assert "| jihadist_groups | Islamic State, Nusra Front and the like, speaking for themselves | absent |" in card


def test_the_whole_data_card(frame: Frame, make_scored: MakeScored) -> None:
    card = card_of_frame(frame, make_scored())
    assert card == (HERE / "expected_data_card.md").read_text(encoding="utf-8")


def test_agreement_of_the_passes_is_that_of_the_corpus_papers(frame: Frame, make_scored: MakeScored) -> None:
    card = card_of_frame(frame, make_scored())
    assert "| stance | 0.977 | 0.965 | 0.976 |" in card
    assert "| claim_type | 0.970 | 0.960 | 0.966 |" in card


def test_another_codebook_s_card_says_what_is_not_known() -> None:
    values = {"up": {"definition": "a | bar"}, "down": {"definition": "<b>down</b>"}}
    codebook = Codebook.model_validate({"name": "tweets", "tasks": {"mood": {"title": "Mood", "values": values}}})
    rows = tuple(AnnotatedSentence(f"r{n}", f"a{n}", "Text.", 0, "body", {"mood": "up"}) for n in range(3))
    corpus = Corpus(codebook, rows, "f" * 64, {f"a{n}": None for n in range(3)})
    card = data_card(corpus, {"train": ["a0", "a1"], "test": ["a2"]}, {})
    assert "Not recorded." in card
    assert "| up | a \\| bar | 3 | 2 | 1 |" in card
    assert "&lt;b>down" in card


@pytest.mark.parametrize(("given", "shown"), [("a|b", "a\\|b"), ("a\nb", "a b"), ("<script>", "&lt;script>"), (3, 3)])
def test_what_would_break_a_table_is_made_safe(given: object, shown: object) -> None:
    assert cell(given) == shown
