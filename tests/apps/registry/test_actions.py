"""What is known of people is changed by who may, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import (
    NewMember,
    NewName,
    NewPerson,
    add_to_person,
    change_person,
    change_row,
    choose_head,
    claim_relationship,
    decide_age,
    doubt_age,
    end_row,
    join_household,
    merge_households,
    record_event,
    register_birth,
    register_household,
    register_person,
    settle_relationship,
    split_household,
)
from marfa.apps.registry.actions.households import member_of, members_now
from marfa.apps.registry.actions.submissions import SentBeforeError, sent_as
from marfa.apps.registry.care import Situation, care_of
from marfa.apps.registry.models import (
    ContactPoint,
    Household,
    HouseholdMember,
    Person,
    PersonName,
    RegisteredFact,
    Registration,
    Relationship,
)
from marfa.apps.registry.policy_facts import KIND
from marfa.apps.registry.relationship_claims import others_who_settle
from marfa.domain.dates import PartialDate
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.revisions.errors import ConflictError
from marfa.platform.revisions.models import Revision
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.conftest import Operation

FAMILY = (
    NewMember(NewPerson((NewName("سلمى"),), "female", PartialDate.gregorian(1990))),
    NewMember(NewPerson((NewName("Karam"),), "male", PartialDate.gregorian(1988)), "spouse"),
    NewMember(NewPerson((NewName("Лейла"),), "female", PartialDate.gregorian(2017)), "child"),
    NewMember(NewPerson((NewName("小明"),), "male", PartialDate.gregorian(2020)), "child"),
)
R = Purpose.REGISTRATION


@pytest.fixture
def site(operation: Operation) -> Site:
    found = Site.objects.filter(organisation=operation.controller).order_by("created_at").first()
    assert found is not None
    return found


@pytest.fixture
def officer(operation: Operation) -> Actor:
    return actor_of(operation.desks[Desk.RECEPTION])


@pytest.fixture
def supervisor(operation: Operation) -> Actor:
    return actor_of(operation.supervisor)


@pytest.fixture(autouse=True)
def rows_of_the_controller(operation: Operation) -> Iterator[None]:
    with row_context([operation.controller.pk]), open_vault():
        yield


def family(officer: Actor, site: Site) -> list[Person]:
    made = register_household(actor=officer, purpose=R, site=site, members=FAMILY, batch=new_id())
    return members_now(made)


def test_a_household_sent_twice_is_registered_once(officer: Actor, site: Site) -> None:
    batch = new_id()
    told: dict[str, Any] = {"actor": officer, "purpose": R, "site": site, "batch": batch}
    first = register_household(**told, members=FAMILY)
    second = register_household(**told, members=FAMILY)
    assert first == second
    assert (Household.objects.count(), Person.objects.count()) == (1, 4)
    kinds = Relationship.objects.order_by("recorded_at").values_list("kind", "state")
    assert list(kinds) == [("spouse", "claimed"), ("child", "claimed"), ("child", "claimed")]
    assert set(Registration.objects.values_list("mode", "event")) == {("group", "arrival")}
    assert members_now(first)[0].pk == first.members.get(head=True).person_id


def test_a_form_answers_for_nobody_else(officer: Actor, site: Site) -> None:
    batch = new_id()
    told: dict[str, Any] = {"actor": officer, "purpose": R, "site": site, "batch": batch}
    first = register_person(**told, told=NewPerson(names=(NewName("Amberjack"),)))
    with pytest.raises(SentBeforeError):
        register_person(**told, told=NewPerson(names=(NewName("Bonito"),)))
    with pytest.raises(SentBeforeError):
        register_household(**told, members=FAMILY)
    assert register_person(**told, told=NewPerson(names=(NewName("Amberjack"),))) == first
    assert len(Registration.objects.get().digest) == 64
    assert sent_as(batch, site, "x") != sent_as(new_id(), site, "x")


def test_a_birth_and_a_departure_sent_twice_are_written_once(officer: Actor, site: Site) -> None:
    mother, *_rest = family(officer, site)
    born: dict[str, Any] = {"actor": officer, "purpose": R, "parent": mother, "batch": new_id()}
    baby = register_birth(**born, told=NewPerson(sex="female"))
    assert register_birth(**born, told=NewPerson(sex="female")) == baby
    with pytest.raises(SentBeforeError):
        register_birth(**born, told=NewPerson(sex="male"))
    gone = Registration.Event.DEPARTURE
    left: dict[str, Any] = {"actor": officer, "purpose": R, "person": mother, "batch": new_id()}
    row = record_event(**left, event=gone)
    assert record_event(**left, event=gone) == row
    with pytest.raises(SentBeforeError):
        record_event(**left, event=Registration.Event.RETURN)
    assert mother.registrations.count() == 2


def test_an_event_that_changes_nothing_is_not_written(officer: Actor, site: Site) -> None:
    """A colleague wrote the departure down while this page was open."""
    mother, *_rest = family(officer, site)
    stale = Person.objects.get(pk=mother.pk)
    event: dict[str, Any] = {"actor": officer, "purpose": R, "event": Registration.Event.DEPARTURE}
    with clock.set_to(clock.now()):
        record_event(**event, person=mother)
        with pytest.raises(InputError):
            record_event(**event, person=stale)
    assert stale.registrations.count() == 2


def test_no_event_goes_back_before_the_one_before(officer: Actor, site: Site) -> None:
    mother, *_rest = family(officer, site)
    event: dict[str, Any] = {"actor": officer, "purpose": R, "person": mother}
    day = clock.today(site.time_zone)
    departure, back = Registration.Event.DEPARTURE, Registration.Event.RETURN
    with clock.set_to(clock.now() + timedelta(days=30)):
        record_event(**event, event=departure, day=day + timedelta(days=10))
        record_event(**event, event=back, day=day + timedelta(days=20))
        with pytest.raises(InputError) as wrong:
            record_event(**event, event=departure, day=day + timedelta(days=5))
        (problem,) = wrong.value.problems
        assert problem.place.field == "day"
        assert dict(problem.message.params)["day"] == day + timedelta(days=20)
        mother.refresh_from_db()
        assert (mother.presence, mother.left_at) == ("present", None)
        record_event(**event, event=departure, day=day + timedelta(days=20))


def test_one_wrong_row_registers_nobody(officer: Actor, site: Site) -> None:
    wrong = (*FAMILY, NewMember(NewPerson(sex="dragon")))
    with pytest.raises(InputError):
        register_household(actor=officer, purpose=R, site=site, members=wrong, batch=new_id())
    assert not Person.objects.exists()
    assert not Household.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_registers_once(operation: Operation) -> None:
    site = Site.objects.filter(organisation=operation.controller).order_by("created_at").first()
    assert site is not None
    officer = actor_of(operation.desks[Desk.RECEPTION])
    batch, together = new_id(), Barrier(4)
    found: list[Household] = []

    def send() -> None:
        try:
            together.wait()
            with row_context(officer.organisations):
                found.append(
                    register_household(
                        actor=officer, purpose=R, site=site, members=FAMILY, batch=batch
                    )
                )
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert Person.objects.count() == 4


def test_two_who_edit_one_person_lose_nothing(officer: Actor, site: Site) -> None:
    person = family(officer, site)[0]
    base = person.version
    change: dict[str, Any] = {
        "actor": officer,
        "purpose": R,
        "person": person,
        "base_version": base,
    }
    change_person(**change, changes={"languages": ["apc"], "birth_place": "Tamarisk"})
    change_person(**change, changes={"languages": ["kmr"], "marital_status": "Married"})
    stored = Person.objects.get(pk=person.pk)
    assert set(stored.languages) == {"apc", "kmr"}
    assert (stored.birth_place, stored.marital_status) == ("Tamarisk", "Married")
    with pytest.raises(ConflictError) as caught:
        change_person(**change, changes={"birth_place": "Elsewhere"})
    (conflict,) = caught.value.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == (None, "Elsewhere", "Tamarisk")


def test_the_same_value_again_is_no_change(officer: Actor, site: Site) -> None:
    person = family(officer, site)[0]
    change: dict[str, Any] = {"actor": officer, "purpose": R, "person": person}
    one = change_person(**change, base_version=1, changes={"birth_place": "Tamarisk"})
    again = change_person(**change, base_version=1, changes={"birth_place": "Tamarisk"})
    assert (one.version, again.version, again.changed) == (2, 2, ())
    assert Revision.objects.filter(object_id=person.pk, version=2).count() == 1


def test_reception_writes_nothing_sensitive_for_registration(officer: Actor, site: Site) -> None:
    person = family(officer, site)[0]
    change: dict[str, Any] = {"actor": officer, "person": person, "base_version": 1}
    with pytest.raises(DeniedError):
        change_person(**change, purpose=R, changes={"displacement": "refugee"})
    change_person(**change, purpose=Purpose.SCREENING, changes={"displacement": "refugee"})
    fact = RegisteredFact.objects.get(subject=person.pk, replaced_at=None, valid_until=None)
    assert fact.displacement == "refugee"


def test_nobody_else_changes_a_person(operation: Operation, officer: Actor, site: Site) -> None:
    person = family(officer, site)[0]
    strangers = (operation.partner, operation.outsider, operation.colleague, operation.officer)
    for user in strangers:
        for purpose in Purpose:
            with pytest.raises(DeniedError):
                change_person(
                    actor=actor_of(user),
                    purpose=purpose,
                    person=person,
                    base_version=1,
                    changes={"birth_place": "nowhere"},
                )
    assert Person.objects.get(pk=person.pk).birth_place is None


def test_an_age_in_doubt_means_child_until_somebody_decides(
    officer: Actor, supervisor: Actor, site: Site
) -> None:
    person = family(officer, site)[0]
    doubt_age(actor=officer, purpose=R, person=person)
    person.refresh_from_db()
    assert (person.age_disputed, person.child_until) == (True, None)
    born = PartialDate.gregorian(1990)
    decide: dict[str, Any] = {"person": person, "born": born, "basis": "document"}
    with pytest.raises(DeniedError):
        decide_age(actor=officer, purpose=R, **decide)
    # A birth date alone decides nothing while the age is in doubt.
    change_person(actor=officer, purpose=R, person=person, base_version=2, changes={"born": "1980"})
    person.refresh_from_db()
    assert person.child_until is None
    # A supervisor makes no adult of them either: that is decided in an age assessment, by two.
    with pytest.raises(DeniedError):
        decide_age(actor=supervisor, purpose=R, **decide)
    assert Person.objects.get(pk=person.pk).age_disputed
    young = clock.today(person.time_zone).year - 10
    decide_age(actor=supervisor, purpose=R, **{**decide, "born": PartialDate.gregorian(young)})
    person.refresh_from_db()
    assert not person.age_disputed
    assert str(person.child_until) == f"{young + 18}-12-31"


def test_reception_makes_no_adult_of_a_child(officer: Actor, supervisor: Actor, site: Site) -> None:
    child = family(officer, site)[2]
    change: dict[str, Any] = {
        "purpose": R,
        "person": child,
        "base_version": 1,
        "changes": {"born": "1999"},
    }
    with pytest.raises(DeniedError):
        change_person(actor=officer, **change)
    change_person(actor=officer, purpose=R, person=child, base_version=1, changes={"born": "2016"})
    change_person(actor=supervisor, **{**change, "base_version": 2})
    child.refresh_from_db()
    assert str(child.child_until) == "2017-12-31"


def test_nobody_came_before_they_were_born(officer: Actor, site: Site) -> None:
    person = family(officer, site)[0]
    ahead = f"{clock.now().year + 1}"
    with pytest.raises(InputError) as caught:
        change_person(
            actor=officer, purpose=R, person=person, base_version=1, changes={"born": ahead}
        )
    assert caught.value.problems[0].place.field == "born"


def test_care_is_what_was_verified(officer: Actor, supervisor: Actor, site: Site) -> None:
    mother, _, child, _ = family(officer, site)
    day = clock.today(site.time_zone)
    care = care_of(child, day)
    assert (care.situation, care.claimed) == (Situation.UNACCOMPANIED, Situation.ACCOMPANIED)
    assert fact_of(child).without_care
    claim = Relationship.objects.get(person=child, to=mother)
    settle_relationship(
        actor=supervisor,
        purpose=R,
        row=claim,
        state=Relationship.State.VERIFIED,
        basis="birth certificate",
    )
    assert care_of(child, day).situation == Situation.ACCOMPANIED
    assert care_of(child, day).by == (mother.pk,)
    assert not fact_of(child).without_care
    assert care_of(mother, day).situation is None

    record_event(actor=officer, purpose=R, person=mother, event=Registration.Event.DEPARTURE)
    assert care_of(child, day).situation == Situation.UNACCOMPANIED
    assert fact_of(child).without_care
    record_event(
        actor=officer,
        purpose=R,
        person=Person.objects.get(pk=mother.pk),
        event=Registration.Event.RETURN,
    )
    assert not fact_of(child).without_care


def test_with_other_relatives_a_child_is_separated(
    officer: Actor, supervisor: Actor, site: Site
) -> None:
    aunt, brother, child, baby = family(officer, site)
    by: dict[str, Any] = {"actor": supervisor, "purpose": R}
    said: dict[str, Any] = {"actor": officer, "purpose": R}
    day = clock.today(site.time_zone)
    for who, kind in ((aunt, "aunt_or_uncle"), (baby, "sibling")):
        row = claim_relationship(**said, person=who, to=child, kind=kind)
        settle_relationship(**by, row=row, state=Relationship.State.VERIFIED, basis="told apart")
        if who is aunt:
            assert care_of(child, day).situation == Situation.SEPARATED
    # The little brother cares for nobody, and a husband is no caregiver.
    row = claim_relationship(**said, person=brother, to=child, kind="forced_spouse")
    settle_relationship(**by, row=row, state=Relationship.State.VERIFIED, basis="told apart")
    assert care_of(child, day).situation == Situation.SEPARATED
    assert fact_of(child).without_care
    row = claim_relationship(**said, person=aunt, to=child, kind="caregiver")
    settle_relationship(**by, row=row, state=Relationship.State.VERIFIED, basis="by custom")
    assert care_of(child, day).situation == Situation.ACCOMPANIED


def test_whoever_wrote_a_claim_down_does_not_settle_it_while_somebody_else_may(
    operation: Operation, officer: Actor, supervisor: Actor, site: Site
) -> None:
    """One person would else claim a guardian, verify it, and take that guardian's consent."""
    mother, _, child, _ = family(officer, site)
    row = Relationship.objects.get(person=child, to=mother)
    told: dict[str, Any] = {"purpose": R, "row": row, "basis": "family book"}
    for state in (Relationship.State.VERIFIED, Relationship.State.REFUTED):
        with pytest.raises(InputError) as caught:
            settle_relationship(**told, actor=officer, state=state)
        assert caught.value.problems[0].message.code == "apps.registry:settle-another"
    row.refresh_from_db()
    assert row.state == Relationship.State.CLAIMED
    others = [user.pk for user in others_who_settle(row, officer.id)]
    assert others == [operation.supervisor.pk]
    worker = operation.desks[Desk.PROTECTION]
    for person in (mother, child):
        assign_user(user=worker, object_kind=KIND, object_id=person.pk)
    assert {user.pk for user in others_who_settle(row, officer.id)} == {supervisor.id, worker.pk}
    # Who is alone may: nobody else is there who works with both.
    User.objects.filter(pk__in=[operation.supervisor.pk, worker.pk]).update(is_active=False)
    settle_relationship(**told, actor=officer, state=Relationship.State.VERIFIED)
    assert Entry.objects.filter(detail__contains='"by_the_same":true').exists()


