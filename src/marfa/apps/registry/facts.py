"""Coded facts of registered people: written by actions, rebuilt from records.

What was always so (sex, when they were born) is put right in every period. What changes (whether
they are there, displacement, care) holds from the day of the change on. Actions and rebuilding use
the one function ``statements_after_change``, so that both come to the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from marfa.apps.registry.ages import age_band
from marfa.apps.registry.care import Somebody, somebody_of
from marfa.apps.registry.models import Person
from marfa.domain.dates import from_storage
from marfa.platform.facts.timeline import Statement

CHANGING = ("displacement", "present", "without_care")


@dataclass(frozen=True)
class Known:
    """What the facts of a person are made from. born: as stored; without_care: as ``Care`` says."""

    born: str | None
    sex: str
    displacement: str | None
    somebody: Somebody
    without_care: bool

    def values(self, day: date) -> dict[str, object]:
        """The coded values on a day."""
        return {
            "age_band": self.band(day),
            "is_child_until": self.somebody.child_until,
            "sex": self.sex,
            "admin_area": None,
            "conflict_link": (),
            "displacement": self.displacement or "unknown",
            "present": self.somebody.present,
            "without_care": self.without_care,
        }

    def band(self, day: date) -> str:
        """The age band on a day; a doubted age is none."""
        known = self.born is not None and not self.somebody.disputed
        return age_band(from_storage(self.born) if self.born and known else None, day)


@dataclass(frozen=True)
class Period:
    """From a day to before another (None: on and on) these values hold."""

    since: date
    until: date | None
    values: Mapping[str, object] = field(hash=False)


def statements_after_change(
    periods: Sequence[Period], known: Known, day: date, at: datetime
) -> list[Statement]:
    """What has to be stated so that the facts of a person follow a change.

    periods: what is stated now, in order; none for a newcomer. day: when the change happened, at:
    when it was written down.
    """
    if not periods:
        return [Statement(day, at, known.values(day))]
    found = []
    for period in periods:
        values = _put_right(period, known)
        if values != dict(period.values):
            found.append(Statement(period.since, at, values, period.until))
    last = _put_right(periods[-1], known)
    since = max(day, periods[0].since)
    wanted = known.values(since)
    if any(last[name] != wanted[name] for name in CHANGING):
        found.append(Statement(since, at, wanted))
    return found


def values_of(person: Person, day: date, *, without_care: bool = False) -> dict[str, object]:
    """The coded values of a person on a day; within ``open_vault()``."""
    return known_as(person, without_care=without_care).values(day)


def known_as(person: Person, *, without_care: bool) -> Known:
    """A stored person as the facts see them; within ``open_vault()``."""
    return Known(person.born, person.sex, person.displacement, somebody_of(person), without_care)


def periods_of(rows: Sequence[tuple[date, date | None, Mapping[str, object]]]) -> list[Period]:
    """Rows that are known now as periods, in order."""
    return [Period(*row) for row in sorted(rows, key=lambda row: row[0])]


def _put_right(period: Period, known: Known) -> dict[str, object]:
    """The values of a period with what was always so as it is known now."""
    was_child = _was_child(period)
    is_child = known.somebody.is_child(period.since)
    without = period.values["without_care"] if was_child else known.without_care
    return {
        **period.values,
        "age_band": known.band(period.since),
        "is_child_until": known.somebody.child_until,
        "sex": known.sex,
        "without_care": bool(without and is_child),
    }


def _was_child(period: Period) -> bool:
    until = period.values["is_child_until"]
    return not isinstance(until, date) or period.since < until
