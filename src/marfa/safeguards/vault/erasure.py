"""Erasing a person: the key is destroyed, and with it all that it sealed, wherever that lies.

    with action(actor=..., code="privacy.erase", ...) as act:
        erase_subject(act=act, subject=person.pk, reason="request")

Once that is committed the erasure is written to the erased list, outside the database and its
backups. A database that is older than the list is brought up to it before it is used (``settle``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from marfa.platform import clock, units
from marfa.safeguards.actions import Act
from marfa.safeguards.audit.event import Detail
from marfa.safeguards.vault.access import forget_everywhere
from marfa.safeguards.vault.erasedlist import ToList, erased_list
from marfa.safeguards.vault.key_store import hold_subject_key
from marfa.safeguards.vault.models import Erasure, RecordKey, RecordWrap, SubjectKey

CODE = "vault.erase"
PERSON = "Person"
_REASON = re.compile("[a-z][a-z_]{0,39}")

Shred = Callable[[UUID], None]
_shredders: dict[str, Shred] = {}


def shred_when_replayed(name: str, function: Shred) -> None:
    """Have a function called for each person whom the erased list takes out of an old database:
    it deletes the rows that a live erasure deletes, in the transaction that is open."""
    _shredders[name] = function


def erase_subject(*, act: Act, subject: UUID, reason: str, kind: str = PERSON) -> None:
    """Destroy the key of a subject, within the action that was allowed; the log tells of it.

    kind: of the subject; of a person the log says about whom it is. reason: a code. Records about
    others too lose this subject's wrap alone; those of which the last wrap goes are destroyed.
    Raises ValueError for a reason that is no code. Doing it again changes nothing.
    """
    if not _REASON.fullmatch(reason):
        raise ValueError("the reason is a code")
    with units.unit_of_work() as unit:
        records = destroy_key(subject, clock.now(), reason)
        detail: dict[str, Detail] = {"reason": reason, "records_destroyed": records}
        person = subject if kind == PERSON else None
        event = replace(act.event, action=CODE, subject=person, object_kind=kind)
        act.record(replace(event, object_id=subject, detail=detail))
        unit.then(list_erasures)
        unit.then(empty_write_ahead_log)


def destroy_key(subject: UUID, at: datetime, reason: str) -> int:
    """Destroy what opens a person's data; how many records nobody can open any more.

    The caller is inside a transaction, and has it logged and listed.
    """
    hold_subject_key(subject)
    touched = list(RecordWrap.objects.filter(subject=subject).values_list("record_id", flat=True))
    RecordWrap.objects.filter(subject=subject).delete()
    SubjectKey.objects.filter(subject=subject).delete()
    closed = RecordKey.objects.filter(record__in=touched, wraps=None)
    destroyed = closed.count()
    closed.delete()
    Erasure.objects.get_or_create(subject=subject, defaults={"erased_at": at, "reason": reason})
    forget_everywhere(subject)
    return destroyed


def empty_write_ahead_log() -> None:
    """On SQLite: fold the write-ahead log into the database, which overwrites what it deletes, so
    that a destroyed wrap does not stay in the log's file. While others read it waits for the next
    time. PostgreSQL does so by itself, later (see ``docs/platform/vault.md``)."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def shred_in_apps(subject: UUID) -> None:
    """Call what apps registered for persons whom the list takes out of an old database."""
    for name in sorted(_shredders):
        _shredders[name](subject)


def list_erasures() -> int:
    """Write the erasures that are committed and not in the list yet; how many.

    It is done again at the next start where it failed. Raises InputError or OSError then.
    """
    waiting = list(Erasure.objects.filter(number=None).order_by("erased_at", "subject"))
    if not waiting:
        return 0
    listed = erased_list().append([ToList(e.subject, e.erased_at, e.reason) for e in waiting])
    with transaction.atomic():
        for each in listed:
            rows = Erasure.objects.filter(subject=each.subject, number=None)
            rows.update(number=each.number, digest=each.digest)
    return len(waiting)
