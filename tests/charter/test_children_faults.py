"""Faults that are planted in the apps that stand beside ``children``: for each, a test that should
notice it is run, and does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError
from django.db.models import Q

from marfa.apps.age_assessment import queries as ages
from marfa.apps.alternative_care.actions import placements
from marfa.apps.alternative_care.models import Vetting
from marfa.apps.best_interests import queries as best_interests
from marfa.apps.cases.action_base import case_action
from marfa.apps.child_talks.actions import talks
from marfa.apps.child_talks.models import TalkTraining
from marfa.apps.detention import subscribers as detention
from marfa.apps.manifest import Desk
from marfa.apps.tracing.actions import claims
from marfa.domain.dates import is_child_on
from marfa.domain.dates.answer import Answer
from marfa.domain.message import InputError
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.age_assessment import test_age_assessment as of_ages
from tests.apps.age_assessment.doubted import Doubted
from tests.apps.alternative_care import test_caregiver as of_care
from tests.apps.best_interests import test_decisions as of_decisions
from tests.apps.best_interests.states import Child
from tests.apps.cases.office import CHILD, Office
from tests.apps.child_talks import test_child_talks as of_talks
from tests.apps.consents.examples import clinic
from tests.apps.detention import test_alarm as of_alarms
from tests.apps.tracing import test_verification as of_claims
from tests.conftest import Operation

pytestmark = pytest.mark.django_db

Patch = pytest.MonkeyPatch
Look = Callable[[Operation], object]
NOTICED = (AssertionError, pytest.fail.Exception, InputError, DatabaseError)


def guardians(operation: Operation) -> None:
    office = Office(operation)
    case = office.case(office.register(CHILD))
    child = Child(case, office.worker, office.supervisor, clinic())
    of_decisions.test_guardian_has_a_verified_tie_and_no_doubt(office, child)


def _an_adult_in_doubt_may_agree(patch: Patch) -> None:
    patch.setattr(best_interests, "Exists", lambda _rows: Q(pk=None))
    patch.setattr(best_interests, "doubted_adults", lambda _keys: set())


def transfers(operation: Operation) -> None:
    of_alarms.test_a_transfer_hands_the_alarm_on(Office(operation))


def _a_transfer_stops_the_alarm(patch: Patch) -> None:
    def fault(keys: Any, _before: object, _after: object) -> None:
        Deadline.objects.filter(subject__in=list(keys)).update(state="cancelled")

    patch.setattr(detention, "hand_over_deadlines", fault)


def _a_transfer_leaves_the_alarm_behind(patch: Patch) -> None:
    patch.setattr(detention, "hand_over_deadlines", lambda *_told: None)


def contacts(operation: Operation) -> None:
    of_claims.test_nobody_decides_alone_and_nothing_follows_before(Office(operation))


def _contact_before_verification(patch: Patch) -> None:
    @contextmanager
    def fault(actor: Any, claim: Any, step: str) -> Iterator[Any]:
        with case_action(actor, claim.case, step) as act:
            claim.refresh_from_db()
            claim.state = "verified"
            yield act

    patch.setattr(claims, "_claim_action", fault)


def caregivers(operation: Operation) -> None:
    of_care.test_a_vetting_that_ran_out_takes_no_child(Office(operation))


def _a_vetting_that_ran_out_takes_a_child(patch: Patch) -> None:
    fault = lambda place: Vetting.objects.filter(place=place, agreed=True).first()  # noqa: E731
    patch.setattr(placements, "_must_be_vetted", fault)


def ages_in_doubt(operation: Operation) -> None:
    of_ages.test_results_of_an_assessment_before_count_too(Doubted(operation))


def _an_interval_that_overlaps_makes_an_adult(patch: Patch) -> None:
    def fault(births: Any, day: Any) -> bool:
        return any(is_child_on(born, day) is Answer.NO for born in births)

    patch.setattr(ages, "is_certainly_adult", fault)


def rooms(operation: Operation) -> None:
    of_talks.test_only_who_is_trained_and_confirmed_begins_a_talk(
        of_talks.Room(operation), operation.at(Desk.PROTECTION)
    )


def _who_is_not_trained_talks_with_a_child(patch: Patch) -> None:
    patch.setattr(talks, "must_be_trained", lambda _actor, _site: TalkTraining.objects.first())


FAULTS: tuple[tuple[Look, Callable[[Patch], None]], ...] = (
    (guardians, _an_adult_in_doubt_may_agree),
    (transfers, _a_transfer_stops_the_alarm),
    (transfers, _a_transfer_leaves_the_alarm_behind),
    (contacts, _contact_before_verification),
    (caregivers, _a_vetting_that_ran_out_takes_a_child),
    (ages_in_doubt, _an_interval_that_overlaps_makes_an_adult),
    (rooms, _who_is_not_trained_talks_with_a_child),
)


@pytest.mark.parametrize(("look", "plant"), FAULTS)
def test_a_planted_fault_is_noticed(
    operation: Operation, monkeypatch: Patch, look: Look, plant: Callable[[Patch], None]
) -> None:
    with every_organisation():
        plant(monkeypatch)
        with pytest.raises(NOTICED):
            look(operation)


@pytest.mark.parametrize("look", dict.fromkeys(look for look, _plant in FAULTS))
def test_without_a_fault_they_hold(operation: Operation, look: Look) -> None:
    """The control: what is noticed is the fault."""
    with every_organisation():
        look(operation)
