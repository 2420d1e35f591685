"""Blobs that belong to no row: left where a process died between the disk and the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from marfa.platform import clock
from marfa.platform.files.models import Derivative, StoredFile
from marfa.platform.rowsecurity.context import every_organisation

SPARED = timedelta(days=1)
"""A blob is there before its row; a young one may still get its row."""


def sweep_blobs() -> int:
    """Remove blobs of more than a day without a row; how many. Folder by folder."""
    # A row that is hidden would look like none, and its content be lost.
    with every_organisation():
        return _sweep_blobs()


def _sweep_blobs() -> int:
    count = 0
    folders: list[Path] = [path for path in settings.FOLDER.files.iterdir() if path.is_dir()]
    for folder in folders:
        old = {path.name for path in folder.iterdir() if _is_old(path)}
        for model in (StoredFile, Derivative):
            old -= set(model.objects.filter(blob__in=old).values_list("blob", flat=True))
        for name in old:
            (folder / name).unlink(missing_ok=True)
        count += len(old)
    return count


def _is_old(path: Path) -> bool:
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # its file was deleted in this moment
        return False
    return clock.now() - changed > SPARED
