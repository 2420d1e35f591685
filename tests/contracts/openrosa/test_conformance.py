"""Our server, held to the standard by a client that was written from it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from marfa.apps.forms.actions.devices import Connected, connect_device, revoke_device
from marfa.apps.forms.models import Attachment, FormDefinition, FormMedia, FormVersion, Submission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.files.models import StoredFile
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from tests.apps.forms.conftest import erased as erased
from tests.apps.forms.conftest import form as form
from tests.apps.forms.conftest import version as version
from tests.conftest import Operation
from tests.contracts.openrosa.answers import arrival, picture
from tests.contracts.openrosa.client import Answer, Client, File

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 1024 * 1024


def in_process(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send within this process; the address that came in a list is followed as it is."""
    split = urlsplit(path)
    where = split.path + (f"?{split.query}" if split.query else "")
    kind = headers.get("Content-Type", "application/octet-stream")
    found = Browser().generic(method, where, body, kind, headers=dict(headers), secure=True)
    names = {name.lower(): value for name, value in found.headers.items()}
    return Answer(found.status_code, names, b"" if method == "HEAD" else found.content)


@pytest.fixture
def connected(operation: Operation) -> Connected:
    user = operation.desks[Desk.RECEPTION]
    with every_organisation():
        return connect_device(
            actor=actor_of(user), user=user, organisation=operation.controller, label="Tablet 3"
        )


@pytest.fixture
def client(connected: Connected, version: FormVersion) -> Client:
    return Client(in_process, "/openrosa", connected.device.reference, connected.password)


def stored() -> list[Submission]:
    with every_organisation():
        return list(Submission.objects.order_by("received_at"))


def files_kept() -> int:
    with every_organisation():
        return StoredFile.objects.count()


def add_media(version: FormVersion) -> FormMedia:
    import hashlib

    content = picture(8)
    with every_organisation():
        return FormMedia.objects.create(
            id=new_id(),
            organisation=version.organisation,
            version=version,
            filename="harbour.png",
            media_type="image/png",
            content=content,
            md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        )


# Authentication


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_the_list_is_for_devices_alone(client: Client, method: str) -> None:
    client.challenged(method, "/openrosa/formList")


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_sending_is_for_devices_alone(client: Client, method: str) -> None:
    client.challenged(method, "/openrosa/submission")


def test_nothing_goes_over_an_insecure_connection(client: Client) -> None:
    found = Browser().get("/openrosa/formList", REMOTE_ADDR="192.0.2.7")
    assert found.status_code == 403
    assert "WWW-Authenticate" not in found.headers, "nobody is asked for a password there"


def test_a_withdrawn_device_is_nobody(
    client: Client, connected: Connected, operation: Operation
) -> None:
    assert client.forms()
    actor = actor_of(operation.desks[Desk.RECEPTION])
    with every_organisation():
        revoke_device(actor=actor, device=connected.device)
    assert client.ask("GET", "/openrosa/formList").status == 401
    assert client.post(arrival()).status == 401
    assert stored() == []


def test_a_blocked_person_sends_nothing(client: Client, operation: Operation) -> None:
    user = operation.desks[Desk.RECEPTION]
    user.is_active = False
    user.save()
    assert client.post(arrival()).status == 401


def test_a_role_that_ended_bites_at_once(client: Client, operation: Operation) -> None:
    user = operation.desks[Desk.RECEPTION]
    with clock.set_to(clock.now()):
        user.role_grants.update(ends_at=clock.now())
        assert client.forms() == []
        assert client.post(arrival()).status == 403
    assert stored() == []


def test_wrong_passwords_are_limited_and_the_right_one_never(client: Client) -> None:
    right, client.password = client.password, "wrong"
    found = {client.ask("GET", "/openrosa/formList").status for _ in range(30)}
    assert found == {401, 429}
    client.password = right
    assert client.forms()


def test_a_device_opens_no_page(client: Client) -> None:
    """The password is good for OpenRosa alone."""
    for path in ("/", "/search/", "/desks/reception/", "/files/uploads/"):
        assert client.ask("GET", path).status == 302, path


def test_the_password_is_stored_nowhere(connected: Connected) -> None:
    row = vars(connected.device)
    assert connected.password not in map(str, row.values())
    assert len(connected.password.replace("-", "")) >= 32


