"""Files as people's programs write them: what is guessed is told, what is not sure is asked."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from marfa.domain.message import InputError, Message
from marfa.platform.files.plain_file import PlainFile
from marfa.platform.importing.checking import ReadRow, read_rows
from marfa.platform.importing.fields import SheetField, SheetSubject, heading_words
from marfa.platform.importing.mapping import Chosen, map_columns
from marfa.platform.importing.sheet_file import open_sheet

ARABIC = "الاسم;العمر\nأمل خليل;٣٤\nسامي حداد;٩\n"


Read = tuple[tuple[str, ...], list[Any], list[str]]


def read(content: bytes, tmp_path: Path, **terms: str) -> Read:
    file = tmp_path / "sheet"
    file.write_bytes(content)
    with PlainFile(file) as source:
        sheet = open_sheet(source, **terms)
        rows = [(row.number, row.cells, row.faults, row.broken) for row in sheet.rows]
    return sheet.heading, rows, [note.code.partition(":")[2] for note in sheet.notes]


def said(content: bytes, tmp_path: Path, **terms: str) -> str:
    with pytest.raises(InputError) as caught:
        read(content, tmp_path, **terms)
    return caught.value.problems[0].message.code.partition(":")[2]


def workbook(change: Callable[[openpyxl.Workbook], object], *rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows or (["name", "age"], ["Amal", 34], ["Sami", 9.0]):
        book.worksheets[0].append(row)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"]
)
def test_arabic_is_read_in_the_encodings_in_which_it_comes(encoding: str, tmp_path: Path) -> None:
    text = ARABIC.replace("٣٤", "34").replace("٩", "9") if encoding == "cp1256" else ARABIC
    heading, rows, notes = read(text.encode(encoding), tmp_path)
    assert heading == ("الاسم", "العمر")
    assert [row[1][0] for row in rows] == ["أمل خليل", "سامي حداد"]
    assert notes == ["note-text"], "what was guessed is told"


def test_an_encoding_that_is_not_sure_is_asked(tmp_path: Path) -> None:
    content = "name;town\nRenée;Besançon\n".encode("cp1252")
    assert said(content, tmp_path) == "encoding-unsure"
    assert read(content, tmp_path, encoding="cp1252")[1][0][1] == ("Renée", "Besançon")
    assert said(content, tmp_path, encoding="utf-8") == "encoding-wrong"
    assert said(content, tmp_path, encoding="hex") == "encoding-unknown"
    assert said(content, tmp_path, encoding="none such") == "encoding-unknown"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark: str, tmp_path: Path) -> None:
    content = mark.join(["name", "born, or age" if mark != "," else "born"]) + f"\nA{mark}9\n"
    assert read(content.encode(), tmp_path)[1][0][1] == ("A", "9")
    named = f"sep={mark}\nname{mark}born\nA{mark}9\n"
    assert read(named.encode(), tmp_path)[1] == [(2, ("A", "9"), {}, None)]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    content = b'name,age\n"Amal\nKhalil",3\n,\nSami,4,,\nToo,5,6\nNur\n'
    rows = read(content, tmp_path)[1]
    assert [(row[0], row[1]) for row in rows] == [
        (2, ("Amal\nKhalil", "3")),
        (4, ("Sami", "4")),
        (5, ()),
        (6, ("Nur", "")),
    ]
    assert [row[3] is None for row in rows] == [True, True, False, True]


def test_what_a_spreadsheet_would_run_is_a_problem_and_stays_text(tmp_path: Path) -> None:
    content = b'name,phone\n"=HYPERLINK(""http://x"")",+963 11 222\n\'=1,@user\n'
    first, second = read(content, tmp_path)[1]
    assert first[2][0].code.endswith(":cell-formula")
    assert first[1][1] == "+963 11 222", "control: a telephone number is none"
    assert second[1] == ("=1", "@user"), "what was guarded for a spreadsheet is text again"
    assert second[2] == {}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "sheet-empty"),
        (b"\n\n", "sheet-empty"),
        (b"a,a\n1,2\n", "column-twice"),
        (b'a,b\n"open,2\n3,4\n', "text-broken"),
        (b"a,b\n" + b"x" * (1 << 21), "line-long"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook-old"),
        (b"PK\x03\x04" + b"\0" * 600, "archive-damaged"),
        (",".join(f"c{number}" for number in range(1_001)).encode(), "columns-many"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(content: bytes, key: str, tmp_path: Path) -> None:
    assert said(content, tmp_path) == key


def test_a_workbook_is_read_as_it_is_seen(tmp_path: Path) -> None:
    heading, rows, notes = read(workbook(lambda _book: None), tmp_path)
    assert heading == ("name", "age")
    assert [(row[0], row[1]) for row in rows] == [(2, ("Amal", "34")), (3, ("Sami", "9"))]
    assert notes == ["note-sheet"]


def test_formulas_errors_and_merged_cells_are_told_where_they_stand(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        sheet["A2"] = '=CONCATENATE("A","mal")'
        sheet["B3"] = "#REF!"
        sheet["B3"].data_type = "e"
        sheet.append(["Nur", 8])
        sheet.append([None, 7])
        sheet.merge_cells("A4:A5")

    rows = read(workbook(change), tmp_path)[1]
    told = [(row[0], place, fault.key) for row in rows for place, fault in row[2].items()]
    assert told == [(2, 0, "cell-formula"), (3, 1, "cell-error"), (4, 0, "cell-merged")]


def test_what_is_hidden_is_told(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("older").sheet_state = "veryHidden"
        book.worksheets[0].row_dimensions[3].hidden = True
        book.worksheets[0].column_dimensions["B"].hidden = True

    _heading, rows, notes = read(workbook(change), tmp_path)
    assert notes == ["note-sheet", "note-hidden-sheets", "note-hidden-rows", "note-hidden-columns"]
    assert len(rows) == 2, "a hidden row is read like the others"


def test_which_of_several_sheets_is_asked(tmp_path: Path) -> None:
    content = workbook(lambda book: book.create_sheet("second").append(["x"]))
    assert said(content, tmp_path) == "sheets-several"
    assert said(content, tmp_path, sheet="third") == "sheet-unknown"
    assert read(content, tmp_path, sheet="second")[0] == ("x",)


def test_a_heading_of_merged_cells_or_formulas_is_refused(tmp_path: Path) -> None:
    merged = workbook(lambda book: book.worksheets[0].merge_cells("A1:B1"))
    assert said(merged, tmp_path) == "heading-merged"
    formula = workbook(lambda book: book.worksheets[0].__setitem__("A1", "=B1"))
    assert said(formula, tmp_path) == "heading-formula"


def repacked(content: bytes, name: str, part: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for entry in source.namelist():
            out.writestr(entry, part if entry == name else source.read(entry))
        if name not in source.namelist():
            out.writestr(name, part)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "part", "key"),
    [
        ("xl/media/image.bin", b"\0" * (300 << 20), "bomb"),
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/sharedStrings.xml", b"<!DOCTYPE sst [<!ENTITY a 'b'>]><sst/>", "workbook-broken"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row", "workbook-broken"),
        ("xl/workbook.xml", b"<workbook/>", "sheet-empty"),
    ],
    ids=["bomb", "macros", "entities", "cut", "no sheet"],
)
def test_a_dangerous_or_broken_workbook_is_refused(
    name: str, part: bytes, key: str, tmp_path: Path
) -> None:
    plain = workbook(lambda _book: None)
    assert read(repacked(plain, "docProps/x.xml", b"<x/>"), tmp_path)[0] == ("name", "age")
    assert said(repacked(plain, name, part), tmp_path) == key


def refuse_x(text: str) -> str:
    if text == "x":
        raise InputError.at(Message("a:b"))
    return text


SUBJECT = SheetSubject(
    (
        SheetField("name", "Name", refuse_x, frozenset({heading_words("Full name")})),
        SheetField("code", "Code", str, frozenset({"code"}), unique=True),
        SheetField("origin", "Origin", str, frozenset({"origin"}), purpose=True),
    ),
    withheld=lambda heading: "faith" if heading == "faith" else None,
    presets={"other": {"nom": "name"}},
)


def test_columns_are_said_known_guessed_and_left_out() -> None:
    heading = ("grp/full_name::English (en)", "Nom", "origin", "faith", "", "code")
    columns = map_columns(heading, SUBJECT, preset="other")
    assert [each.chosen for each in columns] == [
        *(Chosen.GUESSED, Chosen.TWICE, Chosen.WITHHELD, Chosen.WITHHELD),
        *(Chosen.UNKNOWN, Chosen.GUESSED),
    ]
    columns = map_columns(heading, SUBJECT, said={"B": "name", "code": ""}, purpose=True)
    named = {each.heading: each.field.name for each in columns if each.field}
    assert named == {"Nom": "name", "origin": "origin"}, "a purpose opens no column without a field"


@pytest.mark.parametrize(
    ("mapped", "key"),
    [
        ({"none such": "name"}, "map-column-unknown"),
        ({"B": "none such"}, "map-field-unknown"),
        ({"A": "name", "B": "name"}, "map-field-twice"),
        ({"C": "origin"}, "map-purpose"),
        ({"D": "name"}, "map-withheld"),
    ],
)
def test_what_cannot_be_mapped_is_told(mapped: dict[str, str], key: str) -> None:
    with pytest.raises(InputError) as caught:
        map_columns(("a", "b", "c", "faith"), SUBJECT, said=mapped)
    assert [each.message.code for each in caught.value.problems] == [f"platform.importing:{key}"]


def rows_of(file: Path) -> list[ReadRow]:
    with PlainFile(file) as source:
        sheet = open_sheet(source)
        return list(read_rows(sheet, SUBJECT, map_columns(sheet.heading, SUBJECT)))


def test_each_row_is_read_or_has_its_problems(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text("Full name,code,rest\nAmal,A 1,\nx,A2,\nNur,a١,\n-,,y\n", encoding="utf-8")
    rows = rows_of(file)
    assert rows[0].values == {"name": "Amal", "code": "A 1"}
    told = [(one.row, one.message.key, one.column) for row in rows for one in row.problems]
    assert [(row, key, column and column.letter) for row, key, column in told] == [
        (3, "b", "A"),
        (4, "value-twice", "B"),
        (5, "row-nothing", None),
    ]


def peak(tmp_path: Path, rows: int, kind: str) -> int:
    file = tmp_path / f"{rows}.{kind}"
    lines = (f"{str(number) * 100:.500},{number % 90}" for number in range(rows))
    if kind == "csv":
        file.write_text("full name,age\n" + "\n".join(lines), encoding="utf-8")
    else:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(["full name", "age"])
        for number in range(rows):
            sheet.append([f"{str(number) * 100:.500}", number % 90])
        book.save(file)
    tracemalloc.start()
    try:
        with PlainFile(file) as source:
            sheet = open_sheet(source)
            columns = map_columns(sheet.heading, SUBJECT)
            assert sum(1 for _row in read_rows(sheet, SUBJECT, columns)) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_rows(kind: str, tmp_path: Path) -> None:
    few, many = peak(tmp_path, 1_000, kind), peak(tmp_path, 12_000, kind)
    # The texts of the rows are 6 MB; the library of workbooks keeps a mark of each row.
    assert many < few + 3 * (1 << 20), f"{few} and {many} bytes"
