"""Uploads: any split, any interruption and any repetition end in the same file."""

from __future__ import annotations

import hashlib
import io
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from marfa.apps.accounts.models import User
from marfa.crypto.stream import CHUNK
from marfa.domain.message import InputError
from marfa.platform.files import blobs, quota, receiver
from marfa.platform.files.actions import (
    append_to_upload,
    delete_file,
    settle_upload,
    start_upload,
)
from marfa.platform.files.digests import RunningDigests, running
from marfa.platform.files.errors import BusyError, OffsetMismatchError
from marfa.platform.files.models import StoredFile
from marfa.platform.files.queries import name_of, open_file, sha256_of
from marfa.platform.rowsecurity.ownership import INSTALLATION
from tests.platform.files.uploads import key, outcome, send

CONTENT = b"\x1a\x45\xdf\xa3 webm " + random.Random(2).randbytes(3 * CHUNK + 5)


def begin(sender: User, content: bytes = CONTENT) -> StoredFile:
    return start_upload(
        uploader_id=key(sender),
        size=len(content),
        name="v.webm",
        media_type="video/webm",
        owner=INSTALLATION,
    )


def stored(file: StoredFile) -> bytes:
    with open_file(file) as contents:
        return contents.readall()


class Breaking(io.BytesIO):
    """A sender who goes away after some bytes."""

    def __init__(self, content: bytes, error: BaseException) -> None:
        super().__init__(content)
        self._error = error

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(min(size or 0, 10_000))
        if not piece:
            raise self._error
        return piece


def forget_digests() -> None:
    """As after a restart of the server."""
    running._kept.clear()


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 2 * CHUNK), st.booleans(), st.booleans(), st.booleans()),
        max_size=6,
    )
)
def test_any_history_of_pieces_gives_the_same_file(
    sender: User, pieces: list[tuple[int, bool, bool, bool]]
) -> None:
    """Pieces of any length; broken off; repeated; a restart in between; stray bytes on disk."""
    file = begin(sender)
    for length, breaks, repeats, restarts in [*pieces, (len(CONTENT), False, False, False)]:
        offset = file.received
        piece = CONTENT[offset : offset + length]
        source = Breaking(piece, ConnectionResetError()) if breaks else io.BytesIO(piece)
        if file.state == StoredFile.State.RECEIVING:
            assert append_to_upload(file=file, offset=offset, source=source) == offset + len(piece)
        if repeats and piece:
            with pytest.raises(OffsetMismatchError) as caught:
                append_to_upload(file=file, offset=offset, source=io.BytesIO(piece))
            assert caught.value.expected == offset + len(piece)
        if restarts:
            forget_digests()
            if file.state == StoredFile.State.RECEIVING:
                with blobs.path_of(file.blob).open("ab") as blob:
                    blob.write(b"written, and never acknowledged")
        file = StoredFile.objects.get(pk=file.pk)
    file = settle_upload(file=file)
    assert outcome(file) == "accepted"
    assert stored(file) == CONTENT
    assert sha256_of(file) == hashlib.sha256(CONTENT).hexdigest()
    delete_file(file=file)


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 16 * CHUNK, 16 * CHUNK + 1])
def test_sizes_around_the_edges(sender: User, size: int) -> None:
    content = b"x" * size
    file = send(sender, content)
    assert stored(file) == content
    assert sha256_of(file) == hashlib.sha256(content).hexdigest()


