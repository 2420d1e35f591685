"""Giving what came in to the person whom it is about: from then on their key seals it."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.forms.models import Attachment, Submission
from marfa.platform import clock, units
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.fields import sealed_value
from marfa.safeguards.vault.placeholder_keys import retire_subject

SEALED = ("xml", "sha256", "findings", "sentence")


def hand_over(*, submission: Submission, person: UUID) -> None:
    """Seal a submission anew by the key of its person; the key it had of its own is destroyed.

    Which that was is kept: when the person is erased it goes on the erased list with theirs, so
    that a backup of before does not bring the submission back.

    Called within the action that made or found the person. Doing it again for the same person
    changes nothing. Raises ValueError for another person and for practice, which is about nobody;
    ErasedError for one who was erased.
    """
    if submission.is_practice:
        raise ValueError("practice is given to nobody")
    if submission.subject == person:
        return
    if submission.handed_over_at is not None:
        raise ValueError("it was given to somebody else")
    with units.unit_of_work(), open_vault():
        row = Submission.objects.select_for_update().get(pk=submission.pk)
        former = row.subject
        values = {name: getattr(row, name) for name in SEALED}
        attached = [(one, one.name) for one in Attachment.objects.filter(submission=row.pk)]
        row.subject = person
        sealed = {name: sealed_value(row, name, value) for name, value in values.items()}
        now = clock.now()
        Submission.objects.filter(pk=row.pk).update(
            subject=person, sealed_before_by=former, handed_over_at=now, **sealed
        )
        for one, name in attached:
            one.subject = person
            Attachment.objects.filter(pk=one.pk).update(
                subject=person, name=sealed_value(one, "name", name)
            )
        retire_subject(former)
    submission.refresh_from_db()
