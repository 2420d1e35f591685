"""What is much work is told without doing it, and an honest form of everyday size is not."""

from __future__ import annotations

import io
from importlib.resources import files

import openpyxl
import pytest

from marfa.domain.message import InputError
from marfa.methods.xforms import convert, workload
from marfa.methods.xforms.workload import workload_of

HEAD = ["type", "name", "label", "calculation"]


def book(rows: list[list[str | None]], choices: list[list[str]] | None = None) -> bytes:
    made = openpyxl.Workbook()
    survey = made.active
    assert survey is not None
    survey.title = "survey"
    survey.append(HEAD)
    for row in rows:
        survey.append(row)
    if choices:
        listed = made.create_sheet("choices")
        listed.append(["list_name", "name", "label"])
        for choice in choices:
            listed.append(choice)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def asked(count: int, label: str = "Beds", calculation: str | None = None) -> bytes:
    kind = "calculate" if calculation else "integer"
    return book([[kind, f"q{number}", label, calculation] for number in range(count)])


@pytest.mark.parametrize(
    ("what", "data", "name"),
    [
        ("a form of many questions", asked(300), "f.xlsx"),
        (
            "a list of many places",
            book([["select_one v", "v", "V", None]], [["v", f"c{n}", "C"] for n in range(900)]),
            "f.xlsx",
        ),
        ("nothing", b"| survey |", "f.md"),
        ("what cannot be read", b"PK\x03\x04 no book", "f.xls"),
    ],
)
def test_everyday_forms_are_done_at_once(what: str, data: bytes, name: str) -> None:
    assert not workload_of(data, name).is_large


@pytest.mark.parametrize(
    ("what", "data", "measure"),
    [
        ("rows", asked(1_001), "rows"),
        (
            "rows of a list",
            book([["select_one v", "v", "V", None]], [["v", f"c{n}", "C"] for n in range(1_001)]),
            "rows",
        ),
        ("one text in many cells", asked(50, "How many beds are there? " * 200), "letters"),
        ("rules", asked(300, "B", "+".join(["${q0}"] * 20)), "readings"),
        ("rules over all questions", asked(400, "B", "count(/data/*) + count(//*)"), "walks"),
    ],
)
def test_much_work_is_told_by_what_it_is(what: str, data: bytes, measure: str) -> None:
    found = workload_of(data, "f.xlsx")
    assert found.is_large
    most = getattr(workload, f"MOST_{measure.upper()}")
    assert getattr(found, measure) > most, what
    others = [name for name in ("rows", "cells", "letters", "readings", "walks") if name != measure]
    limits = [(getattr(found, name), getattr(workload, f"MOST_{name.upper()}")) for name in others]
    assert all(value <= limit for value, limit in limits), "by nothing else"


def test_a_file_that_unpacks_to_much_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(workload, "read_book", refuse)
    monkeypatch.setattr(workload, "READ_AT_ONCE", 20_000)
    assert workload_of(asked(900), "f.xlsx").is_large
    assert workload_of(asked(1), "f.xlsx") == workload.Workload(), "the control: it was opened"


def test_what_is_never_taken_is_refused_as_by_converting() -> None:
    for name in ("f.pdf", "f.xlsx"):
        with pytest.raises(InputError) as told:
            workload_of(b"%PDF", name)
        with pytest.raises(InputError) as converted:
            convert(b"%PDF", name)
        assert told.value.problems == converted.value.problems


def test_what_is_shipped_is_no_much_work() -> None:
    folder = files("marfa.apps.forms") / "shipped"
    found = [file for file in folder.iterdir() if file.name.endswith((".md", ".xlsx", ".csv"))]
    assert found
    for file in found:
        assert not workload_of(file.read_bytes(), file.name).is_large
