"""What "My work" shows of referrals."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.cases.views.common import code_label
from marfa.apps.cases.work import MOST, of_case
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.referrals.prepared_referrals import State as Prepared
from marfa.apps.referrals.prepared_referrals import unsent_of_worker, waiting_to_be_sent
from marfa.apps.referrals.queries import (
    CLIMBS,
    WAITING,
    came_back,
    referrals_with_questions,
    to_us,
)
from marfa.platform import clock
from marfa.safeguards.words import Role


def work_items_of(user: User) -> Iterable[WorkItem]:
    """What came back, what the other side asks, what is asked of us, and what was prepared. What
    came back stands with the supervisors of the place too, and is urgent for them when it stays
    so."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    now = clock.now()
    for row in to_us(actor)[:MOST]:
        if row.state in WAITING:
            there = reverse("referred:one", args=[row.reference])
            urgent = Urgency.URGENT if row.urgency == "now" else Urgency.DUE
            yield WorkItem(
                _("A referral is waiting for your answer"),
                there,
                urgent,
                row.due_at,
                about=code_label("support_types", row.support) if row.support else "",
                where=row.organisation.name,
                zone=row.site.time_zone if row.site else "",
            )
    whose = None if Role.SUPERVISOR in actor.role_names else Q(case__worker=actor.id)
    for row in came_back(actor, whose)[:MOST]:
        late = row.case.worker == actor.id or row.due_at + CLIMBS <= now
        there = reverse("cases:referral", args=[row.reference])
        urgent = Urgency.URGENT if late else Urgency.DUE
        text = _("A referral came back: there was no answer")
        yield of_case(row.case, text, there, urgent, due=row.due_at)
    for prepared in waiting_to_be_sent(actor):
        there = reverse("cases:prepared", args=[prepared.reference])
        text = _("A referral is prepared, and waits for you to send it")
        urgent = Urgency.URGENT if prepared.urgency == "now" else Urgency.DUE
        yield of_case(prepared.case, text, there, urgent, due=prepared.due_at)
    for prepared in unsent_of_worker(actor)[:MOST]:
        there = reverse("cases:prepared", args=[prepared.reference])
        if prepared.state == Prepared.GIVEN_BACK:
            text = _("A referral that was prepared was given back, not sent")
        else:
            text = _("No supervisor has sent a referral that was prepared")
        yield of_case(prepared.case, text, there, due=prepared.due_at)
    for row in referrals_with_questions(actor, whose)[:MOST]:
        there = reverse("cases:referral", args=[row.reference])
        text = _("The other side of a referral has a question")
        yield of_case(row.case, text, there, Urgency.DUE, due=row.due_at)
