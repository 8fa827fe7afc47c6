"""Classifiers see one spelling; names that an uncased encoder would take for words keep apart from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.features.context import plain
from stancewire.features.spelling import one_spelling


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("The defence minister criticised it.", "The defense minister criticized it."),
        ("Defence, self-defence and “theatres” of war.", "Defense, self-defense and “theaters” of war."),
        ("Neighbouring farms, honoured guests, rumours.", "Neighboring farms, honored guests, rumors."),
        (
            "Organisations destabilise what travellers recognised.",
            "Organizations destabilize what travelers recognized.",
        ),
        ("The programme met scepticism within kilometres.", "The program met skepticism within kilometers."),
        ("DEFENCE ORGANISATION", "DEFENSE ORGANIZATION"),
    ],
)
def test_british_spelling_becomes_american(british: str, american: str) -> None:
    assert one_spelling(british) == american
    assert one_spelling(american) == american


@pytest.mark.parametrize(
    "same",
    [
        "He promised to exercise, advised a compromise, raised surprise and revised the premises otherwise.",
        "The crisis had its basis in analysis; an uprising is arising at sunrise.",
        "Tyre and Earl Grey, Louise, Denise.",
        "Tell us who is here: it IS true, and Russia IS there.",
        "LİCENCE, PRACTİSE and the ſ of old",
        "TELL US WHO IS THERE",
        "U.S. and U.N. officials",
    ],
)
def test_what_both_spell_alike_stays(same: str) -> None:
    assert one_spelling(same) == same


@pytest.mark.parametrize(
    ("found", "one"),
    [
        ("US-led jets hit IS fighters, the UN said.", "U.S.-led jets hit ISIS fighters, the U.N. said."),
        ("Talks with the US.", "Talks with the U.S."),
        ("“The US’s war”, WHO doctors said", "“The U.S.’s war”, W.H.O. doctors said"),
        ("(IS) and anti-IS groups", "(ISIS) and anti-ISIS groups"),
        ("Hizbullah’s men, “al-Assad”, Khmeimim.", "Hezbollah’s men, “Assad”, Hmeimim."),
        ("Da'esh in Kiev, chicken Kiev-style, al-Assadi", "Daesh in Kyiv, chicken Kiev-style, al-Assadi"),
    ],
)
def test_names_are_spelled_in_one_way_that_no_other_word_is(found: str, one: str) -> None:
    assert one_spelling(found) == one


def test_a_classifier_sees_one_spelling() -> None:
    assert plain("The US defence  centre") == plain("The U.S. defense center")


@given(st.text(alphabet="USINWHO .isedourcetrlnacpmİıſ-", max_size=60))
def test_once_is_enough(text: str) -> None:
    once = one_spelling(text)
    assert one_spelling(once) == once
