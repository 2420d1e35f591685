"""Conditions of closure that alternative care brings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.alternative_care.models import Placement
from marfa.apps.alternative_care.vetting_state import CURRENT
from marfa.apps.cases.closure_conditions import ClosureCondition, Obstacle
from marfa.apps.cases.models import Case
from marfa.domain.message import Message


def find_placement(case: Case) -> Obstacle | None:
    """Somebody who lives in a place is visited and reviewed there, also after they grew up."""
    row = Placement.objects.filter(case=case, state=CURRENT).first()
    if row is None:
        return None
    page = reverse("cases:placement", args=[row.reference])
    return Obstacle(Message("apps.alternative_care:lives-in-care"), page, _("Open the placement"))


CONDITION = ClosureCondition(find_placement)
