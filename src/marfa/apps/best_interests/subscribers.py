"""What follows in best interests from events of cases."""

from __future__ import annotations

from marfa.apps.best_interests.models import (
    BestInterestsAssessment,
    Determination,
    Representative,
)
from marfa.apps.cases.deadlines import hand_over_deadlines
from marfa.apps.cases.events import ResponsibleChanged
from marfa.platform.events import listen_to

REVIEWED = (BestInterestsAssessment, Determination, Representative)


@listen_to(ResponsibleChanged)
def follow_responsible(event: ResponsibleChanged) -> None:
    """Reviews go with the case."""
    for model in REVIEWED:
        rows = model._default_manager.filter(case=event.case)
        hand_over_deadlines(rows.values_list("pk", flat=True), event.before, event.after)
