"""The photograph of a person: agreed to, drawn anew, seen by few, and gone when it should be."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewMember, NewName, NewPerson, register_household
from marfa.apps.registry.actions.households import members_now
from marfa.apps.registry.actions.photograph import EDGE, set_photo
from marfa.apps.registry.models import Person
from marfa.apps.registry.photo_form import LARGEST
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform.files import blobs
from marfa.platform.files.drawings import draw_picture
from marfa.platform.files.models import Derivative, StoredFile
from marfa.platform.revisions.models import Revision
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.words import Purpose
from tests.apps.registry.protection import protect
from tests.conftest import Operation, signed_in
from tests.platform.files import samples
from tests.support.by_two import erase_by_two

pytestmark = pytest.mark.django_db

NOBODY = "0" * 20


@pytest.fixture(autouse=True)
def rows_of_the_controller(operation: Operation) -> Iterator[None]:
    with row_context([operation.controller.pk]):
        yield


@pytest.fixture
def person(operation: Operation) -> Person:
    site = Site.objects.filter(organisation=operation.controller).order_by("created_at").first()
    assert site is not None
    registered = register_household(
        actor=actor_of(operation.desks[Desk.RECEPTION]),
        purpose=Purpose.REGISTRATION,
        site=site,
        members=(NewMember(NewPerson((NewName("Marjoram of the Weir"),), "female")),),
        batch=new_id(),
    )
    return members_now(registered)[0]


def with_traces(size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A photograph that tells where it was taken, and by what."""
    exif = Image.Exif()
    exif[0x010F] = "CanaryCamera"
    exif.get_ifd(0x8825)[2] = (33.0, 30.0, 0.0)
    return samples.picture(size=size, exif=exif, comment=b"CanaryRemark")


def send(
    client: Client, person: Person, content: bytes, *, field: str = "chosen", agreed: bool = True
) -> HttpResponse:
    """What the page sends without JavaScript."""
    data: dict[str, object] = {"do": "save", field: SimpleUploadedFile("CanaryName.jpg", content)}
    if agreed:
        data["agreed"] = "on"
    answer: HttpResponse = client.post(  # type: ignore[assignment]
        reverse("people:photo", args=[person.reference]), data
    )
    return answer


def seen(client: Client, person: Person) -> bytes | int:
    """The picture, or the status of the answer without one."""
    answer = client.get(reverse("people:picture", args=[person.reference]))
    if answer.status_code != 200:
        return answer.status_code
    assert answer.headers["Cache-Control"] == "private, no-store"
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def given(operation: Operation, person: Person) -> StoredFile:
    """The person with a photograph."""
    answer = send(operation.at(Desk.RECEPTION), person, with_traces())
    assert answer.status_code == 302, answer.content.decode()
    person.refresh_from_db()
    assert person.photo is not None
    return person.photo


def in_the_folder() -> list[bytes]:
    """Everything that lies in the folder of files."""
    return [path.read_bytes() for path in settings.FOLDER.files.rglob("*") if path.is_file()]


@pytest.mark.parametrize("field", ["taken", "chosen"])
def test_only_a_small_copy_is_kept_and_it_tells_nothing_else(
    operation: Operation, person: Person, field: str
) -> None:
    client, original = operation.at(Desk.RECEPTION), with_traces()
    assert b"Canary" in original
    assert send(client, person, original, field=field).status_code == 302
    kept = seen(client, person)
    assert isinstance(kept, bytes)
    assert b"Canary" not in kept
    shown = Image.open(io.BytesIO(kept))
    assert (shown.format, shown.size) == ("JPEG", (800, 600))
    assert dict(shown.getexif()) == {}
    assert {"exif", "icc_profile", "comment", "xmp"} & set(shown.info) == set()
    file = StoredFile.objects.get()
    assert (file.about_kind, file.about_id) == ("Person", person.pk)
    assert file.organisation == person.organisation_id
    assert file.size == len(kept)
    assert not Derivative.objects.exists()


