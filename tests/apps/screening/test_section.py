"""Talks on the page of a person: for whom the charter lets read them, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user
from marfa.apps.screening.actions import hand_over, take_up
from marfa.apps.screening.models import HandOver
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.screening.test_interview import Office
from tests.conftest import Operation, signed_in

HEADING = "Screening interviews"


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def page(desk: Office, user: User) -> str:
    there = reverse("people:person", args=[desk.person.reference])
    answer = signed_in(user).get(there)
    return answer.content.decode() if answer.status_code == 200 else ""


@pytest.mark.django_db(transaction=True)
def test_whoever_screens_supervises_or_took_the_person_up_sees_the_talks(
    desk: Office, operation: Operation
) -> None:
    row = desk.finished(cd_papers="yes")
    there = reverse("screening:one", args=[row.reference])
    for user in (operation.desks[Desk.RECEPTION], operation.supervisor):
        shown = page(desk, user)
        assert HEADING in shown
        assert there in shown
        assert "At risk" not in shown, "what was found is not told over a shoulder"
    made = hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.AGREED)
    take_up(actor=desk.worker, hand_over=made)
    shown = page(desk, operation.desks[Desk.PROTECTION])
    assert there in shown
    assert "taken" in shown


@pytest.mark.django_db(transaction=True)
def test_nobody_else_learns_that_there_was_a_talk(desk: Office, operation: Operation) -> None:
    row = desk.finished(cd_papers="yes")
    investigator = operation.desks[Desk.INVESTIGATIONS]
    assign_user(
        user=investigator,
        object_kind="Person",
        object_id=desk.person.pk,
        decided_by=operation.supervisor,
    )
    shown = page(desk, investigator)
    assert shown, "whom they are assigned to they see"
    for user in (
        investigator,
        operation.desks[Desk.PROTECTION],
        operation.colleague,
        operation.partner,
        operation.outsider,
        operation.officer,
        operation.desks[Desk.REPORTING],
        operation.desks[Desk.ADMINISTRATION],
    ):
        shown = page(desk, user)
        assert HEADING not in shown
        assert row.reference not in shown


@pytest.mark.django_db(transaction=True)
def test_it_asks_as_often_for_many_talks(desk: Office, operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    there = reverse("people:person", args=[desk.person.reference])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert HEADING in client.get(there).content.decode()
        return len(queries)

    desk.finished(cd_papers="yes")
    asked()
    few = asked()
    for _ in range(3):
        hand_over(
            actor=desk.officer,
            screening=desk.finished(cd_papers="yes"),
            ground=HandOver.Ground.AGREED,
        )
    assert asked() <= few
