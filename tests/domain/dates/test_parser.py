"""Dates as people write them; what has two readings is reported."""

from __future__ import annotations

from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.dates import (
    Calendar,
    DayMonthOrder,
    PartialDate,
    parse_date,
    show_date,
    to_storage,
)
from marfa.domain.digits import DigitScript, in_script
from marfa.domain.message import InputError
from tests.domain.dates.strategies import partial_dates

ARAB_REGIONS = [
    "ar", "ar_AE", "ar_BH", "ar_DZ", "ar_EG", "ar_IQ", "ar_JO", "ar_KW", "ar_LB", "ar_LY", "ar_MA",
    "ar_MR", "ar_OM", "ar_PS", "ar_QA", "ar_SA", "ar_SD", "ar_SY", "ar_TN", "ar_YE", "en",
]  # fmt: skip


def refused(text: str, **options: object) -> str:
    with pytest.raises(InputError) as error:
        parse_date(text, **options)  # type: ignore[arg-type]
    problem = error.value.problems[0]
    for language in LANGUAGES:
        assert "{" not in render_problem(problem, language)
    return problem.message.key


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1999", "1999"),
        ("١٩٩٩", "1999"),
        ("سنة ۱۹۹۹ م", "1999"),
        ("May 1999", "1999-05"),
        ("3 May 1999", "1999-05-03"),
        ("May 3rd, 1999", "1999-05-03"),
        ("the 3rd of May 1999", "1999-05-03"),
        ("3-may-1999", "1999-05-03"),
        ("٣ أيار ١٩٩٩", "1999-05-03"),
        ("\u200f٣ أيّار/مايو ١٩٩٩\u200f", "1999-05-03"),
        ("تشرين الثاني 2001", "2001-11"),
        ("نوفمبر 2001", "2001-11"),
        ("نونبر 2001", "2001-11"),
        ("3 جويلية 2001", "2001-07-03"),
        ("1 هانيبال 1990", "1990-08-01"),
        ("1999-05", "1999-05"),
        ("05/1999", "1999-05"),
        ("1999-05-03", "1999-05-03"),
        ("2001/4/3", "2001-04-03"),
        ("13/04/2001", "2001-04-13"),
        ("04/13/2001", "2001-04-13"),
        ("٠٣/٠٣/٢٠٠١", "2001-03-03"),
        ("about 1999", "1999~"),
        ("c. 1999", "1999~"),
        ("1999-05~", "1999-05~"),
        ("1999?", "1999~"),
        ("حوالي ١٩٩٩", "1999~"),
        ("1999 تقريبًا", "1999~"),
        ("between 1998 and 2001", "1998/2001"),
        ("from May 1998 to March 2001", "1998-05/2001-03"),
        ("born in 1999", "1999"),
        ("من مواليد ١٩٩٩", "1999"),
        ("مواليد عام 1999", "1999"),
        ("1998-2001", "1998/2001"),
        ("1998–2001", "1998/2001"),
        ("1998/2001", "1998/2001"),
        ("بين عامي ١٩٩٨ و٢٠٠١", "1998/2001"),
        ("بين أيار 1998 وآذار 2001", "1998-05/2001-03"),
        ("من 1998 إلى 2001", "1998/2001"),
        ("رمضان 1420", "1999-12-09/2000-01-07[u-ca=islamic-umalqura:1420-09]"),
        ("Ramadan 1420 AH", "1999-12-09/2000-01-07[u-ca=islamic-umalqura:1420-09]"),
        ("١ شهر رمضان ١٤٢٠ هـ", "1999-12-09[u-ca=islamic-umalqura:1420-09-01]"),
        ("1420/9/1 هـ", "1999-12-09[u-ca=islamic-umalqura:1420-09-01]"),
        ("15/09/1420هـ", "1999-12-23[u-ca=islamic-umalqura:1420-09-15]"),
        ("1 Dhu al-Hijjah 1420 A.H.", "2000-03-07[u-ca=islamic-umalqura:1420-12-01]"),
        ("جمادى الآخرة 1440", to_storage(PartialDate.hijri(1440, 6))),
        ("سنة ١٤٢٠ هجرية", "1999-04-17/2000-04-05[u-ca=islamic-umalqura:1420]"),
    ],
)
def test_written_forms(text: str, stored: str) -> None:
    assert to_storage(parse_date(text)) == stored


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "date-empty"),
        ("   ", "date-empty"),
        ("03/04/2001", "date-day-or-month"),
        ("٣/٤/٢٠٠١", "date-day-or-month"),
        ("3 4 2001", "date-day-or-month"),
        ("3/4/1420 هـ", "date-day-or-month"),
        ("3/4/01", "date-short-year"),
        ("3 May 99", "date-short-year"),
        ("3 May", "date-no-year"),
        ("99", "date-no-year"),
        ("1420", "date-which-calendar"),
        ("1378/05/03", "date-which-calendar"),
        ("فروردین ۱۳۷۸", "date-solar"),
        ("۱۳۷۸ ه.ش", "date-solar"),
        ("تشرين 2001", "date-half-name"),
        ("كانون 2001", "date-half-name"),
        ("ربيع 1420", "date-half-name"),
        ("أيار/حزيران 2001", "date-two-months"),
        ("رمضان 2001 م", "date-two-calendars"),
        ("30/02/2001", "date-day"),
        ("2001-13-01", "date-month"),
        ("between 1998", "date-open-range"),
        ("between 2001 and 1998", "date-range-order"),
        ("20010403", "date-unreadable"),
        ("1998 1999 2000", "date-unreadable"),
        ("1999 1999", "date-unreadable"),
        ("5 1999 6", "date-unreadable"),
        ("123 1999", "date-unreadable"),
        ("3 4 May 1999", "date-unreadable"),
        ("0/4/2001", "date-day"),
        ("1998/99", "date-month"),
        ("between May and June 1999", "date-no-year"),
        ("when it rained", "date-word"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, key: str) -> None:
    assert refused(text) == key


