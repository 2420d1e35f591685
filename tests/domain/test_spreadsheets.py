"""No table that leaves runs a formula, and what was guarded comes back as it was."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import marfa
from marfa.domain.spreadsheets import TableWriter, guard_cell, guard_text, unguard_text

SOURCE = Path(marfa.__file__).parent
RUN = ("=1+1", "+A1", "-A1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\uff1d1", "=cmd|'/c calc'!A1")


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_would_run_is_a_text(text: str) -> None:
    stream = io.StringIO()
    TableWriter(stream).writerow([text, 1, "plain"])
    (cells,) = csv.reader(io.StringIO(stream.getvalue()))
    assert cells == [f"'{text}", "1", "plain"]
    assert unguard_text(cells[0]) == text


@pytest.mark.parametrize("value", ["-5", "+3.2", "-1e-7", -5, 0.5, None, "plain", "O'Brien"])
def test_numbers_and_plain_texts_stay(value: object) -> None:
    assert guard_cell(value) == value


@given(st.text())
def test_a_guarded_text_comes_back(text: str) -> None:
    assert unguard_text(guard_text(text)) == text
    assert not re.match(r"\s*[=+\-@]", guard_text(text))


# Where rows are written for our own reading, or each cell is guarded before.
OWN = {
    "domain/spreadsheets.py",
    "methods/disclosure/tables/source.py",
    "methods/disclosure/tables/text_file.py",
    "methods/htcds/csv_io.py",
}


def test_every_table_that_leaves_is_written_so() -> None:
    bare = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)\(", file.read_text(encoding="utf-8"))
    }
    assert bare == OWN
