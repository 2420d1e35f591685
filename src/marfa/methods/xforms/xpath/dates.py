"""Dates of ODK XForms: strings that count as days since 1 January 1970 where a number is asked.

Source: ODK XForms specification, data types and ``number()``. A day without a time is a day of
the form's own zone, so that ``. <= now()`` holds on the day itself wherever the form is filled in;
a time with an offset is first moved to that zone.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

_DAY = 86_400.0
_EPOCH = date(1970, 1, 1)
_MOMENT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?"
)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?")
_FARTHEST = 2_900_000.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read_moment(text: str, zone: tzinfo) -> date | datetime | None:
    """A date, or a date with a time and its offset (the form's zone where none is told)."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, *_ = match.groups()
    try:
        on = date(int(year), int(month), int(day))
        if hour is None:
            return on
        at = _clock(match.groups()[3:7])
        return datetime.combine(on, at, _offset(match.group(8), zone))
    except (ValueError, OverflowError):
        return None


def read_time(text: str) -> time | None:
    """A time of day, without its offset."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return _clock(match.groups()[:4])
    except ValueError:
        return None


def _clock(parts: tuple[str | None, ...]) -> time:
    hour, minute, second, fraction = (part or "0" for part in parts)
    return time(int(hour), int(minute), int(second), int(fraction.ljust(6, "0")[:6]))


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if text is None:
        return zone
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    from_utc = timedelta(minutes=-minutes if text[0] == "-" else minutes)
    return timezone(from_utc)


def local_moment(moment: date | datetime, zone: tzinfo) -> datetime:
    """The moment on the clocks of the form's zone; a day begins at midnight."""
    if isinstance(moment, datetime):
        return moment.astimezone(zone)
    return datetime.combine(moment, time(), zone)


def days_since_epoch(moment: date | datetime, zone: tzinfo) -> float:
    """Days since 1 January 1970 on the clocks of the form's zone."""
    if not isinstance(moment, datetime):
        return float((moment - _EPOCH).days)
    here = moment.astimezone(zone)
    return (here.date() - _EPOCH).days + part_of_day(here.time())


def part_of_day(at: time) -> float:
    """``decimal-time()``: noon is 0.5."""
    seconds = at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6
    return seconds / _DAY


def from_days(number: float, zone: tzinfo) -> date | datetime | None:
    """The day, or the moment where the number is not whole, that a number stands for."""
    if not math.isfinite(number) or abs(number) > _FARTHEST:
        return None
    whole = math.floor(number)
    try:
        on = _EPOCH + timedelta(days=whole)
        if number == whole:
            return on
        midnight = datetime.combine(on, time())
        seconds = round((number - whole) * _DAY, 3)
        return (midnight + timedelta(seconds=seconds)).replace(tzinfo=zone)
    except OverflowError:
        return None


def date_text(moment: date) -> str:
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02}"


def moment_text(moment: datetime) -> str:
    """A dateTime with milliseconds and offset, as ODK clients write it."""
    return moment.isoformat(timespec="milliseconds")


def format_moment(moment: datetime, pattern: str) -> str | None:
    """A moment by the letters of ``format-date()``; None where a letter is unknown.

    Names of months and days are the English short ones in every language, so that a calculation
    gives the same value on every device and here.
    """
    found: list[str] = []
    letters = iter(pattern)
    for letter in letters:
        if letter != "%":
            found.append(letter)
            continue
        written = _letter(next(letters, ""), moment)
        if written is None:
            return None
        found.append(written)
    return "".join(found)


def _letter(letter: str, moment: datetime) -> str | None:
    written = {
        "Y": f"{moment.year:04}",
        "y": f"{moment.year % 100:02}",
        "m": f"{moment.month:02}",
        "n": str(moment.month),
        "b": _MONTHS[moment.month - 1],
        "d": f"{moment.day:02}",
        "e": str(moment.day),
        "H": f"{moment.hour:02}",
        "h": str(moment.hour),
        "M": f"{moment.minute:02}",
        "S": f"{moment.second:02}",
        "3": f"{moment.microsecond // 1000:03}",
        "a": _DAYS[moment.weekday()],
        "W": f"{moment.isocalendar().week:02}",
        "%": "%",
    }
    return written.get(letter)
