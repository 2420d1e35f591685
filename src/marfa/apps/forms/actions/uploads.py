"""Spreadsheets that are more work than a page may take: kept for a worker, stopped, given up.

Who may, and what the log says, is as where a form is added at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from marfa.apps.forms.actions.conversions import KEPT_FOR, State, end_upload
from marfa.apps.forms.jobs import convert_upload
from marfa.apps.forms.models import FormUpload, UploadPart
from marfa.apps.forms.policy_facts import form_to_come
from marfa.apps.forms.upload_parts import Part, Role, seal_part
from marfa.apps.forms.uploads import conversion_of
from marfa.apps.organisations.models import Organisation
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.jobs.actions import cancel_job
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def keep_upload(
    *,
    actor: Actor,
    organisation: Organisation,
    sheet: Part,
    purpose: Purpose,
    media: Mapping[str, tuple[str, bytes]] | None = None,
) -> FormUpload:
    """Keep a spreadsheet, sealed, and have a worker make a form of it soon.

    media: as for ``add_form``. Raises DeniedError.
    """
    now = clock.now()
    upload = FormUpload(
        organisation=organisation,
        purpose=purpose.value,
        uploaded_by_id=actor.id,
        uploaded_at=now,
        expires_at=now + KEPT_FOR,
    )
    rows = [seal_part(upload, Role.SHEET, sheet)]
    rows += [
        seal_part(upload, Role.MEDIA, Part(name, kind, content))
        for name, (kind, content) in (media or {}).items()
    ]
    with _on_upload(actor, upload, "upload_kept") as act:
        act.create(upload)
        UploadPart.objects.bulk_create(rows)
        convert_upload.enqueue(upload=upload.pk)
    return upload


def stop_upload(*, actor: Actor, upload: FormUpload) -> None:
    """Have no form be made of it; it stays as it was sent. Raises InputError where it no longer
    waits, DeniedError."""
    with _on_upload(actor, upload, "upload_stopped"):
        if not end_upload(upload, State.STOPPED):
            raise InputError.at(Message("apps.forms:upload-over"))
        job = conversion_of(upload)
        if job is not None:
            cancel_job(job=job.pk)


def resume_upload(*, actor: Actor, upload: FormUpload) -> None:
    """Have a form be made of it after all: of one that was stopped or refused, or at which all
    workers failed. Raises InputError for one that is added, DeniedError."""
    with _on_upload(actor, upload, "upload_resumed"):
        found = FormUpload.objects.filter(pk=upload.pk).exclude(state=State.ADDED)
        if not found.update(state=State.WAITING, expires_at=clock.now() + KEPT_FOR):
            raise InputError.at(Message("apps.forms:upload-over"))
        upload.parts.filter(role=Role.PROBLEMS).delete()
        convert_upload.enqueue(upload=upload.pk)


def discard_upload(*, actor: Actor, upload: FormUpload) -> None:
    """Delete a spreadsheet that was sent, and all that came with it. Raises DeniedError."""
    with _on_upload(actor, upload, "upload_discarded") as act:
        act.delete(FormUpload.objects.filter(pk=upload.pk))
        job = conversion_of(upload)
        if job is not None:
            cancel_job(job=job.pk)


@contextmanager
def _on_upload(actor: Actor, upload: FormUpload, what: str) -> Iterator[Act]:
    with action(
        actor=actor,
        code="forms.manage",
        purpose=Purpose.ADMINISTRATION,
        resource=form_to_come(upload.organisation_id),
    ) as act:
        act.note(what=what, upload=str(upload.pk))
        yield act
