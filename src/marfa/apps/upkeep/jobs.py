"""Backups that are made by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.backups.record import read_record
from marfa.platform.backups.restoration import header_of
from marfa.platform.jobs.registry import job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job
from marfa.platform.keyproviders import handed_over

LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 10.0


@job("upkeep.back_up", once=True, atomic=False)
def back_up(run: Run) -> None:
    """Make a backup where its time has come, and delete the oldest beyond those that are kept.

    That it failed stands in the record of the backups, and is tried again in a quarter of an hour.
    """
    folder = settings.MARFA.backup_folder
    if folder and is_due(Path(folder)) and _make(run, folder):
        delete_oldest(Path(folder))
    with run.effect():
        pass


schedule_job(Every(timedelta(minutes=15)), back_up)


def is_due(folder: Path) -> bool:
    """Whether the newest that is on record lies elsewhere, or is as old as the setting says."""
    newest = read_record(settings.FOLDER.path).newest
    # A moment less: a tick that comes early by a breath would wait for the next.
    distance = timedelta(hours=settings.MARFA.backup_hours) - timedelta(minutes=1)
    return newest is None or Path(newest.folder) != folder or clock.now() - newest.at >= distance


def delete_oldest(folder: Path) -> None:
    """Keep the newest backups of this installation; what else lies there is left alone."""
    own = [file for file in sorted(folder.glob("marfa-*.backup")) if _is_own(file)]
    for file in own[: -settings.MARFA.backup_keep]:
        with suppress(OSError):
            file.unlink()


def _is_own(file: Path) -> bool:
    try:
        return header_of(file).identifier == settings.FOLDER.instance.identifier
    except (InputError, OSError):
        return False


def _make(run: Run, folder: str) -> bool:
    """By the command itself, which takes the rights of the owner of the tables; whether it did."""
    command = [sys.executable, "-P", "-m", "marfa", "backup", folder]
    command += ["--data", str(settings.FOLDER.path)]
    with handed_over() as (more, descriptors):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **more},
            pass_fds=descriptors,
        )
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(LOOK_SECONDS) == 0
            run.check()
    finally:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_SECONDS)
        if process.poll() is None:
            process.kill()
            process.wait()