# The list


def test_a_form_is_found_downloaded_and_whole(client: Client, version: FormVersion) -> None:
    add_media(version)
    (found,) = client.forms()
    assert (found.form_id, found.name, found.version) == ("arrival", "Arrival", version.version)
    assert found.description is None, "only where it is asked for"
    xml, files = client.download(found)
    assert xml == version.xml.encode()
    assert files == {"harbour.png": picture(8)}


def test_the_name_is_in_the_language_that_is_asked_for(client: Client) -> None:
    client.language = "ar"
    (found,) = client.forms(verbose="true")
    assert found.name == "وصول"
    assert found.description == "وصول"


def test_a_list_of_one_form(client: Client) -> None:
    assert [found.form_id for found in client.forms(formID="arrival")] == ["arrival"]
    assert client.forms(formID="other") == []


def test_of_several_versions_the_last_published_is_listed(
    client: Client, version: FormVersion
) -> None:
    with every_organisation():
        later = FormVersion.objects.create(
            organisation=version.organisation,
            form=version.form,
            version="2026020201",
            xml=version.xml.replace("2026010101", "2026020201"),
            md5="0" * 32,
            source_sha256="1" * 64,
            added_at=clock.now(),
        )
        assert [found.version for found in client.forms(listAllVersions="true")] == ["2026010101"]
        FormVersion.objects.filter(pk=later.pk).update(published_at=clock.now())
    assert [found.version for found in client.forms()] == ["2026020201"]
    assert len(client.forms(listAllVersions="true")) == 2


@pytest.mark.parametrize("closed", ["sensitive", "open_to_apps", "withdrawn"])
def test_what_is_not_for_apps_is_neither_listed_nor_given(
    client: Client, version: FormVersion, form: FormDefinition, closed: str
) -> None:
    (found,) = client.forms()
    with every_organisation():
        if closed == "withdrawn":
            FormVersion.objects.update(withdrawn_at=clock.now())
        else:
            FormDefinition.objects.update(sensitive=closed == "sensitive", open_to_apps=False)
    assert client.forms(listAllVersions="true") == []
    answer = client.ask("GET", found.download)
    assert answer.status == 404
    assert client.message(answer)


# Sending


@pytest.mark.parametrize("shape", ["collect", "enketo"])
def test_what_is_sent_is_kept_byte_for_byte(client: Client, shape: str) -> None:
    client.shape = shape
    xml = arrival()
    assert client.submit(xml) == 1
    (row,) = stored()
    with every_organisation(), open_vault():
        assert row.xml.data == xml
    assert (row.state, row.way) == ("received", "openrosa")
    entry = Entry.objects.get(action="forms.fill", object_id=row.pk)
    assert entry.subject_id == row.subject


def test_the_same_again_changes_nothing(client: Client) -> None:
    xml = arrival()
    for _ in range(3):
        client.submit(xml)
    assert len(stored()) == 1
    assert client.said[0] != client.said[-1]


def test_other_answers_under_the_same_number_are_refused_and_counted(client: Client) -> None:
    first = arrival(instance="uuid:9f2b1b1e-8a53-4c1b-9a57-0a7e6f5d4c3b")
    client.submit(first)
    other = arrival(people="9", instance="uuid:9f2b1b1e-8a53-4c1b-9a57-0a7e6f5d4c3b")
    answer = client.post(other)
    assert answer.status == 409
    assert client.message(answer)
    (row,) = stored()
    assert row.doubles == 1
    with every_organisation(), open_vault():
        assert row.xml.data == first


def test_attachments_in_several_requests(client: Client) -> None:
    xml = arrival(photo="1.png")
    client.submit(xml)
    assert stored()[0].waits_for == 1
    files = [File("1.png", "image/png", picture(64))]
    assert client.submit(xml, files, most=2000) == 1
    assert stored()[0].waits_for == 0
    with every_organisation(), open_vault():
        (attached,) = Attachment.objects.select_related("file")
        assert attached.name == "1.png"
        from marfa.platform.files.queries import open_file

        with open_file(attached.file) as contents:
            assert b"".join(contents.chunks()) == files[0].content
    client.submit(xml, files)
    assert files_kept() == 1


