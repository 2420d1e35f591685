"""Files that are answers: checked and kept like all files, until the form is sent or given up."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile

from marfa.apps.forms.entry.flow import Flow
from marfa.domain.message import InputError, Message
from marfa.platform.files.actions import (
    append_to_upload,
    delete_file,
    settle_upload,
    start_upload,
)
from marfa.platform.files.models import StoredFile
from marfa.platform.files.queries import refusal_of

# It is held in memory until it is encrypted; more comes from devices with an app of their own.
LARGEST = 32 * 1024 * 1024


def keep_file(user: UUID, flow: Flow, upload: UploadedFile[Any]) -> tuple[str, StoredFile]:
    """The name that the answer gets, and the file. The name that it had on the device is not
    kept: it may say whose it is.

    Raises InputError for a type that is not taken, for content that is not what it says, and for
    more than LARGEST bytes.
    """
    if (upload.size or 0) > LARGEST:
        raise InputError.at(Message("apps.forms:too-large", {"most": LARGEST // 1024**2}))
    ending = PurePath(upload.name or "").suffix.lower()[:8]
    name = f"{uuid4()}{ending}"
    file = start_upload(
        uploader_id=user,
        size=upload.size or 0,
        name=name,
        media_type=upload.content_type or "",
        owner=flow.owner,
    )
    append_to_upload(file=file, offset=0, source=upload)
    settle_upload(file=file)
    if file.state != StoredFile.State.ACCEPTED:
        reason = refusal_of(file) or Message("methods.xforms:not-binary")
        delete_file(file=file)
        raise InputError.at(reason)
    return name, file


def drop_file(user: UUID, flow: Flow, name: str) -> None:
    """Take a file out of the answers, and destroy it."""
    key = flow.files.pop(name, None)
    file = StoredFile.objects.filter(pk=key, uploader_id=user).first() if key else None
    if file is not None:
        delete_file(file=file)


def drop_all(user: UUID, flow: Flow) -> None:
    for name in list(flow.files):
        drop_file(user, flow, name)
