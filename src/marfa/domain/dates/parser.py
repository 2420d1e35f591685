"""Reading dates as people write them. What can be read in two ways is reported, not chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from marfa.domain.dates.calendars import YEARS, Calendar, CalendarDate
from marfa.domain.dates.months import Month
from marfa.domain.dates.partial import PartialDate
from marfa.domain.dates.words import DateWord, WordKind, parts_of
from marfa.domain.message import InputError, Message


class DayMonthOrder(StrEnum):
    """Which of two numbers beside a year is the day. The form or the file says it."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True)
class Convention:
    """What the form or the file says about the dates in it; None where it says nothing."""

    calendar: Calendar | None = None
    order: DayMonthOrder | None = None


def parse_date(
    text: str, *, calendar: Calendar | None = None, order: DayMonthOrder | None = None
) -> PartialDate:
    """A date as written: ``1999``, ``٣ أيار ١٩٩٩``, ``about May 1999``, ``رمضان 1420 هـ``,
    ``between 1998 and 2001``, ``13/04/2001``.

    calendar: that of a bare year between 1300 and 1500 (Hijri, or the solar one of Iran and
        Afghanistan: the text does not tell). A calendar named in the text must agree with it.
    order: needed for ``03/04/2001``. Where the year stands first, the month follows.
    Raises InputError saying what cannot be read, does not exist or can be read in two ways.
    """
    parts = parts_of(text)
    if not parts:
        raise InputError.at(Message("domain:date-empty"))
    about = any(part.kind is WordKind.ABOUT for part in parts)
    parts = [part for part in parts if part.kind is not WordKind.ABOUT]
    convention = Convention(_calendar(parts, calendar), order)
    parts = [part for part in parts if part.kind is not WordKind.CALENDAR]
    ends = [_one(end, convention, text) for end in _ends(parts, text)]
    return PartialDate(ends[0], ends[1] if len(ends) > 1 else None, about)


def _calendar(parts: list[DateWord], given: Calendar | None) -> Calendar | None:
    """The one calendar that text, month names and form agree on."""
    named = {part.calendar for part in parts if part.calendar is not None}
    named |= {
        month_calendar
        for part in parts
        if part.kind is WordKind.MONTH
        for month_calendar, _ in part.months
    }
    if given is not None:
        named.add(given)
    if len(named) > 1:
        raise InputError.at(Message("domain:date-two-calendars"))
    return next(iter(named), None)


def _ends(parts: list[DateWord], text: str) -> list[list[DateWord]]:
    """One date, or the two of "between ... and ...", "from ... to ...", "1998-2001"."""
    if _is_pair_of_years(parts):
        return [parts[:1], parts[2:]]
    between = bool(parts) and parts[0].kind is WordKind.BETWEEN
    body = parts[1:] if between else parts
    joints = [place for place, part in enumerate(body) if part.kind is WordKind.AND]
    if any(part.kind is WordKind.BETWEEN for part in body) or len(joints) > 1:
        raise _unreadable(text)
    if not joints:
        if between:
            raise InputError.at(Message("domain:date-open-range"))
        return [body]
    return [body[: joints[0]], body[joints[0] + 1 :]]


def _is_pair_of_years(parts: list[DateWord]) -> bool:
    kinds = [part.kind for part in parts]
    return (
        kinds == [WordKind.NUMBER, WordKind.SEPARATOR, WordKind.NUMBER]
        and len(parts[0].text) == len(parts[2].text) == 4
    )


def _one(parts: list[DateWord], convention: Convention, text: str) -> CalendarDate:
    """A year, with a month and a day where they are given."""
    month = _month(parts)
    numbers = [part.text for part in parts if part.kind is WordKind.NUMBER]
    years = [place for place, number in enumerate(numbers) if len(number) == 4]
    if len(years) != 1:
        raise _year_problem(numbers, years, month, text)
    place = years[0]
    year, small = int(numbers[place]), numbers[:place] + numbers[place + 1 :]
    if any(len(number) > 2 for number in small):
        raise _unreadable(text)
    calendar = convention.calendar or _calendar_of_year(year)
    match month, [int(number) for number in small]:
        case _, []:
            return CalendarDate(year, month, None, calendar)
        case None, [month_number]:
            return CalendarDate(year, month_number, None, calendar)
        case int(), [day]:
            return CalendarDate(year, month, day, calendar)
        case None, [month_number, day] if place == 0:
            return CalendarDate(year, month_number, day, calendar)
        case None, [first, second] if place == 2:
            return _day_and_month(year, (first, second), calendar, convention.order)
    raise _unreadable(text)


def _day_and_month(
    year: int, pair: tuple[int, int], calendar: Calendar, order: DayMonthOrder | None
) -> CalendarDate:
    first, second = pair
    if order is None and (first > 12 or first == second):
        order = DayMonthOrder.DAY_FIRST
    if order is None and second > 12:
        order = DayMonthOrder.MONTH_FIRST
    if order is DayMonthOrder.DAY_FIRST:
        return CalendarDate(year, second, first, calendar)
    if order is DayMonthOrder.MONTH_FIRST:
        return CalendarDate(year, first, second, calendar)
    # A zero makes a choice of neither.
    CalendarDate(year, second, first, calendar)
    CalendarDate(year, first, second, calendar)
    raise InputError.at(
        Message("domain:date-day-or-month", {"first": str(first), "second": str(second)})
    )


def _month(parts: list[DateWord]) -> int | None:
    """The month that is named, also twice over as in أيار/مايو; None if none is."""
    names = [part for part in parts if part.kind is WordKind.MONTH]
    half = next((part for part in names if len(part.months) > 1), None)
    if half is not None:
        first, second = (_month_message(month) for month in half.months)
        raise InputError.at(
            Message("domain:date-half-name", {"name": half.text, "first": first, "second": second})
        )
    months = {part.months[0][1] for part in names}
    if len(months) > 1:
        raise InputError.at(Message("domain:date-two-months"))
    return next(iter(months), None)


def _month_message(month: Month) -> Message:
    calendar, number = month
    if calendar is Calendar.HIJRI:
        return Message(f"domain:hijri-month-{number:02}")
    return Message(f"domain:month-{number:02}")


def _calendar_of_year(year: int) -> Calendar:
    if year < YEARS[Calendar.GREGORIAN][0]:
        raise InputError.at(Message("domain:date-which-calendar", {"year": str(year)}))
    return Calendar.GREGORIAN


def _year_problem(numbers: list[str], years: list[int], month: int | None, text: str) -> InputError:
    if years or any(len(number) > 2 for number in numbers):
        return _unreadable(text)
    if len(numbers) == 3 or (month is not None and len(numbers) == 2):
        return InputError.at(Message("domain:date-short-year"))
    return InputError.at(Message("domain:date-no-year"))


def _unreadable(text: str) -> InputError:
    return InputError.at(Message("domain:date-unreadable", {"text": text.strip()}))
