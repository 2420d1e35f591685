"""Conditions of closure that tracing brings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.closure_conditions import ClosureCondition, Obstacle
from marfa.apps.cases.models import Case
from marfa.apps.tracing.models import ClaimedRelative, FamilyVisit, Reunification
from marfa.domain.message import Message

BEGUN = (Reunification.State.WAITING, Reunification.State.AGREED)


def find_what_is_begun(case: Case) -> Obstacle | None:
    """A reunification that is begun, a visit after one, or a claim that nobody settled."""
    begun = Reunification.objects.filter(case=case, state__in=BEGUN).first()
    if begun is not None:
        page = reverse("cases:reunification", args=[begun.reference])
        said = Message("apps.tracing:reunification-begun")
        return Obstacle(said, page, _("Open the reunification"))
    planned = FamilyVisit.objects.filter(
        reunification__case=case, state=FamilyVisit.State.PLANNED
    ).order_by("due_at")
    visit = planned.first()
    if visit is not None:
        page = reverse("cases:family_visit", args=[visit.reference])
        return Obstacle(Message("apps.tracing:visit-planned"), page, _("Open the visit"))
    claim = ClaimedRelative.objects.filter(case=case, state=ClaimedRelative.State.CLAIMED).first()
    if claim is not None:
        page = reverse("cases:relative", args=[claim.reference])
        return Obstacle(Message("apps.tracing:claim-unsettled"), page, _("Open the claim"))
    return None


CONDITION = ClosureCondition(find_what_is_begun)
