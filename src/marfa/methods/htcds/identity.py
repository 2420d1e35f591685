"""A case without what identifies: no name, no contact, no free text, no place below a country."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marfa.domain.dates import CalendarDate, PartialDate
from marfa.methods.htcds.layout import SECTIONS, SPECS, Section
from marfa.methods.htcds.plain_data import exchange_date
from marfa.methods.htcds.record import Case

IDENTIFYING: tuple[str, ...] = tuple(name for name, spec in SPECS.items() if spec.identifying)
"""Fields that are left out. The birth date stays as its year."""


def coded(case: Case) -> Case:
    """The case as it goes out unless more is asked for: codes, dates of events, countries.

    Parts in which nothing is left go too. What remains may still tell who somebody is to those
    who know them; whoever publishes numbers protects tables.
    """
    parts: dict[str, Any] = {}
    for section in SECTIONS:
        if len(section.path) != 1:
            continue
        value = section.of(case)
        parts[section.attributes[0]] = (
            _many(section, value) if section.many else _one(section, value)
        )
    case = replace(_one(SECTIONS[0], case), **parts)
    born = case.person.birthdate
    return (
        case if born is None else replace(case, person=replace(case.person, birthdate=_year(born)))
    )


def _one(section: Section, part: Any) -> Any:
    gone = {attribute: None for attribute, spec in section.specs if spec.identifying}
    return replace(part, **gone)


def _many(section: Section, parts: tuple[Any, ...]) -> tuple[Any, ...]:
    left = (_one(section, part) for part in parts)
    return tuple(part for part in left if part != section.type())


def _year(born: PartialDate) -> PartialDate:
    born = exchange_date(born)
    start, end = CalendarDate(born.start.year), CalendarDate((born.end or born.start).year)
    return PartialDate(start, None if start == end else end, born.approximate)
