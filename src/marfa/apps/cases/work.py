"""What "My work" shows of cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case, CaseTransfer
from marfa.apps.cases.queries import cases_without_worker, steps_before, to_review
from marfa.apps.cases.transfers import transfers_asked_by, transfers_to
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Happened, Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.work import work_about
from marfa.platform.slices import in_slices

MOST = 50
"""How many of one kind stand under "My work"."""
NOBODYS = timedelta(hours=24)
"""How long a case may be nobody's."""


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Cases that are nobody's, second looks, and cases that are handed on."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    for case in cases_without_worker(actor)[:MOST]:
        due = case.opened_at + NOBODYS
        there = reverse("cases:responsible", args=[case.reference])
        yield of_case(case, _("A case is unassigned"), there, due=due)
    for review in to_review(actor)[:MOST]:
        there = reverse("cases:review", args=[review.reference])
        text = _("You are asked for a review")
        yield of_case(review.case, text, there, Urgency.DUE, due=review.due_at)
    for row in transfers_to(actor):
        there = reverse("cases:answer_transfer", args=[row.reference])
        yield of_case(row.case, _("You are asked to take over a case"), there, due=row.due_at)
    for row in transfers_asked_by(actor)[:MOST]:
        if row.state == CaseTransfer.State.REFUSED:
            there = reverse("cases:case", args=[row.case.reference])
            text = _("A colleague does not take over the case: see why in its timeline")
        else:
            there = reverse("cases:transfer", args=[row.case.reference])
            text = _("A colleague has not answered whether they take over the case")
        yield of_case(row.case, text, there, Urgency.DUE, due=row.due_at)


def of_case(
    case: Case,
    text: Promise | str,
    url: str,
    urgency: Urgency | None = None,
    *,
    due: datetime | None = None,
    since: datetime | None = None,
    by: date | None = None,
) -> WorkItem:
    """Work in a case, for who may know of it. It is as urgent as the case where nothing else is
    said."""
    how = urgency or urgency_of(case)
    return work_about(case.person, case.site, text, url, how, due=due, since=since, by=by)


def urgency_of(case: Case) -> Urgency:
    """What is due in a case that cannot wait cannot wait either."""
    return Urgency.URGENT if case.urgency == "now" else Urgency.DUE


def timeline_of(user: User, before: datetime) -> Iterable[Happened]:
    """Steps of the cases that somebody may read; it names nobody."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    for step in in_slices(steps_before(actor, before), MOST):
        there = reverse("cases:case", args=[step.case.reference])
        yield Happened(step.at, _("A case: %(what)s") % {"what": step.get_kind_display()}, there)
