"""What is known of the backups of an installation: when they were made, and whether one was tried.

It lies in the data folder beside the database, ``backups.json``: a database that is put back must
not bring an older record along.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.keyproviders import write_key_file

FILE = "backups.json"
LOCK = ".backups.lock"
FORMAT = 1
LATE_WITHOUT_SCHEDULE = timedelta(days=7)


@dataclass(frozen=True)
class Made:
    """A backup that was made. folder, name: where it was put. size: in bytes."""

    at: datetime
    folder: str
    name: str
    size: int

    @property
    def path(self) -> Path:
        return Path(self.folder) / self.name


@dataclass(frozen=True)
class Failed:
    """That a backup, or trying one, came to nothing, and why."""

    at: datetime
    code: str
    values: dict[str, Any]

    @property
    def message(self) -> Message:
        return Message(self.code, self.values)


@dataclass(frozen=True)
class Rehearsed:
    """That a backup was restored into a folder of its own and looked through. made_at: the backup.

    rows: in all tables. files: contents that were there. entries: of the log, whose chain is whole.
    opened: sealed values, one of each kind.
    """

    at: datetime
    made_at: datetime
    rows: int
    files: int
    entries: int
    opened: int


@dataclass(frozen=True)
class Record:
    """newest: the newest backup. failed, rehearsal_failed: only what failed since the last that did
    not."""

    newest: Made | None = None
    failed: Failed | None = None
    rehearsed: Rehearsed | None = None
    rehearsal_failed: Failed | None = None

    def is_late(self, hours: int | None) -> bool:
        """Whether the newest backup is too old; hours: how often one is to be made, if at all."""
        if self.newest is None:
            return True
        limit = timedelta(hours=2 * hours) if hours else LATE_WITHOUT_SCHEDULE
        return clock.now() - self.newest.at > limit


def read_record(data: Path) -> Record:
    """What is known; raises InputError for a damaged file."""
    file = data / FILE
    if not file.is_file():
        return Record()
    try:
        told = json.loads(file.read_text(encoding="ascii"))
        return Record(
            newest=_read(Made, told["newest"]),
            failed=_read(Failed, told["failed"]),
            rehearsed=_read(Rehearsed, told["rehearsed"]),
            rehearsal_failed=_read(Failed, told["rehearsal_failed"]),
        )
    except (ValueError, KeyError, TypeError):
        raise InputError.at(Message("platform:backup-record", {"path": str(file)})) from None


def note_made(data: Path, made: Made) -> None:
    """A backup is there."""
    with _changing(data) as record:
        _write(data, replace(record, newest=made, failed=None))


def note_rehearsed(data: Path, rehearsed: Rehearsed) -> None:
    """A backup was tried, and all of it was there."""
    with _changing(data) as record:
        _write(data, replace(record, rehearsed=rehearsed, rehearsal_failed=None))


@contextmanager
def noting_failure(data: Path, *, rehearsal: bool = False) -> Iterator[None]:
    """Note what fails in the block, by its sentence where it has one, and never by its text."""
    try:
        yield
    except Exception as error:
        said = (
            error.problems[0].message
            if isinstance(error, InputError)
            else Message("platform:backup-failed", {"kind": type(error).__name__})
        )
        values = {name: str(value) for name, value in said.params.items()}
        failed = Failed(clock.now(), said.code, values)
        with _changing(data) as record:
            noted = (
                replace(record, rehearsal_failed=failed)
                if rehearsal
                else replace(record, failed=failed)
            )
            _write(data, noted)
        raise


@contextmanager
def _changing(data: Path) -> Iterator[Record]:
    """One process at a time."""
    lock = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield read_record(data)
    finally:
        os.close(lock)


def _write(data: Path, record: Record) -> None:
    told = {"format": FORMAT, **asdict(record)}
    write_key_file(data / FILE, json.dumps(told, indent=1, default=_plain) + "\n")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _read(kind: type[Any], told: dict[str, Any] | None) -> Any:
    if told is None:
        return None
    moments = {name: told[name] for name in ("at", "made_at") if name in told}
    return kind(**told | {name: datetime.fromisoformat(text) for name, text in moments.items()})
