"""The page of a form, from the door: opened, sent, wrong, overtaken, refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pyrage.x25519 import Identity

from marfa.apps.agreements.models import Recipient
from marfa.apps.agreements.models.recipients import KINDS
from marfa.apps.incidents import actions
from marfa.apps.incidents.models import Incident
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.message import InputError, Message
from marfa.platform.revisions.errors import ConflictError
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
SENT = {"kind": "lost_device", "noticed_at": "2026-03-01T10:00", "note": "a grey tablet"}
GUEST = "organisations:add_guest"
DENIED = "You may not do this. Ask your administrator"


def typed_again(page: str) -> bool:
    return "a grey tablet" in page and "2026-03-01T10:00" in page


def recipient_made(client: Client) -> str:
    sent = {"name": "Clinic", "kind": KINDS[0]}
    return client.post(reverse("consents:add_recipient"), sent).headers["Location"]


def test_opened_it_is_a_form_with_nothing_wrong(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    answer = client.get(reverse("incident:record"))
    assert answer.status_code == 200
    assert "error-summary" not in answer.content.decode()
    head = client.head(reverse("incident:record"))
    assert (head.status_code, head.content) == (200, b"")
    assert not Incident.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_it_is_opened_and_sent_and_nothing_else(operation: Operation, method: str) -> None:
    answer = getattr(operation.at(Desk.RECEPTION), method)(reverse("incident:record"))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_what_is_sent_is_done_once_and_leads_on(operation: Operation) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    answer = client.post(reverse(GUEST), {"name": "Lantern House"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("organisations:sites"))
    assert Organisation.objects.filter(name="Lantern House").count() == 1


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(operation: Operation) -> None:
    """A form of Django, before anything is done."""
    answer = operation.at(Desk.RECEPTION).post(reverse("incident:record"), {**SENT, "kind": ""})
    page = answer.content.decode()
    assert (answer.status_code, Incident.objects.count()) == (422, 0)
    assert 'href="#f-kind"' in page
    assert typed_again(page)


def test_what_an_action_finds_wrong_stands_at_its_field(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_told: Any) -> None:
        raise InputError.at(Message("apps.reception:talk-over"), field="note")

    monkeypatch.setattr(actions, "record_incident", fail)
    answer = operation.at(Desk.RECEPTION).post(reverse("incident:record"), SENT)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-note"' in page
    assert typed_again(page)


def test_without_a_form_of_django_it_is_the_same(operation: Operation) -> None:
    """A site: what the action calls its time zone is asked under another name on the page."""
    there = reverse("organisations:add_site", args=[operation.controller.reference])
    sent = {"name": "Lantern House", "time_zone": "Nowhere/Else"}
    answer = operation.at(Desk.ADMINISTRATION).post(there, sent)
    page = answer.content.decode()
    assert (answer.status_code, Site.objects.filter(name="Lantern House").count()) == (422, 0)
    assert 'href="#f-time_zone"' in page
    assert all(f'value="{typed}"' in page for typed in sent.values())


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (InputError.at(Message("apps.reception:talk-over")), 422, "This conversation is over"),
        (ConflictError((), version=2, values={}), 409, "Someone else changed this"),
    ],
)
def test_what_belongs_to_no_field_stands_above_the_form(
    operation: Operation,
    monkeypatch: pytest.MonkeyPatch,
    error: InputError,
    status: int,
    said: str,
) -> None:
    def fail(**_told: Any) -> None:
        raise error

    monkeypatch.setattr(actions, "record_incident", fail)
    answer = operation.at(Desk.RECEPTION).post(reverse("incident:record"), SENT)
    page = answer.content.decode()
    assert answer.status_code == status
    assert said in page
    assert typed_again(page)


def test_who_may_open_it_and_not_do_it_is_refused_with_the_sentence(operation: Operation) -> None:
    administrator, key = operation.at(Desk.ADMINISTRATION), str(Identity.generate().to_public())
    there = recipient_made(administrator)
    assert administrator.post(there, {"do": "key", "age_key": key}).status_code == 302
    reader = operation.at(Desk.COORDINATION)
    assert reader.get(there).status_code == 200
    answer = reader.post(there, {"do": "key", "age_key": ""})
    assert answer.status_code == 403
    assert DENIED in answer.content.decode()
    assert Recipient.objects.get(name="Clinic").age_key == key


def test_where_it_leads_to_itself_it_says_what_was_done(operation: Operation) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    there = recipient_made(client)
    answer = client.post(there, {"do": "key", "age_key": ""}, follow=True)
    assert answer.redirect_chain == [(there, 302)]
    assert "Recorded." in answer.content.decode()


def test_no_report_of_an_error_holds_what_was_typed(operation: Operation) -> None:
    """Django leaves it out of reports where a view says so, which is told in the request."""
    answer = operation.at(Desk.RECEPTION).post(reverse("incident:record"), SENT)
    assert answer.wsgi_request.sensitive_post_parameters == "__ALL__"  # type: ignore[attr-defined]
