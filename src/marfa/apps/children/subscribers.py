"""The duties follow what other apps tell of a child."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.best_interests.events import DeterminationDecided
from marfa.apps.cases.events import (
    CaseClosed,
    CaseHastened,
    CaseOpened,
    CaseReopened,
    ResponsibleChanged,
    VictimPresumed,
)
from marfa.apps.cases.models import Case
from marfa.apps.children.actions.alarms import lapse_duty, tell_of_duty
from marfa.apps.children.actions.duties import refresh_duties
from marfa.apps.children.deadlines import DUTY, LAPSES
from marfa.apps.referrals.events import ReferralMoved
from marfa.apps.registry.actions.facts import related_to
from marfa.apps.registry.events import (
    CareInDoubt,
    PersonChanged,
    PersonLeft,
    PersonMoved,
    PersonPart,
    PersonRegistered,
)
from marfa.apps.screening.events import HandedOver, OutcomeKnown
from marfa.apps.screening.models import HandOver
from marfa.platform.deadlines.events import StepOfDeadline
from marfa.platform.events import listen_to
from marfa.platform.rowsecurity.context import every_organisation

PARTS = frozenset({PersonPart.PERSON, PersonPart.RELATIONSHIPS})
"""What of a person says whether they are a child, where they are, and who looks after them."""


def _with_whom(person: UUID) -> set[UUID]:
    """A person, and whoever they may look after."""
    with every_organisation():
        return {person, *related_to(person)}


@listen_to(PersonRegistered)
def follow_registration(event: PersonRegistered) -> None:
    """Somebody is here: a child, or one on whom the care of a child depends."""
    refresh_duties(_with_whom(event.person))


@listen_to(PersonLeft)
def follow_departure(event: PersonLeft) -> None:
    """Whoever left looks after nobody here any more; what is owed to them stays."""
    refresh_duties(_with_whom(event.person))


@listen_to(PersonMoved)
def follow_move(event: PersonMoved) -> None:
    """Care is where the child is."""
    refresh_duties(_with_whom(event.person))


@listen_to(PersonChanged)
def follow_change(event: PersonChanged) -> None:
    """A birth date, a doubt, a relationship, a protection."""
    if event.part in PARTS:
        refresh_duties(_with_whom(event.person))


@listen_to(CareInDoubt)
def follow_doubt(event: CareInDoubt) -> None:
    """Who looked after a child counts no more."""
    refresh_duties([event.person])


@listen_to(HandedOver)
def follow_hand_over(event: HandedOver) -> None:
    """Reception gave a child into the care of protection."""
    refresh_duties([HandOver.objects.values_list("person_id", flat=True).get(pk=event.hand_over)])


@listen_to(OutcomeKnown)
def follow_outcome(event: OutcomeKnown) -> None:
    """A talk found something."""
    refresh_duties([event.person])


@listen_to(CaseOpened)
def follow_case(event: CaseOpened) -> None:
    """A child is helped."""
    refresh_duties([event.person])


@listen_to(VictimPresumed)
def follow_presumption(event: VictimPresumed) -> None:
    """A child may be a victim."""
    refresh_duties([event.person])


@listen_to(CaseHastened)
def follow_urgency(event: CaseHastened) -> None:
    """It is more urgent than it was."""
    refresh_duties([event.person])


@listen_to(CaseReopened)
def follow_reopening(event: CaseReopened) -> None:
    """A child is helped again."""
    refresh_duties([event.person])


@listen_to(CaseClosed)
def follow_closure(event: CaseClosed) -> None:
    """That a case ended ends nothing that is owed."""
    refresh_duties([event.person])


@listen_to(ResponsibleChanged)
def follow_responsible(event: ResponsibleChanged) -> None:
    """The clock goes with the case, and no rung is told twice for it."""
    refresh_duties([Case.objects.values_list("person_id", flat=True).get(pk=event.case)])


@listen_to(ReferralMoved)
def follow_referral(event: ReferralMoved) -> None:
    """A referral goes on, or does not any more."""
    refresh_duties([event.person])


@listen_to(DeterminationDecided)
def follow_decision(event: DeterminationDecided) -> None:
    """An authority is unsafe for a child, or is not any more."""
    refresh_duties([event.person])


@listen_to(StepOfDeadline)
def follow_clock(event: StepOfDeadline) -> None:
    """A rung of the ladder of a duty, or the end of what satisfied it."""
    if event.kind == DUTY.name:
        tell_of_duty(event.subject, event.step, event.at)
    elif event.kind == LAPSES.name:
        lapse_duty(event.subject)
