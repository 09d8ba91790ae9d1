"""CSV: nothing is a formula in any spreadsheet, and every text can be read back."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.render.csv_cells import csv_cell

_ADDED = re.compile(r"""(^|[;,\t|\r\n"])([ "]*)'(?='*(?:[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212]|::))""")


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t'=1"), ("\uff1d1", "'\uff1d1"), (" =1", " '=1"), ("a;=1", "a;'=1"),
     ('a","=1', "a\",\"'=1"), ("'=1", "''=1"), ("::error::x", "'::error::x"), ("src/a-b.py", "src/a-b.py"), ("a=1", "a=1"), ("", "")],
)  # fmt: skip
def test_a_formula_is_text(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert (csv_cell(-1.5), csv_cell(0), csv_cell(None), csv_cell(False)) == (-1.5, 0, "", False)


@given(st.text(alphabet="=+-@'\"; ,|\t\n\uff1da1:", max_size=12))
def test_every_text_comes_back(text: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([csv_cell(text), "end"])
    ((read, _),) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert _ADDED.sub(r"\1\2", read) == text


@given(st.text(alphabet="=+-@'\"; ,|\t\na1", max_size=12))
def test_no_part_of_a_cell_begins_a_formula(text: str) -> None:
    cell = str(csv_cell(text))
    for part in re.split(r"[;,\t|\r\n\"]", cell):
        assert part.strip()[:1] not in {"=", "+", "-", "@"}
