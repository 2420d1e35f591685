"""XLSForms: what is wrong is told with sheet, row and column, in both languages."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.message import InputError, Problem
from marfa.methods.xforms import convert, read_xlsform
from marfa.methods.xforms.pyxform_messages import problems_of

HEAD = "| survey | | | | |\n| | type | name | label | relevant |\n"


def problems(rows: str, head: str = HEAD) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_xlsform((head + rows).encode(), "form.md")
    for problem in caught.value.problems:
        assert all(render_problem(problem, language) for language in LANGUAGES)
    return caught.value.problems


@pytest.mark.parametrize(
    ("rows", "code", "row", "column"),
    [
        ("| | text | a | A | ${b} = 1 |\n", "xlsform-reference-unknown", 2, "relevant"),
        ("| | note | n | N | |\n| | txt | a | A | |\n", "xlsform-type-unknown", 3, "type"),
        ("| | text | a b | A | |\n", "xlsform-name-form", 2, "name"),
        ("| | text | a | A | |\n| | text | a | A | |\n", "xlsform-name-twice", 3, "name"),
        ("| | begin group | a | A | |\n| | text | b | B | |\n", "xlsform-not-closed", 2, "type"),
        ("| | text | b | B | |\n| | end group | | | |\n", "xlsform-not-opened", 3, "type"),
        ("| | text | b | B | |\n| | text | c | | |\n", "xlsform-no-label", 3, "label"),
        ("| | text | | B | |\n", "xlsform-no-name", 2, "name"),
        ("| | | b | B | |\n", "xlsform-no-type", 2, "type"),
        ("| | calculate | b | | |\n", "xlsform-no-calculation", 2, "calculation"),
        ("| | text | a | A | |\n| | text | b | B | 1 + |\n", "xpath-unfinished", 3, "relevant"),
        ("| | text | b | B | frob(1) |\n", "function-unknown", 2, "relevant"),
        ("| | text | b | B | pulldata('x','a','b','c') |\n", "instance-outside", None, None),
        ("| | text | a | A | |\n| | text | b | B | /data/c = 1 |\n", "path-unknown", 3, "relevant"),
        ("| | geotrace | b | B | |\n", "type-unsupported", 2, "type"),
        ("| | text | b | B | regex(., '(a+)+b') |\n", "pattern-unsafe", 2, "relevant"),
        ("| | text | b | B | . = 1 |\n", "cycle", 2, None),
    ],
)
def test_a_fault_is_told_with_its_row(
    rows: str, code: str, row: int | None, column: str | None
) -> None:
    found = problems(rows)
    told = [problem for problem in found if problem.message.key == code]
    assert told, [problem.message.key for problem in found]
    assert told[0].place.row == row
    assert told[0].place.column == column


def test_choices_are_told_by_their_sheet() -> None:
    rows = (
        "| | select_one x | b | B | |\n| choices | | | |\n"
        "| | list_name | name | label |\n| | x | 1 | A |\n| | x | 1 | B |\n"
    )
    (problem,) = problems(rows)
    place = problem.place
    assert (problem.message.key, place.file, place.sheet, place.row) == (
        "xlsform-choice-twice",
        "form.md",
        "choices",
        3,
    )


def test_a_sentence_that_is_not_known_is_carried_whole() -> None:
    (problem,) = problems_of("[row : 7] Quux must not frobnicate.", "f.xlsx", [])
    assert problem.message.key == "xlsform-other"
    assert "Quux must not frobnicate." in str(problem.message.params["said"])
    assert problem.place.row == 7


def test_warnings_are_told_too() -> None:
    converted = convert((HEAD + "| | image | b | B | |\n").encode(), "form.md")
    assert [problem.message.key for problem in converted.warnings] == ["xlsform-max-pixels"]


def test_a_workbook_becomes_a_form_named_like_its_file() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (["type", "name", "label"], [], ["text", "a", "A"], ["integer", "b", "B"]):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    converted, form = read_xlsform(data.getvalue(), "my form.xlsx")
    assert form.id == "my_form"
    assert [question.kind for question in form.questions()] == ["text", "integer"]
    assert converted.rows["/data/b"] == 4, "an empty row is counted"


def bomb(name: str, content: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "xlsform-empty"),
        (b"x", "a.docx", "xlsform-kind"),
        (b"PK\x03\x04", "a.xlsx", "xlsform-not-xlsx"),
        (b"\xff\xfe", "a.csv", "xlsform-not-utf8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", None),
        (bomb("xl/a.xml", b"0" * 70_000_000), "a.xlsx", "too-large"),
        (bomb("xl/a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "a.xlsx", "document-type"),
        (b"survey\n,type\n", "a.csv", None),
    ],
)
def test_what_is_no_form_is_refused(data: bytes, name: str, code: str | None) -> None:
    with pytest.raises(InputError) as caught:
        convert(data, name)
    assert code is None or caught.value.problems[0].message.key == code
