"""Conditions of closure that the help brings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.assistance.models import Help
from marfa.apps.assistance.queries import GOING_ON
from marfa.apps.cases.closure_conditions import ClosureCondition, Obstacle
from marfa.apps.cases.models import Case
from marfa.domain.message import Message


def find_help_going_on(case: Case) -> Obstacle | None:
    """Help that is given, asked for or looked for: none runs on unseen."""
    row = Help.objects.filter(case=case, state__in=GOING_ON).order_by("pk").first()
    if row is None:
        return None
    page = reverse("cases:help", args=[row.reference])
    return Obstacle(Message("apps.assistance:help-goes-on"), page, _("Open the help"))


CONDITION = ClosureCondition(find_help_going_on)
