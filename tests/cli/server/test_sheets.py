"""``marfa sheets check``: what is wrong with a sheet of people is told by row and column."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.server.conftest import DESKS
from tests.support.installation import marfa
from tests.support.shared_copies import Once

HEADING = [
    *("Case ID", "Full Name", "Other Name", "Sex", "Date of Birth", "Age", "Language"),
    *("Current Civil/Marital Status", "Document type", "Document number", "Nationality"),
    *("Religion", "Victim status", "Accused of", "Consent given", "Notes"),
]
ROWS = 10_000
CANARY = "Zuhurcanary"
LONG = "n" * 201
FAULTS: list[tuple[str, str, str]] = [
    *[("D", text, "sheet-answer-of") for text in ("x", "femmale", "3", "F/M")],
    *[("E", text, "sheet-date-order") for text in ("03/04/1990", "٠٣/٠٤/١٩٩٠")],
    *[("E", text, "sheet-date") for text in ("soon after", "33000000", "1990 or so-ish")],
    *[("E", text, "sheet-date-calendar") for text in ("1420", "1420-05-03")],
    *[("E", text, "sheet-date-impossible") for text in ("31/02/1990", "1990-13-01", "3 May 2190")],
    *[("E", text, "date-short-year") for text in ("3/4/90", "13.4.90")],
    *[("F", text, "sheet-age") for text in ("old", "-4", "190", "1990-05-03")],
    *[("G", text, "sheet-language") for text in ("Arabic", "Klingon")],
    *[("H", text, "sheet-answer-of") for text in ("complicated",)],
    *[("I", text, "sheet-answer-of") for text in ("library card",)],
    *[("B", text, key) for text, key in ((LONG, "sheet-long"), ("A\u202emal", "sign-hidden"))],
    *[("C", text, "sheet-long") for text in (LONG,)],
    *[("B", text, "cell-formula") for text in ("=1+1", '=HYPERLINK("http://x")')],
    *[("A", text, "sheet-digits-lost") for text in ("1.23E+11", "9,6E+12")],
    *[("A", text, "value-twice") for text in ("C-1", "c-٢")],
    *[("J", text, "sheet-paper-kind") for text in ("7781",)],
    ("", "too wide", "row-width"),
    *[("", "empty", "row-nothing")] * 2,
]


def test_the_number_of_planted_faults() -> None:
    assert len(FAULTS) == len(planted()) == 37


def planted() -> dict[int, tuple[str, str, str]]:
    """The faults, spread over the sheet, by row."""
    return {40 + place * 263: fault for place, fault in enumerate(FAULTS)}


def people() -> Iterator[list[str]]:
    faults = planted()
    births = ("1990-05-03", "13/04/2001", "about 1999", "رمضان 1420 هـ", "٣ أيار ١٩٩٩", "", "-")
    for number in range(2, ROWS + 2):
        row = [
            *(f"C-{number - 1}", f"{CANARY} {number}", "", ("F", "ذكر", "Female", "")[number % 4]),
            *(births[number % len(births)], ("34", "٨ أشهر", "")[number % 3]),
            ("ckb; English", "eng", "")[number % 3],
            *(("Married", "أعزب", "")[number % 3], "", "", "SY", "x", "yes", "theft", "yes", ""),
        ]
        yield with_fault(row, *faults[number]) if number in faults else row


def with_fault(row: list[str], column: str, text: str, key: str) -> list[str]:
    if key == "row-width":
        return [*row, "more"]
    if key == "row-nothing":
        return ["" if place != 15 else "a note" for place in range(len(row))]
    place = ord(column) - ord("A")
    return [*row[:place], text, *row[place + 1 :]]


def write_csv(file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([HEADING, *people()])


def write_workbook(file: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("people")
    for row in [HEADING, *people()]:
        sheet.append(row)
    book.save(file)


@pytest.fixture(scope="module")
def place(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.installation(tmp_path_factory.mktemp("sheets") / "data", *DESKS)


def check(place: Path, file: Path, *more: str, **env: str) -> subprocess.CompletedProcess[str]:
    return marfa("sheets", "check", str(file), "--data", str(place), *more, **env)


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert "Traceback" not in done.stderr, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def files_of(place: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in place.rglob("*") if file.is_file()}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_planted_fault_is_told_and_none_else(kind: str, place: Path, tmp_path: Path) -> None:
    file = tmp_path / f"people.{kind}"
    write_csv(file) if kind == "csv" else write_workbook(file)
    done = check(place, file, "--preset", "primero", "--json")
    told = answer(done)
    assert done.returncode == 1
    found = {
        each["row"]: (each["column"] or "", each["message"]["code"].partition(":")[2])
        for each in told["problems"]
    }
    assert found == {row: (column, key) for row, (column, _text, key) in planted().items()}
    assert (told["rows"], told["good"]) == (ROWS, ROWS - 37)
    assert told["problems_counted"] == len(told["problems"]) == 37
    assert CANARY not in done.stdout + done.stderr, "nothing that stands in a cell is printed"
    for _column, text, _key in FAULTS:
        assert len(text) < 7 or text not in done.stdout + done.stderr


def test_nothing_is_stored(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    write_csv(file)
    check(place, file)
    kept = b"".join(files_of(place).values())
    assert CANARY.encode() not in kept
    assert b"SQLite format 3" in kept, "control: the database was looked at"


def test_a_sheet_without_faults_ends_well(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("الاسم,الجنس,تاريخ الميلاد\nأمل,أنثى,1990\n", encoding="utf-8")
    done = check(place, file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Rows: 1. Rows that could be read: 1. Problems: 0." in done.stdout


def test_what_is_sensitive_is_shown_and_left_out(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    write_csv(file)

    def columns(*more: str) -> dict[str, tuple[str | None, str | None]]:
        told = answer(check(place, file, "--json", *more))["columns"]
        return {each["heading"]: (each["field"], each["reason"]) for each in told}

    without = columns()
    assert without["Nationality"] == (None, "nationality")
    assert without["Religion"] == (None, "faith")
    assert without["Victim status"] == (None, "victim")
    assert without["Accused of"] == (None, "allegation")
    assert without["Consent given"] == (None, "consent")
    assert without["Full Name"] == ("name", None), "control: the others are read"
    opened = columns("--purpose", "assistance")
    assert opened["Nationality"] == ("citizenships", None)
    assert {name for name in without if opened[name] != without[name]} == {"Nationality"}
    refused = check(place, file, "--map", "Religion=other_name", "--purpose", "assistance")
    assert refused.returncode == 1
    assert "Religion" in refused.stderr


def test_dates_are_read_in_the_order_that_is_named(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,born\nA,03/04/1990\nB,04/13/1990\n", encoding="utf-8")

    def rows(*more: str) -> list[tuple[int, str]]:
        told = answer(check(place, file, "--json", *more))["problems"]
        return [(each["row"], each["message"]["code"].partition(":")[2]) for each in told]

    assert rows() == [(2, "sheet-date-order")]
    assert rows("--dates", "month_first") == []
    assert rows("--dates", "day_first") == [(3, "sheet-date-impossible")]


def test_ages_are_of_the_day_of_the_sheet(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,born\nA,3 May 2021\n", encoding="utf-8")
    assert check(place, file).returncode == 0
    assert check(place, file, "--as-of", "2020-01-01").returncode == 1


def test_columns_are_named_by_heading_or_letter(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Who,x=y,Sex\nA,3,F\n", encoding="utf-8")
    done = check(place, file, "--map", "Who=name", "--map", "x=y=age", "--map", "C=", "--json")
    assert [each["field"] for each in answer(done)["columns"]] == ["name", "age", None]
    assert check(place, file, "--map", "Who").returncode == 2
    wrong = check(place, file, "--map", "Whom=name")
    assert (wrong.returncode, "Whom" in wrong.stderr) == (1, True)


@pytest.mark.parametrize("preset", ["plain", "primero", "progres", "kobo"])
def test_presets_know_their_headings(preset: str, place: Path, tmp_path: Path) -> None:
    headings = {
        "plain": "Registration number,First name,Family name,DOB",
        "primero": "case_id_display,name_first,name_last,date_of_birth",
        "progres": "Individual ID,GivenName,FamilyName,DateofBirth",
        "kobo": "group_a/individual_id,group_a/given_name,group_a/surname,dob",
    }
    file = tmp_path / "people.csv"
    file.write_text(headings[preset] + "\n1,Amal,Khalil,1990\n", encoding="utf-8")
    told = answer(check(place, file, "--preset", preset, "--json"))
    fields = [each["field"] for each in told["columns"]]
    assert fields == ["registration_number", "name_first", "name_last", "born"]


def test_it_speaks_arabic(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("الاسم,الجنس\nأمل,x\n", encoding="utf-8")
    done = check(place, file, MARFA_LANGUAGE="ar")
    assert done.returncode == 1
    assert "ليس هذا من الأجوبة: أنثى" in done.stderr
    assert "الصف 2" in done.stderr


def test_whoever_keeps_sheets_needs_no_installation(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,sex\nAmal,F\n", encoding="utf-8")
    done = marfa("sheets", "check", str(file), HOME=str(tmp_path), TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]
    absent = marfa("sheets", "check", str(tmp_path / "none.csv"), HOME=str(tmp_path))
    assert (absent.returncode, "none.csv" in absent.stderr) == (1, True)
