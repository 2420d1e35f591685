"""The pages: a form is added or refused with its row, a device connected, a difference decided."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.forms.actions.decisions import recheck_submission
from marfa.apps.forms.actions.submissions import receive_submission
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import Device, FormVersion, Submission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.domain.ids import new_id
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.models import Entry
from tests.apps.forms.sheets import sheet
from tests.conftest import Operation, signed_in
from tests.contracts.openrosa.answers import arrival

pytestmark = pytest.mark.django_db(transaction=True)
WARD = "text|ward|Ward|الجناح||coded"


def file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("arrival.md", data)


def came(operation: Operation, version: FormVersion, content: bytes) -> Submission:
    with every_organisation():
        received = receive_submission(
            actor=actor_of(operation.desks[Desk.RECEPTION]),
            version=version,
            told=read_told(content),
            content=content,
            way="pages",
        )
        actor = Actor(new_id(), ActorKind.JOB)
        return recheck_submission(actor=actor, submission=received.submission)


def test_a_faulty_form_is_refused_with_its_row(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    sent = {"sheet": file(sheet(WARD, "text|q|Q|س")), "purpose": "registration"}
    answer = client.post(reverse("forms:add"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "row 3" in page
    assert "marfa::field" in page
    with every_organisation():
        assert not FormVersion.objects.filter(form__form_id="arrival").exists()


@pytest.mark.parametrize("missing", ["sheet", "purpose"])
def test_what_was_not_chosen_is_asked_for(operation: Operation, missing: str) -> None:
    sent = {"sheet": file(sheet(WARD)), "purpose": "registration"}
    del sent[missing]
    answer = signed_in(operation.supervisor).post(reverse("forms:add"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'href="#f-{missing}"' in page
    assert f'id="f-{missing}-error"' in page
    assert "Correct the spreadsheet" not in page, "it was not looked at"


def test_a_form_is_added_and_published(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    sent = {"sheet": file(sheet(WARD)), "purpose": "registration"}
    answer = client.post(reverse("forms:add"), sent, follow=True)
    page = answer.content.decode()
    assert "not published yet" in page
    rows = re.findall(r'<th scope="row"[^>]*><div><bdi([^>]*)>(.*?)</bdi>', page)
    assert rows
    assert not [words for _, words in rows if words.startswith("/")], "asked, not named"
    address = answer.redirect_chain[-1][0]
    assert "someone else publishes it" in page
    assert "Publish" not in page
    assert client.post(address, {"do": "publish", "seen": "on"}).status_code == 403
    second = operation.at(Desk.ADMINISTRATION)
    assert second.post(address, {"do": "publish"}).status_code == 422, "nothing was looked at"
    with every_organisation():
        assert not FormVersion.objects.get(form__form_id="arrival").is_offered
    second.post(address, {"do": "publish", "to_apps": "on", "seen": "on"})
    assert "is asked" in client.get(address).content.decode()
    with every_organisation():
        assert FormVersion.objects.get(form__form_id="arrival").form.open_to_apps
    client.post(address, {"do": "withdraw"})
    with every_organisation():
        assert not FormVersion.objects.get(form__form_id="arrival").is_offered


def test_the_password_of_a_device_is_shown_once(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    page = client.post(reverse("forms:devices"), {"label": "Tablet 3"}).content.decode()
    (password,) = re.findall(r"[a-z2-9]{5}(?:-[a-z2-9]{3,5}){6}", page)
    assert password not in client.get(reverse("forms:devices")).content.decode()
    device = Device.objects.get()
    other = signed_in(operation.colleague)
    assert other.post(reverse("forms:end_device", args=[device.reference])).status_code == 404
    client.post(reverse("forms:end_device", args=[device.reference]))
    assert Device.objects.get().revoked_at is not None


def test_who_fills_in_nothing_connects_nothing(operation: Operation) -> None:
    answer = signed_in(operation.outsider).post(reverse("forms:devices"), {"label": "Tablet"})
    assert answer.status_code == 422
    assert not Device.objects.exists()


def test_a_difference_is_shown_with_both_values_and_decided(
    operation: Operation, version: FormVersion
) -> None:
    row = came(operation, version, arrival(adults="7"))
    client = signed_in(operation.supervisor)
    address = reverse("forms:one", args=[row.reference])
    page = client.get(address).content.decode()
    assert "<bdi>7</bdi>" in page
    assert "<bdi>2</bdi>" in page
    read = Entry.objects.filter(action="records.read", subject_id=row.subject)
    assert read.count() == 1, "opening stands in the log"
    assert client.post(address, {"do": "accept"}).status_code == 422
    said = client.post(
        address, {"do": "accept", "sentence": "The device counted wrongly."}, follow=True
    )
    assert "The form is accepted." in said.content.decode()
    with every_organisation():
        assert Submission.objects.get().state == "accepted"
    assert client.get(address).status_code == 404


def test_what_is_set_aside_is_told_too(operation: Operation, version: FormVersion) -> None:
    row = came(operation, version, arrival(adults="7"))
    client = signed_in(operation.supervisor)
    sent = {"do": "set_aside", "sentence": "Sent twice."}
    said = client.post(reverse("forms:one", args=[row.reference]), sent, follow=True)
    assert "The form is set aside." in said.content.decode()
    with every_organisation():
        assert Submission.objects.get().state == "set_aside"


def test_who_may_not_judge_sees_nothing(operation: Operation, version: FormVersion) -> None:
    row = came(operation, version, arrival(adults="7"))
    address = reverse("forms:one", args=[row.reference])
    for user in (operation.partner, operation.officer, operation.colleague, operation.outsider):
        assert signed_in(user).get(address).status_code == 403


def test_the_queue_asks_as_often_for_many(operation: Operation, version: FormVersion) -> None:
    client, address = signed_in(operation.supervisor), reverse("forms:came")
    came(operation, version, arrival())
    client.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
        for _more in range(5):
            came(operation, version, arrival(adults="7"))
    assert counts[0] == counts[1]
