"""The three files of a release."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
from marfa.methods.disclosure.private.release import Release

AGGREGATES, SYNTHETIC, REPORT = "aggregates.csv", "synthetic.csv", "report.json"
FILES = (AGGREGATES, SYNTHETIC, REPORT)


@contextmanager
def open_folder(folder: Path) -> Iterator[Path]:
    """A folder for a release, tried before anything is spent. One made for nothing is taken away.

    Raises InputError where it cannot be made, holds files of a release already, or is being written
    to by another one.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError.at(Message("methods.disclosure.releases:not-a-folder"), file=str(folder))
    if not folder.parent.is_dir():
        raise InputError.at(Message("methods.disclosure.tables:no-folder"), file=str(folder))
    _refuse_taken(folder)
    fresh = not folder.exists()
    folder.mkdir(exist_ok=True)
    try:
        with _alone_in(folder):
            yield folder
    finally:
        if fresh and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keeps others out of a folder, by a file that is there while a release is made."""
    with _part(folder, REPORT).open("a") as mine:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = Message("methods.disclosure.private:folder-busy")
            raise InputError.at(message, file=str(folder)) from error
        try:
            # Another one may have ended since the folder was looked at.
            _refuse_taken(folder)
            # Whatever could keep a file from being written is found before it is paid for.
            for name in FILES:
                _part(folder, name).touch()
            yield
        finally:
            for name in FILES:
                _part(folder, name).unlink(missing_ok=True)


def _refuse_taken(folder: Path) -> None:
    taken = [name for name in FILES if (folder / name).exists()]
    if taken:
        raise InputError.at(
            Message("methods.disclosure.private:folder-taken", {"name": taken[0]}), file=str(folder)
        )


def write_release(release: Release, folder: Path) -> tuple[Path, ...]:
    """All files or none: each is made beside its place, then all are put there."""
    with _part(folder, AGGREGATES).open("w", encoding="utf-8", newline="") as stream:
        writer = TableWriter(stream)
        writer.writerow(["combination", "count", "low", "high"])
        for items, *figures in release.combinations:
            writer.writerow([json.dumps(dict(items), ensure_ascii=False), *figures])
    with _part(folder, SYNTHETIC).open("w", encoding="utf-8", newline="") as stream:
        writer = TableWriter(stream)
        writer.writerow([column.name for column in release.columns])
        writer.writerows(_rows(release))
    _part(folder, REPORT).write_text(_text(release.report), encoding="utf-8")
    for name in FILES:
        _part(folder, name).replace(folder / name)
    return tuple(folder / name for name in FILES)


def _rows(release: Release) -> Iterator[list[str]]:
    made = release.synthetic
    texts = [
        [
            (column.separator or "").join(column.values[each] for each in cell)
            for cell in column.cells
        ]
        for column in made.columns
    ]
    for codes, times in zip(made.cells.tolist(), made.times.tolist(), strict=True):
        row = [texts[place][code] for place, code in enumerate(codes)]
        for _again in range(times):
            yield row


def _text(report: dict[str, Any]) -> str:
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _part(folder: Path, name: str) -> Path:
    return folder / f".part-{name}"