def test_the_same_claim_is_written_down_once(officer: Actor, site: Site) -> None:
    mother, _, child, _ = family(officer, site)
    with pytest.raises(InputError, match="related-already"):
        claim_relationship(actor=officer, purpose=R, person=mother, to=child, kind="parent")


def test_a_birth_joins_the_household(officer: Actor, site: Site) -> None:
    mother = family(officer, site)[0]
    baby = register_birth(actor=officer, purpose=R, parent=mother, told=NewPerson(sex="female"))
    household = member_of(mother)
    assert household is not None
    assert member_of(baby) == household
    assert Relationship.objects.get(to=baby).state == "claimed"
    assert baby.registrations.get().event == "birth"


def test_households_split_and_merge_and_end(officer: Actor, site: Site) -> None:
    mother, father, child, baby = family(officer, site)
    by: dict[str, Any] = {"actor": officer, "purpose": R}
    old = member_of(mother)
    assert old is not None
    new = split_household(**by, people=[father, child])
    assert [person.pk for person in members_now(new)] == [father.pk, child.pk]
    assert [person.pk for person in members_now(old)] == [mother.pk, baby.pk]
    choose_head(**by, household=new, person=child)
    assert HouseholdMember.objects.get(household=new, head=True).person == child
    with pytest.raises(InputError):
        choose_head(**by, household=new, person=mother)
    merge_households(**by, into=old, other=new)
    assert {person.pk for person in members_now(old)} == {mother.pk, father.pk, child.pk, baby.pk}
    new.refresh_from_db()
    assert new.ended_at is not None
    with pytest.raises(InputError):
        join_household(**by, person=child, household=new)
    assert HouseholdMember.objects.filter(person=child, until=None).count() == 1


