"""Sending a file through the actions, as a view does."""

from __future__ import annotations

import io
from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.platform.files.actions import append_to_upload, settle_upload, start_upload
from marfa.platform.files.kinds import EVERYDAY
from marfa.platform.files.models import StoredFile
from marfa.platform.files.queries import refusal_of
from marfa.platform.rowsecurity.ownership import INSTALLATION


def send(
    sender: User,
    content: bytes,
    *,
    name: str = "file",
    media_type: str = "text/plain",
    allowed: frozenset[str] = EVERYDAY,
) -> StoredFile:
    """Start, append and settle in one go."""
    file = start_upload(
        uploader_id=key(sender),
        size=len(content),
        name=name,
        media_type=media_type,
        allowed=allowed,
        owner=INSTALLATION,
    )
    append_to_upload(file=file, offset=0, source=io.BytesIO(content))
    return settle_upload(file=file)


def key(user: User) -> UUID:
    return user.pk


def outcome(file: StoredFile) -> str:
    """``accepted``, or the key of the refusal."""
    reason = refusal_of(file)
    return str(file.state) if reason is None else reason.key
