"""Work on files that nobody waits for: finish what was left, clear away what is left over."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from marfa.platform.files import blobs
from marfa.platform.files.actions import discard_abandoned_uploads, discard_unused, settle_upload
from marfa.platform.files.errors import LostError
from marfa.platform.files.models import StoredFile
from marfa.platform.files.queries import left_unchecked
from marfa.platform.files.sweep import sweep_blobs
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, Every, schedule_job

# Each commits by itself, file by file: a blob goes after its row, and no lock is held meanwhile.


@job("files.settle", once=True, atomic=False, rows=EVERY_ORGANISATION)
def settle_left_upload(run: Run, *, file: UUID) -> None:
    """Check an upload whose sender never asked for it; one that is gone needs none.

    Raises LostError where the blob is not here: what this worker's folder lacks may lie in the
    server's, and refusing the upload would destroy its key.
    """
    found = StoredFile.objects.filter(pk=file).first()
    if found is None or found.state != StoredFile.State.QUARANTINED:
        return
    if not blobs.path_of(found.blob).exists():
        raise LostError
    settle_upload(file=found)


@job("files.settle_left", once=True, rows=EVERY_ORGANISATION)
def settle_left(run: Run) -> None:
    """Have every upload checked that is complete and was left alone, each in a job of its own."""
    for identifier in left_unchecked():
        settle_left_upload.enqueue(file=identifier)


@job("files.discard", once=True, atomic=False, rows=EVERY_ORGANISATION)
def discard_left_files(run: Run) -> None:
    """Delete uploads that nobody goes on with, and files that nothing came to use."""
    discard_abandoned_uploads()
    discard_unused()


@job("files.sweep", once=True, atomic=False, rows=EVERY_ORGANISATION)
def sweep_stray_blobs(run: Run) -> None:
    """Remove blobs that belong to no row."""
    sweep_blobs()


schedule_job(Every(timedelta(minutes=15)), settle_left)
schedule_job(Daily(time(2, 30)), discard_left_files)
schedule_job(Daily(time(2, 45)), sweep_stray_blobs)
