"""Keys of persons and records, as they are stored: wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from marfa.crypto.columns import Cipher, Column
from marfa.crypto.keys import Key
from marfa.platform import clock
from marfa.platform.keys.instance import current_version, instance_key
from marfa.safeguards.vault.errors import ErasedError
from marfa.safeguards.vault.models import Erasure, RecordKey, RecordWrap, SubjectKey

if TYPE_CHECKING:
    from marfa.safeguards.vault.access import Vault

PURPOSE = "vault/wrap"
WRAPS = Column("vault_recordwrap", "wrapped_key")
AT_ONCE = 500


@lru_cache(maxsize=64)
def wraps_under(version: int) -> Column:
    """The column of wrapped keys, with the version of the instance key bound in."""
    return Column("vault_subjectkey", "wrapped_key", version)


def wrapping_cipher(version: int) -> Cipher:
    """The key that wraps the keys of persons."""
    return Cipher(instance_key(version, PURPOSE))


def read_subject_keys(subjects: Iterable[UUID]) -> dict[UUID, Cipher]:
    """The keys of those who have one."""
    found: dict[UUID, Cipher] = {}
    masters: dict[int, Cipher] = {}
    for some in _in_groups(subjects):
        rows = SubjectKey.objects.filter(subject__in=some)
        for subject, wrapped, version in rows.values_list("subject", "wrapped_key", "key_version"):
            if version not in masters:
                masters[version] = wrapping_cipher(version)
            column = wraps_under(version)
            found[subject] = column.unwrap(masters[version], subject.hex, bytes(wrapped))
    return found


def make_subject_key(subject: UUID) -> Cipher:
    """Make and store the key of a person; of two at once, both get the one that is stored.

    Raises ErasedError for a person who was erased.
    """
    with transaction.atomic():
        hold_subject_key(subject)
        if Erasure.objects.filter(subject=subject).exists():
            raise ErasedError
        version = current_version()
        wrapped = wraps_under(version).wrap(wrapping_cipher(version), subject.hex, Key.random())
        made = SubjectKey(
            subject=subject, wrapped_key=wrapped, key_version=version, made_at=clock.now()
        )
        SubjectKey.objects.bulk_create([made], ignore_conflicts=True)
        return read_subject_keys([subject])[subject]


def store_subject_key(subject: UUID) -> Cipher:
    """Make and store the key of a subject that nobody else knows of yet."""
    key, version = Key.random(), current_version()
    wrapped = wraps_under(version).wrap(wrapping_cipher(version), subject.hex, key)
    SubjectKey(subject=subject, wrapped_key=wrapped, key_version=version, made_at=clock.now()).save(
        force_insert=True
    )
    return Cipher(key)


def rewrap_subject_key(row: SubjectKey, version: int) -> Mapping[str, object]:
    """The columns of a person's key that is wrapped by another version of the instance key."""
    old = row.key_version
    key = wraps_under(old).unwrap_key(wrapping_cipher(old), row.subject.hex, bytes(row.wrapped_key))
    wrapped = wraps_under(version).wrap(wrapping_cipher(version), row.subject.hex, key)
    return {"wrapped_key": wrapped, "key_version": version}


def hold_subject_key(subject: UUID) -> None:
    """Until the transaction ends nobody else makes or destroys the key of this person.

    SQLite has one writer at a time and needs nothing; the caller is inside a transaction.
    """
    if connection.vendor == "postgresql":
        number = int.from_bytes(subject.bytes[-8:], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def make_record_key(record: UUID, subjects: Iterable[UUID], vault: Vault) -> None:
    """Make the key of a record about several people, wrapped for each of them.

    Raises ErasedError where one of them was erased, IntegrityError where the record has a key.
    """
    key = Key.random()
    with transaction.atomic():
        RecordKey.objects.bulk_create([RecordKey(record=record, made_at=clock.now())])
        for subject in sorted(set(subjects)):
            _store_wrap(record, subject, key, vault)
    vault.made(record, Cipher(key))


def share_record_key(record: UUID, subject: UUID, vault: Vault) -> None:
    """One more person whom a record is about; nothing changes where they have a wrap.

    Raises ErasedError where the record's key is gone.
    """
    with transaction.atomic():
        if not RecordWrap.objects.filter(record=record, subject=subject).exists():
            _store_wrap(record, subject, _record_key(record, vault), vault)


def read_record_key(record: UUID, vault: Vault) -> Cipher:
    """The key of a record; raises ErasedError where no wrap is left that opens."""
    return Cipher(_record_key(record, vault))


def _record_key(record: UUID, vault: Vault) -> Key:
    wrap = RecordWrap.objects.filter(record=record).order_by("id").first()
    if wrap is None:
        raise ErasedError
    return WRAPS.unwrap_key(
        vault.key_of_subject(wrap.subject_id), wrap.pk.hex, bytes(wrap.wrapped_key)
    )


def _store_wrap(record: UUID, subject: UUID, key: Key, vault: Vault) -> None:
    made = RecordWrap(record_id=record, subject_id=subject)
    made.wrapped_key = WRAPS.wrap(vault.key_for_subject(subject), made.pk.hex, key)
    made.save(force_insert=True)


def _in_groups(subjects: Iterable[UUID]) -> Iterator[list[UUID]]:
    everyone = list(subjects)
    for start in range(0, len(everyone), AT_ONCE):
        yield everyone[start : start + AT_ONCE]
