"""A date as a person reads it, with the months and digits of the region."""

from __future__ import annotations

from datetime import date

from babel import Locale
from babel.dates import format_date, format_skeleton

from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.dates.calendars import Calendar, CalendarDate
from marfa.domain.dates.partial import PartialDate
from marfa.domain.digits import in_script
from marfa.domain.message import Message

ENGLISH = "en_001"
"""English that writes the day first, as the pages do."""


def show_date(
    value: PartialDate, language: str = SOURCE_LANGUAGE, *, region: str | None = None
) -> str:
    """The date in words: "about May 1999", "between 1998 and 2001".

    A Hijri date is followed by the Gregorian days that it covers.
    region: locale for the names of months and the digits (``"ar_SY"``); else the language's own.
    """
    locale = Locale.parse(region or (ENGLISH if language == SOURCE_LANGUAGE else language))
    shown = _with_end(value, language, locale)
    if value.approximate:
        shown = render_message(Message("domain:date-about", {"date": shown}), language)
    if value.converted is not None:
        days = _days(value.converted, language, locale)
        shown = render_message(
            Message("domain:date-converted", {"given": shown, "days": days}), language
        )
    return _digits(shown, locale)


def _with_end(value: PartialDate, language: str, locale: Locale) -> str:
    start = _part(value.start, language, locale)
    if value.end is None:
        return start
    end = _part(value.end, language, locale)
    return render_message(Message("domain:date-between", {"first": start, "last": end}), language)


def _days(days: tuple[date, date], language: str, locale: Locale) -> str:
    first, last = (format_date(day, "long", locale=locale) for day in days)
    if first == last:
        return first
    return render_message(Message("domain:date-from-to", {"first": first, "last": last}), language)


def _part(part: CalendarDate, language: str, locale: Locale) -> str:
    if part.calendar is Calendar.HIJRI:
        return _hijri(part, language)
    if part.day is not None:
        return format_date(part.first, "long", locale=locale)
    return format_skeleton("y" if part.month is None else "yMMMM", part.first, locale=locale)


def _hijri(part: CalendarDate, language: str) -> str:
    params: dict[str, object] = {"year": str(part.year)}
    if part.month is None:
        return render_message(Message("domain:hijri-year", params), language)
    params["month"] = Message(f"domain:hijri-month-{part.month:02}")
    if part.day is None:
        return render_message(Message("domain:hijri-year-month", params), language)
    return render_message(Message("domain:hijri-day", {**params, "day": str(part.day)}), language)


def _digits(text: str, locale: Locale) -> str:
    """Babel writes dates in 0-9 everywhere; the region may write them otherwise."""
    match locale.default_numbering_system:
        case "arab":
            return in_script(text, "arab")
        case "arabext":
            return in_script(text, "arabext")
    return text
