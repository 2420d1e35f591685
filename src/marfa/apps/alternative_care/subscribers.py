"""What follows in alternative care from events of cases."""

from __future__ import annotations

from marfa.apps.alternative_care.models import Placement
from marfa.apps.cases.deadlines import hand_over_deadlines
from marfa.apps.cases.events import ResponsibleChanged
from marfa.platform.events import listen_to


@listen_to(ResponsibleChanged)
def follow_responsible(event: ResponsibleChanged) -> None:
    """The reviews and visits of a child are theirs who is responsible now."""
    rows = Placement.objects.filter(case=event.case)
    hand_over_deadlines(rows.values_list("pk", flat=True), event.before, event.after)
