"""What is disguised, oversized or a bomb is refused, with the reason and without being kept."""

from __future__ import annotations

import random
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from marfa.apps.accounts.models import User
from marfa.crypto.stream import CHUNK
from marfa.domain.catalogue import LANGUAGES, load_catalogue, render_message
from marfa.domain.message import InputError
from marfa.platform import files
from marfa.platform.files import quota
from marfa.platform.files.actions import start_upload
from marfa.platform.files.errors import TooLargeError
from marfa.platform.files.kinds import ARCHIVES, EVERYDAY, KINDS
from marfa.platform.files.models import StoredFile
from marfa.platform.files.queries import refusal_of
from marfa.platform.rowsecurity.ownership import INSTALLATION
from tests.platform.files import samples
from tests.platform.files.uploads import key, outcome, send

ALL = EVERYDAY | ARCHIVES
GIB = 1024**3


def test_large_documents_are_accepted(sender: User) -> None:
    """Their parts lie across the chunks in which they are stored."""
    noise = random.Random(5)
    parts = {f"word/{n}.bin": noise.randbytes(noise.randrange(1, 90_000)) for n in range(40)}
    document = samples.docx(**parts)
    assert len(document) > 5 * CHUNK
    assert outcome(send(sender, document, media_type=samples.DOCX)) == "accepted"


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_do_not_both_find_room_for_one(
    sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"files_quota_gib": 100 / GIB, "uploader_quota_gib": 1.0}
    monkeypatch.setattr(settings, "MARFA", settings.MARFA.model_copy(update=limits))

    def begin(_: int) -> bool:
        try:
            start_upload(
                uploader_id=key(sender),
                size=60,
                name="",
                media_type="text/plain",
                owner=INSTALLATION,
            )
        except TooLargeError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as people:
        assert sum(people.map(begin, range(6))) == 1
    assert quota.used_bytes() == 60


def test_every_reason_has_its_sentence() -> None:
    """What the code can say, and nothing else, is in the catalogues."""
    used = set()
    for file in sorted(Path(files.__file__).parent.glob("*.py")):
        text = file.read_text(encoding="utf-8")
        used |= set(re.findall(r'build_refusal\(\s*\w+,\s*"([a-z-]+)"', text))
        used |= set(re.findall(r'"platform\.files:([a-z-]+)"', text))
        used |= set(re.findall(r'"(quota-[a-z]+)"', text))
    catalogue = load_catalogue("platform.files", "en")
    assert catalogue is not None
    assert {str(entry.id) for entry in catalogue if entry.id} == used


@pytest.mark.parametrize("name", samples.HONEST)
def test_honest_files_are_accepted(sender: User, name: str) -> None:
    media_type, content = samples.HONEST[name]
    assert outcome(send(sender, content, media_type=media_type)) == "accepted"


DISGUISED = {
    "program as picture": ("image/jpeg", samples.PROGRAM, "disguised"),
    "program as text": ("text/plain", samples.PROGRAM, "disguised"),
    "page as picture": ("image/png", samples.PAGE, "disguised"),
    "page as text": ("text/plain", b"\xef\xbb\xbf \n" + samples.PAGE, "disguised"),
    "page behind a remark": ("text/plain", b"<!-- x -->" + samples.PAGE, "disguised"),
    "wide page as text": ("text/plain", samples.PAGE.decode().encode("utf-16"), "disguised"),
    "script as text": ("text/csv", b"#!/bin/sh\nrm -r /\n", "disguised"),
    "drawing as text": ("text/plain", b"<svg onload='x'/>", "disguised"),
    "picture as PDF": ("application/pdf", samples.picture(), "disguised"),
    "PNG as JPEG": ("image/jpeg", samples.picture("PNG"), "disguised"),
    "PDF as video": ("video/mp4", samples.HONEST["pdf"][1], "disguised"),
    "PDF as document": (samples.DOCX, samples.HONEST["pdf"][1], "disguised"),
    "archive as document": (samples.DOCX, samples.archive({"a.exe": b"MZ"}), "not-as-declared"),
    "text document as sheet": (
        KINDS[samples.ODT].media_type.replace("text", "spreadsheet"),
        samples.odt(),
        "not-as-declared",
    ),
    "document with macros": (samples.DOCX, samples.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
    "picture and archive": (
        "image/jpeg",
        samples.picture() + samples.archive({"a.class": b"x"}),
        "two-at-once",
    ),
    "PDF and archive": (
        "application/pdf",
        samples.HONEST["pdf"][1] + samples.archive({"a": b"x"}),
        "two-at-once",
    ),
    "noise as picture": ("image/jpeg", bytes(range(1, 250)), "not-as-declared"),
    "noise as text": ("text/plain", b"text \x00\x01", "not-as-declared"),
    "half a wide letter": ("text/plain", b"\xff\xfea\x00b", "not-as-declared"),
    "head of a picture alone": ("image/jpeg", samples.picture()[:300], "picture-damaged"),
    "noise in a picture": ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(500), "picture-damaged"),
}

