"""What follows in cases from events of other apps."""

from __future__ import annotations

from marfa.apps.accounts.models import User
from marfa.apps.cases.action_base import act_of_event
from marfa.apps.cases.actions.case_management import replace_worker
from marfa.apps.cases.actions.case_opening import follow_hand_over, hasten_case
from marfa.apps.cases.actions.transfers import end_transfers
from marfa.apps.cases.events import CaseClosed, ResponsibleChanged
from marfa.apps.cases.models import Case, CaseTransfer
from marfa.apps.cases.transfers import State
from marfa.apps.cases.workers import may_work
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.events import StaffShutOut
from marfa.apps.registry.models import Person
from marfa.apps.screening.events import Hastened, TakenUp
from marfa.apps.screening.models import HandOver
from marfa.platform.events import listen_to


@listen_to(TakenUp)
def open_with_hand_over(event: TakenUp) -> None:
    """Who was taken up has a case from that moment on, so that nobody is lost in between."""
    hand_over = HandOver.objects.select_related("site").get(pk=event.hand_over)
    follow_hand_over(act=act_of_event(), hand_over=hand_over, taken_by=event.taken_by)


@listen_to(Hastened)
def follow_what_was_raised(event: Hastened) -> None:
    """What reception raised after the person was taken up is as urgent for who helps them."""
    person = Person.objects.get(pk=event.person)
    hasten_case(act=act_of_event(), person=person, urgency=event.urgency, since=event.since)


@listen_to(StaffShutOut)
def hand_cases_on(event: StaffShutOut) -> None:
    """Whoever was shut out is responsible for nothing of the person from that moment on."""
    person = Person.objects.get(pk=event.person)
    replace_worker(act_of_event(), person, by=event.by)
    end_transfers_to_shut_out(person)


def end_transfers_to_shut_out(person: Person) -> None:
    """Whoever is asked to take a case over and may not work with the person any more is asked no
    longer."""
    for row in CaseTransfer.objects.filter(person=person, state=State.WAITING):
        user = User.objects.get(pk=row.after)
        if not may_work(actor_of(user), person):
            end_transfers(act_of_event(), row.case)


@listen_to(ResponsibleChanged)
def end_what_was_asked_of_others(event: ResponsibleChanged) -> None:
    """The case is somebody's anew, so nobody else is asked for it any more."""
    end_transfers(act_of_event(), Case.objects.get(pk=event.case))


@listen_to(CaseClosed)
def end_with_the_case(event: CaseClosed) -> None:
    """Nobody takes a closed case over."""
    end_transfers(act_of_event(), Case.objects.get(pk=event.case))
