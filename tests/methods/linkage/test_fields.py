"""Which columns are read, and which never."""

from __future__ import annotations

from datetime import date

import pytest

from marfa.domain.message import InputError
from marfa.methods.linkage import Field
from marfa.methods.linkage.births import BirthLevel, Births
from marfa.methods.linkage.fields import guess_mapping, read_mapping
from marfa.methods.linkage.records import births_by_age, births_of
from marfa.methods.names import Context, Facts, compare


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("First Name", Field.GIVEN),
        ("given_name", Field.GIVEN),
        ("dateOfBirth", Field.BIRTH),
        ("DOB", Field.BIRTH),
        ("الاسم الأول", Field.GIVEN),
        ("اسم الأب", Field.FATHER),
        ("اسم العائلة", Field.FAMILY),
        ("تاريخ الولادة", Field.BIRTH),
        ("الجنس", Field.SEX),
        ("رقم الأسرة", Field.HOUSEHOLD),
        ("العُمر", Field.AGE),
        ("soc_sec_id", Field.DOCUMENT),
    ],
)
def test_headers_are_understood(header: str, field: Field) -> None:
    assert guess_mapping(["code", header], {}, key="code").columns == {field: (header,)}


def test_a_whole_name_is_read_where_no_part_has_a_column() -> None:
    assert Field.NAME in guess_mapping(["id", "الاسم"], {}, key="id").columns
    assert Field.NAME not in guess_mapping(["id", "الاسم", "given"], {}, key="id").columns


@pytest.mark.parametrize(
    "pair",
    [
        *("nationality=NAT", "religion=R", "name=Nationality", "birth=mother_tongue"),
        *("الجنسية=x", "name=الديانة", "family=tribe", "address=country"),
    ],
)
def test_what_would_be_profiling_is_refused(pair: str) -> None:
    with pytest.raises(InputError) as refused:
        read_mapping([pair])
    assert refused.value.problems[0].message.code == "methods.linkage:map-refused"


@pytest.mark.parametrize("header", ["Nationality", "الجنسية", "religion", "Mother Tongue", "clan"])
def test_such_columns_are_named_and_not_read(header: str) -> None:
    found = guess_mapping(["id", "name", header], {}, key="id")
    assert found.refused == (header,)
    assert header not in {name for names in found.columns.values() for name in names}


DATES = (
    *("1990-05-06", "1990-06-05", "1990-05-07", "1990-01-01", "1990", "1991-05-06", "1993-05-06"),
    *("about 1990", "1960-05-06", "1990-05", "1410-10-11 AH", "1985-1995", "1988-11-30"),
    "1989-05-06",
)
AS_CONTEXT: dict[BirthLevel, set[str]] = {
    BirthLevel.SAME: {"dates-same"},
    BirthLevel.EXCHANGED: {"dates-exchanged"},
    BirthLevel.DIGIT: {"dates-digit", "dates-near"},
    BirthLevel.AGREE: {"dates-agree", ""},
    BirthLevel.SAME_YEAR: {"dates-near"},
    BirthLevel.NEAR: {"dates-near"},
    BirthLevel.APART: {"dates-apart"},
}


@pytest.mark.parametrize("one", DATES)
def test_dates_say_what_the_names_library_says_of_them(one: str) -> None:
    births = Births.of([births_of((one,)), *(births_of((other,)) for other in DATES)])
    for place, other in enumerate(DATES, 1):
        rows = (births.first[:1] * 0, births.first[:1] * 0 + place)
        level = BirthLevel(int(births.levels_of(*rows)[0]))
        context = Context(Facts.of({"born": one}, "left"), Facts.of({"born": other}, "right"))
        said = {each.code for each in compare("Ali", "Ali", context=context).evidence} or {""}
        assert said <= AS_CONTEXT[level], (one, other, level)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19900506", date(1990, 5, 6)),
        ("06/05/1990", date(1990, 5, 6)),
        ("05/26/1990", date(1990, 5, 26)),
        ("٠٦/٠٥/١٩٩٠", date(1990, 5, 6)),
        ("1990-05-06T00:00:00", date(1990, 5, 6)),
    ],
)
def test_dates_are_read_as_tables_have_them(text: str, day: date) -> None:
    found = births_of((text,))
    assert found is not None
    assert [span.earliest for span in found] == [day]


@pytest.mark.parametrize("text", ["1990-13-45", "soon", "0001", "99999999"])
def test_what_is_no_date_says_nothing(text: str) -> None:
    assert births_of((text,)) is None


def test_an_age_is_an_estimate() -> None:
    found = births_by_age(("30 years",), date(2026, 12, 1))
    assert found is not None
    assert found[0].earliest.year <= 1994
    assert found[0].latest.year >= 1997
    assert births_by_age(("adult",), date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("18 months", 2022, 2026),
        ("٦ أشهر", 2024, 2026),
        ("3 weeks", 2024, 2026),
        ("25-30", 1992, 2004),
        ("حوالي ٣٠ سنة", 1992, 1999),
        ("30F", 1992, 1999),
    ],
)
def test_ages_are_read_as_desks_write_them(text: str, first: int, last: int) -> None:
    found = births_by_age((text,), date(2026, 12, 1))
    assert found is not None
    assert first <= found[0].earliest.year <= found[0].latest.year <= last


@pytest.mark.parametrize("text", ["-5", "1e9", "200", "1990", "30-25", ">18", "6 m", "12/05/1990"])
def test_what_is_no_age_says_nothing(text: str) -> None:
    assert births_by_age((text,), date(2026, 12, 1)) is None
