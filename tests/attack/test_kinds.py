"""References of what is stored, by kind, tried at the addresses of their kind by everybody.

Whoever has no business with what a reference names is answered as for a reference that nobody has,
byte for byte.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.complaints.actions import make_complaint
from marfa.apps.incidents.actions import record_incident
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import RoleGrant, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions.households import members_now
from marfa.apps.registry.actions.registration import (
    NewMember,
    NewName,
    NewPerson,
    register_household,
)
from marfa.apps.registry.models import Person
from marfa.apps.screening.actions.interview import open_screening
from marfa.apps.sealed_records.models import SealedNote
from marfa.crypto.passphrases import Cost
from marfa.domain.addressee import Addressee
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.files.actions import append_to_upload, settle_upload, start_upload
from marfa.platform.rowsecurity.context import every_organisation
from marfa.platform.rowsecurity.ownership import Owner
from marfa.safeguards.sealed import keyholders
from marfa.safeguards.sealed.models import OpeningRequest
from marfa.safeguards.words import Purpose
from tests.apps.registry.protection import protect
from tests.attack.addresses import told
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
NOBODYS = "0" * 20
WORDS = "lantern orbit kettle mosaic thunder"
MAY = {
    "talk": {"reception", "protection", "focal", "supervisor"},
    "complaint": {"focal"},
    "incident": {"officer", "administration"},
    "account": {"administration", "officer"},
    "role": {"administration"},
    "sealed note": {"colleague", "supervisor"},
    "sealed request": {"colleague", "supervisor"},
    "file": {"reception"},
}
"""Who alone may be told of one, of a person who is not protected; at most."""
SHOWN = {
    "talk": ("screening:one", "screening:ask"),
    "complaint": ("complaints:one",),
    "incident": ("incidents:one",),
    "account": ("organisations:person", "oversight:person"),
    "role": ("organisations:end_grant",),
    "sealed note": ("sealedtier:note", "sealedtier:people"),
    "sealed request": ("sealedtier:request",),
    "file": ("files:download", "files:finish"),
}
"""By kind, the addresses that are tried."""
SENT = ("role",)
"""Kinds of which no page is shown: their addresses take what is sent alone."""
PROTECTED = ("talk",)


@dataclass(frozen=True)
class Stored:
    """references: one of each kind. person: whose talk it is."""

    operation: Operation
    person: Person
    references: dict[str, str]


@pytest.fixture
def stored(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stored]:
    monkeypatch.setattr(keyholders, "COST", Cost(memory_kib=64, passes=1, lanes=1))
    with every_organisation():
        person = someone(operation)
        note, request = sealed(operation)
        references = {
            "talk": talk_with(operation, person),
            "complaint": complaint(operation),
            "incident": record_incident(
                actor=by_command(), kind="lost_device", noticed_at=clock.now()
            ).reference,
            "account": operation.outsider.reference,
            "role": RoleGrant.objects.filter(user=operation.colleague)[0].reference,
            "sealed note": note.reference,
            "sealed request": request.reference,
            "file": file_of(operation),
        }
        yield Stored(operation, person, references)


def first_site(operation: Operation) -> Site:
    return Site.objects.filter(organisation=operation.controller).order_by("created_at")[0]


def someone(operation: Operation) -> Person:
    made = register_household(
        actor=actor_of(operation.desks[Desk.RECEPTION]),
        purpose=Purpose.REGISTRATION,
        site=first_site(operation),
        members=(NewMember(NewPerson((NewName("Salma Haddad"),), "female")),),
        batch=new_id(),
    )
    return members_now(made)[0]


def talk_with(operation: Operation, person: Person) -> str:
    return open_screening(
        actor=actor_of(operation.desks[Desk.RECEPTION]),
        person=person,
        site=first_site(operation),
        language="en",
        addressee=Addressee.FEMININE,
    ).reference


def complaint(operation: Operation) -> str:
    return make_complaint(
        actor=actor_of(operation.desks[Desk.RECEPTION]),
        organisation=operation.controller,
        site=first_site(operation),
        about="staff",
        matter="other",
        text="Nobody listened to me.",
    ).reference


def file_of(operation: Operation) -> str:
    content = b"what somebody brought"
    file = start_upload(
        uploader_id=operation.desks[Desk.RECEPTION].pk,
        size=len(content),
        name="note.txt",
        media_type="text/plain",
        owner=Owner(operation.controller.pk),
    )
    append_to_upload(file=file, offset=0, source=io.BytesIO(content))
    return settle_upload(file=file).reference


def sealed(operation: Operation) -> tuple[SealedNote, OpeningRequest]:
    """A note of two holders, and the request of one of them to open it."""
    chief, worker = signed_in(operation.supervisor), signed_in(operation.colleague)
    words = {"passphrase": WORDS, "again": WORDS, "understood": "on"}
    for client in (chief, worker):
        assert client.post(reverse("sealedtier:passphrase"), words).status_code == 302
    sent = {"kind": "identity", "text": "Her true name", "holders": [str(operation.supervisor.pk)]}
    answer = worker.post(reverse("sealedtier:new"), sent)
    assert answer.status_code == 302, answer.content.decode()
    note = SealedNote.objects.get()
    why = {"code": "person_asked", "reason": "She asked us to call her sister"}
    assert worker.post(reverse("sealedtier:ask", args=[note.reference]), why).status_code == 302
    return note, OpeningRequest.objects.get()


def everybody() -> dict[str, Client]:
    users = User.objects.filter(is_active=True).order_by("username")
    return {user.username: signed_in(user) for user in users} | {"nobody": Client()}


def tells(client: Client, name: str, reference: str, methods: tuple[str, ...]) -> bool:
    """Whether somebody is told something else of a reference than of one that nobody has."""
    one, other = reverse(name, args=[reference]), reverse(name, args=[NOBODYS])
    return any(told(client, method, one) != told(client, method, other) for method in methods)


def who_is_told(
    clients: dict[str, Client], reference: str, names: tuple[str, ...], methods: tuple[str, ...]
) -> set[str]:
    return {
        username
        for username, client in clients.items()
        if any(tells(client, name, reference, methods) for name in names)
    }


@pytest.mark.parametrize("kind", SHOWN)
def test_a_reference_tells_nobody_else(
    stored: Stored, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clients = everybody()
    methods = ("post",) if kind in SENT else ("get",)
    found = who_is_told(clients, stored.references[kind], SHOWN[kind], methods)
    say(capsys, f"{kind}: {len(SHOWN[kind])} addresses x {len(clients)}: {sorted(found)} told")
    assert found, "the control: somebody is told"
    assert found <= MAY[kind]


@pytest.mark.parametrize("kind", PROTECTED)
def test_of_a_protected_person_it_tells_who_stays(stored: Stored, kind: str) -> None:
    before = who_is_told(everybody(), stored.references[kind], SHOWN[kind], ("get", "post"))
    protect(stored.person, staying=("colleague", "focal"))
    after = who_is_told(everybody(), stored.references[kind], SHOWN[kind], ("get", "post"))
    assert before - after, "the control: somebody was told before"
    assert after <= {"colleague", "focal", "supervisor"}


def say(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")