def test_the_agreement_is_asked_by_the_action_and_stands_in_the_log(
    operation: Operation, person: Person
) -> None:
    actor = actor_of(operation.desks[Desk.RECEPTION])
    told: dict[str, Any] = {"actor": actor, "purpose": Purpose.REGISTRATION, "person": person}
    picture = draw_picture(with_traces(), edge=EDGE)
    with pytest.raises(InputError) as caught:
        set_photo(**told, picture=picture)
    assert caught.value.problems[0].message.code == "apps.registry:photo-not-agreed"
    assert not StoredFile.objects.exists()
    given(operation, person)
    set_photo(**told, picture=None)
    done = Entry.objects.filter(action="people.change", subject_id=person.pk, outcome="done")
    kept = [row.detail for row in done.filter(detail__contains="photo_changed").order_by("place")]
    assert ["agreed" in detail for detail in kept] == [True, False]


def no_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def on_disk(*args: object, **kwargs: object) -> None:
        raise AssertionError("a temporary file was made")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, on_disk)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", on_disk)


def test_nothing_of_it_lies_anywhere_in_clear(
    operation: Operation, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what was kept nor, on its way, the original: Django leaves large ones to a file."""

    no_temporary_files(monkeypatch)
    client = operation.at(Desk.RECEPTION)
    large = with_traces() + bytes(4 * 1024 * 1024)
    assert send(client, person, large).status_code == 302
    kept = seen(client, person)
    assert isinstance(kept, bytes)
    stored = in_the_folder()
    assert stored
    for part in (kept[20:60], kept[-60:-20], large[:40], b"Canary", b"JFIF"):
        assert not any(part in each for each in stored)


def test_nor_where_it_comes_too_late_or_is_far_too_large(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What checks the form before the page does reads it too."""
    no_temporary_files(monkeypatch)
    visitor = Client(enforce_csrf_checks=True)
    url = reverse("people:photo", args=[person.reference])
    for size in (4 * 1024 * 1024, LARGEST + 4 * 1024 * 1024):
        sent = SimpleUploadedFile("CanaryName.jpg", with_traces() + bytes(size))
        answer = visitor.post(url, {"agreed": "on", "taken": sent})
        assert answer.status_code in (302, 403)
    assert not StoredFile.objects.exists()


def test_without_agreement_nothing_is_kept(operation: Operation, person: Person) -> None:
    client = operation.at(Desk.RECEPTION)
    before = Entry.objects.filter(action="people.change").count()
    answer = send(client, person, with_traces(), agreed=False)
    assert answer.status_code == 422
    assert "Without their agreement there is no photograph." in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert Entry.objects.filter(action="people.change").count() == before
    person.refresh_from_db()
    assert person.version == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is not a picture"),
        (samples.docx(), "This is not a picture"),
        (with_traces()[:4000], "This picture is damaged"),
        (samples.png_of(60_000, 60_000), "million pixels"),
        (samples.png_of(10_900, 10_900), "This picture is damaged"),
        (b"\xff\xd8\xff" + bytes(LARGEST), "larger than 10 MB"),
    ],
    ids=["empty", "svg", "document", "cut", "bomb", "pixels that never come", "large"],
)
def test_what_is_no_picture_is_said_at_its_field(
    operation: Operation, person: Person, content: bytes, sentence: str
) -> None:
    answer = send(operation.at(Desk.RECEPTION), person, content)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert 'id="f-chosen-error"' in text
    assert "CanaryName" not in text
    assert not StoredFile.objects.exists()
    person.refresh_from_db()
    assert person.photo is None


