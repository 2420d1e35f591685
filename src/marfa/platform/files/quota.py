"""Room for files: of the installation, of each uploader, and on the disk itself."""

from __future__ import annotations

import shutil
from uuid import UUID

from django.conf import settings
from django.db.models import F

from marfa.platform.files.errors import TooLargeError, build_refusal
from marfa.platform.files.models import Usage

INSTALLATION = "installation"
GIB = 1024**3
KEPT_FREE = GIB
"""Room that uploads leave on the disk, for the database and the system."""


def reserve_room(uploader: UUID, size: int) -> None:
    """Reserve room in the surrounding transaction; raises TooLargeError where there is none."""
    if shutil.disk_usage(settings.FOLDER.path).free < size + KEPT_FREE:
        raise build_refusal(TooLargeError, "disk-full")
    limits = (
        (_holder(uploader), settings.MARFA.uploader_quota_gib, "quota-uploader"),
        (INSTALLATION, settings.MARFA.files_quota_gib, "quota-installation"),
    )
    for holder, gib, key in limits:
        limit = round(gib * GIB)
        Usage.objects.get_or_create(holder=holder)
        room = Usage.objects.filter(holder=holder, bytes__lte=limit - size)
        if room.update(bytes=F("bytes") + size) != 1:
            raise build_refusal(TooLargeError, key, limit=gib)


def release_room(uploader: UUID, size: int) -> None:
    """Give reserved room back; the rows in the order in which they are taken."""
    for holder in (_holder(uploader), INSTALLATION):
        Usage.objects.filter(holder=holder).update(bytes=F("bytes") - size)


def used_bytes(uploader: UUID | None = None) -> int:
    """Bytes reserved by an uploader, or in all."""
    holder = INSTALLATION if uploader is None else _holder(uploader)
    return Usage.objects.filter(holder=holder).values_list("bytes", flat=True).first() or 0


def _holder(uploader: UUID) -> str:
    return f"user:{uploader}"
