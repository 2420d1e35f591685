"""Workbooks as other programs read them."""

from __future__ import annotations

import io

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from marfa.domain.workbooks import write_sheet

TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30)


def read(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_nothing_is_run_and_what_would_be_stays_text() -> None:
    stream = io.BytesIO()
    write_sheet(stream, ["a"], [["=1+1"], ["plain"], ["-5"]], note="marked", right_to_left=True)
    book = read(stream.getvalue())
    sheet = book.worksheets[0]
    cells = [sheet.cell(row, 1) for row in (2, 3, 4)]
    assert [cell.value for cell in cells] == ["=1+1", "plain", "-5"]
    assert [cell.data_type for cell in cells] == ["s"] * 3
    assert [bool(cell.quotePrefix) for cell in cells] == [True, False, False]
    assert book.properties.keywords == "marked"
    assert sheet.sheet_view.rightToLeft


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_texts_come_back_as_they_were(texts: list[str]) -> None:
    stream = io.BytesIO()
    write_sheet(stream, ["text"], [[text] for text in texts])
    sheet = read(stream.getvalue()).worksheets[0]
    assert [sheet.cell(row, 1).value for row in range(2, len(texts) + 2)] == texts


def test_a_sign_that_a_workbook_cannot_hold_is_replaced() -> None:
    stream = io.BytesIO()
    write_sheet(stream, ["text"], [["a\x00b\x0bc"]])
    assert read(stream.getvalue()).worksheets[0].cell(2, 1).value == "a\ufffdb\ufffdc"
