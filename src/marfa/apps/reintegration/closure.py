"""What recovery plans bring to the closing of a child's case."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.closure_conditions import ClosureCondition, Obstacle
from marfa.apps.cases.models import Case
from marfa.apps.reintegration.models import RecoveryPlan
from marfa.domain.message import Message


def find_running_plan(case: Case) -> Obstacle | None:
    """A plan that two people have not ended."""
    row = RecoveryPlan.objects.filter(case=case, state=RecoveryPlan.State.RUNNING).first()
    if row is None:
        return None
    page = reverse("cases:recovery", args=[row.reference])
    return Obstacle(Message("apps.reintegration:plan-runs"), page, _("Open the recovery plan"))


CONDITION = ClosureCondition(find_running_plan)
