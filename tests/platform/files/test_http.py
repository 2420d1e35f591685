"""Uploads over HTTP as a tus 1.0 client does them, and files given back."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.organisations.actions import create_organisation, grant_role
from marfa.apps.organisations.models import Organisation
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.stream import CHUNK
from marfa.platform.files import blobs
from marfa.platform.files.models import StoredFile
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.words import Role
from tests.conftest import signed_in
from tests.platform.files import samples as made

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture
def organisation(db: None) -> Iterator[Organisation]:
    """In its context the test looks at rows itself."""
    made = create_organisation(name="Ours", kind=Organisation.Kind.CONTROLLER)
    with row_context([made.pk]):
        yield made


@pytest.fixture
def client(sender: User, organisation: Organisation) -> Client:
    grant_role(user=sender, role=Role.CASE_WORKER, organisation=organisation)
    return signed_in(sender)


@pytest.fixture
def stranger(organisation: Organisation) -> Client:
    user = create_user(username="stranger", display_name="Stranger")
    grant_role(user=user, role=Role.CASE_WORKER, organisation=organisation)
    return signed_in(user)


def told(**values: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in values.items())


def create(
    client: Client, size: int, name: str = "اسم.txt", kind: str = "text/plain", **more: str
) -> Any:
    headers = TUS | {
        "Upload-Length": str(size),
        "Upload-Metadata": told(filename=name, filetype=kind, **more),
    }
    return client.post(reverse("files:uploads"), headers=headers)


def test_a_file_is_the_senders_organisations(client: Client, organisation: Organisation) -> None:
    assert create(client, 4).status_code == 201
    assert StoredFile.objects.get().organisation == organisation.pk


def test_who_works_for_several_says_for_which(
    client: Client, sender: User, organisation: Organisation
) -> None:
    other = create_organisation(name="Other", kind=Organisation.Kind.GUEST)
    elsewhere = create_organisation(name="Elsewhere", kind=Organisation.Kind.GUEST)
    grant_role(user=sender, role=Role.CASE_WORKER, organisation=other)
    for named, expected in ((other, other), (organisation, organisation)):
        create(client, 4, organisation=str(named.pk))
        with row_context([organisation.pk, other.pk]):
            assert StoredFile.objects.get().organisation == expected.pk
            StoredFile.objects.all().delete()
    create(client, 4, organisation=str(elsewhere.pk))
    with row_context([elsewhere.pk]):
        assert not StoredFile.objects.filter(organisation=elsewhere.pk).exists()


def test_who_works_for_none_sends_nothing(sender: User) -> None:
    assert create(signed_in(sender), 4).status_code == 403


def patch(client: Client, place: str, offset: int, content: bytes, **more: Any) -> Any:
    headers = TUS | {"Upload-Offset": str(offset)}
    return client.patch(place, content, content_type=PIECE, headers=headers, **more)


def head(client: Client, place: str) -> Any:
    return client.head(place, headers=TUS)


def finish(client: Client, place: str) -> Any:
    return client.post(f"{place}finish/", headers=TUS)


def send(client: Client, content: bytes, **kind: str) -> str:
    place = str(create(client, len(content), **kind).headers["Location"])
    assert patch(client, place, 0, content).status_code == 204
    return place


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def download_url() -> str:
    return reverse("files:download", args=[StoredFile.objects.get().reference])


def test_an_interrupted_upload_goes_on_where_it_stood(client: Client) -> None:
    content = b"line of text\n" * 60_000
    created = create(client, len(content))
    assert created.status_code == 201
    place = created.headers["Location"]
    assert patch(client, place, 0, content[: CHUNK + 10]).headers["Upload-Offset"] == str(
        CHUNK + 10
    )
    stands = head(client, place)
    assert stands.status_code == 200
    assert stands.headers["Upload-Offset"] == str(CHUNK + 10)
    assert stands.headers["Upload-Length"] == str(len(content))
    assert stands.headers["Cache-Control"] == "no-store"
    assert stands.headers["Tus-Resumable"] == "1.0.0"
    repeated = patch(client, place, 0, content[: CHUNK + 10])
    assert repeated.status_code == 409
    assert patch(client, place, CHUNK + 10, content[CHUNK + 10 :]).status_code == 204
    done = finish(client, place)
    assert done.json() == {
        "state": "accepted",
        "reference": StoredFile.objects.get().reference,
        "sha256": hashlib.sha256(content).hexdigest(),
        "preview": False,
    }
    assert body(client.get(download_url())) == content


class HalfWay(io.BytesIO):
    """A body that breaks off, as when the connection goes."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise ConnectionResetError
        return piece


def test_a_body_that_breaks_off_keeps_what_came(client: Client) -> None:
    content = b"line of text\n" * 60_000
    place = create(client, len(content)).headers["Location"]
    part = content[: 2 * CHUNK + 3]
    patch(
        client, place, 0, b"x", **{"wsgi.input": HalfWay(part), "CONTENT_LENGTH": str(len(content))}
    )
    offset = int(head(client, place).headers["Upload-Offset"])
    assert offset == len(part)
    patch(client, place, offset, content[offset:])
    assert finish(client, place).json()["sha256"] == hashlib.sha256(content).hexdigest()


