"""Every rule is broken by a case of its own, told with its place; the case beside it keeps it."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from marfa.domain.catalogue import LANGUAGES, render_message, render_problem
from marfa.domain.message import InputError, Problem
from marfa.methods.htcds import (
    MOST_PROBLEMS,
    RULES,
    Case,
    Marfa,
    Person,
    Refused,
    Victim,
    columns,
    problems,
    read_csv,
    read_json,
    scan_csv,
    scan_json,
    write_csv,
    write_json,
)
from marfa.methods.htcds.cells import to_cell
from marfa.methods.htcds.layout import SECTIONS, SPECS, pointer
from marfa.methods.htcds.plain_data import held
from marfa.methods.htcds.redaction import found
from marfa.methods.htcds.rules import findings
from marfa.methods.htcds.values import Terms
from tests.methods.htcds.cases import TODAY
from tests.methods.htcds.rule_breaks import SECRET, SINGLE, base

OTHERS = {
    "many",
    "repeated",
    "empty",
    "reference-twice",
    "continued",
    "split",
    "numbered",
    "row-length",
}


def rule_of(problem: Problem) -> str:
    return str(problem.message.params.get("rule"))


def document(*cases: Any) -> bytes:
    return json.dumps({"standard": "HTCDS", "version": "2.0", "cases": cases}).encode()


def table(plain: dict[str, Any], *, identity: bool) -> bytes:
    """A case as CSV, written by the csv module from the cells, behind a case that is right."""
    header = columns(identity=True)
    rows: list[dict[str, str]] = [{"case": "1", "cas_Status": "Active"}, {"case": "2"}]
    for section in SECTIONS:
        given = held(plain, section.path)
        for place, part in enumerate(_listed(given)):
            while len(rows) < place + 2:
                rows.append({"case": "2"})
            for name, value in part.items():
                if name in SPECS and SPECS[name] in [spec for _, spec in section.specs]:
                    rows[place + 1][name] = to_cell(SPECS[name], value, ";")
    used = [name for name in header if any(name in row for row in rows)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, used)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given] if given else []


def refused(read: Any, data: bytes, **options: Any) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        read(io.BytesIO(data), today=TODAY, file="cases", **options)
    return error.value.problems


def test_every_rule_has_its_test() -> None:
    assert set(RULES) == set(SINGLE) | OTHERS
    assert len(RULES) == len(set(RULES)) >= 50


def test_every_rule_is_on_the_page_of_the_command() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "cli-htcds.md"
    text = page.read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z-]+)` \|", text[text.index("## Rules") :], re.MULTILINE)
    assert tuple(told) == RULES


@pytest.mark.parametrize("rule", sorted(SINGLE))
def test_a_case_that_breaks_a_rule_is_refused_with_its_field(rule: str) -> None:
    breaking = SINGLE[rule]
    data = document({"cas_Status": "Active"}, breaking.broken())
    (problem,) = refused(read_json, data, identity=breaking.identity)
    assert rule_of(problem) == rule
    assert problem.place.field == f"/cases/1{pointer(breaking.at)}"
    assert (problem.place.file, problem.place.row) == ("cases", 1)
    told(problem)


@pytest.mark.parametrize("rule", sorted(SINGLE))
def test_the_case_beside_it_is_taken(rule: str) -> None:
    breaking = SINGLE[rule]
    terms = Terms(TODAY, breaking.identity)
    assert list(findings(breaking.beside(), terms)) == []
    assert len(list(read_json(io.BytesIO(document(breaking.beside())), **vars(terms)))) == 1


@pytest.mark.parametrize("rule", sorted(name for name, each in SINGLE.items() if each.in_csv))
def test_a_row_that_breaks_a_rule_is_refused_with_row_and_column(rule: str) -> None:
    breaking = SINGLE[rule]
    data = table(breaking.broken(), identity=breaking.identity)
    (problem,) = refused(read_csv, data, identity=breaking.identity)
    assert rule_of(problem) == rule
    name = next(str(step) for step in reversed(breaking.at) if step in SPECS)
    places = [step for step in breaking.at[:-1] if isinstance(step, int)]
    is_part = places and breaking.at.index(places[0]) < breaking.at.index(name)
    # Row 1 is the header, row 2 the case that is right.
    row = 3 + (places[0] if is_part else 0)
    assert (problem.place.row, problem.place.column) == (row, name)
    told(problem)
    beside = table(breaking.beside(), identity=breaking.identity)
    read = read_csv(io.BytesIO(beside), today=TODAY, identity=breaking.identity)
    assert len(list(read)) == 2


def told(problem: Problem) -> None:
    """In both languages, whole, without what a person told."""
    for language in LANGUAGES:
        sentence = render_problem(problem, language)
        assert "{" not in sentence
        for word in SECRET.split():
            assert word not in sentence
    assert SECRET.split()[0] not in json.dumps(problem.as_json())


@pytest.mark.parametrize("rule", sorted(SINGLE))
def test_only_its_own_rule_is_broken(rule: str) -> None:
    breaking = SINGLE[rule]
    terms = Terms(TODAY, breaking.identity)
    assert {each.rule for each in findings(breaking.broken(), terms)} == {rule}


def test_too_many_parts() -> None:
    event = {"hte_Type": "Transit"}
    assert len(list(read_json(io.BytesIO(document({"events": [event] * 200})), today=TODAY))) == 1
    (problem,) = refused(read_json, document({"events": [event] * 201}))
    assert (rule_of(problem), problem.place.field) == ("many", "/cases/0/events")
    rows = "case,hte_Type\n" + "1,Transit\n" * 201
    (problem,) = refused(read_csv, rows.encode())
    assert (rule_of(problem), problem.place.row) == ("many", 2)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"cas_Status": "Active", "cas_Status": "Closed"}', "/cases/0"),
        ('{"person": {"prs_Gender": "Feminine", "prs_Gender": "Masculine"}}', "/cases/0/person"),
        ('{"events": [{"hte_Type": "Transit", "hte_Type": "Transit"}]}', "/cases/0/events/0"),
    ],
)
def test_a_key_twice(text: str, field: str) -> None:
    data = document(0).replace(b"[0]", f"[{text}]".encode())
    (problem,) = refused(read_json, data)
    assert (rule_of(problem), problem.place.field) == ("repeated", field)


def test_an_empty_case() -> None:
    (problem,) = refused(read_json, document({}))
    assert (rule_of(problem), problem.place.field) == ("empty", "/cases/0")
    (problem,) = refused(read_csv, b"case,cas_Status\n1,Active\n2,\n")
    assert (rule_of(problem), problem.place.row) == ("empty", 3)


def test_a_reference_twice_in_one_file() -> None:
    case = {"extensions": {"marfa": {"marfa_reference": "abc"}}}
    (problem,) = refused(read_json, document(case, {"cas_Status": "Active"}, case))
    assert rule_of(problem) == "reference-twice"
    assert problem.place.field == "/cases/2/extensions/marfa/marfa_reference"
    (problem,) = refused(read_csv, b"marfa_reference\nabc\nabd\nabc\n")
    assert (rule_of(problem), problem.place.row, problem.place.column) == (
        "reference-twice",
        4,
        "marfa_reference",
    )
    same = Case(marfa=Marfa(reference="abc"))
    for write in (write_json, write_csv):
        with pytest.raises(InputError):
            write([same, same], io.BytesIO(), today=TODAY)


def test_what_a_case_has_once_stands_in_its_first_row() -> None:
    data = b"case,cas_Status,hte_Type\n1,Active,Transit\n1,Closed,Transit\n1,Closed,\n2,Active,\n"
    first, second = refused(read_csv, data)
    for problem, row in ((first, 3), (second, 4)):
        told(problem)
        assert (rule_of(problem), problem.place.row, problem.place.column) == (
            "continued",
            row,
            "cas_Status",
        )


def test_rows_of_one_case_stand_together() -> None:
    data = b"case,hte_Type\n1,Transit\n2,Transit\n1,Exploitation\n"
    (problem,) = refused(read_csv, data)
    assert (rule_of(problem), problem.place.row) == ("split", 4)


def test_rows_without_a_number_are_never_put_together() -> None:
    """They may be of different people."""
    found = refused(read_csv, b"case,hte_Type\n,Transit\n,Exploitation\n")
    assert [(rule_of(each), each.place.row) for each in found] == [("numbered", 2), ("numbered", 3)]


def test_a_row_of_another_length_takes_its_case_with_it() -> None:
    """Without it the case would be given with a part too few."""
    data = b"case,hte_Type\n1,Transit\n2,Transit\n2\n2,Exploitation\n3,Transit\n"
    (problem,) = refused(read_csv, data)
    assert (rule_of(problem), problem.place.row) == ("row-length", 4)
    results = list(scan_csv(io.BytesIO(data), today=TODAY))
    assert [isinstance(each, Refused) for each in results] == [False, True, False]


def test_all_problems_of_a_file_are_told_and_no_more_than_some() -> None:
    bad = {"cas_Status": "x", "person": {"prs_Gender": "y"}}
    found = refused(read_json, document(*[bad] * 3, {"cas_Status": "Active"}, bad))
    assert [each.place.field for each in found] == [
        f"/cases/{case}/{field}"
        for case in (0, 1, 2, 4)
        for field in ("cas_Status", "person/prs_Gender")
    ]
    found = refused(read_json, document(*[bad] * 100))
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].message.params["more"] == 100
    found = refused(read_csv, b"cas_Status\n" + b"x\n" * 150)
    assert len(found) == MOST_PROBLEMS + 1
    assert (found[-2].place.row, found[-1].message.params["more"]) == (101, 50)


def test_nothing_is_given_of_a_file_with_a_fault_at_its_end() -> None:
    with pytest.raises(InputError):
        read_json(io.BytesIO(document({"cas_Status": "Active"}, {})), today=TODAY)
    with pytest.raises(InputError):
        read_csv(io.BytesIO(b"cas_Status\nActive\nx\n"), today=TODAY)


def test_case_by_case_the_right_ones_are_given_where_that_is_asked_for() -> None:
    data = document({"cas_Status": "Active"}, {"cas_Status": "x"}, {"cas_Status": "Closed"})
    first, second, third = scan_json(io.BytesIO(data), today=TODAY)
    assert (first, third) == (Case(status="Active"), Case(status="Closed"))
    assert isinstance(second, Refused)
    assert second.number == 2
    rows = b"cas_Status,con_Consent\nActive,true\nx,true\nActive\nClosed,\n"
    results = list(scan_csv(io.BytesIO(rows), today=TODAY))
    refusals = [each for each in results if isinstance(each, Refused)]
    assert [(each.number, each.problems[0].place.row) for each in refusals] == [(2, 3), (3, 4)]
    assert results[-1] == Case(status="Closed")


def test_problems_of_a_case_that_a_program_made() -> None:
    wrong = Case(
        status="Open",
        person=Person(citizenship=("Syria",), first_name="Amal"),
        victim=Victim(age_when_trafficked=150),
    )
    found = problems(wrong, today=TODAY, identity=True)
    assert [(each.place.field, rule_of(each)) for each in found] == [
        ("/cas_Status", "code"),
        ("/person/prs_Citizenship/0", "country"),
        ("/victim/vic_AgeWhenTrafficked", "range"),
    ]
    named = replace(wrong, status="Active", person=Person(first_name="Amal"), victim=Victim())
    assert [rule_of(each) for each in problems(named, today=TODAY)] == ["identifying"]
    for write in (write_json, write_csv):
        with pytest.raises(InputError):
            write([wrong], io.BytesIO(), today=TODAY)


def test_what_one_case_has_thousands_of_is_told_a_hundred_times() -> None:
    """Each found by trying: memory must not grow with what was made to fill it."""
    keys = ", ".join(f'"k{n}": 1' for n in range(60_000))
    data = document(0).replace(b"[0]", f"[{{{keys}}}]".encode())
    tables = [
        b",".join(b"x%d" % n for n in range(150_000)),
        b"case,cas_Status,hte_Type\n" + b"1,Active,Transit\n" * 20_000,
        b"case,cas_Status\n1,Active\n" + b"1\n" * 20_000,
    ]
    for read, text in ((read_json, data), *((read_csv, table) for table in tables)):
        tracemalloc.start()
        assert len(refused(read, text)) <= MOST_PROBLEMS + 1
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 40e6


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (150, "150"),
        (-9999, "-9999"),
        (963911234, "a number"),
        (36.2, "a number"),
        (float("nan"), "a number too large, or none"),
        (float("inf"), "a number too large, or none"),
        ([1, 2], "a list (values: 2)"),
        ({"a": 1}, "an object"),
        ("active ", "“active ”"),
        (SECRET, f"a text (characters: {len(SECRET)})"),
        ("1999-05-03", "a text (characters: 10)"),
    ],
)
def test_what_was_found_is_told_as_a_code_a_kind_or_a_size(value: object, said: str) -> None:
    assert render_message(found(value)) == said


def test_a_status_or_a_state_of_identification_alone_is_right() -> None:
    assert (
        problems(Case(victim=Victim(trafficking_status="PossibleVictimOfTrafficking")), today=TODAY)
        == ()
    )
    assert problems(Case(marfa=Marfa(identification="formally_refused")), today=TODAY) == ()
    at_risk = Case(
        marfa=Marfa(identification="at_risk"),
        victim=Victim(trafficking_status="PossibleVictimOfTrafficking"),
    )
    assert problems(at_risk, today=TODAY) == ()
    other = replace(at_risk, marfa=Marfa(identification="formally_identified"))
    assert [rule_of(each) for each in problems(other, today=TODAY)] == ["status"]


def test_the_case_with_every_field_keeps_every_rule() -> None:
    for identity in (True, False):
        assert list(findings(base(identity), Terms(TODAY, identity))) == []


def test_a_planted_rule_without_its_test_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.methods.htcds.test_rules.RULES", (*RULES, "planted"))
    with pytest.raises(AssertionError):
        test_every_rule_has_its_test()


@pytest.mark.parametrize("missing", ["hte_Longitude", "hte_Latitude"])
def test_of_two_coordinates_the_missing_one_is_named(missing: str) -> None:
    event = {"hte_Longitude": 36.2, "hte_Latitude": 33.5}
    del event[missing]
    (problem,) = refused(read_json, document({"events": [event]}), identity=True)
    assert (rule_of(problem), problem.place.field) == (
        "coordinates",
        f"/cases/0/events/0/{missing}",
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [("SY,IQ", "separator"), ("SY IQ", "separator"), ("Syria and Iraq", "country")],
)
def test_only_codes_that_are_known_are_said_to_be_wrongly_separated(text: str, rule: str) -> None:
    (problem,) = refused(read_csv, f'prs_Citizenship\n"{text}"\n'.encode())
    assert rule_of(problem) == rule
