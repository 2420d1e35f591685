"""A case with somebody who is held is not closed."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.closure_conditions import ClosureCondition, Obstacle
from marfa.apps.cases.models import Case
from marfa.apps.detention.models import Detention
from marfa.apps.detention.queries import held_in
from marfa.domain.message import Message


def find_open_detention(case: Case) -> Obstacle | None:
    """A detention that goes on, whoever else takes the case up."""
    row = Detention.objects.filter(held_in(case)).first()
    if row is None:
        return None
    page = reverse("detention:show", args=[row.reference])
    return Obstacle(Message("apps.detention:still-held"), page, _("Open the detention"))


CONDITION = ClosureCondition(find_open_detention)
