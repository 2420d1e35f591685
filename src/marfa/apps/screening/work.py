"""What waits for somebody: asked of the rows and the clock, so that nothing needs to have run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.work import work_about
from marfa.apps.screening.doors import at_needs
from marfa.apps.screening.instruments import ASSESSING, wrong_files
from marfa.apps.screening.models import HandOver, HealthCheck, Screening
from marfa.apps.screening.queries import (
    CLIMBS,
    RESOLVED_WITHIN,
    SCREENING,
    forgotten_hand_overs,
    health_checks_due,
    left_open,
    to_agree,
    under_way,
    unresolved_screenings,
    waiting_hand_overs,
)
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role

MOST = 50
SOMEBODY = _("A person is waiting for you")
FOR_NEEDS = _("A person is waiting for a needs assessment")
TAKING = frozenset({Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Talks that are open, indications that nobody acted on, hand-overs, and what others ask."""
    actor = actor_of(user)
    if Role.ADMINISTRATOR in actor.role_names and wrong_files():
        text = _("A file of questions is wrong and is left out")
        yield WorkItem(text, reverse("site_words:all"), Urgency.DUE)
    if (SCREENING | ASSESSING) & actor.role_names:
        yield from _health_checks(actor)
    if SCREENING & actor.role_names:
        yield from _talks(actor)
    elif ASSESSING & actor.role_names:
        yield from _own(actor)
    if TAKING & actor.role_names:
        yield from _hand_overs(actor)
    elif SCREENING & actor.role_names:
        yield from _forgotten(actor)


def _health_checks(actor: Actor) -> Iterable[WorkItem]:
    now = clock.now()
    for row in health_checks_due(actor)[:MOST]:
        late = row.due_at <= now
        there = reverse("screening:health", args=[row.reference])
        if row.screening is not None:
            there = reverse("screening:one", args=[row.screening.reference])
        text = _("Health check today: call a health service")
        yield _of(row, text, there, Urgency.URGENT if late else Urgency.DUE, due=row.due_at)


def _own(actor: Actor) -> Iterable[WorkItem]:
    """Interviews of their own, of those who screen for nobody else."""
    yield from _under_way(actor)
    yield from _unresolved(unresolved_screenings(actor).filter(officer=actor.id))


def _under_way(actor: Actor) -> Iterable[WorkItem]:
    for row in under_way(actor)[:MOST]:
        there = reverse("screening:conditions", args=[row.reference])
        yield _of(row, _("An interview is open"), there, Urgency.WAITING, since=row.opened_at)


def _unresolved(rows: QuerySet[Screening]) -> Iterable[WorkItem]:
    for row in rows[:MOST]:
        assert row.closed_at is not None  # noqa: S101 - finished talks have ended
        due = row.closed_at + RESOLVED_WITHIN[row.urgency]
        text = _("Screening finished: next step needed")
        there = reverse("screening:one", args=[row.reference])
        yield _of(row, text, there, _urgency(row.urgency), due=due)


def _talks(actor: Actor) -> Iterable[WorkItem]:
    yield from _under_way(actor)
    for row in left_open(actor)[:MOST]:
        there = reverse("screening:conditions", args=[row.reference])
        text = _("A colleague’s interview was left open: continue it, or stop it")
        yield _of(row, text, there, Urgency.URGENT, since=row.opened_at)
    yield from _unresolved(unresolved_screenings(actor))
    for change in to_agree(actor)[:MOST]:
        there = reverse("screening:lowering", args=[change.screening.reference])
        text = _("A colleague asks for your agreement")
        yield _of(change.screening, text, there, Urgency.WAITING, since=change.asked_at)


def _hand_overs(actor: Actor) -> Iterable[WorkItem]:
    """Everybody who may take somebody up; supervisors when nobody did in time."""
    now = clock.now()
    rows = waiting_hand_overs(actor)
    if Role.CASE_WORKER not in actor.role_names and Role.FOCAL_POINT not in actor.role_names:
        rows = rows.filter(due_at__lte=now - CLIMBS)
    waiting = list(rows[:MOST])
    here = HandOver.objects.filter(pk__in=[row.pk for row in waiting])
    needs = set(here.filter(at_needs()).values_list("pk", flat=True)) if waiting else set()
    for row in waiting:
        waits = FOR_NEEDS if row.pk in needs else SOMEBODY
        if row.due_at <= now:
            waits = _("A person has waited for you longer than agreed")
        there = reverse("hand_overs:take", args=[row.reference])
        yield _of(row, waits, there, _urgency(row.urgency), due=row.due_at)


def _forgotten(actor: Actor) -> Iterable[WorkItem]:
    """Who cannot take anybody up goes to protection and says that somebody waits."""
    for row in forgotten_hand_overs(actor)[:MOST]:
        text = _("No one has taken a person whom reception handed over: go to protection")
        there = reverse("screening:one", args=[row.screening.reference])
        yield _of(row, text, there, Urgency.URGENT, due=row.due_at)


def _urgency(code: str) -> Urgency:
    return Urgency.URGENT if code == "now" else Urgency.DUE


def _of(
    row: Screening | HandOver | HealthCheck,
    text: Promise | str,
    url: str,
    urgency: Urgency,
    *,
    due: datetime | None = None,
    since: datetime | None = None,
) -> WorkItem:
    return work_about(row.person, row.site, text, url, urgency, due=due, since=since)