def test_who_departs_leaves_the_household(officer: Actor, site: Site) -> None:
    people = family(officer, site)
    household = member_of(people[0])
    assert household is not None
    week_ago = clock.today(site.time_zone) - timedelta(days=7)
    with pytest.raises(InputError):
        record_event(
            actor=officer,
            purpose=R,
            person=people[0],
            event=Registration.Event.DEPARTURE,
            day=week_ago,
        )
    for person in people:
        record_event(actor=officer, purpose=R, person=person, event=Registration.Event.DEPARTURE)
    household.refresh_from_db()
    assert household.ended_at is not None
    gone = Person.objects.get(pk=people[0].pk)
    assert (gone.presence, gone.left_at is not None) == ("departed", True)
    with pytest.raises(InputError):
        record_event(actor=officer, purpose=R, person=gone, event=Registration.Event.DEPARTURE)


def test_names_and_contacts_are_ended_and_never_deleted(officer: Actor, site: Site) -> None:
    person = family(officer, site)[0]
    by: dict[str, Any] = {"actor": officer, "purpose": R}
    name = add_to_person(
        **by, person=person, model=PersonName, values={"kind": "called", "text": "Umm Leila"}
    )
    assert isinstance(name, PersonName)
    assert name.place == 1
    change_row(**by, row=name, base_version=1, changes={"text": "Umm Layla"})
    end_row(**by, row=name)
    stored = PersonName.objects.get(pk=name.pk)
    assert (stored.text, stored.version, stored.ended_at is not None) == ("Umm Layla", 3, True)
    with pytest.raises(InputError):
        add_to_person(**by, person=person, model=ContactPoint, values={"kind": "phone"})
    # What must never be said stands behind a tier that registration does not open.
    with pytest.raises(DeniedError):
        add_to_person(
            **by,
            person=person,
            model=ContactPoint,
            values={"kind": "phone", "value": "+218 91 000 0000", "avoid": "the cousin"},
        )


def test_one_person_by_code_alone(officer: Actor, site: Site) -> None:
    person = register_person(
        actor=officer,
        purpose=R,
        site=site,
        told=NewPerson(),
        mode=Registration.Mode.CODE_ONLY,
        batch=(batch := new_id()),
    )
    again = register_person(actor=officer, purpose=R, site=site, told=NewPerson(), batch=batch)
    assert again == person
    assert not PersonName.objects.exists()
    assert fact_of(person).without_care, "in doubt a child, and nobody is known to care for them"


def fact_of(person: Person) -> RegisteredFact:
    return RegisteredFact.objects.get(subject=person.pk, replaced_at=None, valid_until=None)
