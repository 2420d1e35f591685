"""A talk that nobody ends keeps its person off the queue, so colleagues hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.people.actions.raising import end_entry, join_queue
from marfa.apps.people.models import Person, QueueEntry, ScreeningReason
from marfa.apps.people.standing import PERSON
from marfa.apps.registry import Desk
from marfa.apps.screening.models import Screening
from marfa.apps.screening.queries import left_open, to_screen
from marfa.apps.screening.work import work_of
from marfa.domain.codes import format_code
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.visible import visible
from marfa.safeguards.words import Role
from tests.apps.screening.test_pages import at, urgent
from tests.apps.screening.test_talking import Office
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
    return [{item.url for item in work_of(user)} for user in everybody]


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
    assert not list(work_of(operation.supervisor))


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
    assert row.person in Person.objects.filter(visible(PERSON, actor_of(user)))
    assert signed_in(user).get(at("conditions", row)).status_code == 403
    assert not left_open(actor_of(user)).exists()
    assert at("conditions", row) not in {item.url for item in work_of(user)}
    hire(role=Role.SUPERVISOR, site=desk.site)
    assert list(left_open(actor_of(user))) == [row]
    assert signed_in(user).get(at("conditions", row)).status_code == 200
