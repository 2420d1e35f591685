"""The text form of a date for storage and exchange, and exactly back.

Gregorian dates follow ISO 8601-2 (the Extended Date/Time Format, EDTF): ``1999``, ``1999-05``,
``1999-05-03``, ``1999-05~`` (about), ``1998/2001`` (a day that lies between, both included;
EDTF proper would say that it lasts that long). Hijri dates are the range that they were
converted to, followed by what was given:
``1999-12-09/2000-01-07[u-ca=islamic-umalqura:1420-09]``.
"""

from __future__ import annotations

import re
from datetime import date

from marfa.domain.dates.calendars import Calendar, CalendarDate
from marfa.domain.dates.partial import PartialDate
from marfa.domain.message import InputError, Message

_PART = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_FORM = re.compile(
    rf"(?P<start>{_PART})(?P<about>~?)(?:/(?P<end>{_PART})(?P<about_end>~?))?"
    rf"(?:\[u-ca=islamic-umalqura:(?P<hijri>{_PART})(?:/(?P<hijri_end>{_PART}))?\])?"
)

_CORRECTION = 3
"""Days by which a stored conversion may differ from today's tables. More is an altered text."""


def to_storage(value: PartialDate) -> str:
    """The date as text; :func:`from_storage` gives an equal date back."""
    about = "~" if value.approximate else ""
    ends = [value.start.isoformat(), *([value.end.isoformat()] if value.end else [])]
    if value.converted is None:
        return "/".join(end + about for end in ends)
    first, last = value.converted
    days = [first] if first == last else [first, last]
    range_ = "/".join(day.isoformat() + about for day in days)
    return f"{range_}[u-ca=islamic-umalqura:{'/'.join(ends)}]"


def from_storage(text: str) -> PartialDate:
    """The date that :func:`to_storage` wrote. Raises InputError for any other text."""
    found = _FORM.fullmatch(text)
    if found is None or (found["end"] and found["about"] != found["about_end"]):
        raise InputError.at(Message("domain:date-storage", {"text": text}))
    about = bool(found["about"])
    start, end = _part(found["start"]), _part(found["end"])
    assert start is not None  # noqa: S101 - the expression matched
    if found["hijri"] is None:
        return PartialDate(start, end, about)
    value = PartialDate(
        _part(found["hijri"], Calendar.HIJRI) or start,
        _part(found["hijri_end"], Calendar.HIJRI),
        about,
        converted=(start.first, (end or start).last),
    )
    if not _plausible(value) or to_storage(value) != text:
        raise InputError.at(Message("domain:date-storage", {"text": text}))
    return value


def _part(text: str | None, calendar: Calendar = Calendar.GREGORIAN) -> CalendarDate | None:
    if text is None:
        return None
    numbers = [int(part) for part in text.split("-")]
    month = numbers[1] if len(numbers) > 1 else None
    day = numbers[2] if len(numbers) > 2 else None
    return CalendarDate(numbers[0], month, day, calendar)


def _plausible(value: PartialDate) -> bool:
    today = value.start.first, (value.end or value.start).last
    return all(_near(a, b) for a, b in zip(value.stated, today, strict=True))


def _near(a: date, b: date) -> bool:
    return abs((a - b).days) <= _CORRECTION
