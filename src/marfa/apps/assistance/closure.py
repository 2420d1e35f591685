"""Conditions of closure that the help brings."""

from __future__ import annotations

from marfa.apps.assistance.models import Help
from marfa.apps.assistance.queries import GOING_ON
from marfa.apps.cases.closure_conditions import ClosureCondition
from marfa.apps.cases.models import Case
from marfa.domain.message import Message


def find_help_going_on(case: Case) -> Message | None:
    """Help that is given, asked for or looked for: none runs on unseen."""
    if Help.objects.filter(case=case, state__in=GOING_ON).exists():
        return Message("apps.assistance:help-goes-on")
    return None


CONDITION = ClosureCondition(find_help_going_on)
