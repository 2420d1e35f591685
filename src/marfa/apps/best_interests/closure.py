"""What best interests bring to the closing of a child's case."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.models import Determination
from marfa.apps.cases.closure_conditions import ClosureCondition, Obstacle
from marfa.apps.cases.models import Case
from marfa.domain.message import Message

GOING_ON = (Determination.State.DRAFT, Determination.State.PANEL)


def find_open_determination(case: Case) -> Obstacle | None:
    """A determination that is prepared or before a panel."""
    rows = Determination.objects.filter(case=case, state__in=GOING_ON)
    row = rows.order_by("prepared_at", "pk").first()
    if row is None:
        return None
    page = reverse("cases:determination", args=[row.reference])
    said = Message("apps.best_interests:determination-open")
    return Obstacle(said, page, _("Open the determination"))


CONDITION = ClosureCondition(find_open_determination)
