"""Attachments of a submission: kept as files, checked, and put to it by their names."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import UUID

from marfa.apps.forms.actions.submissions import attach_file
from marfa.apps.forms.models import Submission
from marfa.domain.message import InputError, Message
from marfa.platform.files.actions import (
    append_to_upload,
    delete_file,
    settle_upload,
    start_upload,
)
from marfa.platform.files.models import StoredFile
from marfa.platform.files.queries import refusal_of
from marfa.platform.rowsecurity.ownership import Owner, owner_of
from marfa.safeguards.actor import Actor

if TYPE_CHECKING:
    from marfa.apps.forms.openrosa.parts import Upload


def attach_part(*, actor: Actor, submission: Submission, part: str, upload: Upload) -> None:
    """Keep one part of a request as an attachment; the same one again changes nothing.

    It goes by the name of its file, or else by that of the part. Raises InputError for a type
    that is not taken, a name that the submission does not have, another file under that name.
    """
    name = upload.name or part
    content = upload.read()
    kept = _keep(actor.id, owner_of(submission), name, upload.content_type or "", content)
    used = False
    try:
        used = attach_file(actor=actor, submission=submission, name=name, file=kept)
    finally:
        if not used:
            delete_file(file=kept)


def _keep(user: UUID, owner: Owner, name: str, media_type: str, content: bytes) -> StoredFile:
    file = start_upload(
        uploader_id=user, size=len(content), name=name, media_type=media_type, owner=owner
    )
    append_to_upload(file=file, offset=0, source=io.BytesIO(content))
    settle_upload(file=file)
    if file.state != StoredFile.State.ACCEPTED:
        reason = refusal_of(file) or Message("apps.forms:attachment-refused")
        delete_file(file=file)
        raise InputError.at(reason)
    return file
