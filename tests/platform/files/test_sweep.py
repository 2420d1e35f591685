"""What is left over goes; what is in use stays."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

from pytest_django import DjangoCaptureOnCommitCallbacks

from marfa.apps.accounts.models import User
from marfa.platform import clock
from marfa.platform.files import blobs
from marfa.platform.files.actions import (
    append_to_upload,
    discard_abandoned_uploads,
    start_upload,
)
from marfa.platform.files.models import StoredFile
from marfa.platform.files.sweep import sweep_blobs
from marfa.platform.rowsecurity.ownership import INSTALLATION
from tests.platform.files import samples
from tests.platform.files.uploads import key, send


def test_blobs_without_a_row_go_after_a_day(sender: User, empty_folder: Path) -> None:
    picture = send(sender, samples.picture(), media_type="image/jpeg")
    used = {picture.blob, picture.derivatives.get().blob}
    blobs.create_blob("0" * 20)
    blobs.create_blob("1" * 20)
    old = clock.now().timestamp() - 2 * 86400
    for blob in (*used, "0" * 20):
        os.utime(blobs.path_of(blob), (old, old))
    assert sweep_blobs() == 1
    left = {path.name for path in empty_folder.rglob("*") if path.is_file()}
    assert left == used | {"1" * 20}


def test_uploads_nobody_goes_on_with_go_after_a_week(
    sender: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    begun = clock.now()
    done = send(sender, b"text")
    old, going, held = (
        start_upload(
            uploader_id=key(sender), size=9, name="", media_type="text/plain", owner=INSTALLATION
        )
        for _ in range(3)
    )
    with clock.set_to(begun + timedelta(days=6)):
        append_to_upload(file=going, offset=0, source=io.BytesIO(b"x"))
        assert discard_abandoned_uploads() == 0
    with (
        clock.set_to(begun + timedelta(days=8)),
        blobs.lock_blob(held.blob),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert discard_abandoned_uploads() == 1
    assert set(StoredFile.objects.all()) == {done, going, held}
    assert not blobs.path_of(old.blob).exists()