def test_a_form_without_a_picture_says_so(operation: Operation, person: Person) -> None:
    url = reverse("people:photo", args=[person.reference])
    answer = operation.at(Desk.RECEPTION).post(url, {"do": "save", "agreed": "on"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Take a picture, or choose one." in text
    assert 'id="f-taken-error"' in text


def test_a_replaced_photograph_is_destroyed_at_once(
    operation: Operation, person: Person, django_capture_on_commit_callbacks: object
) -> None:
    client, old = operation.at(Desk.RECEPTION), given(operation, person)
    path = blobs.path_of(old.blob)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert send(client, person, samples.picture("PNG", (40, 30))).status_code == 302
    assert not StoredFile.objects.filter(pk=old.pk).exists()
    assert not path.exists()
    kept = seen(client, person)
    assert isinstance(kept, bytes)
    assert Image.open(io.BytesIO(kept)).size == (40, 30)
    page = client.get(reverse("people:person", args=[person.reference])).content.decode()
    assert "Photograph" in page.partition("What was changed")[2]


def test_it_is_taken_away(
    operation: Operation, person: Person, django_capture_on_commit_callbacks: object
) -> None:
    client, file = operation.at(Desk.RECEPTION), given(operation, person)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = client.post(reverse("people:photo", args=[person.reference]), {"do": "remove"})
    assert answer.status_code == 302
    assert not blobs.path_of(file.blob).exists()
    assert not StoredFile.objects.exists()
    assert seen(client, person) == 404
    fields = Revision.objects.filter(object_id=person.pk, version__gt=1)
    assert {row.field for row in fields} == {"photo_id"}


def test_it_goes_with_the_person(
    operation: Operation, person: Person, django_capture_on_commit_callbacks: object
) -> None:
    file = given(operation, person)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert erase_by_two(actor=by_command(), subject=person.pk)
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    assert not blobs.path_of(file.blob).exists()
    assert seen(operation.at(Desk.RECEPTION), person) == 404


def test_it_is_for_whoever_may_read_who_it_is(operation: Operation, person: Person) -> None:
    """Everybody else gets, letter by letter, what they get for somebody who does not exist."""
    given(operation, person)
    others = (
        operation.colleague,
        operation.partner,
        operation.outsider,
        operation.officer,
        operation.desks[Desk.PROTECTION],
        operation.desks[Desk.ADMINISTRATION],
        operation.desks[Desk.REPORTING],
    )
    for user in others:
        client = signed_in(user)
        answers = [
            client.get(reverse("people:picture", args=[each]))
            for each in (person.reference, NOBODY)
        ]
        assert [each.status_code for each in answers] == [404, 404], user.username
        there, nobody = (_plain(each, person) for each in answers)
        assert there == nobody, user.username
    assert isinstance(seen(signed_in(operation.supervisor), person), bytes)


def _plain(answer: Any, person: Person) -> tuple[str, dict[str, str]]:
    """An answer without what differs from one request to the next."""
    text = answer.content.decode().replace(person.reference, NOBODY)
    text = re.sub(r'(nonce="|csrfmiddlewaretoken" value=")[^"]+', r"\1", text)
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    headers.pop("Content-Security-Policy", None)
    return text, headers


def test_of_a_protected_person_it_is_nobodys(operation: Operation, person: Person) -> None:
    given(operation, person)
    client = operation.at(Desk.RECEPTION)
    protect(person)
    assert seen(client, person) == 404
    assert client.get(reverse("people:photo", args=[person.reference])).status_code == 404
    assert send(client, person, with_traces()).status_code == 404
    assert isinstance(seen(signed_in(operation.colleague), person), bytes)


def test_every_look_is_on_the_record_and_the_picture_names_nobody(
    operation: Operation, person: Person
) -> None:
    given(operation, person)
    client = operation.at(Desk.RECEPTION)
    before = Entry.objects.filter(action="people.open_identity").count()
    seen(client, person)
    assert Entry.objects.filter(action="people.open_identity").count() == before + 1
    page = client.get(reverse("people:person", args=[person.reference])).content.decode()
    assert 'alt="Photograph of this person"' in page
    assert reverse("people:picture", args=[person.reference]) in page
    home = person.households.get().household.reference
    for address in (reverse("people:household", args=[home]), reverse("queue:site"), "/find/"):
        assert "photo" not in client.get(address).content.decode().lower()
