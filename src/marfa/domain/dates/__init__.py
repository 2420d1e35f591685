"""Dates as people know them: a year, a month, about, between, in either calendar.

A :class:`PartialDate` is one day that is not known exactly. Every question to it is answered
yes, no or cannot say; what is not known is never made up.
"""

from marfa.domain.dates.ages import AgeTold, read_age
from marfa.domain.dates.answer import Answer
from marfa.domain.dates.calendars import Calendar, CalendarDate
from marfa.domain.dates.childhood import (
    AGE_OF_MAJORITY,
    age_on,
    born_when_aged,
    is_child_on,
    treat_as_child_on,
)
from marfa.domain.dates.display import show_date
from marfa.domain.dates.parser import DayMonthOrder, parse_date
from marfa.domain.dates.partial import PartialDate
from marfa.domain.dates.storage import from_storage, to_storage

__all__ = [
    "AGE_OF_MAJORITY",
    "AgeTold",
    "Answer",
    "Calendar",
    "CalendarDate",
    "DayMonthOrder",
    "PartialDate",
    "age_on",
    "born_when_aged",
    "from_storage",
    "is_child_on",
    "parse_date",
    "read_age",
    "show_date",
    "to_storage",
    "treat_as_child_on",
]
