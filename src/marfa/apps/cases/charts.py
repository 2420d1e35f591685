"""Charts of the caseload at the home of the protection desk, for supervisors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import own_cases, readable_cases
from marfa.apps.manifest import Chart, Waiting
from marfa.apps.organisations.queries import zone_of
from marfa.platform import clock
from marfa.platform.moments import instant_on_day
from marfa.platform.regional import month_in_words
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role

MONTHS = 12


def own_waiting(actor: Actor) -> Waiting:
    """How many open cases somebody is responsible for."""
    return Waiting(own_cases(actor).count())


def charts_of(actor: Actor) -> Iterable[Chart]:
    """Open cases at the end of each of the last months, cases opened in each, and open cases by
    site; of those that a supervisor may read."""
    if Role.SUPERVISOR not in actor.role_names:
        return
    cases = readable_cases(actor).select_related(None).order_by()
    months = _months(zone_of(actor))
    counted = cases.aggregate(
        **{f"open_{n}": Count("pk", filter=_open_at(end)) for n, (_day, _start, end) in months},
        **{f"new_{n}": Count("pk", filter=_opened(start, end)) for n, (_day, start, end) in months},
    )
    if not any(counted.values()):
        return
    note = _("Of the cases that you may read. The last month is not over.")
    named = [(n, month_in_words(day)) for n, (day, _start, _end) in months]
    yield Chart(
        _("Open cases over time"),
        _("open at the end of the month"),
        tuple((name, counted[f"open_{n}"]) for n, name in named),
        note,
    )
    yield Chart(
        _("New cases"),
        _("opened in the month"),
        tuple((name, counted[f"new_{n}"]) for n, name in named),
        note,
    )
    sites = cases.filter(state=Case.State.OPEN).values_list("site__name")
    by_site = list(sites.annotate(count=Count("pk")).order_by("-count", "site__name"))
    if len(by_site) > 1:
        there = reverse("caseload:supervision")
        yield Chart(_("Open cases by site"), _("open now"), tuple(by_site), url=there)


def _months(zone: str) -> list[tuple[int, tuple[date, datetime, datetime]]]:
    """The last months, the oldest first: number, first day, and from when until when by the clocks
    of a zone."""
    this = clock.today(zone).replace(day=1)
    first_days = [this]
    for _number in range(MONTHS):
        year, month = first_days[-1].year, first_days[-1].month
        first_days.append(date(year - (month == 1), (month - 2) % 12 + 1, 1))
    starts = [instant_on_day(day, datetime.min.time(), zone) for day in first_days]
    ends = [datetime.max.replace(tzinfo=UTC), *starts]
    found = list(zip(first_days, starts, ends, strict=False))[:MONTHS]
    return list(enumerate(reversed(found)))


def _open_at(moment: datetime) -> Q:
    return Q(opened_at__lt=moment) & (Q(closed_at=None) | Q(closed_at__gte=moment))


def _opened(start: datetime, end: datetime) -> Q:
    return Q(opened_at__gte=start, opened_at__lt=end)
