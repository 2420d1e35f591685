"""What the worker does with files, tick by tick: nobody calls it here but the clock."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from marfa.apps.accounts.models import User
from marfa.platform import clock
from marfa.platform.files import actions, blobs, quota
from marfa.platform.files.actions import (
    append_to_upload,
    delete_file,
    discard_abandoned_uploads,
    discard_unused,
    keep_unused,
    start_upload,
)
from marfa.platform.files.content_checks import check_content
from marfa.platform.files.contents import Contents
from marfa.platform.files.jobs import settle_left_upload
from marfa.platform.files.kinds import FileKind
from marfa.platform.files.models import StoredFile
from marfa.platform.files.sweep import sweep_blobs
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.worker import Worker
from marfa.platform.rowsecurity.ownership import INSTALLATION
from tests.platform.files.uploads import key, send

pytestmark = pytest.mark.django_db(transaction=True)


def work_after(**time: float) -> None:
    """A worker that looks now, so that ticks are known, and one that looks later."""
    now = clock.now()
    for moment in (now, clock.advance(now, **time)):
        with clock.set_to(moment):
            Worker().work(until_empty=True)


def begin(sender: User, content: bytes = b"text") -> StoredFile:
    return start_upload(
        uploader_id=key(sender),
        size=len(content),
        name="",
        media_type="text/plain",
        owner=INSTALLATION,
    )


def complete(sender: User, content: bytes = b"text") -> StoredFile:
    file = begin(sender, content)
    append_to_upload(file=file, offset=0, source=io.BytesIO(content))
    return file


def test_abandoned_uploads_are_discarded(sender: User) -> None:
    kept, left = send(sender, b"text"), begin(sender)
    work_after(days=9)
    assert set(StoredFile.objects.all()) == {kept}
    assert not blobs.path_of(left.blob).exists()
    assert blobs.path_of(kept.blob).exists()


def test_a_file_that_nothing_came_to_use_goes(sender: User) -> None:
    left, awaited = send(sender, b"text"), send(sender, b"text")
    later = clock.advance(clock.now(), days=31)
    with clock.set_to(clock.advance(later, days=-14)):
        keep_unused([awaited.pk])
    with clock.set_to(later):
        assert discard_unused() == 1
    assert set(StoredFile.objects.all()) == {awaited}
    assert not blobs.path_of(left.blob).exists()
    assert quota.used_bytes(key(sender)) == awaited.size, "the room is free again"
    work_after(days=60)
    assert not StoredFile.objects.exists()


def test_blobs_without_a_row_are_swept(sender: User) -> None:
    kept = send(sender, b"text")
    blobs.create_blob("0" * 20)
    work_after(days=2)
    assert not blobs.path_of("0" * 20).exists()
    assert blobs.path_of(kept.blob).exists()


def test_a_complete_upload_that_was_left_alone_is_checked(sender: User) -> None:
    good, bad = complete(sender), complete(sender, b"\x00\x01\xff\xfe")
    work_after(minutes=50)
    assert {f.state for f in StoredFile.objects.all()} == {StoredFile.State.QUARANTINED}
    work_after(minutes=100)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == (StoredFile.State.ACCEPTED, StoredFile.State.REFUSED)
    assert not blobs.path_of(bad.blob).exists()


def test_a_file_that_cannot_be_checked_holds_up_no_other(
    sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        complete(sender)
    called: list[FileKind] = []

    def fails(contents: Contents, kind: FileKind) -> None:
        called.append(kind)
        if len(called) == 1:
            raise RuntimeError
        check_content(contents, kind)

    monkeypatch.setattr(actions, "check_content", fails)
    work_after(minutes=100)
    states = set(StoredFile.objects.values_list("state", flat=True))
    assert states == {StoredFile.State.QUARANTINED, StoredFile.State.ACCEPTED}
    assert Job.objects.filter(name="files.settle", state=Job.State.WAITING).count() == 1
    work_after(minutes=200)
    assert set(StoredFile.objects.values_list("state", flat=True)) == {StoredFile.State.ACCEPTED}


def test_a_check_of_a_file_that_is_gone_is_done(sender: User) -> None:
    file = complete(sender)
    identifier = settle_left_upload.enqueue(file=file.pk)
    delete_file(file=file)
    Worker().work(until_empty=True)
    assert Job.objects.get(pk=identifier).state == Job.State.DONE


def test_an_upload_whose_sender_comes_back_in_that_moment_is_kept(
    sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = begin(sender)
    locked = blobs.lock_blob
    later = clock.advance(clock.now(), days=8)
    came_back: list[bool] = []

    def late(blob: str) -> object:
        if not came_back:
            came_back.append(True)
            append_to_upload(file=file, offset=0, source=io.BytesIO(b"text"))
        return locked(blob)

    monkeypatch.setattr(blobs, "lock_blob", late)
    with clock.set_to(later):
        assert discard_abandoned_uploads() == 0
    file.refresh_from_db()
    assert came_back
    assert file.state == StoredFile.State.QUARANTINED


def test_sweeping_bears_a_file_that_goes_meanwhile(
    sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs.create_blob("0" * 20)
    old = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(blobs.path_of("0" * 20), (old, old))
    listed: Callable[[Path], object] = Path.iterdir

    def iterdir(folder: Path) -> object:
        found = list(listed(folder))  # type: ignore[call-overload]
        blobs.remove_blobs("0" * 20)
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert sweep_blobs() == 0


def test_a_worker_without_the_blob_destroys_nothing(sender: User) -> None:
    file = complete(sender)
    path = blobs.path_of(file.blob)
    away = path.rename(path.with_name("away"))
    identifier = settle_left_upload.enqueue(file=file.pk)
    Worker().work(until_empty=True)
    assert Job.objects.get(pk=identifier).error.startswith("LostError")
    away.rename(path)
    work_after(minutes=100)
    file.refresh_from_db()
    assert file.state == StoredFile.State.ACCEPTED