def test_what_the_server_can_do(client: Client) -> None:
    response = client.options(reverse("files:uploads"))
    assert response.status_code == 204
    assert response.headers["Tus-Version"] == "1.0.0"
    assert response.headers["Tus-Extension"] == "creation,termination"
    assert response.headers["Tus-Max-Size"] == str(5 << 30)


def test_another_version_of_the_protocol(client: Client) -> None:
    response = client.post(reverse("files:uploads"), headers={"Tus-Resumable": "0.2.2"})
    assert response.status_code == 412
    assert response.headers["Tus-Version"] == "1.0.0"
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_refusals_are_said(client: Client, language: str) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    for response, status, key in (
        (create(client, 10, name="a.html", kind="text/html"), 415, "type-not-taken"),
        (create(client, 6 << 30, name="a.mp4", kind="video/mp4"), 413, "too-large"),
        (create(client, 0), 400, "empty"),
        (client.post(reverse("files:uploads"), headers=TUS), 400, "length-unknown"),
        (
            client.post(
                reverse("files:uploads"),
                headers=TUS | {"Upload-Length": "5", "Upload-Metadata": "filename !"},
            ),
            400,
            "metadata-unreadable",
        ),
    ):
        assert response.status_code == status
        (problem,) = response.json()["problems"]
        assert problem["code"] == f"platform.files:{key}"
        assert problem["text"].isascii() == (language == "en")
    assert not StoredFile.objects.exists()


def test_a_disguised_file_is_refused_with_the_reason(client: Client) -> None:
    place = send(client, made.PROGRAM, name="photo.jpg", kind="image/jpeg")
    answer = finish(client, place).json()
    assert answer["state"] == "refused"
    assert answer["problems"][0]["code"] == "platform.files:disguised"
    assert "image/jpeg" in answer["problems"][0]["text"]
    assert client.get(download_url()).status_code == 404


def test_pieces_that_do_not_fit(client: Client) -> None:
    place = create(client, 10).headers["Location"]
    assert patch(client, place, 0, b"x" * 11).status_code == 413
    assert patch(client, place, 5, b"x" * 5).status_code == 409
    wrong = client.patch(place, b"x", content_type="text/plain", headers=TUS)
    assert wrong.status_code == 415
    no_offset = client.patch(place, b"x", content_type=PIECE, headers=TUS)
    assert no_offset.status_code == 400
    assert finish(client, place).status_code == 400
    assert head(client, place).headers["Upload-Offset"] == "0"


def test_a_file_is_given_out_to_be_saved_and_never_shown(client: Client) -> None:
    content = made.HONEST["pdf"][1]
    place = send(client, content, name="تقرير\u202e.pdf", kind="application/pdf")
    assert client.get(download_url()).status_code == 404, "in quarantine"
    finish(client, place)
    response = client.get(download_url())
    assert body(response) == content
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "%E2%80%AE" not in headers["Content-Disposition"]
    assert headers["Content-Length"] == str(len(content))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_only_a_preview_is_shown_in_a_page(client: Client) -> None:
    place = send(client, made.picture(), name="p.jpg", kind="image/jpeg")
    file = StoredFile.objects.get()
    url = reverse("files:preview", args=[file.reference])
    assert client.get(url).status_code == 404
    assert finish(client, place).json()["preview"] is True
    response = client.get(url)
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert body(response).startswith(b"\xff\xd8\xff")


def test_another_persons_files_do_not_exist(client: Client, stranger: Client) -> None:
    place = send(client, made.picture(), name="p.jpg", kind="image/jpeg")
    finish(client, place)
    file = StoredFile.objects.get()
    for response in (
        head(stranger, place),
        patch(stranger, place, 0, b"x"),
        finish(stranger, place),
        stranger.delete(place, headers=TUS),
        stranger.get(reverse("files:download", args=[file.reference])),
        stranger.get(reverse("files:preview", args=[file.reference])),
    ):
        assert response.status_code == 404
    assert StoredFile.objects.get() == file


def test_nobody_sends_without_signing_in(db: None) -> None:
    response = create(Client(), 10)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("accounts:sign_in"))
    assert not StoredFile.objects.exists()


def test_another_site_cannot_send_in_ones_name(sender: User) -> None:
    client = signed_in(sender, enforce_csrf_checks=True)
    assert create(client, 10).status_code == 403
    assert not StoredFile.objects.exists()


def test_giving_up_deletes(client: Client) -> None:
    place = create(client, 10).headers["Location"]
    assert client.delete(place, headers=TUS).status_code == 204
    assert head(client, place).status_code == 404
    assert not StoredFile.objects.exists()


def test_a_busy_upload_is_locked(client: Client) -> None:
    place = create(client, 10).headers["Location"]
    with blobs.lock_blob(StoredFile.objects.get().blob):
        assert patch(client, place, 0, b"x" * 10).status_code == 423
    assert patch(client, place, 0, b"x" * 10).status_code == 204


def test_a_blob_that_was_tampered_with_breaks_the_transfer_off(client: Client) -> None:
    finish(client, send(client, b"text " * CHUNK))
    path = blobs.path_of(StoredFile.objects.get().blob)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    response = client.get(download_url())
    with pytest.raises(NotAuthenticError):
        body(response)
