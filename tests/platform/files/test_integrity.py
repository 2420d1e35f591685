"""Somebody with access to the disk or the database: what they change is found."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marfa.apps.accounts.models import User
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.stream import CHUNK, HEADER, SEALED_CHUNK
from marfa.domain.message import InputError
from marfa.platform.files import blobs
from marfa.platform.files.actions import (
    append_to_upload,
    delete_file,
    settle_upload,
    start_upload,
)
from marfa.platform.files.models import StoredFile
from marfa.platform.files.queries import name_of, open_file, sha256_of
from marfa.platform.rowsecurity.ownership import INSTALLATION
from tests.platform.files.uploads import key, outcome, send

TEXT = "".join(random.Random(3).choices("abcdefgh \n", k=3 * CHUNK + 9)).encode()
TEXTS = (TEXT, TEXT[::-1])


@pytest.fixture
def two(sender: User) -> tuple[StoredFile, StoredFile]:
    """Two accepted files of the same person and length."""
    first, second = (send(sender, text) for text in TEXTS)
    return first, second


def read(file: StoredFile) -> bytes:
    with open_file(file) as contents:
        return b"".join(contents.chunks())


def parts(blob: bytes) -> list[bytes]:
    body = blob[len(HEADER) :]
    return [body[start : start + SEALED_CHUNK] for start in range(0, len(body), SEALED_CHUNK)]


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), min_size=0, max_size=5))
def test_only_its_own_chunks_in_their_order_open(
    two: tuple[StoredFile, StoredFile], order: list[tuple[int, int]]
) -> None:
    """Chunks swapped, dropped, repeated, or moved between files."""
    originals = [blobs.path_of(file.blob).read_bytes() for file in two]
    pieces = [parts(blob) for blob in originals]
    path = blobs.path_of(two[0].blob)
    path.write_bytes(HEADER + b"".join(pieces[file][chunk] for file, chunk in order))
    if order == [(0, n) for n in range(4)]:
        assert read(two[0]) == TEXT
    else:
        with pytest.raises(NotAuthenticError):
            read(two[0])
    path.write_bytes(originals[0])


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 2**40), bit=st.integers(0, 2**40))
def test_every_cut_and_every_changed_bit_is_found(
    two: tuple[StoredFile, StoredFile], cut: int, bit: int
) -> None:
    path = blobs.path_of(two[0].blob)
    original = path.read_bytes()
    changed = bytearray(original)
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    for tampered in (original[: cut % len(original)], bytes(changed), original + b"\0"):
        path.write_bytes(tampered)
        with pytest.raises((NotAuthenticError, UnknownVersionError)):
            read(two[0])
    path.write_bytes(original)


def test_a_whole_blob_of_another_file_does_not_open(two: tuple[StoredFile, StoredFile]) -> None:
    first, second = (blobs.path_of(file.blob) for file in two)
    first.write_bytes(second.read_bytes())
    with pytest.raises(NotAuthenticError):
        read(two[0])


@pytest.mark.parametrize("columns", [["wrapped_key"], ["wrapped_key", "blob"], ["blob"]])
def test_rows_cannot_borrow_from_each_other(
    two: tuple[StoredFile, StoredFile], columns: list[str]
) -> None:
    first, second = two
    second_values = {name: getattr(second, name) for name in columns}
    if "blob" in columns:
        StoredFile.objects.filter(pk=second.pk).update(blob="0" * 20)
    StoredFile.objects.filter(pk=first.pk).update(**second_values)
    first.refresh_from_db()
    with pytest.raises(NotAuthenticError):
        read(first)


@pytest.mark.parametrize("column", ["name", "digest"])
def test_fields_cannot_be_exchanged(two: tuple[StoredFile, StoredFile], column: str) -> None:
    first, second = two
    setattr(first, column, getattr(second, column))
    with pytest.raises(NotAuthenticError):
        (name_of if column == "name" else sha256_of)(first)


def test_a_blob_that_is_gone_is_said(two: tuple[StoredFile, StoredFile]) -> None:
    blobs.path_of(two[0].blob).unlink()
    with pytest.raises(NotAuthenticError):
        read(two[0])


def test_damage_before_the_check_refuses_the_file(sender: User) -> None:
    file = start_upload(
        uploader_id=key(sender),
        size=len(TEXT),
        name="",
        media_type="text/plain",
        owner=INSTALLATION,
    )
    append_to_upload(file=file, offset=0, source=io.BytesIO(TEXT))
    path = blobs.path_of(file.blob)
    stored = path.read_bytes()
    path.write_bytes(stored[:-1] + bytes([stored[-1] ^ 1]))
    assert outcome(settle_upload(file=file)) == "damaged-on-disk"
    assert outcome(settle_upload(file=file)) == "damaged-on-disk", "again, and its blob is gone"


@pytest.mark.parametrize("part", [len(TEXT), 5])
def test_a_blob_that_vanished_under_an_upload_is_said(sender: User, part: int) -> None:
    file = start_upload(
        uploader_id=key(sender),
        size=len(TEXT),
        name="",
        media_type="text/plain",
        owner=INSTALLATION,
    )
    append_to_upload(file=file, offset=0, source=io.BytesIO(TEXT[:part]))
    blobs.path_of(file.blob).unlink()
    if part == len(TEXT):
        assert outcome(settle_upload(file=file)) == "damaged-on-disk"
    else:
        with pytest.raises(InputError, match="blob-lost"):
            append_to_upload(file=file, offset=part, source=io.BytesIO(TEXT[part:]))
    delete_file(file=file)


def test_a_blob_that_shrank_under_an_upload_is_said(sender: User) -> None:
    file = start_upload(
        uploader_id=key(sender),
        size=len(TEXT),
        name="",
        media_type="text/plain",
        owner=INSTALLATION,
    )
    append_to_upload(file=file, offset=0, source=io.BytesIO(TEXT[: 2 * CHUNK]))
    blobs.path_of(file.blob).write_bytes(HEADER)
    with pytest.raises(ValueError, match="blob-lost"):
        append_to_upload(file=file, offset=2 * CHUNK, source=io.BytesIO(TEXT[2 * CHUNK :]))
