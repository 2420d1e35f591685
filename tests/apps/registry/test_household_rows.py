"""What is told by row on the form of a household, and who is asked it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.registry.models import IdentityDocument, Person
from marfa.domain.countries import country_named
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


def told(user: User, **rows: Any) -> dict[str, Any]:
    return {"person": user.reference, "batch": str(new_id()), "do": "save", **rows}


def named(*names: str) -> list[Person]:
    with every_organisation(), open_vault():
        people = list(Person.objects.order_by("registered_at", "pk"))
        assert len(people) == len(names)
        return people


def test_there_is_one_hint_for_all_rows(operation: Operation) -> None:
    page = operation.at(Desk.RECEPTION).get(reverse("reception:household")).content.decode()
    assert page.count("Such as 34, 8 months or 1990.") == 1
    described = re.findall(r'<input[^>]*name="born-\d"[^>]*aria-describedby="born-hint"', page)
    assert len(described) == 4
    assert 'id="born-hint"' in page


def test_language_and_document_are_stored_by_row(operation: Operation) -> None:
    user = operation.desks[Desk.RECEPTION]
    rows = {"name-0": "Amina", "language-0": "apc", "name-1": "Samir", "number-1": "A 77"}
    sent = told(user, **rows, **{"paper-1": "passport", "name-2": "", "relation-1": "child"})
    answer = operation.at(Desk.RECEPTION).post(reverse("reception:household"), sent)
    assert answer.status_code == 302
    head, child = named("Amina", "Samir")
    with every_organisation(), open_vault():
        assert head.languages == ["apc"]
        assert not child.languages
        paper = IdentityDocument.objects.get()
        assert (paper.person_id, paper.kind, paper.number) == (child.pk, "passport", "A 77")


def test_a_draft_keeps_what_was_told_by_row(operation: Operation) -> None:
    client, user = operation.at(Desk.RECEPTION), operation.desks[Desk.RECEPTION]
    there = reverse("reception:household")
    sent = told(user, **{"name-0": "Amina", "language-0": "apc", "number-0": "A 77"})
    assert client.post(there, {**sent, "do": "draft"}).status_code == 302
    page = client.get(there).content.decode()
    assert 'value="A 77"' in page
    assert re.search(r'<option value="apc" selected>', page)
    assert re.search(r'<details class="people-more" open>', page)


def test_who_may_not_write_it_is_not_asked_for_citizenship_and_difficulties(
    operation: Operation,
) -> None:
    there, user = reverse("reception:household"), operation.desks[Desk.RECEPTION]
    client = operation.at(Desk.RECEPTION)
    page = client.get(there).content.decode()
    assert "citizenship-0" not in page
    assert "seeing-0" not in page
    sent = told(user, **{"name-0": "Amina", "citizenship-0": "Sudan"})
    headers = {"Origin": "http://testserver", "Referer": f"http://testserver{there}"}
    assert client.post(there, sent, headers=headers).status_code == 403, "nor does the charter"
    assert 'value="Amina"' in client.get(there).content.decode(), "and what was typed is there"
    assert named() == []


@pytest.fixture
def helping(operation: Operation) -> Client:
    """Somebody who registers and supervises at the same place."""
    role = Role.RECEPTION_OFFICER
    grant_role(user=operation.supervisor, role=role, organisation=operation.controller)
    return signed_in(operation.supervisor)


def test_who_may_write_it_is_asked_once_by_row(operation: Operation, helping: Client) -> None:
    there, user = reverse("reception:household"), operation.supervisor
    page = helping.get(there).content.decode()
    assert page.count('<datalist id="countries">') == 1
    assert re.search(r'<input[^>]*name="citizenship-0"[^>]*list="countries"', page)
    rows = {"name-0": "Amina", "citizenship-0": "السودان", "seeing-0": "a_lot_of_difficulty"}
    wrong = helping.post(there, told(user, **{**rows, "citizenship-0": "Nowhere Land"}))
    assert wrong.status_code == 422
    assert 'value="Nowhere Land"' in wrong.content.decode()
    assert named() == []
    assert helping.post(there, told(user, **rows)).status_code == 302
    (person,) = named("Amina")
    with every_organisation(), open_vault():
        assert person.citizenships == ["SD"]
        assert person.functioning == {"seeing": "a_lot_of_difficulty"}


def test_a_country_is_found_by_name_and_code() -> None:
    assert country_named("sudan", "en").alpha_2 == "SD"
    assert country_named("  السودان ", "fr").alpha_2 == "SD"
    assert country_named("SDN").alpha_2 == "SD"
    with pytest.raises(InputError):
        country_named("Nowhere Land", "en")
