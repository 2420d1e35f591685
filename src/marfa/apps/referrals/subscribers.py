"""What follows in referrals from events of other apps."""

from __future__ import annotations

from marfa.apps.cases.action_base import act_of_event
from marfa.apps.cases.events import ResponsibleChanged
from marfa.apps.consents.events import SharingsEnded
from marfa.apps.referrals.actions.hand_over import hand_over_referrals
from marfa.apps.referrals.actions.outcomes import come_back, withdraw_what_rests_on
from marfa.apps.referrals.queries import ANSWER
from marfa.platform.deadlines.events import StepOfDeadline
from marfa.platform.events import listen_to


@listen_to(StepOfDeadline)
def send_back_what_nobody_answered(event: StepOfDeadline) -> None:
    """The time of a referral is over, perhaps since days."""
    if event.kind == ANSWER.name:
        come_back(event.subject)


@listen_to(SharingsEnded)
def withdraw_referrals(event: SharingsEnded) -> None:
    """What a referral was sent on holds no more, so nothing of it is shown any more."""
    withdraw_what_rests_on(act_of_event(), event.sharings)


@listen_to(ResponsibleChanged)
def follow_responsible(event: ResponsibleChanged) -> None:
    """Deadlines go with the case."""
    hand_over_referrals(case=event.case, before=event.before, after=event.after)
