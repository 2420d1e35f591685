"""Changes to files: begin an upload, add to it, settle it, delete it.

None of them decides who may: the caller has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.padding import pad_value
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.files import blobs, quota
from marfa.platform.files.content_checks import check_content
from marfa.platform.files.contents import Contents
from marfa.platform.files.derivatives import preview_of
from marfa.platform.files.digests import running
from marfa.platform.files.errors import (
    BusyError,
    LostError,
    OffsetMismatchError,
    TooLargeError,
    TypeRefusedError,
    build_refusal,
)
from marfa.platform.files.keys import FileKeys, new_wrapped_key
from marfa.platform.files.kinds import EVERYDAY, KINDS, MIB, declared_kind, name_fits
from marfa.platform.files.models import StoredFile
from marfa.platform.files.names import clean_name
from marfa.platform.files.queries import contents_of, unused_files
from marfa.platform.files.receiver import ByteSource, Receiver
from marfa.platform.rowsecurity.ownership import Owner
from marfa.platform.rowsecurity.tables import columns_for

State = StoredFile.State
ABANDONED_AFTER = timedelta(days=7)
UNUSED_AFTER = timedelta(days=30)
"""Longer than any draft that may still mean to use a file lives after it was last kept."""


def start_upload(
    *,
    uploader_id: UUID,
    size: int,
    name: str,
    media_type: str,
    owner: Owner,
    allowed: frozenset[str] = EVERYDAY,
) -> StoredFile:
    """Begin an upload of exactly ``size`` bytes and reserve room for it.

    owner: whose it is; until it is attached to a record, the sender's organisation.
    allowed: media types that are taken here.
    Raises TypeRefusedError and TooLargeError (which say why), InputError for an empty file.
    """
    shown = clean_name(name)
    kind = declared_kind(media_type, shown)
    if kind is None or kind.media_type not in allowed:
        raise build_refusal(TypeRefusedError, "type-not-taken", declared=media_type[:100])
    if not name_fits(shown, kind):
        raise build_refusal(TypeRefusedError, "name-not-as-declared", declared=kind.media_type)
    if size <= 0:
        raise build_refusal(InputError, "empty")
    largest = min(kind.largest, settings.MARFA.largest_file_mib * MIB)
    if size > largest:
        raise build_refusal(
            TooLargeError, "too-large", limit=largest // MIB, declared=kind.media_type
        )
    file_id, now = new_id(), clock.now()
    with transaction.atomic():
        key, wrapped, version = new_wrapped_key(file_id)
        file = StoredFile(
            id=file_id,
            uploader_id=uploader_id,
            media_type=kind.media_type,
            size=size,
            wrapped_key=wrapped,
            key_version=version,
            name=FileKeys(file_id, key).seal("name", pad_value(shown.encode())),
            created_at=now,
            changed_at=now,
            **columns_for(owner),
        )
        quota.reserve_room(uploader_id, size)
        file.save(force_insert=True)
        # Last, so that a full disk takes the row back with it.
        blobs.create_blob(file.blob)
    return file


def give_file(*, file: StoredFile, owner: Owner) -> None:
    """Attach a file to a record: from now on it is whose the record is (``owner_of(record)``)."""
    values = columns_for(owner)
    StoredFile.objects.filter(pk=file.pk).update(**values)
    for name, value in values.items():
        setattr(file, name, value)


def keep_unused(keys: Collection[UUID]) -> None:
    """Somebody still means to attach these files: ``discard_unused`` counts from now."""
    if keys:
        StoredFile.objects.filter(pk__in=keys).update(changed_at=clock.now())


def append_to_upload(*, file: StoredFile, offset: int, source: ByteSource) -> int:
    """Add what comes from ``source`` after the first ``offset`` bytes; returns the new offset.

    Sending a piece twice changes nothing: the second time the offset no longer fits, and
    OffsetMismatchError says where to go on. Whatever ends the call, the bytes up to the offset
    that is stored are safe. Raises BusyError while another append runs, LostError where the
    disk lost what it had. Not to be called in a transaction: it lasts as long as the sender takes.
    """
    with blobs.lock_blob(file.blob) as descriptor:
        file.refresh_from_db()
        if offset != file.received:
            raise OffsetMismatchError(file.received)
        if file.state != State.RECEIVING:
            raise build_refusal(InputError, "not-receiving")
        return Receiver(file, descriptor).take(source)


def settle_upload(*, file: StoredFile) -> StoredFile:
    """Check a complete upload and let it out of quarantine, or refuse it and destroy it.

    ``state`` and ``refusal`` say how it went. Doing it again changes nothing, and after a
    crash it is simply done again. Raises InputError while bytes are missing.
    """
    file.refresh_from_db()
    if file.state == State.RECEIVING:
        raise build_refusal(InputError, "incomplete")
    if file.state == State.QUARANTINED:
        try:
            with blobs.lock_blob(file.blob):
                _settle(file)
        except LostError:
            _refuse(file, build_refusal(InputError, "damaged-on-disk"))
    return file


def _settle(file: StoredFile) -> None:
    file.refresh_from_db()
    if file.state != State.QUARANTINED:  # settled while this one waited for the lock
        return
    try:
        _accept(file)
    except NotAuthenticError:
        _refuse(file, build_refusal(InputError, "damaged-on-disk"))
    except InputError as error:
        _refuse(file, error)


def _accept(file: StoredFile) -> None:
    kind = KINDS[file.media_type]
    with contents_of(file) as contents:
        check_content(contents, kind)
        derivative = preview_of(file, contents, kind)
        digest = _digest(file, contents)
    now = clock.now()
    sealed = FileKeys.of(file).seal("digest", digest)
    with transaction.atomic():
        if derivative is not None:
            derivative.save(force_insert=True)
        _change(file, state=State.ACCEPTED, digest=sealed, settled_at=now)


def _digest(file: StoredFile, contents: Contents) -> bytes:
    """SHA-256 of the content: known from receiving it, or read once more."""
    known = running.take(file.pk, file.size)
    if known is not None:
        return known.digest()
    digest = hashlib.sha256()
    for chunk in contents.chunks():
        digest.update(chunk)
    return digest.digest()


def _refuse(file: StoredFile, error: InputError) -> None:
    reason = error.problems[0].message.as_json()
    with transaction.atomic():
        _change(file, state=State.REFUSED, refusal=reason, wrapped_key=None, settled_at=clock.now())
        quota.release_room(file.uploader_id, file.size)
        transaction.on_commit(lambda: blobs.remove_blobs(file.blob))


def _change(file: StoredFile, **values: object) -> None:
    row = StoredFile.objects.filter(pk=file.pk, state=State.QUARANTINED)
    if row.update(**values) != 1:
        raise BusyError
    for name, value in values.items():
        setattr(file, name, value)


def delete_file(*, file: StoredFile) -> None:
    """Destroy the file: its wrapped key, without which nothing opens, and its blobs.

    Raises BusyError while it is being received or checked.
    """
    try:
        with blobs.lock_blob(file.blob):
            _delete(file)
    except LostError:  # refused, or half deleted before a crash
        _delete(file)


def _delete(file: StoredFile) -> None:
    with transaction.atomic():
        row = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
        if row is None:
            return
        gone = [row.blob, *row.derivatives.values_list("blob", flat=True)]
        if row.state != State.REFUSED:
            quota.release_room(row.uploader_id, row.size)
        row.delete()
        transaction.on_commit(lambda: blobs.remove_blobs(*gone))


def discard_abandoned_uploads() -> int:
    """Delete uploads that nobody went on with for a week; how many."""
    limit = clock.now() - ABANDONED_AFTER
    count = 0
    for file in StoredFile.objects.filter(state=State.RECEIVING, changed_at__lt=limit):
        try:
            count += _discard(file, limit)
        except BusyError:
            continue
    return count


def _discard(file: StoredFile, limit: datetime) -> bool:
    """Delete an upload unless its sender came back since it was found."""
    try:
        with blobs.lock_blob(file.blob):
            still = StoredFile.objects.filter(
                pk=file.pk, state=State.RECEIVING, changed_at__lt=limit
            )
            if not still.exists():
                return False
            _delete(file)
    except LostError:  # half deleted before a crash, or lost by the disk: nothing to go on with
        _delete(file)
    return True


def discard_unused() -> int:
    """Delete accepted files to which no row refers and that nobody means to use; how many.

    A form that was begun and never sent leaves them. One that is attached at this moment is kept:
    the database lets no file go to which a row refers.
    """
    limit = clock.now() - UNUSED_AFTER
    count = 0
    for file in unused_files(limit):
        try:
            count += _discard_unused(file, limit)
        except (BusyError, ProtectedError):
            continue
    return count


def _discard_unused(file: StoredFile, limit: datetime) -> bool:
    with transaction.atomic():
        row = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
        if row is None or not unused_files(limit).filter(pk=file.pk).exists():
            return False
        delete_file(file=row)
    return True
