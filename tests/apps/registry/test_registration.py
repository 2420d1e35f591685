"""Somebody is registered: by whom, with what, and what of it stands where."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewName, NewPerson, register_person
from marfa.apps.registry.ages import BANDS, age_band, child_until
from marfa.apps.registry.events import PersonRegistered
from marfa.apps.registry.models import Person, PersonName, RegisteredFact, Registration
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.dates import PartialDate, age_on, born_when_aged, treat_as_child_on
from marfa.platform.events import _listeners, listen_to
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.conftest import Operation

GRANDMOTHER = NewPerson(
    names=(NewName("فاطمة بنت أحمد الخطيب"), NewName("Fatima Al-Khatib", "in_document")),
    sex="female",
    born=PartialDate.gregorian(1951),
    basis="stated",
    languages=("apc",),
)


@pytest.fixture
def site(operation: Operation) -> Site:
    found = Site.objects.filter(organisation=operation.controller).order_by("name").first()
    assert found is not None
    return found


@pytest.mark.django_db(transaction=True)
def test_a_person_is_registered_with_names_and_a_fact(operation: Operation, site: Site) -> None:
    actor = actor_of(operation.desks[Desk.RECEPTION])
    with row_context(actor.organisations):
        made = register_person(
            actor=actor, purpose=Purpose.REGISTRATION, site=site, told=GRANDMOTHER
        )
    with every_organisation(), open_vault():
        person = Person.objects.get(pk=made.pk)
        assert (person.born, person.birth_basis, person.languages) == ("1951", "stated", ["apc"])
        texts = [name.text for name in PersonName.objects.filter(person=person).order_by("place")]
        assert texts == ["فاطمة بنت أحمد الخطيب", "Fatima Al-Khatib"]
        assert Registration.objects.get(person=person).by == actor.id
        fact = RegisteredFact.objects.get(subject=person.pk)
        assert (fact.age_band, fact.sex, fact.present) == ("age_60_plus", "female", True)
        entry = Entry.objects.get(action="people.register")
        assert (entry.subject_id, entry.actor_id) == (person.pk, actor.id)
        assert Person.objects.filter(visibility_condition(PERSON, actor)).get() == person


@pytest.mark.django_db(transaction=True)
def test_whoever_listens_is_told_in_the_same_transaction(operation: Operation, site: Site) -> None:
    told: list[PersonRegistered] = []

    def note(event: PersonRegistered) -> None:
        told.append(event)
        assert Registration.objects.get(pk=event.registration).person_id == event.person
        if len(told) == 2:
            raise RuntimeError("the queue is broken")

    actor = actor_of(operation.desks[Desk.RECEPTION])
    before = dict(_listeners)
    listen_to(PersonRegistered)(note)
    try:
        with row_context(actor.organisations):
            made = register_person(
                actor=actor, purpose=Purpose.REGISTRATION, site=site, told=GRANDMOTHER
            )
            with pytest.raises(RuntimeError, match="queue"):
                register_person(
                    actor=actor, purpose=Purpose.REGISTRATION, site=site, told=GRANDMOTHER
                )
    finally:
        _listeners.clear()
        _listeners.update(before)
    assert [(event.person, event.site, event.event) for event in told[:1]] == [
        (made.pk, site.pk, "arrival")
    ]
    with every_organisation():
        assert Person.objects.get() == made


@pytest.mark.django_db(transaction=True)
def test_who_has_no_role_there_registers_nobody(operation: Operation, site: Site) -> None:
    for user in (operation.partner, operation.outsider):
        actor = actor_of(user)
        with row_context(actor.organisations), pytest.raises(DeniedError):
            register_person(actor=actor, purpose=Purpose.REGISTRATION, site=site, told=NewPerson())
    with every_organisation():
        assert not Person.objects.exists()


@given(
    low=st.integers(0, 90),
    more=st.integers(0, 35),
    day=st.dates(date(2020, 1, 1), date(2099, 1, 1)),
)
def test_the_band_holds_every_age_that_is_possible(low: int, more: int, day: date) -> None:
    born = born_when_aged(low, low + more, day)
    lowest, highest = age_on(born, day)
    band = age_band(born, day)
    spans = {code: (first, last) for first, last, code in BANDS}
    spans |= {"child": (0, 17), "adult": (18, 200), "unknown": (0, 200)}
    first, last = spans[band]
    assert first <= lowest
    assert highest <= last


@given(born=st.dates(date(1930, 1, 1), date(2030, 1, 1)), age=st.integers(0, 40))
def test_nobody_stops_being_treated_as_a_child_too_early(born: date, age: int) -> None:
    known = PartialDate.on(born)
    until = child_until(known, disputed=False)
    assert until is not None
    assert not treat_as_child_on(known, until)
    assert treat_as_child_on(known, date.fromordinal(until.toordinal() - 1))
    assert child_until(known, disputed=True) is None
    assert child_until(None, disputed=False) is None
