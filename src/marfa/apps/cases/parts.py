"""Parts of the page of a case: what each shows, and what is to be done next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from marfa.apps.cases.models import Case
from marfa.apps.manifest import gather_from_apps
from marfa.platform.moments import end_of_day
from marfa.safeguards.actor import Actor


@dataclass(frozen=True)
class Next:
    """One thing to do next in a case. ``text`` names nobody. order: the lowest comes first.

    due: by when. by: the last day that is in time, where there is no hour.
    """

    text: Promise | str
    url: str
    order: int = 50
    due: datetime | None = None
    by: date | None = None

    @property
    def ends(self) -> datetime | None:
        """The moment from which it is late, on the clocks of the page."""
        if self.by is None:
            return self.due
        return end_of_day(self.by, timezone.get_current_timezone_name())


@dataclass(frozen=True)
class Happening:
    """One entry of the history of a case. by: key of who did it, if it was somebody here."""

    at: datetime
    what: Promise | str
    words: str = ""
    by: UUID | None = None


@dataclass(frozen=True)
class CasePart:
    """One part of the page of a case.

    label: heading. name: how the address of the page leads to it. place: on the page, the lowest
    first. render: what stands below the heading, escaped; it is called within the reading of the
    case, with the person's key at hand, and asks the database as often for many rows as for few.
    next: what is to be done. happened: its entries in the history of the case.
    child: stands on the page of a child too.
    """

    name: str
    label: Promise | str
    place: int
    render: Callable[[HttpRequest, Case, Actor], SafeString]
    next: Callable[[Case], Iterable[Next]] = lambda _case: ()
    happened: Callable[[Case], Iterable[Happening]] = lambda _case: ()
    child: bool = False


def case_parts() -> tuple[CasePart, ...]:
    """Those of all apps, in their places."""
    found: tuple[CasePart, ...] = gather_from_apps("case_parts")
    return tuple(sorted(found, key=lambda part: part.place))