BOMBS = {
    "pixels": ("image/png", samples.png_of(60_000, 60_000), "too-many-pixels"),
    "remark in a picture": ("image/png", samples.png_text_bomb(), "bomb"),
    "directory that lies": (samples.DOCX, samples.bomb_that_lies(), "archive-damaged"),
    "honest bomb": (samples.DOCX, samples.docx(big=bytes(64 << 20)), "bomb"),
    "overlapping entries": ("application/zip", samples.bomb_that_overlaps(), "bomb"),
    "huge directory": ("application/zip", samples.huge_directory(), "bomb"),
    "archive in archive": (
        "application/zip",
        samples.archive({"inner.zip": samples.archive({"a": b"x"})}),
        "archive-in-archive",
    ),
    "method without limit": (
        "application/zip",
        samples.archive({"a": b"x"}, method=zipfile.ZIP_LZMA),
        "archive-damaged",
    ),
    "cut archive": ("application/zip", samples.archive({"a": b"x"})[:-5], "archive-damaged"),
}


@pytest.mark.parametrize("name", [*DISGUISED, *BOMBS])
def test_refused_with_the_reason_and_not_kept(
    sender: User,
    empty_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    name: str,
) -> None:
    media_type, content, reason = (DISGUISED | BOMBS)[name]
    with django_capture_on_commit_callbacks(execute=True):
        file = send(sender, content, media_type=media_type, allowed=ALL)
    assert outcome(file) == reason
    assert file.state == "refused"
    row = StoredFile.objects.get(pk=file.pk)
    assert row.wrapped_key is None
    assert not [path for path in empty_folder.rglob("*") if path.is_file()]
    assert quota.used_bytes(key(sender)) == 0
    message = refusal_of(row)
    assert message is not None
    for language in LANGUAGES:
        assert render_message(message, language)


@pytest.mark.parametrize(
    ("name", "media_type", "size", "reason"),
    [
        ("page.html", "text/html", 10, "type-not-taken"),
        ("drawing.svg", "image/svg+xml", 10, "type-not-taken"),
        ("a.zip", "application/zip", 10, "type-not-taken"),
        ("unknown", "", 10, "type-not-taken"),
        ("photo.exe", "image/jpeg", 10, "name-not-as-declared"),
        ("photo\u202egpj.exe", "image/jpeg", 10, "name-not-as-declared"),
        ("photo.png", "image/jpeg", 10, "name-not-as-declared"),
        ("empty.txt", "text/plain", 0, "empty"),
        ("large.jpg", "image/jpeg", 101 << 20, "too-large"),
        ("large.mp4", "video/mp4", (5 << 30) + 1, "too-large"),
    ],
)
def test_refused_before_a_byte_is_sent(
    sender: User, name: str, media_type: str, size: int, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        start_upload(
            uploader_id=key(sender), size=size, name=name, media_type=media_type, owner=INSTALLATION
        )
    assert not StoredFile.objects.exists()
    assert quota.used_bytes() == 0


def test_a_type_is_known_by_the_ending_where_none_is_declared(sender: User) -> None:
    file = send(sender, samples.picture(), name="photo.JPG", media_type="")
    assert (file.media_type, outcome(file)) == ("image/jpeg", "accepted")


def test_quotas(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def limit(installation: float, uploader: float) -> None:
        changed = settings.MARFA.model_copy(
            update={"files_quota_gib": installation, "uploader_quota_gib": uploader}
        )
        monkeypatch.setattr(settings, "MARFA", changed)

    def start(size: int) -> StoredFile:
        return start_upload(
            uploader_id=key(sender), size=size, name="", media_type="text/plain", owner=INSTALLATION
        )

    limit(installation=1, uploader=100 / GIB)
    start(60)
    with pytest.raises(InputError, match="quota-uploader"):
        start(41)
    start(40)
    assert quota.used_bytes(key(sender)) == quota.used_bytes() == 100
    limit(installation=100 / GIB, uploader=1)
    with pytest.raises(InputError, match="quota-installation"):
        start(1)
    assert quota.used_bytes(key(sender)) == 100, "what was refused reserves nothing"


def test_a_full_disk_is_said_before(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "KEPT_FREE", 1 << 60)
    with pytest.raises(InputError, match="disk-full"):
        start_upload(
            uploader_id=key(sender), size=1, name="", media_type="text/plain", owner=INSTALLATION
        )
