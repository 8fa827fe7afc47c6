"""Marks of pages that were read in the wrong encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.features.context import plain
from stancewire.features.marks import with_marks, with_marks_in_place

BROKEN = "â€œWe canâ€™t,â€\x9d he said â€” and â€˜leftâ€™ 5â€“6."


def test_broken_marks_are_put_back() -> None:
    assert with_marks(BROKEN) == "“We can’t,” he said — and ‘left’ 5–6."


def test_a_closing_mark_that_lost_its_last_byte_is_one() -> None:
    assert with_marks("â€œYes,â€ he said") == "“Yes,” he said"


@pytest.mark.parametrize("mark", "“”‘’„‚–—…•‹›‰")
def test_every_mark_comes_back(mark: str) -> None:
    broken = "".join(_shown(byte) for byte in f"a{mark}b".encode())
    assert with_marks(broken) == f"a{mark}b"
    assert len(with_marks_in_place(broken)) == len(broken)


def _shown(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:  # Windows-1252 has no such character: browsers leave the control character
        return chr(byte)


def test_marks_in_place_keep_every_offset() -> None:
    placed = with_marks_in_place(BROKEN)
    assert len(placed) == len(BROKEN)
    assert placed.index("he said") == BROKEN.index("he said")
    assert placed.startswith("  “We can")


def test_what_is_in_order_stays_as_it_is() -> None:
    assert with_marks("“Château,” 5 €") == "“Château,” 5 €"


def test_classifiers_see_no_broken_marks() -> None:
    assert plain("â€œYes,â€\x9d he said") == '"Yes," he said'


@given(st.text(alphabet="â€œ™\x9d ab'“”", max_size=60))
def test_any_text_keeps_its_length_in_place(text: str) -> None:
    assert len(with_marks_in_place(text)) == len(text)
