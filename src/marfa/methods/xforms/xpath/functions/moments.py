"""Functions of dates and times."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, tzinfo

from marfa.methods.xforms.xpath import dates
from marfa.methods.xforms.xpath.focus import Focus, UnevaluableError, Value
from marfa.methods.xforms.xpath.functions.register import Function
from marfa.methods.xforms.xpath.values import string, text_number


def _zone(focus: Focus) -> tzinfo:
    return focus.run.around.now.tzinfo or UTC


def _today(focus: Focus, arguments: list[Value]) -> Value:
    return dates.date_text(focus.run.around.now)


def _now(focus: Focus, arguments: list[Value]) -> Value:
    return dates.moment_text(focus.run.around.now)


def moment_of(value: Value, zone: tzinfo) -> date | datetime | None:
    """What a text or a number of days stands for."""
    if isinstance(value, (float, bool)):
        return dates.from_days(float(value), zone)
    text = string(value)
    found = dates.read_moment(text, zone)
    if found is not None:
        return found
    number = text_number(text, zone)
    return None if math.isnan(number) else dates.from_days(number, zone)


def _date(focus: Focus, arguments: list[Value]) -> Value:
    """A day; a moment is the day on the clocks of the form's zone."""
    zone = _zone(focus)
    found = moment_of(arguments[0], zone)
    return "" if found is None else dates.date_text(dates.local_moment(found, zone))


def _date_time(focus: Focus, arguments: list[Value]) -> Value:
    zone = _zone(focus)
    found = moment_of(arguments[0], zone)
    return "" if found is None else dates.moment_text(dates.local_moment(found, zone))


def _format(focus: Focus, arguments: list[Value]) -> Value:
    zone = _zone(focus)
    found = moment_of(arguments[0], zone)
    if found is None:
        return ""
    pattern = string(arguments[1])
    written = dates.format_moment(dates.local_moment(found, zone), pattern)
    if written is None:
        raise UnevaluableError("date-format", pattern)
    return written


def _decimal_date_time(focus: Focus, arguments: list[Value]) -> Value:
    """Days on the clocks of the form's zone, so that ``date()`` is the inverse, as in JavaRosa."""
    zone = _zone(focus)
    found = moment_of(arguments[0], zone)
    return math.nan if found is None else dates.days_since_epoch(found, zone)


def _decimal_time(focus: Focus, arguments: list[Value]) -> Value:
    found = dates.read_time(string(arguments[0]))
    return math.nan if found is None else dates.part_of_day(found)


MOMENTS = {
    "today": Function(0, 0, _today),
    "now": Function(0, 0, _now),
    "date": Function(1, 1, _date),
    "date-time": Function(1, 1, _date_time),
    "format-date": Function(2, 2, _format),
    "format-date-time": Function(2, 2, _format),
    "decimal-date-time": Function(1, 1, _decimal_date_time),
    "decimal-time": Function(1, 1, _decimal_time),
}
