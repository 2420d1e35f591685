"""A list that two people sign, each on its page."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk
from tests.conftest import Operation, signed_in


def sign_on_page(client: Client, name: str, **more: str) -> int:
    """What comes back after signing what the page shows."""
    there = reverse("lists:one", args=[name])
    seen = client.get(there).context["listed"].instrument.digest
    sent = {"do": "sign", "accepted": "on", "seen": seen, **more}
    return client.post(there, sent).status_code


def sign_by_two(operation: Operation, name: str) -> None:
    for client in (operation.at(Desk.ADMINISTRATION), signed_in(operation.supervisor)):
        assert sign_on_page(client, name) == 302
