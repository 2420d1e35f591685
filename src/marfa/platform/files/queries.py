"""Questions to files. None of them decides who may ask: the caller has."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Manager, Model, OuterRef, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from marfa.crypto.padding import unpad_value
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.files.contents import Contents
from marfa.platform.files.errors import build_refusal
from marfa.platform.files.keys import FileKeys
from marfa.platform.files.kinds import KINDS, ending_of
from marfa.platform.files.models import Derivative, StoredFile

LEFT_AFTER = timedelta(hours=1)
"""A sender who lives asks for the check of a complete upload long before."""


def left_unchecked() -> list[UUID]:
    """Complete uploads in quarantine whose check nobody asked for within an hour, or which a
    stop interrupted; the oldest first."""
    left = StoredFile.objects.filter(
        state=StoredFile.State.QUARANTINED, changed_at__lt=clock.now() - LEFT_AFTER
    )
    return list(left.order_by("changed_at", "id").values_list("id", flat=True))


def unused_files(since: datetime) -> QuerySet[StoredFile]:
    """Accepted files to which no row of any table refers, and that did not change since."""
    found = StoredFile.objects.filter(state=StoredFile.State.ACCEPTED, changed_at__lt=since)
    for field in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(field, ForeignObjectRel) and field.related_model is not Derivative:
            rows: Manager[Model] = field.related_model._base_manager
            found = found.exclude(Exists(rows.filter(**{field.field.name: OuterRef("pk")})))
    return found


def upload_of(uploader_id: UUID, reference: str) -> StoredFile | None:
    """A file by its reference, where this person sent it."""
    return StoredFile.objects.filter(uploader_id=uploader_id, reference=reference).first()


def open_file(file: StoredFile) -> Contents:
    """The content for reading. Raises InputError for a file that has not left quarantine."""
    if file.state != StoredFile.State.ACCEPTED:
        raise build_refusal(InputError, "not-accepted")
    return contents_of(file)


def contents_of(file: StoredFile) -> Contents:
    """The content also of a file in quarantine: for the checks alone."""
    return Contents(file.blob, file.size, *FileKeys.of(file).stream())


def open_derivative(derivative: Derivative) -> Contents:
    """The content of a derivative of an accepted file."""
    file = derivative.file
    if file.state != StoredFile.State.ACCEPTED:
        raise build_refusal(InputError, "not-accepted")
    key, context = FileKeys.of(file).stream(f"{derivative.kind}/{derivative.blob}")
    return Contents(derivative.blob, derivative.size, key, context)


def name_of(file: StoredFile) -> str:
    """The name under which it is given back: the sender's, with an ending that fits.

    Reading a name is reading protected data. A file without one, and a refused one, is called
    by its reference.
    """
    extensions = KINDS[file.media_type].extensions
    name = ""
    if file.wrapped_key is not None:
        name = unpad_value(FileKeys.of(file).open("name", file.name)).decode()
    name = name or file.reference
    return name if ending_of(name) in extensions else name + extensions[0]


def sha256_of(file: StoredFile) -> str | None:
    """SHA-256 of the original in hexadecimal, as other tools show it; None until accepted."""
    if file.digest is None:
        return None
    return FileKeys.of(file).open("digest", file.digest).hex()


def refusal_of(file: StoredFile) -> Message | None:
    """Why a file was refused."""
    if file.refusal is None:
        return None
    return Message(file.refusal["code"], file.refusal["params"])
