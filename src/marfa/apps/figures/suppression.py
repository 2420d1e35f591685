"""Hiding figures that, beside all that was shown before, would tell of somebody.

The way is that of ``marfa.methods.disclosure``: no count of 1 to 4, nothing from which one can be
worked out within a site, between sites and their sum, or from anything that was shown before. A
figure that is hidden today stands with the last day on which it could be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING
from uuid import UUID

from marfa.apps.figures.counts import Counted

if TYPE_CHECKING:
    from marfa.apps.figures.register import SnapshotRegister
    from marfa.apps.figures.tables import FigureTable

LEAST = 5
"""Smaller counts are not shown."""

METHOD = 2
"""Version of counting and hiding."""

SEXES = ("female", "male", "other")
AGES = {
    "age_0_4": "children",
    "age_5_11": "children",
    "age_12_17": "children",
    "child": "children",
    "age_18_59": "adults",
    "age_60_plus": "adults",
    "adult": "adults",
}
GROUPS = ("children", "adults")
ALL = "*"
EVERYWHERE = ""
WITHOUT_CARE, WAITING, CAME, TALKS = "without_care", "waiting", "came", "talks"
MEDIAN, LONGEST = "median", "longest"
LONG = (
    (timedelta(hours=4), "under_4_hours"),
    (timedelta(days=1), "under_1_day"),
    (timedelta(days=3), "under_3_days"),
    (timedelta(days=7), "under_7_days"),
)

Seen = dict[str, list[object]]
"""By the name of a figure: what was shown last, and the day of it."""
Figures = dict[str, Seen]
"""By the key of a site, EVERYWHERE for all of them together."""


def suppress_figures(
    counted: Counted, before: Mapping[str, Seen], register: SnapshotRegister
) -> Figures:
    """What may be shown of each site and of all together. before: what was shown last.

    register: all that was ever shown, with which the tables of today are judged together; what is
    shown of today is noted in it.
    """
    # What hides is heavy, and every command and page knows this module.
    from marfa.apps.figures.register import PEOPLE
    from marfa.apps.figures.register import TALKS as HELD
    from marfa.apps.figures.tables import table_of_talks, tables_of_people

    places = sorted(str(site) for site in counted.sites)
    if not places:
        return {}
    day = {**{str(site): day for site, day in counted.sites.items()}}
    day[EVERYWHERE] = max(counted.sites.values())
    found: Figures = {place: dict(before.get(place, {})) for place in (EVERYWHERE, *places)}
    of_people, of_talks = [*tables_of_people(counted, places)], [table_of_talks(counted, places)]
    for population, tables in ((PEOPLE, of_people), (HELD, of_talks)):
        for (place, figure), number in _shown(population, tables, register):
            found[place][figure] = [number, day[place].isoformat()]
    _waits(counted, found, day)
    return found


def _shown(
    population: str, tables: Sequence[FigureTable], register: SnapshotRegister
) -> Iterator[tuple[tuple[str, str], int]]:
    """The figures of today that may be shown, by place and name."""
    from marfa.methods.disclosure.releases import next_day

    wanted = [frozenset(table.figures.values()) for table in tables]
    found = next_day(
        [table.release for table in tables],
        register.past(population),
        lambda number, cell: cell in wanted[number],
    )
    if found is None:
        return
    register.keep(population, found.past)
    for table, release in zip(tables, found.tables, strict=True):
        for name, cell in table.figures.items():
            if not release.table.withheld[cell]:
                yield name, int(release.table.counts[cell])


def presence_figure_name(sex: str = ALL, age: str = ALL) -> str:
    """The name of a number of people who are there."""
    return f"{sex}.{age}"


def _waits(counted: Counted, found: Figures, days: Mapping[str, date]) -> None:
    """How long those wait whose number is shown today, in classes. Of few it would tell of one."""
    for place, seen in found.items():
        waits = _since(counted, place)
        shown = seen.get(WAITING)
        if not shown or shown[1] != days[place].isoformat() or shown[0] != len(waits):
            continue
        for name, value in ((MEDIAN, median), (LONGEST, max)):
            if waits:
                seconds = value([wait.total_seconds() for wait in waits])
                seen[name] = [_class(timedelta(seconds=seconds)), days[place].isoformat()]
            else:
                seen.pop(name, None)


def _since(counted: Counted, place: str) -> list[timedelta]:
    return [
        counted.at - each.waits
        for each in counted.people
        if each.waits is not None and place in (EVERYWHERE, str(each.site))
    ]


def _class(wait: timedelta) -> str:
    return next((code for least, code in LONG if wait < least), "over_7_days")


def site_key(site: UUID | None) -> str:
    """How a site is called in the figures."""
    return str(site) if site else EVERYWHERE
