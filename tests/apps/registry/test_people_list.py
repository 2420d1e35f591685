"""The people of one's sites: by their codes, without whom the reader may not know of."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.registry.actions import NewPerson
from marfa.apps.registry.actions.registration import NewName
from marfa.apps.registry.models import Person
from marfa.domain.codes import format_code
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import ADULT, CHILD, Office
from tests.apps.registry.protection import protect
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
NAME = "Quillon Marbrook"


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def listed(page: str) -> list[str]:
    return re.findall(r'<a href="/people/([^/"]+)/"', page)


def shown(client: Client, there: str) -> list[str]:
    return listed(client.get(there).content.decode())


def test_it_is_narrowed_and_names_nobody(office: Office, operation: Operation) -> None:
    adult = office.register(NewPerson(sex="male", born=ADULT.born, names=[NewName(NAME)]))
    child = office.register(CHILD)
    client, there = operation.at(Desk.RECEPTION), reverse("reception:people")
    assert {adult.reference, child.reference, office.person.reference} == {*shown(client, there)}
    assert NAME not in client.get(there).content.decode()
    assert shown(client, f"{there}?age=child") == [child.reference]
    assert shown(client, f"{there}?sex=male") == [adult.reference]
    assert shown(client, f"{there}?who=left") == []
    typed = client.post(there, {"find": format_code(child.code)}).content.decode()
    assert listed(typed) == [child.reference]
    assert child.code not in " ".join(re.findall(r'(?:href|action)="([^"]*)"', typed))
    assert listed(client.post(there, {"find": NAME}).content.decode()) == []


def test_who_may_not_know_of_somebody_counts_nobody(office: Office, operation: Operation) -> None:
    hidden = office.register(ADULT)
    protect(hidden, staying=("colleague", "focal"))
    there = reverse("helped:people")
    for user in (operation.supervisor, operation.desks[Desk.PROTECTION]):
        page = signed_in(user).get(there).content.decode()
        assert hidden.reference not in page
        assert "1 in this list" in page
    assert not shown(signed_in(operation.partner), there)
    assert Person.objects.count() == 2, "the control"
