"""Numbers, dates and lists as the region writes them: ar-SY is not ar-EG."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from django.conf import settings
from django.utils.translation import get_language

from marfa.domain.catalogue import SOURCE_LANGUAGE, own_digits

# English as it is written outside the United States: 8 March 2026.
ENGLISH = "en_001"


def locale_here() -> Locale:
    """The language of the page in the region of the installation."""
    return locale_of((get_language() or SOURCE_LANGUAGE).split("-")[0])


def locale_of(language: str) -> Locale:
    """A language, such as that of a paper, in the region of the installation."""
    region = settings.MARFA.region
    plain = ENGLISH if language == "en" else language
    try:
        return Locale.parse(f"{language}_{region}" if region else plain)
    except UnknownLocaleError:
        return Locale.parse(plain)


def list_in_words(values: Iterable[object]) -> str:
    """``a, b and c`` in the reader's language."""
    return format_list([str(each) for each in values], locale=locale_here())


def month_in_words(day: date) -> str:
    """The month of a day with its year: ``Nov 2026``."""
    here = locale_here()
    return own_digits(format_skeleton("yMMM", day, locale=here), here)


def format_number(value: float | str | None, digits: int | None = None) -> str:
    """A number with the region's digits and separators. digits: after the point, fixed."""
    if value is None or value == "":
        return ""
    form = None if digits is None else f"#,##0.{'0' * digits}" if digits else "#,##0"
    here = locale_here()
    text = format_decimal(value, format=form, locale=here, numbering_system="default")
    return own_digits(text, here)
