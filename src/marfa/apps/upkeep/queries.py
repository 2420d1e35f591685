"""Questions about what keeps the installation going: its backups, and its own network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, Urgency, WorkItem
from marfa.apps.organisations.queries import desks_of
from marfa.platform import clock
from marfa.platform.backups.record import Record, read_record
from marfa.platform.lan import Enrolment, enrolment_of

REHEARSED_WITHIN = timedelta(days=90)


def backup_record() -> Record:
    """What is known of the backups of this installation."""
    return read_record(settings.FOLDER.path)


def is_late(record: Record) -> bool:
    """Whether the newest backup is older than it should be."""
    return record.is_late(settings.MARFA.backup_hours if settings.MARFA.backup_folder else None)


def was_rehearsed(record: Record) -> bool:
    """Whether a backup was tried within three months, and none failed since."""
    tried = record.rehearsed
    return (
        tried is not None
        and record.rehearsal_failed is None
        and clock.now() - tried.at <= REHEARSED_WITHIN
    )


def own_authority() -> Enrolment | None:
    """What phones are told to trust; None where the installation serves no network of its site."""
    return enrolment_of(settings.FOLDER.path)


def late_backup(user: User) -> Iterable[WorkItem]:
    """For administrators of a real installation: nobody else would notice."""
    if settings.DEMONSTRATION or Desk.ADMINISTRATION not in desks_of(user):
        return
    if is_late(backup_record()):
        yield WorkItem(
            text=_("There is no recent backup"),
            url=reverse("upkeep:backups"),
            urgency=Urgency.DUE,
        )