def test_a_failing_disk_loses_nothing_that_was_acknowledged(
    sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = begin(sender)
    append_to_upload(file=file, offset=0, source=io.BytesIO(CONTENT[: CHUNK + 7]))

    def fail(descriptor: int, data: memoryview) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as patched:
        patched.setattr(blobs, "write_all", fail)
        with pytest.raises(OSError, match="no space"):
            append_to_upload(file=file, offset=CHUNK + 7, source=io.BytesIO(CONTENT[CHUNK + 7 :]))
    file.refresh_from_db()
    assert file.received == CHUNK + 7
    append_to_upload(file=file, offset=CHUNK + 7, source=io.BytesIO(CONTENT[CHUNK + 7 :]))
    file = settle_upload(file=file)
    assert stored(file) == CONTENT
    assert sha256_of(file) == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("limit", [("CHECKPOINT", CHUNK), ("CHECKPOINT_SECONDS", 0)])
def test_what_was_received_is_saved_now_and_then(
    sender: User, monkeypatch: pytest.MonkeyPatch, limit: tuple[str, int]
) -> None:
    """A long piece that is cut by a kill begins again at the last checkpoint, not at zero."""
    monkeypatch.setattr(receiver, *limit)
    monkeypatch.setattr(receiver, "BATCH", CHUNK)
    file = begin(sender)
    with pytest.raises(KeyboardInterrupt):
        append_to_upload(file=file, offset=0, source=Breaking(CONTENT[:-1], KeyboardInterrupt()))
    file = StoredFile.objects.get(pk=file.pk)
    assert file.received in (2 * CHUNK, 3 * CHUNK)
    rest = io.BytesIO(CONTENT[file.received :])
    append_to_upload(file=file, offset=file.received, source=rest)
    assert stored(settle_upload(file=file)) == CONTENT


def test_more_than_declared_is_refused(sender: User) -> None:
    file = begin(sender)
    with pytest.raises(InputError, match="longer-than-declared"):
        append_to_upload(file=file, offset=0, source=io.BytesIO(CONTENT + b"more"))
    file.refresh_from_db()
    assert (file.state, file.received) == ("receiving", 0)


def test_nothing_is_readable_before_it_was_checked(sender: User) -> None:
    file = begin(sender)
    for source in (CONTENT[:100], CONTENT[100:]):
        with pytest.raises(InputError, match="not-accepted"):
            open_file(file)
        if file.received:
            with pytest.raises(InputError, match="incomplete"):
                settle_upload(file=file)
        append_to_upload(file=file, offset=file.received, source=io.BytesIO(source))
    assert file.state == "quarantined"
    with pytest.raises(InputError, match="not-accepted"):
        open_file(file)
    with pytest.raises(InputError, match="not-receiving"):
        append_to_upload(file=file, offset=len(CONTENT), source=io.BytesIO(b"more"))


def test_settling_twice_is_settling_once(sender: User) -> None:
    file = send(sender, b"text")
    first = (file.settled_at, bytes(file.digest or b""))
    again = settle_upload(file=StoredFile.objects.get(pk=file.pk))
    assert (again.settled_at, bytes(again.digest or b"")) == first


def test_one_writer_at_a_time(sender: User) -> None:
    file = begin(sender)
    reached, go_on = threading.Event(), threading.Event()

    class Waiting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            reached.set()
            go_on.wait(300)
            return super().read(size)

    outcome: list[Callable[[], object]] = []

    def other() -> None:
        reached.wait(300)
        for attempt in (
            lambda: append_to_upload(file=copy, offset=0, source=io.BytesIO(CONTENT)),
            lambda: delete_file(file=copy),
        ):
            with pytest.raises(BusyError):
                attempt()
            outcome.append(attempt)
        go_on.set()

    copy = StoredFile.objects.get(pk=file.pk)
    thread = threading.Thread(target=other)
    thread.start()
    append_to_upload(file=file, offset=0, source=Waiting(CONTENT))
    thread.join()
    assert len(outcome) == 2
    with blobs.lock_blob(file.blob), pytest.raises(BusyError):
        settle_upload(file=file)
    assert stored(settle_upload(file=file)) == CONTENT


def test_deleting_destroys_key_row_and_blob(
    sender: User,
    empty_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = send(sender, b"text")
    assert blobs.path_of(file.blob).is_file()
    with django_capture_on_commit_callbacks(execute=True):
        delete_file(file=file)
    assert not StoredFile.objects.exists()
    assert not [path for path in empty_folder.rglob("*") if path.is_file()]
    assert quota.used_bytes() == quota.used_bytes(key(sender)) == 0
    delete_file(file=file)  # again, as after a crash between the two


def test_neither_name_nor_content_nor_digest_is_in_the_clear(
    sender: User, empty_folder: Path
) -> None:
    name, content = "Canary Al-Hidden.txt", b"Canary content " * 40_000
    file = send(sender, content, name=name)
    row = StoredFile.objects.values().get()
    kept = b"".join(
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
        for value in row.values()
    )
    kept += b"".join(path.read_bytes() for path in empty_folder.rglob("*") if path.is_file())
    digest = hashlib.sha256(content)
    for secret in (b"Canary", digest.digest(), digest.hexdigest().encode()):
        assert secret not in kept
    assert name_of(file) == name


def test_blobs_are_private_and_their_names_tell_nothing(sender: User, empty_folder: Path) -> None:
    file = send(sender, b"text")
    (blob,) = [path for path in empty_folder.rglob("*") if path.is_file()]
    assert blob.stat().st_mode & 0o777 == 0o600
    assert blob.parent.stat().st_mode & 0o777 == 0o700
    assert str(file.pk) not in str(blob)
    assert file.reference not in str(blob)


def test_the_database_refuses_states_that_cannot_be(sender: User) -> None:
    file = send(sender, b"text")
    for wrong in (
        {"received": 99},
        {"state": "receiving"},
        {"wrapped_key": None},
        {"digest": None},
        {"state": "refused"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).update(**wrong)


def test_few_digests_are_kept() -> None:
    digests = RunningDigests(highest=2)
    ids = [StoredFile().pk for _ in range(3)]
    for one in ids:
        digests.keep(one, 4, hashlib.sha256(b"text"))
    assert digests.take(ids[0], 4) is None
    assert digests.take(ids[1], 3) is None, "of another length"
    found = digests.take(ids[2], 4)
    assert found is not None
    assert found.digest() == hashlib.sha256(b"text").digest()
