"""What goes out comes back the same, by JSON and by CSV, whatever stands in it."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.methods.htcds import (
    Case,
    coded,
    from_plain,
    problems,
    read_csv,
    read_json,
    to_plain,
    write_csv,
    write_json,
)
from tests.methods.htcds.cases import TODAY, cases, texts, whole_case

FORMULA = re.compile(r"\s*[=+@\-\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
NUMBER = re.compile(r"-?[0-9.]+(e-[0-9]+)?")


def by_json(given_cases: list[Case], *, identity: bool = True) -> list[Case]:
    stream = io.BytesIO()
    write_json(given_cases, stream, today=TODAY, identity=identity)
    json.loads(stream.getvalue())  # another reader can read it too
    stream.seek(0)
    return list(read_json(stream, today=TODAY, identity=identity))


def by_csv(
    given_cases: list[Case], *, identity: bool = True, delimiter: str = ",", separator: str = ";"
) -> list[Case]:
    stream = io.BytesIO()
    write_csv(
        given_cases,
        stream,
        today=TODAY,
        identity=identity,
        delimiter=delimiter,
        separator=separator,
        bom=identity,
    )
    stream.seek(0)
    back = read_csv(
        stream, today=TODAY, identity=identity, delimiter=delimiter, separator=separator
    )
    return list(back)


def there_and_back(case: Case) -> None:
    """JSON, record, CSV, record, JSON; and the same without what identifies."""
    assert problems(case, today=TODAY, identity=True) == ()
    plain = to_plain(case)
    (first,) = by_json([case])
    assert first == case
    (second,) = by_csv([first])
    assert second == case
    (third,) = by_json([second])
    assert to_plain(third) == plain
    assert from_plain(json.loads(json.dumps(plain))) == case
    (less,) = by_csv(by_json([case], identity=False), identity=False)
    assert less == coded(case)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(cases())
def test_a_case_comes_back_the_same(case: Case) -> None:
    there_and_back(case)


@pytest.mark.slow
@settings(max_examples=1500, suppress_health_check=list(HealthCheck))
@given(cases())
def test_many_cases_come_back_the_same(case: Case) -> None:
    there_and_back(case)


def test_a_case_with_every_field_comes_back_the_same() -> None:
    there_and_back(whole_case())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("separator", [";", "|"])
def test_any_delimiter_and_separator(delimiter: str, separator: str) -> None:
    case = whole_case()
    assert by_csv([case], delimiter=delimiter, separator=separator) == [case]


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(st.lists(cases(), max_size=4))
def test_several_cases_keep_their_order_and_their_parts(several: list[Case]) -> None:
    from dataclasses import replace

    numbered = [
        replace(each, marfa=replace(each.marfa, reference=f"r{n}"))
        for n, each in enumerate(several)
    ]
    assert by_csv(numbered) == numbered
    assert by_json(numbered) == numbered


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(texts(long=True))
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    """Checked on the bytes that a spreadsheet would open."""
    from dataclasses import replace

    case = replace(Case(status="Closed"), reason_for_case_closure=text)
    stream = io.BytesIO()
    write_csv([case], stream, today=TODAY, identity=True)
    rows = list(csv.reader(io.StringIO(stream.getvalue().decode(), newline="")))
    for cell in rows[1]:
        assert NUMBER.fullmatch(cell) or not FORMULA.match(cell), cell
    assert by_csv([case]) == [case]


def test_a_file_of_another_program_with_a_lone_apostrophe_is_left_as_it_is() -> None:
    text = "prs_FirstName\r\n'Ain\r\n"
    (case,) = read_csv(io.BytesIO(text.encode()), today=TODAY, identity=True)
    assert case.person.first_name == "'Ain"
