"""The record against the published sheet of the standard, and what goes out by default."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from marfa.domain.codelists import codelist
from marfa.domain.dates import PartialDate
from marfa.methods.htcds import (
    IDENTIFYING,
    Case,
    Event,
    Marfa,
    Person,
    coded,
    columns,
    exchange_date,
    problems,
    to_plain,
)
from marfa.methods.htcds.specs import Spec, ValueType
from tests.methods.htcds.cases import TODAY, every_spec, whole_case

# Counted in "HTCDS Field Standards 2.0.ods", commit 3c2f653: fields by prefix, core, deprecated.
FIELDS = {"org": 10, "prs": 25, "vic": 16, "per": 2, "cas": 13, "cco": 1, "hte": 10, "spl": 5}
CORE, DEPRECATED, ALL = 40, 3, 83

KINDS = {
    "Text": {ValueType.TEXT, ValueType.PHONE, ValueType.COUNTRY},
    "Long Text": {ValueType.LONG_TEXT},
    "Date": {ValueType.DATE},
    "Number": {ValueType.NUMBER, ValueType.DEGREES},
    "Geolocation": {ValueType.DEGREES},
    "Checkbox": {ValueType.CHECKBOX},
    "Picklist": {ValueType.CODE, ValueType.LANGUAGE},
    "Multiselect Picklist": {ValueType.CODE, ValueType.COUNTRY},
    "Picklist or Text": {ValueType.COUNTRY, ValueType.TEXT},
    "Lookup [to organisation]": {ValueType.LOOKUP},
    "Lookup [to person]": {ValueType.LOOKUP},
    "Lookup [to user]": {ValueType.LOOKUP},
}


def of_the_standard() -> list[Spec]:
    return [spec for spec in every_spec() if not spec.ours]


def test_every_field_of_the_standard_once() -> None:
    specs = of_the_standard()
    counts = Counter(spec.name.partition("_")[0] for spec in specs)
    assert counts == FIELDS | {"con": 1}
    assert len(specs) == len({spec.name for spec in specs}) == ALL
    assert sum(spec.core for spec in specs) == CORE
    assert sum(spec.deprecated for spec in specs) == DEPRECATED


def test_the_published_sheet_says_the_same(reference_data: Path) -> None:
    folder = reference_data.parent / "standards" / "htcds"
    if not folder.is_dir():
        pytest.skip("beside MARFA_REFERENCE_DATA there is no standard")
    with (folder / "htcds-2.0-fields.csv").open(encoding="utf-8", newline="") as stream:
        sheet = {row["field"]: row for row in csv.DictReader(stream)}
    specs = {spec.name: spec for spec in of_the_standard()}
    assert set(specs) == set(sheet)
    for name, row in sheet.items():
        spec = specs[name]
        assert spec.core == (row["core"] == "1"), name
        assert spec.deprecated == (row["status"] == "DEPRECATED"), name
        assert spec.several == (row["type"] == "Multiselect Picklist"), name
        assert spec.kind in KINDS[row["type"]], name
        listed = len(codelist(spec.codes).codes) if spec.codes else 0
        assert listed == int(row["n_codes"]), name


def test_the_published_codes_are_the_ones_that_are_let_through(reference_data: Path) -> None:
    file = reference_data.parent / "standards" / "htcds" / "htcds-2.0-codes.csv"
    if not file.is_file():
        pytest.skip("beside MARFA_REFERENCE_DATA there is no standard")
    published: dict[str, list[str]] = {}
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            published.setdefault(row["field"], []).append(row["code"])
    ours = {spec.name: spec.codes for spec in of_the_standard() if spec.codes}
    assert set(ours) == set(published)
    for name, codes in published.items():
        assert list(codelist(ours[name] or "").codes) == codes, name
    assert sum(map(len, published.values())) == 182


def test_a_list_is_that_of_its_field() -> None:
    for spec in of_the_standard():
        if spec.codes:
            assert codelist(spec.codes).htcds_field == spec.name
            assert codelist(spec.codes).several == spec.several, spec.name


def test_without_being_asked_for_nothing_that_identifies_goes_out() -> None:
    left = to_plain(coded(whole_case()))
    names: set[str] = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            names.update(part)
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(left)
    assert not names & set(IDENTIFYING)
    assert not set(columns()) & set(IDENTIFYING)
    assert set(IDENTIFYING) < set(columns(identity=True))
    assert "a text" not in str(left)
    assert "two" not in str(left)
    assert "36.25" not in str(left)
    assert left["person"]["prs_Birthdate"] == "1990"
    assert problems(coded(whole_case()), today=TODAY) == ()


def test_free_texts_contacts_and_points_on_the_map_identify() -> None:
    free = (
        ValueType.TEXT,
        ValueType.LONG_TEXT,
        ValueType.LOOKUP,
        ValueType.PHONE,
        ValueType.DEGREES,
    )
    for spec in every_spec():
        assert spec.identifying == (spec.kind in free), spec.name


def test_what_protects_a_person_has_no_field() -> None:
    names = " ".join(spec.name.lower() for spec in every_spec())
    for word in ("protect", "seal", "hidden", "flag", "witness", "cooperat"):
        assert word not in names


def test_coding_keeps_what_is_coded() -> None:
    case = Case(
        status="Active",
        person=Person(first_name="Amal", gender="Feminine"),
        events=(Event(city="Mosul"), Event(city="Mosul", country="IQ")),
        marfa=Marfa(reference="abc"),
    )
    assert coded(case) == replace(
        case, person=Person(gender="Feminine"), events=(Event(country="IQ"),)
    )
    assert coded(coded(case)) == coded(case)


@pytest.mark.parametrize(
    ("born", "year"),
    [
        (PartialDate.gregorian(1999, 5, 3), "1999"),
        (PartialDate.gregorian(1999, 5, about=True), "1999~"),
        (PartialDate.gregorian(1999), "1999"),
        # Ramadan 1420 began in December 1999 and ended in January 2000.
        (PartialDate.hijri(1420, 9), "1999/2000"),
    ],
)
def test_of_a_birth_date_the_year_is_left(born: PartialDate, year: str) -> None:
    case = coded(Case(person=Person(birthdate=born)))
    assert to_plain(case)["person"]["prs_Birthdate"] == year


def test_a_hijri_date_is_sent_as_the_days_between_which_it_lies() -> None:
    hijri = PartialDate.hijri(1420, 9)
    case = Case(events=(Event(date=hijri),))
    assert [each.place.field for each in problems(case, today=TODAY)] == ["/events/0/hte_Date"]
    sent = exchange_date(hijri)
    assert (sent.earliest, sent.latest) == (hijri.earliest, hijri.latest)
    assert problems(Case(events=(Event(date=sent),)), today=TODAY) == ()
    known = PartialDate.gregorian(1999, 5)
    assert exchange_date(known) is known


def test_one_form_for_each_country_and_language() -> None:
    case = Case(person=Person(citizenship=("SYR", "IQ"), primary_language="fre"))
    assert to_plain(case)["person"] == {
        "prs_PrimaryLanguage": "fra",
        "prs_Citizenship": ["SY", "IQ"],
    }
