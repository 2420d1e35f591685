"""Records about several people: a key of their own, wrapped for each of them.

Erasing one person takes their wrap away and leaves the record readable by the others' keys;
erasing the last destroys it.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from marfa.safeguards.vault import key_store
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.models import RecordWrap


def protect_record(*, record: UUID, subjects: Iterable[UUID]) -> None:
    """Give a record its key, wrapped for each of the people whom it is about.

    Raises ValueError for nobody, ErasedError for a person who was erased, IntegrityError where
    the record has a key.
    """
    people = list(subjects)
    if not people:
        raise ValueError("a record is about somebody")
    with open_vault() as vault:
        key_store.make_record_key(record, people, vault)


def add_subject(*, record: UUID, subject: UUID) -> None:
    """One more person whom a record is about. Raises ErasedError where its key is gone."""
    with open_vault() as vault:
        key_store.share_record_key(record, subject, vault)


def subjects_of(record: UUID) -> list[UUID]:
    """The people by whose keys a record opens."""
    wraps = RecordWrap.objects.filter(record=record).order_by("id")
    return list(wraps.values_list("subject_id", flat=True))
