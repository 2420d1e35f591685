"""Names with signs that nobody sees, sent to every page and command that takes a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.passkeys import register_passkey
from marfa.apps.agreements.models.recipients import KINDS
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions.households import members_now
from marfa.apps.registry.actions.registration import (
    NewMember,
    NewName,
    NewPerson,
    register_household,
)
from marfa.apps.registry.models import Person
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.words import Purpose
from tests.conftest import Operation
from tests.support.installation import marfa, sentence
from tests.support.shared_copies import Once

HIDDEN = {
    "turns the text around": "\u202e",
    "has no width": "\u200b",
    "is a tag": "\U000e0041",
    "fills and shows nothing": "\u3164",
}
ALIKE = "M\u0430riam"


@pytest.fixture
def person(operation: Operation) -> Iterator[Person]:
    with every_organisation():
        site = Site.objects.filter(organisation=operation.controller).order_by("created_at")[0]
        made = register_household(
            actor=actor_of(operation.desks[Desk.RECEPTION]),
            purpose=Purpose.REGISTRATION,
            site=site,
            members=(NewMember(NewPerson((NewName("Salma Haddad"),), "female")),),
            batch=new_id(),
        )
        yield members_now(made)[0]


def household(operation: Operation, name: str) -> HttpResponse:
    sent = {"do": "save", "person": operation.desks[Desk.RECEPTION].reference}
    row = {"name-0": name, "sex-0": "female", "born-0": "34", "relation-0": ""}
    there = reverse("reception:household")
    return answered(operation.at(Desk.RECEPTION), there, sent | row | {"batch": str(new_id())})


def device(operation: Operation, name: str) -> HttpResponse:
    return answered(operation.at(Desk.RECEPTION), reverse("forms:devices"), {"label": name})


def recipient(operation: Operation, name: str) -> HttpResponse:
    sent = {"kind": KINDS[0], "name": name}
    return answered(operation.at(Desk.ADMINISTRATION), reverse("consents:add_recipient"), sent)


def administered(operation: Operation, name: str, sent: dict[str, str], *to: str) -> HttpResponse:
    client = operation.at(Desk.ADMINISTRATION)
    return answered(client, reverse(f"organisations:{name}", args=to), sent)


def account(operation: Operation, name: str) -> HttpResponse:
    sent = {"username": "samira", "display_name": name, "role": "case_worker"}
    return administered(operation, "add", sent | {"place": operation.controller.reference})


def guest(operation: Operation, name: str) -> HttpResponse:
    return administered(operation, "add_guest", {"name": name})


def place(operation: Operation, name: str) -> HttpResponse:
    sent = {"name": name, "time_zone": "Africa/Tripoli"}
    return administered(operation, "add_site", sent, operation.controller.reference)


def team(operation: Operation, name: str) -> HttpResponse:
    sent = {"name": name, "place": operation.controller.reference}
    return administered(operation, "add_team", sent)


def answered(client: Client, address: str, sent: dict[str, str]) -> HttpResponse:
    answer = client.post(address, sent)
    assert isinstance(answer, HttpResponse)
    return answer


PAGES: dict[str, Callable[[Operation, str], HttpResponse]] = {
    "a household": household,
    "a device": device,
    "a recipient": recipient,
    "an account": account,
    "a guest": guest,
    "a site": place,
    "a team": team,
}


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_refuses_hidden_signs_and_says_which(operation: Operation, page: str) -> None:
    with every_organisation():
        for sign in HIDDEN.values():
            refused = PAGES[page](operation, f"Mar{sign}iam")
            assert refused.status_code == 422, sign
            assert f"U+{ord(sign):04X}" in refused.content.decode()
        taken = PAGES[page](operation, "Mariam")
        assert taken.status_code in (200, 302), "the control"


@pytest.mark.django_db
def test_a_further_name_of_somebody_is_refused_and_a_lookalike_marked(
    operation: Operation, person: Person
) -> None:
    client = operation.at(Desk.RECEPTION)
    there = reverse("people:add_row", args=[person.reference, "names"])
    for sign in HIDDEN.values():
        refused = client.post(there, {"kind": "called", "text": f"Mar{sign}iam"})
        assert refused.status_code == 422
        assert f"U+{ord(sign):04X}" in refused.content.decode()
    page = reverse("people:person", args=[person.reference])
    assert "U+0430" not in client.get(page).content.decode(), "the control"
    assert client.post(there, {"kind": "called", "text": ALIKE}).status_code == 302
    assert "U+0430" in client.get(page).content.decode()


@pytest.mark.django_db
def test_a_passkey_has_no_hidden_name(operation: Operation) -> None:
    def named(name: str) -> str:
        with pytest.raises(Exception) as raised:  # noqa: PT011 - an answer that fits nothing
            register_passkey(
                user=operation.supervisor, name=name, origin="https://a.test", kept=None, answer=""
            )
        return "name" if isinstance(raised.value, InputError) else "answer"

    assert {named(f"My{sign}key") for sign in HIDDEN.values()} == {"name"}
    assert named("My key") == "answer", "the control: the name is taken"


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "users add {} --role case_worker",
        "users add samir --name {} --role case_worker",
        "organisations add {}",
        "organisations site {} --time-zone Africa/Tripoli",
        "teams add {}",
    ],
)
def test_a_command_refuses_hidden_signs(command: str, once: Once, tmp_path: Path) -> None:
    place = once.installation(tmp_path / "data", "--desks", "reception,protection")

    def run(name: str):  # type: ignore[no-untyped-def]
        words = [word.format(name) for word in command.split()]
        return marfa(*words, "--data", str(place))

    for sign in HIDDEN.values():
        assert f"U+{ord(sign):04X}" in sentence(run(f"Har{sign}bour"))
    assert run("Harbour").returncode == 0, "the control"
