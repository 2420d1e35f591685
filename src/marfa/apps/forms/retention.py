"""The end of what came in for practice: it goes after fourteen days, with its key and its files."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from marfa.apps.forms.actions.practice import DAYS
from marfa.apps.forms.models import Attachment, Submission
from marfa.apps.organisations.queries import data_controller
from marfa.platform import clock
from marfa.platform.files.actions import delete_file
from marfa.platform.files.models import StoredFile
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.vault.erasure import erase_subject
from marfa.safeguards.words import Purpose

REASON = "retention"


def practice_that_ends() -> QuerySet[Submission]:
    """What came in for practice fourteen days ago or before, the oldest first."""
    before = clock.now() - timedelta(days=DAYS)
    return Submission.objects.filter(practice=True, received_at__lte=before).order_by("id")


def end_practice(*, actor: Actor, submission: Submission) -> None:
    """Delete one submission of practice. Its key goes on the erased list, so that an older backup
    does not bring back what somebody typed who did not keep to made-up people.

    Raises ValueError for one that is no practice or whose time has not come; DeniedError.
    """
    register = Resource("Register", "fields", {"controller": data_controller().pk})
    with action(
        actor=actor,
        code="privacy.retain",
        purpose=Purpose.DATA_PROTECTION,
        resource=register,
    ) as act:
        row = practice_that_ends().select_for_update().filter(pk=submission.pk).first()
        if row is None:
            raise ValueError("it is no practice that ends")
        attached = Attachment.objects.filter(submission=row)
        keys = list(attached.values_list("file_id", flat=True))
        files = list(StoredFile.objects.filter(pk__in=keys))
        act.delete(attached)
        for file in files:
            delete_file(file=file)
        act.delete(row)
        erase_subject(act=act, subject=row.subject, reason=REASON)
        act.note(table=Submission._meta.label, practice=True)
        act.rows([submission.pk])
