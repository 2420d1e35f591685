"""What goes with a case to whoever is responsible for it from now on."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.assistance.models import Contact, Help
from marfa.apps.cases.action_base import change
from marfa.apps.cases.models import Case
from marfa.apps.referrals.models import Referral
from marfa.platform.deadlines.actions import hand_over
from marfa.platform.deadlines.models import Deadline


def pass_on(by: UUID, case: Case, before: UUID | None, after: UUID) -> None:
    """The planned contacts and open deadlines of who was responsible are theirs who is now. by:
    key of who gives or takes the case."""
    for row in Contact.objects.filter(case=case, state="planned", responsible=before):
        change(by, row, responsible=after)
    about = [
        key
        for model in (Contact, Help, Referral)
        for key in model._default_manager.filter(case=case).values_list("pk", flat=True)
    ]
    open_ones = Deadline.objects.filter(subject__in=about, state=Deadline.State.OPEN)
    for key in open_ones.filter(responsible=before).values_list("pk", flat=True):
        hand_over(deadline=key, responsible=after)
