"""What follows in contacts and help from events of cases."""

from __future__ import annotations

from marfa.apps.assistance.actions.follow_up import cancel_planned_contacts
from marfa.apps.assistance.actions.hand_over import hand_over_help
from marfa.apps.cases.action_base import act_of_event
from marfa.apps.cases.events import CaseClosed, ResponsibleChanged
from marfa.platform.events import listen_to


@listen_to(CaseClosed)
def cancel_contacts(event: CaseClosed) -> None:
    """Nobody is to be met any more in a case that ended."""
    cancel_planned_contacts(act_of_event(), case=event.case, by=event.by)


@listen_to(ResponsibleChanged)
def follow_responsible(event: ResponsibleChanged) -> None:
    """Contacts and deadlines go with the case."""
    hand_over_help(act_of_event(), case=event.case, before=event.before, after=event.after)
