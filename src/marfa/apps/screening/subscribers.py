"""What follows in screening from events of reception."""

from __future__ import annotations

from marfa.apps.reception.events import RaisedWithoutReason
from marfa.apps.screening.actions.hand_over_urgency import hasten_without_reason
from marfa.platform.events import listen_to


@listen_to(RaisedWithoutReason)
def hasten_who_was_handed_over(event: RaisedWithoutReason) -> None:
    """Who waits for protection waits less, and who took them up is told."""
    hasten_without_reason(event.person, event.urgency, event.since, event.by)
