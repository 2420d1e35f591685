"""Partial dates of every kind, for property tests."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from marfa.domain.dates import Calendar, CalendarDate, PartialDate

YEARS = {Calendar.GREGORIAN: (1900, 2050), Calendar.HIJRI: (1343, 1500)}


@st.composite
def calendar_dates(draw: st.DrawFn, calendar: Calendar = Calendar.GREGORIAN) -> CalendarDate:
    year = draw(st.integers(*YEARS[calendar]))
    month = draw(st.none() | st.integers(1, 12))
    if month is None:
        return CalendarDate(year, calendar=calendar)
    whole = CalendarDate(year, month, calendar=calendar)
    day = draw(st.none() | st.integers(1, (whole.last - whole.first).days + 1))
    return CalendarDate(year, month, day, calendar)


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    calendar = draw(st.sampled_from(Calendar))
    ends = [draw(calendar_dates(calendar))]
    if draw(st.booleans()):
        other = draw(calendar_dates(calendar))
        ends = sorted([*ends, other], key=lambda end: (end.first, end.last))
    return PartialDate(ends[0], ends[1] if len(ends) == 2 else None, draw(st.booleans()))


days = st.dates(date(1890, 1, 1), date(2060, 12, 31))
