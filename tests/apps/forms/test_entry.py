"""A form filled in on plain pages, from the first to the sending."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.forms.entry import hand_in
from marfa.apps.forms.models import Attachment, FormVersion, Submission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.methods.xforms import recheck
from marfa.platform import clock
from marfa.platform.files.models import StoredFile
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.conftest import Operation, signed_in
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db
FORM = """| survey | | | | | | | |
| | type | name | label::English (en) | label::العربية (ar) | relevant | constraint | required | calculation | marfa::tier |
| | integer | people | How many people came? | كم شخصًا وصل؟ | | . >= 0 and . < 1000 | yes | | coded |
| | integer | children | How many of them are children? | كم منهم أطفال؟ | ${people} > 0 | . <= ${people} | | | coded |
| | calculate | adults | | | | | | ${people} - ${children} | |
| | image | photo | A picture of the place | صورة للمكان | | | | | personal |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | Arrival | arrival | 2026010101 | English (en) |
"""  # noqa: E501


@pytest.fixture
def version(operation: Operation) -> FormVersion:
    """A short form with a rule of each kind, published."""
    actor = actor_of(operation.supervisor)
    with every_organisation():
        examined = examine_xlsform(FORM.encode(), "arrival.md", Purpose.REGISTRATION)
        made = add_form(actor=actor, organisation=operation.controller, examined=examined)
        publish_version(actor=second_person(operation), version=made)
    return made


def picture() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(data, "PNG")
    return SimpleUploadedFile("Salma at the gate.png", data.getvalue(), "image/png")


def begun(client: Client, version: FormVersion) -> str:
    """The address of the first page of a form that was just begun."""
    answer = client.post(reverse("filling:begin", args=[version.reference]))
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_form_is_filled_in_page_by_page_and_sent_once(
    operation: Operation, version: FormVersion
) -> None:
    client = operation.at(Desk.RECEPTION)
    assert b"Arrival" in client.get(reverse("filling:choose")).content
    first = begun(client, version)
    assert client.get(first).status_code == 200
    second = client.post(first, {"q0": "٥"})["Location"]
    assert second != first
    last = client.post(second, {"q0": "2", "q1": picture()})
    check = last["Location"]
    page = client.get(check)
    assert page.status_code == 200
    assert client.post(check)["Location"] == reverse("filling:sent")
    assert client.post(check)["Location"] == reverse("filling:sent"), "a second click"
    with every_organisation(), open_vault():
        submission = Submission.objects.get()
        content = submission.xml.data
        attachment = Attachment.objects.get()
        assert submission.way == "pages"
        assert submission.waits_for == 0
        assert b"<people>5</people><children>2</children><adults>3</adults>" in content
        assert b"Salma" not in content, "what the file was called on the device is not told"
        assert attachment.name.encode() in content
    assert str(submission.instance) in first
    assert recheck_of(version, content) == []
    with every_organisation():
        assert not Draft.objects.exists()
        assert StoredFile.objects.count() == 1


def recheck_of(version: FormVersion, content: bytes) -> list[object]:
    from marfa.apps.forms.form_models import model_of

    return list(recheck(model_of(version), content, clock.now()))


def test_what_is_wrong_is_told_at_its_field_and_kept(
    operation: Operation, version: FormVersion
) -> None:
    client = operation.at(Desk.RECEPTION)
    first = begun(client, version)
    answer = client.post(first, {"q0": "5000"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-q0"' in page
    assert 'value="5000"' in page
    assert 'value="5000"' in client.get(first).content.decode(), "it is kept all the same"
    empty = client.post(first, {"q0": ""})
    assert empty.status_code == 422
    check = "/".join(first.split("/")[:-2]) + "/"
    assert client.post(check).status_code == 422
    with every_organisation():
        assert not Submission.objects.exists()


def test_skip_logic_is_worked_out_between_the_pages(
    operation: Operation, version: FormVersion
) -> None:
    client = operation.at(Desk.RECEPTION)
    first = begun(client, version)
    with_children = client.get(client.post(first, {"q0": "3"})["Location"]).content.decode()
    assert "children" in with_children
    without = client.get(client.post(first, {"q0": "0"})["Location"]).content.decode()
    assert "children" not in without
    assert "picture" in without


def test_the_language_of_the_form_turns_its_words_and_their_direction(
    operation: Operation, version: FormVersion
) -> None:
    client = operation.at(Desk.RECEPTION)
    first = begun(client, version)
    names = re.findall(r'name="language" value="([^"]*\(ar\))"', client.get(first).content.decode())
    place = first.rstrip("/").rpartition("/")[2]
    address = first.removesuffix(f"{place}/") + "language/"
    back = client.post(address, {"language": names[0], "place": place})["Location"]
    page = client.get(back).content.decode()
    assert 'lang="ar" dir="rtl"' in page
    assert "كم شخصًا وصل؟" in page


def test_nobody_else_finds_what_was_begun(operation: Operation, version: FormVersion) -> None:
    first = begun(operation.at(Desk.RECEPTION), version)
    check = first.removesuffix(f"{first.rstrip('/').rpartition('/')[2]}/")
    for other in (signed_in(operation.colleague), signed_in(operation.supervisor)):
        assert other.get(first).status_code == 404
        assert other.get(check).status_code == 404
        assert other.post(check + "discard/").status_code == 404
    for other in (signed_in(operation.partner), signed_in(operation.outsider)):
        assert other.get(first).status_code == 403
        assert other.get(reverse("filling:choose")).status_code == 403
    stranger = signed_in(operation.outsider)
    assert stranger.post(reverse("filling:begin", args=[version.reference])).status_code == 403


def test_giving_up_destroys_answers_and_files(operation: Operation, version: FormVersion) -> None:
    client = operation.at(Desk.RECEPTION)
    first = begun(client, version)
    second = client.post(first, {"q0": "1"})["Location"]
    client.post(second, {"q0": "1", "q1": picture()})
    with every_organisation():
        assert StoredFile.objects.count() == 1
    check = first.removesuffix(f"{first.rstrip('/').rpartition('/')[2]}/")
    assert client.get(check + "discard/").status_code == 200
    client.post(check + "discard/")
    with every_organisation():
        assert not Draft.objects.exists()
        assert not StoredFile.objects.exists()


def test_a_file_of_another_kind_is_refused_at_its_field(
    operation: Operation, version: FormVersion
) -> None:
    client = operation.at(Desk.RECEPTION)
    second = client.post(begun(client, version), {"q0": "1"})["Location"]
    wrong = SimpleUploadedFile("a.png", b"MZ not a picture", "image/png")
    answer = client.post(second, {"q0": "1", "q1": wrong})
    assert answer.status_code == 422
    assert 'href="#f-q1"' in answer.content.decode()
    with every_organisation():
        assert not StoredFile.objects.exists()


def test_what_was_begun_is_found_again(operation: Operation, version: FormVersion) -> None:
    client = operation.at(Desk.RECEPTION)
    first = begun(client, version)
    later = client.post(first, {"q0": "7", "do": "later"})
    assert later["Location"] == reverse("filling:choose")
    page = client.get(reverse("filling:choose")).content.decode()
    rows = re.search(r"<tbody.*?</tbody>", page, re.DOTALL)
    assert rows is not None
    assert first[:20] in rows[0]
    assert "<bdi>Arrival</bdi>" in rows[0]
    assert 'value="7"' in client.get(first).content.decode()


def test_a_sending_that_is_cut_off_sends_the_same_again(
    operation: Operation, version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are fixed before they are handed in: the time of the end stays what it was."""
    client = operation.at(Desk.RECEPTION)
    first = begun(client, version)
    second = client.post(first, {"q0": "1"})["Location"]
    check = client.post(second, {"q0": "1"})["Location"]
    handed_in: list[bytes] = []

    def cut_off(**given: object) -> None:
        handed_in.append(bytes(given["content"]))  # type: ignore[call-overload]
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(hand_in, "receive_submission", cut_off)
        with pytest.raises(ConnectionError):
            client.post(check)
    page = client.get(check).content.decode()
    assert "not sent completely" in page
    assert client.post(first, {"q0": "9"})["Location"] == check, "nothing changes any more"
    assert client.post(check)["Location"] == reverse("filling:sent")
    with every_organisation(), open_vault():
        assert Submission.objects.get().xml.data == handed_in[0]
