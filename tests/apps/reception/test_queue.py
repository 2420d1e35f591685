"""The queue at a site: who gets a place, in which order they are called, what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reception.actions.queue import (
    State,
    add_reason,
    ask_to_remove,
    call_next,
    move_entry,
    moves_from,
    remove_reason,
)
from marfa.apps.reception.actions.reasons import raise_new_reasons
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.reception.queries import (
    declined_today,
    in_hand_at,
    left_at,
    left_today,
    reasons_of,
    waiting_at,
)
from marfa.apps.registry.actions import NewName, NewPerson, record_event, register_person
from marfa.apps.registry.models import IdentityDocument, Person, Registration
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.conftest import Operation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(operation: Operation) -> Iterator[Actor]:
    actor = actor_of(operation.desks[Desk.RECEPTION])
    with row_context(actor.organisations):
        yield actor


@pytest.fixture
def site(operation: Operation) -> Site:
    held = operation.desks[Desk.RECEPTION].role_grants.get()
    assert held.site is not None
    return held.site


def registered(actor: Actor, site: Site, born: int | None, name: str = "Sara") -> Person:
    told = NewPerson((NewName(name),), born=PartialDate.gregorian(born) if born else None)
    return register_person(actor=actor, purpose=Purpose.REGISTRATION, site=site, told=told)


def entry_of(person: Person) -> QueueEntry:
    return QueueEntry.objects.get(person=person)


def codes_of(person: Person) -> set[str | None]:
    with open_vault():
        return {reason.code for reason in reasons_of(person.pk)}


def held_by(person: Person, who: str) -> None:
    row = IdentityDocument(
        organisation_id=person.organisation_id, person=person, recorded_at=clock.now()
    )
    row.held_by = who
    with transaction.atomic():
        row.save()
        raise_new_reasons(person)


def test_four_people_have_four_places_and_four_tickets(officer: Actor, site: Site) -> None:
    people = [registered(officer, site, born) for born in (1980, 1985, 2015, 2018)]
    tickets = {entry_of(person).ticket for person in people}
    assert len(tickets) == 4
    assert Deadline.objects.filter(kind="reception.seen_alone", state="open").count() == 4


def test_a_child_without_care_is_called_before_who_came_earlier(officer: Actor, site: Site) -> None:
    grown = registered(officer, site, 1980)
    child = registered(officer, site, 2016)
    assert codes_of(child) == {"child_without_care"}
    assert codes_of(grown) == set()
    assert [each.person for each in waiting_at(site, officer)] == [child, grown]
    first = call_next(actor=officer, site=site)
    assert first is not None
    assert first.person == child
    assert [each.person for each in in_hand_at(site, officer)] == [child]
    done = Entry.objects.filter(action="people.change", subject_id=child.pk).get()
    assert '"queue_called"' in done.detail


def test_who_comes_back_is_as_urgent_as_what_still_stands(officer: Actor, site: Site) -> None:
    registered(officer, site, 1980)
    child = registered(officer, site, 2016)
    before = entry_of(child)
    for event in (Registration.Event.DEPARTURE, Registration.Event.RETURN):
        child.refresh_from_db()
        record_event(actor=officer, purpose=Purpose.REGISTRATION, person=child, event=event)
    again = QueueEntry.objects.get(person=child, ended_at=None)
    assert (again.first, again.urgency) == (True, before.urgency)
    assert again.due_at <= clock.now() + timedelta(hours=1)
    first = waiting_at(site, officer).first()
    assert first is not None
    assert first.person == child


def test_who_may_be_a_child_is_treated_as_one(officer: Actor, site: Site) -> None:
    assert codes_of(registered(officer, site, None)) == {"child_without_care"}


def test_papers_held_by_another_bring_a_woman_forward(officer: Actor, site: Site) -> None:
    before = registered(officer, site, 1990)
    woman = registered(officer, site, 1991)
    due = entry_of(woman).due_at
    held_by(woman, "employer")
    assert codes_of(woman) == {"papers_held"}
    assert [each.person for each in waiting_at(site, officer)] == [woman, before]
    assert entry_of(woman).due_at < due
    with open_vault():
        (reason,) = reasons_of(woman.pk)
        assert reason.facts == [["papers_held", "registered"]]


def test_having_no_papers_delays_and_lowers_nothing(officer: Actor, site: Site) -> None:
    woman = registered(officer, site, 1991)
    later = registered(officer, site, 1992)
    before = entry_of(woman)
    held_by(woman, "never_had")
    after = entry_of(woman)
    assert (after.urgency, after.first, after.due_at) == (before.urgency, False, before.due_at)
    assert [each.person for each in waiting_at(site, officer)] == [woman, later]
    assert codes_of(woman) == {"no_papers"}


def test_who_left_is_looked_for_the_next_day_and_keeps_their_waiting_time(
    officer: Actor, site: Site
) -> None:
    person = registered(officer, site, 1990)
    entry = entry_of(person)
    move_entry(actor=officer, entry=entry, to=State.LEFT)
    assert list(left_at(site, officer)) == []
    assert [each.person for each in left_today(site, officer)] == [person]
    with clock.set_to(clock.now() + timedelta(days=1)):
        assert [each.person for each in left_at(site, officer)] == [person]
        assert list(left_today(site, officer)) == []
        move_entry(actor=officer, entry=entry_of(person), to=State.WAITING)
    assert entry_of(person).since == entry.since


def test_who_said_no_is_not_asked_again(officer: Actor, site: Site) -> None:
    person = registered(officer, site, 1990)
    move_entry(actor=officer, entry=entry_of(person), to=State.DECLINED)
    assert list(waiting_at(site, officer)) == []
    assert entry_of(person).ended_at is not None
    with pytest.raises(InputError):
        move_entry(actor=officer, entry=entry_of(person), to=State.CALLED)


def test_who_thinks_better_of_it_has_their_place_again(officer: Actor, site: Site) -> None:
    person = registered(officer, site, 1990)
    before = entry_of(person)
    move_entry(actor=officer, entry=entry_of(person), to=State.DECLINED)
    assert [each.person for each in declined_today(site, officer)] == [person]
    add_reason(actor=officer, person=person, sentence="Afraid.", urgency=Urgency.NOW)
    seen = entry_of(person)
    move_entry(actor=officer, entry=entry_of(person), to=State.WAITING)
    again = entry_of(person)
    assert (again.state, again.since, again.ticket) == ("waiting", before.since, before.ticket)
    assert again.urgency == Urgency.NOW, "a reason that was seen meanwhile counts"
    deadline = Deadline.objects.get(kind="reception.seen_alone", subject=again.pk, state="open")
    assert deadline.due_at == again.due_at
    assert list(declined_today(site, officer)) == []
    with pytest.raises(InputError):
        move_entry(actor=officer, entry=seen, to=State.WAITING)


def test_who_said_no_and_is_gone_does_not_wait_again(officer: Actor, site: Site) -> None:
    person = registered(officer, site, 1990)
    entry = entry_of(person)
    move_entry(actor=officer, entry=entry, to=State.DECLINED)
    assert moves_from(entry) == {State.WAITING}
    away = Registration.Event.DEPARTURE
    record_event(actor=officer, purpose=Purpose.REGISTRATION, person=person, event=away)
    assert moves_from(entry) == frozenset()
    with pytest.raises(InputError):
        move_entry(actor=officer, entry=entry_of(person), to=State.WAITING)
    assert entry_of(person).state == "declined"


def test_two_who_call_at_once_call_two_people(officer: Actor, site: Site) -> None:
    person = registered(officer, site, 1990)
    seen = entry_of(person)
    again = entry_of(person)
    assert move_entry(actor=officer, entry=seen, to=State.CALLED)
    assert not move_entry(actor=officer, entry=again, to=State.CALLED, strict=False)


def test_an_officer_adds_a_reason_and_nobody_waits_longer(officer: Actor, site: Site) -> None:
    person = registered(officer, site, 1990)
    before = entry_of(person)
    add_reason(
        actor=officer,
        person=person,
        sentence="He would not look at his uncle.",
        urgency=Urgency.NOW,
    )
    after = entry_of(person)
    assert after.urgency == Urgency.NOW
    assert after.due_at < before.due_at
    with pytest.raises(InputError):
        add_reason(actor=officer, person=person, sentence=" ", urgency=Urgency.NOW)


def test_a_reason_is_taken_away_by_two_people_alone(
    operation: Operation, officer: Actor, site: Site
) -> None:
    person = registered(officer, site, 1990)
    held_by(person, "employer")
    due = entry_of(person).due_at
    (reason,) = reasons_of(person.pk)
    boss = supervisor(operation)
    with pytest.raises(InputError):
        remove_reason(actor=boss, reason=reason, why="A mistake.")
    ask_to_remove(actor=officer, reason=reason, why="The papers were found.")
    with pytest.raises(DeniedError):
        remove_reason(actor=another_officer(operation, site), reason=reason, why="Yes.")
    remove_reason(actor=boss, reason=reason, why="Seen by both of us.")
    assert codes_of(person) == set()
    assert entry_of(person).due_at == due
    with transaction.atomic():
        assert raise_new_reasons(person) == []


def test_nobody_takes_away_what_they_asked_for(
    operation: Operation, officer: Actor, site: Site
) -> None:
    person = registered(officer, site, 2016)
    (reason,) = reasons_of(person.pk)
    boss = supervisor(operation)
    ask_to_remove(actor=boss, reason=reason, why="A mistake.")
    with pytest.raises(InputError):
        remove_reason(actor=boss, reason=reason, why="A mistake.")
    rows = ScreeningReason.objects.filter(pk=reason.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(removed_at=clock.now(), removed_by=boss.id)


def test_who_works_elsewhere_sees_and_moves_nobody(
    operation: Operation, officer: Actor, site: Site
) -> None:
    person = registered(officer, site, 1990)
    for user in (operation.colleague, operation.partner, operation.outsider):
        actor = actor_of(user)
        assert list(waiting_at(site, actor)) == []
        with pytest.raises(DeniedError):
            move_entry(actor=actor, entry=entry_of(person), to=State.CALLED)


def test_a_place_is_undone_with_the_registration(officer: Actor, site: Site) -> None:
    def cut_short() -> None:
        with together():
            registered(officer, site, 1990)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cut_short()
    with every_organisation():
        assert not QueueEntry.objects.exists()
        assert not Deadline.objects.filter(kind="reception.seen_alone").exists()


def supervisor(operation: Operation) -> Actor:
    return actor_of(operation.supervisor)


def another_officer(operation: Operation, site: Site) -> Actor:
    from marfa.apps.accounts.actions import create_user
    from marfa.apps.organisations.actions import grant_role
    from marfa.safeguards.words import Role

    user: User = create_user(username="zaid", display_name="Zaid")
    grant_role(user=user, role=Role.RECEPTION_OFFICER, organisation=operation.controller, site=site)
    return actor_of(user)
