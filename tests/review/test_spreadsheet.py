import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.data.review.spreadsheet import guard, unguard

FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "  =1", "'=1", "''=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_like_a_formula(text):
    assert guard(text).startswith("'")
    assert unguard(guard(text)) == text


@given(st.text())
def test_every_text_is_read_back_exactly(text):
    assert unguard(guard(text)) == text


def test_plain_cells_stay_readable():
    assert guard("He said 'no' - twice") == "He said 'no' - twice"
    assert guard("'Hero's welcome'") == "'Hero's welcome'"
    assert guard(None) == ""


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1))
def test_guarded_cells_survive_a_csv_file(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("sheet") / "sheet.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerow([guard(text), "x"])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert unguard(next(csv.reader(stream))[0]) == text
