"""What follows in recovery plans from events of cases."""

from __future__ import annotations

from marfa.apps.cases.deadlines import hand_over_deadlines
from marfa.apps.cases.events import ResponsibleChanged
from marfa.apps.reintegration.models import RecoveryPlan
from marfa.platform.events import listen_to


@listen_to(ResponsibleChanged)
def follow_responsible(event: ResponsibleChanged) -> None:
    """Reviews go with the case."""
    plans = RecoveryPlan.objects.filter(case=event.case).values_list("pk", flat=True)
    hand_over_deadlines(plans, event.before, event.after)
