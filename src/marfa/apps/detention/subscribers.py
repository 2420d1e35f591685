"""What follows in detentions from events of cases. A transfer hands the alarm on; it ends none."""

from __future__ import annotations

from marfa.apps.cases.deadlines import hand_over_deadlines
from marfa.apps.cases.events import ResponsibleChanged
from marfa.apps.detention.models import Detention
from marfa.platform.events import listen_to


@listen_to(ResponsibleChanged)
def hand_alarm_on(event: ResponsibleChanged) -> None:
    """The alarm is theirs who is responsible now; its hour stays."""
    rows = Detention.objects.filter(case=event.case)
    hand_over_deadlines(rows.values_list("pk", flat=True), event.before, event.after)
