"""How long a case is kept: for as long as it is open, and then by its own years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from marfa.apps.assistance.models import Help
from marfa.apps.cases.models import Case, Presumption
from marfa.apps.privacy.access import answer_access
from marfa.apps.privacy.retention import apply_retention
from marfa.apps.registry.actions import NewPerson
from marfa.apps.registry.models import Household, Person, Registration
from marfa.apps.screening.models import HandOver, Screening
from marfa.domain.dates import PartialDate
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.models import Erasure, SubjectKey
from tests.apps.cases.office import ADULT, CHILD, Office
from tests.conftest import Operation
from tests.safeguards.vault.conftest import erased as erased

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("erased")]
COMMAND = Actor(new_id(), ActorKind.COMMAND)
BEGAN = datetime(2031, 3, 1, 8, tzinfo=UTC)
A_YEAR, FIVE, TEN = timedelta(days=366), timedelta(days=1827), timedelta(days=3653)
A_DAY = timedelta(days=1)


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        with clock.set_to(BEGAN):
            made = Office(operation)
        yield made


def helped(office: Office, told: NewPerson = ADULT) -> Case:
    """Somebody who is helped, and left the site on the day on which that began."""
    with clock.set_to(BEGAN):
        case = office.case(office.register(told))
    Person.objects.filter(pk=case.person_id).update(presence="departed", left_at=BEGAN)
    return case


def close(case: Case, at: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=at)


def at(moment: datetime) -> None:
    with clock.set_to(moment):
        apply_retention(actor=COMMAND)


def is_kept(case: Case) -> bool:
    """Whether all of it is there: the case, its person, their key."""
    there = {
        Case.objects.filter(pk=case.pk).exists(),
        Presumption.objects.filter(case=case.pk).exists(),
        Person.objects.filter(pk=case.person_id).exists(),
        SubjectKey.objects.filter(subject=case.person_id).exists(),
        not Erasure.objects.filter(subject=case.person_id).exists(),
    }
    assert len(there) == 1, "a part of it"
    return there.pop()


def test_who_left_and_is_still_helped_is_never_destroyed(office: Office) -> None:
    case = helped(office)
    at(BEGAN + FIVE + A_DAY)
    at(BEGAN + TEN + TEN)
    assert is_kept(case)


def test_a_case_that_was_closed_long_after_the_person_left_is_kept_its_own_years(
    office: Office,
) -> None:
    case = helped(office)
    closed = BEGAN + 4 * A_YEAR
    close(case, closed)
    at(closed + FIVE - timedelta(seconds=1))
    assert is_kept(case)
    at(closed + FIVE)
    assert not is_kept(case)


@pytest.mark.parametrize(
    "told",
    [
        CHILD,
        NewPerson(sex="female"),
        # They were a child for one more day when the case was opened.
        NewPerson(sex="female", born=PartialDate.gregorian(2013, 3, 2), basis="stated"),
        NewPerson(
            sex="female", born=PartialDate.gregorian(1990), basis="stated", age_disputed=True
        ),
    ],
    ids=["child", "age unknown", "the last day", "age in doubt"],
)
def test_the_case_of_a_child_is_kept_ten_years(office: Office, told: NewPerson) -> None:
    case = helped(office, told)
    close(case, BEGAN)
    Help.objects.create(
        organisation_id=case.organisation_id,
        person=case.person,
        case=case,
        kind="shelter",
        state="ended",
        end_reason="needs_met",
        asked_at=BEGAN,
        asked_by=office.worker.id,
        ended_at=BEGAN,
    )
    for years in (FIVE, TEN - timedelta(seconds=1)):
        at(BEGAN + years)
        assert is_kept(case)
        assert Help.objects.filter(case=case.pk).exists()
    at(BEGAN + TEN)
    assert not is_kept(case)
    assert not Help.objects.filter(case=case.pk).exists()


def test_who_was_grown_up_when_the_case_was_opened_has_the_case_of_an_adult(
    office: Office,
) -> None:
    grown = NewPerson(sex="female", born=PartialDate.gregorian(2013, 2, 27), basis="stated")
    case = helped(office, grown)
    close(case, BEGAN)
    at(BEGAN + FIVE)
    assert not is_kept(case)


@pytest.mark.parametrize(
    ("told", "words"), [(ADULT, "Case of an adult"), (CHILD, "Case of a child")]
)
def test_a_person_is_told_by_which_years_their_case_is_kept(
    office: Office, told: NewPerson, words: str
) -> None:
    case = helped(office, told)
    with open_vault():
        answer = answer_access(actor=COMMAND, subject=case.person_id, language="en")
    [section] = [each for each in answer.sections if each.title == "cases"]
    assert section.retention == words


def screened(office: Office, person: Person) -> Screening:
    return Screening.objects.create(
        organisation_id=person.organisation_id,
        person=person,
        site=office.site,
        officer=office.officer.id,
        state="finished",
        language="en",
        opened_at=BEGAN,
        asked_at=BEGAN,
        closed_at=BEGAN,
    )


def test_what_a_case_rests_on_is_kept_with_it(office: Office) -> None:
    case = helped(office)
    of_case, other = screened(office, case.person), screened(office, office.person)
    Presumption.objects.filter(case=case).update(screening=of_case)
    at(BEGAN + A_YEAR)
    assert list(Screening.objects.all()) == [of_case]
    assert not Screening.objects.filter(pk=other.pk).exists()
    assert Presumption.objects.get(case=case).screening == of_case
    close(case, BEGAN)
    at(BEGAN + FIVE)
    assert not is_kept(case)
    assert not Screening.objects.exists()


def handed_over(office: Office, talk: Screening) -> None:
    HandOver.objects.create(
        organisation_id=talk.organisation_id,
        person=talk.person,
        screening=talk,
        site=office.site,
        state="waiting",
        ground="agreed",
        urgency="now",
        due_at=BEGAN,
        made_by=office.officer.id,
        made_at=BEGAN,
    )


def test_who_was_handed_over_keeps_the_screening(office: Office) -> None:
    """Whoever waits to be taken up by protection does not vanish from the list."""
    talk = screened(office, office.person)
    handed_over(office, talk)
    at(BEGAN + A_YEAR)
    assert HandOver.objects.filter(screening=talk).exists()


def test_what_is_kept_for_two_reasons_is_told_once(office: Office) -> None:
    case = helped(office)
    screened(office, case.person)
    handed_over(office, screened(office, case.person))
    with open_vault():
        answer = answer_access(actor=COMMAND, subject=case.person_id, language="en")
    [section] = [each for each in answer.sections if each.title == "screenings"]
    assert section.retention == "With the record it belongs to"


def test_the_end_of_a_household_takes_nothing_of_its_people(office: Office) -> None:
    home = Household.objects.create(
        code="1",
        organisation_id=office.person.organisation_id,
        site=office.site,
        formed_at=BEGAN,
        ended_at=BEGAN,
    )
    Registration.objects.filter(person=office.person).update(household=home)
    at(BEGAN + FIVE)
    assert not Household.objects.exists()
    assert Registration.objects.get(person=office.person).household is None
