"""Pictures of which only a new drawing is kept: small, without metadata, and never the original."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from marfa.platform import clock
from marfa.platform.files.actions import append_to_upload, start_upload
from marfa.platform.files.errors import TypeRefusedError, build_refusal
from marfa.platform.files.keys import FileKeys
from marfa.platform.files.kinds import KINDS, FileKind
from marfa.platform.files.models import StoredFile
from marfa.platform.files.pictures import FORMATS, MEDIA_TYPE, Preview, make_preview
from marfa.platform.rowsecurity.ownership import Owner

NAME = "picture.jpg"
TAKEN = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True)
class _Given:
    """Content that was never stored, for the worker."""

    data: bytes

    def chunks(self) -> Iterator[bytes]:
        yield self.data


def draw_picture(data: bytes, *, edge: int) -> Preview:
    """Draw a picture anew in the sandbox. edge: pixels of its longest side at most.

    What was declared does not count, only how the content begins. Raises InputError for bombs, for
    what is damaged and for what is no picture of a kind that is taken.
    """
    return make_preview(_Given(data), _kind_of(data), edge=edge)


def keep_drawn(*, uploader_id: UUID, picture: Preview, owner: Owner) -> StoredFile:
    """Store a drawing as a file that is accepted at once; it was made here, and needs no check.

    To be called in the transaction that refers to it; raises what ``start_upload`` raises.
    """
    file = start_upload(
        uploader_id=uploader_id,
        size=len(picture.data),
        name=NAME,
        media_type=MEDIA_TYPE,
        owner=owner,
    )
    append_to_upload(file=file, offset=0, source=io.BytesIO(picture.data))
    values = {
        "state": StoredFile.State.ACCEPTED,
        "digest": FileKeys.of(file).seal("digest", hashlib.sha256(picture.data).digest()),
        "settled_at": clock.now(),
    }
    with transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(**values)
    file.refresh_from_db()
    return file


def _kind_of(data: bytes) -> FileKind:
    for media_type in TAKEN:
        if media_type in FORMATS and KINDS[media_type].recognise(data[:16]):
            return KINDS[media_type]
    raise build_refusal(TypeRefusedError, "no-picture")
