"""What follows in cases from what happens elsewhere."""

from __future__ import annotations

from marfa.apps.cases.actions.case_opening import follow_hand_over, hasten_case
from marfa.apps.consents.events import SharingsEnded
from marfa.apps.referrals.actions.outcomes import come_back, withdraw_what_rests_on
from marfa.apps.referrals.queries import ANSWER
from marfa.apps.registry.models import Person
from marfa.apps.screening.events import Hastened, TakenUp
from marfa.apps.screening.models import HandOver
from marfa.platform.deadlines.events import StepOfDeadline
from marfa.platform.events import listen


@listen(TakenUp)
def open_with_hand_over(event: TakenUp) -> None:
    """Who was taken up has a case from that moment on, so that nobody is lost in between."""
    hand_over = HandOver.objects.select_related("site").get(pk=event.hand_over)
    follow_hand_over(hand_over=hand_over, taken_by=event.taken_by)


@listen(Hastened)
def follow_what_was_raised(event: Hastened) -> None:
    """What reception raised after the person was taken up is as urgent for who helps them."""
    person = Person.objects.get(pk=event.person)
    hasten_case(person=person, urgency=event.urgency, by=event.by)


@listen(StepOfDeadline)
def send_back_what_nobody_answered(event: StepOfDeadline) -> None:
    """The time of a referral is over, perhaps since days."""
    if event.kind == ANSWER.name:
        come_back(event.subject)


@listen(SharingsEnded)
def withdraw_referrals(event: SharingsEnded) -> None:
    """What a referral was sent on holds no more, so nothing of it is shown any more."""
    withdraw_what_rests_on(event.sharings)