def test_another_file_under_the_same_name_is_refused(client: Client) -> None:
    xml = arrival(photo="1.png")
    client.submit(xml, [File("1.png", "image/png", picture(16))])
    answer = client.post(xml, [File("1.png", "image/png", picture(16, seed=1))])
    assert answer.status == 409
    assert files_kept() == 1


def test_a_file_that_the_answers_do_not_name_is_not_kept(client: Client) -> None:
    answer = client.post(arrival(), [File("2.png", "image/png", picture(16))])
    assert answer.status == 400
    assert len(stored()) == 1, "the answers are"
    assert files_kept() == 0


def test_a_disguised_file_is_refused(client: Client) -> None:
    answer = client.post(arrival(photo="1.png"), [File("1.png", "image/png", b"MZ" + bytes(900))])
    assert answer.status == 400
    assert client.message(answer)
    assert stored()[0].waits_for == 1


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<data id="arrival" version="2026010101"><people>&b;</people></data>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<data id="arrival" version="2026010101"><people>&a;</people></data>'
)


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        (BOMB, 400),
        (OUTSIDE, 400),
        (b"not xml", 400),
        (b"<data/>", 400),
        (arrival(instance="3"), 400),
        (arrival().replace(b'id="arrival"', b'id="arrival" encrypted="yes"'), 400),
        (arrival(version="1999"), 404),
        (arrival().replace(b'id="arrival"', b'id="unknown"'), 404),
    ],
    ids=["bomb", "outside", "no-xml", "no-id", "no-uuid", "encrypted", "version", "form"],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_cannot_be_taken_is_said(
    client: Client, xml: bytes, status: int, language: str
) -> None:
    client.language = language
    answer = client.good(client.post(xml), status)
    sentence = client.message(answer)
    assert any("\u0600" <= letter <= "\u06ff" for letter in sentence) == (language == "ar")
    assert stored() == []


def test_a_body_that_is_no_form(client: Client) -> None:
    answer = client.ask("POST", "/openrosa/submission", b"<data/>", kind="text/xml")
    assert answer.status == 400
    assert client.message(answer)


def test_two_documents_in_one_request(client: Client) -> None:
    answer = client.post(arrival(), [File("xml_submission_file", "text/xml", arrival())])
    assert answer.status == 400
    assert stored() == []


def test_too_large(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marfa.apps.forms.openrosa.parts.LARGEST", 3000)
    answer = client.post(arrival(photo="1.png"), [File("1.png", "image/png", picture(64))])
    assert answer.status == 413
    assert client.message(answer)
    assert stored() == []


def test_a_large_attachment_touches_no_disk_in_clear(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django would leave more than 2.5 MB to a temporary file."""

    def on_disk(*_given: object, **_more: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", on_disk)
    file = File("1.png", "image/png", picture(1200))
    assert len(file.content) > 2_621_440
    client.submit(arrival(photo="1.png"), [file])
    assert stored()[0].waits_for == 0


def test_a_sensitive_form_is_not_taken_from_an_app(client: Client, form: FormDefinition) -> None:
    with every_organisation():
        FormDefinition.objects.update(sensitive=True, open_to_apps=False)
    answer = client.post(arrival())
    assert answer.status == 403
    assert stored() == []


def test_what_was_filled_in_before_a_version_was_withdrawn_is_taken(client: Client) -> None:
    with every_organisation():
        FormVersion.objects.update(withdrawn_at=clock.now())
    client.submit(arrival())
    assert len(stored()) == 1


def test_a_guests_device_sees_no_form_of_the_controller(
    version: FormVersion, operation: Operation
) -> None:
    user = operation.partner
    with every_organisation():
        made = connect_device(
            actor=actor_of(user), user=user, organisation=operation.guest, label="Phone"
        )
    client = Client(in_process, "/openrosa", made.device.reference, made.password)
    assert client.forms() == []
    assert client.post(arrival()).status == 404
    assert stored() == []


def test_nothing_of_the_answers_is_in_the_open(client: Client) -> None:
    client.submit(arrival(people="731", children="0", adults="731"))
    from django.db import connection

    with every_organisation():
        Submission.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM forms_submission")
            (row,) = cursor.fetchall()
    assert b"731" not in b"".join(bytes(v) for v in row if isinstance(v, (bytes, memoryview)))
    assert "<people>" not in str(row)
