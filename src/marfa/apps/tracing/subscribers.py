"""What follows in tracing from events of cases."""

from __future__ import annotations

from marfa.apps.cases.deadlines import hand_over_deadlines
from marfa.apps.cases.events import ResponsibleChanged
from marfa.apps.tracing.models import ClaimedRelative, FamilyVisit
from marfa.platform.events import listen_to


@listen_to(ResponsibleChanged)
def follow_responsible(event: ResponsibleChanged) -> None:
    """What is due goes with the case."""
    claims = ClaimedRelative.objects.filter(case=event.case)
    visits = FamilyVisit.objects.filter(reunification__case=event.case)
    for rows in (claims, visits):
        hand_over_deadlines(rows.values_list("pk", flat=True), event.before, event.after)
