"""A talk that nobody ends keeps its person off the queue, so colleagues hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reception.actions.reasons import end_entry, join_queue
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.screening import queries
from marfa.apps.screening.actions import go_on_with_screening
from marfa.apps.screening.instruments import reception_lists
from marfa.apps.screening.models import Screening
from marfa.apps.screening.queries import left_open, to_screen
from marfa.apps.screening.work import work_items_of
from marfa.domain.codes import format_code
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from tests.apps.screening.test_interview import ALL, Office
from tests.apps.screening.test_views import HOLD, at, urgent
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def left(desk: Office, operation: Operation, hours: float, level: int | None) -> list[set[str]]:
    """What reception, the supervisor, and others have to do of a talk whose officer left."""
    ScreeningReason.objects.all().delete()
    QueueEntry.objects.update(first=False)
    if level is not None:
        urgent(desk.person, level, 1)
    row = desk.sit_down()
    opened = clock.now() - timedelta(hours=hours)
    Screening.objects.filter(pk=row.pk).update(officer=new_id(), opened_at=opened)
    everybody = (
        *(operation.desks[Desk.RECEPTION], operation.supervisor),
        *(operation.desks[Desk.PROTECTION], operation.partner, operation.colleague),
    )
    return [{item.url for item in work_items_of(user)} for user in everybody]


@pytest.mark.parametrize(
    ("hours", "level", "told"),
    [
        (0.9, 2, False),
        (1.1, 2, True),
        (1.1, 1, True),
        (23, 0, False),
        (25, 0, True),
        (25, None, True),
    ],
)
def test_colleagues_and_the_supervisor_hear_of_a_talk_that_was_left_open(
    desk: Office, operation: Operation, hours: float, level: int | None, told: bool
) -> None:
    work = left(desk, operation, hours, level)
    there = {at("conditions", Screening.objects.get())} if told else set()
    assert work == [there, there, set(), set(), set()]
    page = operation.at(Desk.RECEPTION).get(reverse("to_screen:queue")).content.decode()
    assert (format_code(desk.person.code) in page) is told


@pytest.mark.parametrize("still", [True, False])
def test_who_was_first_once_is_not_first_for_ever(
    desk: Office, operation: Operation, still: bool
) -> None:
    left(desk, operation, 2, None)
    QueueEntry.objects.update(first=True)
    if not still:
        end_entry(QueueEntry.objects.get(person=desk.person), QueueEntry.State.DONE)
        join_queue(desk.person)
    assert left_open(desk.officer).exists() is still


def test_a_colleague_stops_it_and_the_person_is_in_the_queue_again(
    desk: Office, operation: Operation
) -> None:
    left(desk, operation, 2, 2)
    row = Screening.objects.get()
    assert not list(to_screen(desk.officer))
    client = operation.at(Desk.RECEPTION)
    assert client.get(at("conditions", row)).status_code == 200
    assert client.post(at("stop", row), {"do": "stop"}).status_code == 302
    assert list(to_screen(desk.officer)) == [desk.person]
    assert not list(work_items_of(operation.supervisor))


def test_who_screens_elsewhere_and_helps_here_is_not_asked_to_go_on_with_it(
    desk: Office, operation: Operation
) -> None:
    elsewhere = Site.objects.filter(organisation=operation.controller).exclude(pk=desk.site.pk)[0]
    user = create_user(username="both", display_name="Both")
    hire = partial(grant_role, user=user, organisation=operation.controller)
    hire(role=Role.CASE_WORKER, site=desk.site)
    hire(role=Role.RECEPTION_OFFICER, site=elsewhere)
    left(desk, operation, 2, 2)
    row = Screening.objects.get()
    assert row.person in Person.objects.filter(visibility_condition(PERSON, actor_of(user)))
    assert signed_in(user).get(at("conditions", row)).status_code == 403
    assert not left_open(actor_of(user)).exists()
    assert at("conditions", row) not in {item.url for item in work_items_of(user)}
    hire(role=Role.SUPERVISOR, site=desk.site)
    assert list(left_open(actor_of(user))) == [row]
    assert signed_in(user).get(at("conditions", row)).status_code == 200


def come_back(desk: Office, operation: Operation, others: bool) -> Iterator[Client]:
    """Whoever opens a talk that was left: a colleague of who led it, or they themselves after an
    hour in which nothing was done."""
    row = Screening.objects.get()
    if others:
        first = reception_lists()[0]
        Screening.objects.filter(pk=row.pk).update(officer=new_id(), instrument=first)
    later = clock.now() + (timedelta(0) if others else queries.LEFT_AFTER + timedelta(minutes=1))
    with clock.set_to(later):
        yield operation.at(Desk.RECEPTION)


coming_back = contextmanager(come_back)


@pytest.mark.parametrize("others", [True, False])
def test_the_conditions_are_looked_at_again_before_a_talk_that_was_left_goes_on(
    desk: Office, operation: Operation, others: bool
) -> None:
    row = desk.asking()
    assert operation.at(Desk.RECEPTION).get(at("question", row, 1)).status_code == 200
    before = at("conditions", row)
    with coming_back(desk, operation, others) as client:
        for name, *more in (("ask",), ("question", 1), ("question", 0), ("end",)):
            assert client.get(at(name, row, *more)).headers["Location"] == before
        page = client.get(before).content.decode()
        assert "checked" not in page, "what held before is not chosen beforehand"
        missing = {**HOLD, "do": "go_on", "private": "no"}
        refused = client.post(before, missing).content.decode()
        assert "No one can see or hear the interview" in refused
        assert client.get(at("question", row, 1)).status_code == 302
        went_on = client.post(before, {**HOLD, "do": "go_on"})
        assert went_on.headers["Location"] == at("ask", row)
        row.refresh_from_db()
        assert (row.state, row.officer) == (Screening.State.ASKING, desk.officer.id)
        assert client.get(at("question", row, 1)).status_code == 200
    steps = Entry.objects.filter(subject_id=row.person_id, detail__contains="goes_on")
    assert steps.filter(outcome="done").count() == 1


def test_what_was_typed_before_the_talk_was_left_is_kept(
    desk: Office, operation: Operation
) -> None:
    row = desk.asking()
    with coming_back(desk, operation, others=False) as client:
        sent = client.post(at("question", row, 1), {"said": "They wait outside", "do": "next"})
        assert sent.status_code == 302
    row.refresh_from_db()
    with open_vault():
        assert row.said == "They wait outside"


@pytest.mark.parametrize("missing", ["nobody_else", "referral", None])
def test_nobody_goes_on_where_a_condition_is_missing(desk: Office, missing: str | None) -> None:
    row = desk.asking()
    told = {**ALL, missing: "no"} if missing else {}
    with pytest.raises(InputError):
        go_on_with_screening(
            actor=desk.officer, screening=row, base_version=row.version, told=told, interpreter="7"
        )
    with pytest.raises(InputError):  # an interpreter who is there without a code
        go_on_with_screening(actor=desk.officer, screening=row, base_version=row.version, told=ALL)