def test_the_form_says_the_order() -> None:
    day = parse_date("03/04/2001", order=DayMonthOrder.DAY_FIRST)
    month = parse_date("03/04/2001", order=DayMonthOrder.MONTH_FIRST)
    assert (to_storage(day), to_storage(month)) == ("2001-04-03", "2001-03-04")


def test_the_order_said_is_never_overruled() -> None:
    assert refused("13/04/2001", order=DayMonthOrder.MONTH_FIRST) == "date-month"


def test_the_form_says_the_calendar() -> None:
    assert parse_date("1420", calendar=Calendar.HIJRI) == PartialDate.hijri(1420)
    assert refused("1420", calendar=Calendar.GREGORIAN) == "date-year-gregorian"
    assert refused("1999 م", calendar=Calendar.HIJRI) == "date-two-calendars"


@pytest.mark.parametrize("region", ARAB_REGIONS)
def test_every_regions_months_are_read(region: str) -> None:
    """As CLDR writes dates from Mauritania to Iraq: an independent list of the names."""
    for month in range(1, 13):
        written = format_date(date(2001, month, 3), "d MMMM y", locale=region)
        assert to_storage(parse_date(written)) == f"2001-{month:02}-03", written


@pytest.mark.parametrize("language", ["en", "ar"])
def test_cldr_hijri_months_are_read(language: str) -> None:
    # Names typed from CLDR 47, calendar "islamic", wide.
    names = {
        "en": "Muharram|Safar|Rabiʻ I|Rabiʻ II|Jumada I|Jumada II|Rajab|Shaʻban|Ramadan|Shawwal"
        "|Dhuʻl-Qiʻdah|Dhuʻl-Hijjah",
        "ar": "محرم|صفر|ربيع الأول|ربيع الآخر|جمادى الأولى|جمادى الآخرة|رجب|شعبان|رمضان|شوال"
        "|ذو القعدة|ذو الحجة",
    }[language]
    for number, name in enumerate(names.split("|"), start=1):
        assert parse_date(f"{name} 1440") == PartialDate.hijri(1440, number), name


@given(
    st.dates(date(1900, 1, 1), date(2060, 1, 1)),
    st.sampled_from(ARAB_REGIONS),
    st.sampled_from(["latn", "arab", "arabext"]),
)
def test_digits_of_every_script(day: date, region: str, script: DigitScript) -> None:
    written = in_script(format_date(day, "d MMMM y", locale=region), script)
    assert parse_date(written) == PartialDate.on(day)


@given(st.dates(date(1900, 1, 1), date(2060, 1, 1)), st.sampled_from(["/", "-", ".", " "]))
def test_no_ambiguity_is_guessed(day: date, separator: str) -> None:
    written = separator.join((f"{day.day:02}", f"{day.month:02}", str(day.year)))
    if day.day <= 12 and day.day != day.month:
        assert refused(written) == "date-day-or-month"
    else:
        assert parse_date(written) == PartialDate.on(day)


@given(partial_dates(), st.sampled_from(LANGUAGES), st.sampled_from(["ar_SY", "ar_EG", "ar_MA"]))
def test_what_is_shown_can_be_typed_again(value: PartialDate, language: str, region: str) -> None:
    shown = show_date(value, language, region=region if language == "ar" else None)
    typed = shown.split(" (")[0]
    assert parse_date(typed).start == value.start
    assert parse_date(typed).end == value.end
    assert parse_date(typed).approximate == value.approximate


@given(st.text("0123456789٠٩ /-~?.,بينومحرمrabi i and about 1420 هـ", max_size=30))
def test_no_text_makes_it_crash(text: str) -> None:
    try:
        parse_date(text)
    except InputError as error:
        said = render_problem(error.problems[0], "ar")
    else:
        return
    assert said


def test_digits_are_those_of_the_region() -> None:
    value = PartialDate.gregorian(1999, 5, 3)
    assert Locale.parse("ar_SY").default_numbering_system == "arab"
    assert show_date(value, "ar", region="ar_SY") == "٣ أيار ١٩٩٩"
    assert show_date(value, "ar", region="ar_MA") == "3 ماي 1999"


def test_english_writes_the_day_first_as_the_pages_do() -> None:
    assert show_date(parse_date("5 March 1999")) == "5 March 1999"
