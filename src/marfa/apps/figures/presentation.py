"""A snapshot as lines of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.figures.models import SiteSnapshot
from marfa.apps.figures.suppression import (
    AGES,
    ALL,
    CAME,
    LONGEST,
    MEDIAN,
    SEXES,
    TALKS,
    WAITING,
    WITHOUT_CARE,
    Seen,
    presence_figure_name,
)

Word = str | Promise
WAITS: dict[str, Word] = {
    "under_4_hours": _("less than four hours"),
    "under_1_day": _("less than a day"),
    "under_3_days": _("less than three days"),
    "under_7_days": _("less than a week"),
    "over_7_days": _("a week or longer"),
}
OF_SEX: dict[str, Word] = {
    "female": _("Women and girls"),
    "male": _("Men and boys"),
    "other": _("Another answer, or none"),
}
OF_AGE: dict[str, Word] = {
    "age_0_4": _("0 to 4"),
    "age_5_11": _("5 to 11"),
    "age_12_17": _("12 to 17"),
    "child": _("Child, exact age not known"),
    "age_18_59": _("18 to 59"),
    "age_60_plus": _("60 and older"),
    "adult": _("Adult, exact age not known"),
}
MAIN: tuple[tuple[str, Word], ...] = (
    (presence_figure_name(), _("People present")),
    (presence_figure_name(age="children"), _("Children among them")),
    (WITHOUT_CARE, _("Children without verified care")),
    (CAME, _("Arrived in the last seven days, and present")),
    (WAITING, _("Waiting for a private conversation")),
    (TALKS, _("Private conversations held in the last seven days")),
)


@dataclass(frozen=True)
class Figure:
    """One number. value: None where it was never shown. old: the earlier day it is from."""

    label: Word
    value: int | None
    old: date | None = None


@dataclass(frozen=True)
class Wait:
    """How long people wait, as a class."""

    label: Word
    value: Word
    old: date | None = None


def main_figures(row: SiteSnapshot) -> list[Figure]:
    """What is asked for first."""
    return [_figure(row, label, name) for name, label in MAIN]


def waiting_times(row: SiteSnapshot) -> list[Wait]:
    """How long people wait, where enough wait for it to be told."""
    seen: Seen = row.shown
    labels = ((MEDIAN, _("Median wait")), (LONGEST, _("Longest wait")))
    return [
        Wait(label, WAITS[str(seen[name][0])], _old(row, str(seen[name][1])))
        for name, label in labels
        if name in seen
    ]


def by_age(row: SiteSnapshot) -> list[tuple[Word, list[Figure]]]:
    """A line for each group of age: all, and by sex."""
    return [(label, list(_line(row, age))) for age, label in (*OF_AGE.items(), (ALL, _("All")))]


def age_bars(row: SiteSnapshot) -> list[tuple[Word, int]]:
    """People present by age, of those that are shown."""
    lines = [_figure(row, OF_AGE[age], presence_figure_name(age=age)) for age in AGES]
    return [(each.label, each.value) for each in lines if each.value is not None]


def _line(row: SiteSnapshot, age: str) -> Iterator[Figure]:
    for sex in (*SEXES, ALL):
        yield _figure(row, OF_SEX.get(sex, _("All")), presence_figure_name(sex, age))


def _figure(row: SiteSnapshot, label: Word, name: str) -> Figure:
    known = row.shown.get(name)
    if not known:
        return Figure(label, None)
    return Figure(label, int(known[0]), _old(row, str(known[1])))


def _old(row: SiteSnapshot, day: str) -> date | None:
    found = date.fromisoformat(day)
    return None if found == row.day else found
