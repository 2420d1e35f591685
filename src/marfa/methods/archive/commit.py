"""One commit: what was staged is put into place, logged, and what is to go is destroyed.

What a commit will do is written down first, on the disk. Whoever opens the archive after it was cut
off does the rest; every step leaves alone what was done already.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marfa.domain.canonical import canonical_json
from marfa.methods.archive.durable import (
    OWNER_ONLY,
    make_folders,
    remove_tree,
    replace_file,
    sync_folder,
    sync_folders,
)
from marfa.methods.archive.entries import Entry, chunk_bytes, read_lines
from marfa.methods.archive.index import extend_index, write_index
from marfa.methods.archive.layout import (
    CHUNK,
    PENDING,
    STAGING,
    STAMPS,
    WITNESSES,
    beside,
    entries_file,
)
from marfa.methods.archive.log import Log

UNDONE = "undone-"


@dataclass(frozen=True)
class Intent:
    """What a commit does. Paths are below the folder of the archive.

    moves: from staging into place. removals: objects that are destroyed. erases: the entries whose
    salt and body are destroyed.
    """

    entries: list[Entry]
    moves: list[tuple[str, str]] = field(default_factory=list)
    removals: list[str] = field(default_factory=list)
    erases: list[int] = field(default_factory=list)

    def encode(self) -> bytes:
        value = {
            "lines": [entry.line().decode("ascii") for entry in self.entries],
            "moves": [list(move) for move in self.moves],
            "removals": self.removals,
            "erases": self.erases,
        }
        return canonical_json(value).encode("ascii")

    @classmethod
    def decode(cls, data: bytes) -> Intent:
        """Raises ValueError for what is none."""
        value: dict[str, Any] = json.loads(data)
        lines = "".join(value["lines"]).encode("ascii")
        entries = [line for line in read_lines(lines, 0) if isinstance(line, Entry)]
        moves = [(str(source), str(target)) for source, target in value["moves"]]
        return cls(entries, moves, list(value["removals"]), list(value["erases"]))


def commit(folder: Path, log: Log, intent: Intent) -> None:
    """Everything that the intent says is done and on the disk when this returns."""
    write_intent(folder, intent)
    carry_out(folder, log, intent)


def write_intent(folder: Path, intent: Intent) -> None:
    data, place = intent.encode(), beside(folder, "intent")
    replace_file(folder / PENDING, data, beside=place, mode=OWNER_ONLY)


def read_intent(folder: Path) -> Intent | None:
    """What a commit that did not end was about; None where there is none."""
    try:
        return Intent.decode((folder / PENDING).read_bytes())
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def carry_out(folder: Path, log: Log, intent: Intent) -> None:
    _move(folder, intent.moves)
    if intent.entries and intent.entries[0].number == log.size:
        log.append(intent.entries)
        if not intent.erases:
            extend_index(folder, intent.entries)
    for removal in intent.removals:
        destroy(folder, folder / removal)
        _remove_if_empty((folder / removal).parent)
    if intent.erases:
        erase_entries(folder, intent.erases, by=intent.entries[0].number)
        write_index(folder, log.size)
    (folder / PENDING).unlink(missing_ok=True)


def recover(folder: Path, log: Log) -> None:
    """Finish the commit that was cut off, and undo what came to none."""
    # A copy may have left out folders in which there was nothing.
    for name in (STAGING, STAMPS, WITNESSES):
        make_folders(folder / name)
    intent = read_intent(folder)
    if intent is not None:
        carry_out(folder, log, intent)
    clear_staging(folder)


def clear_staging(folder: Path) -> None:
    """Undo what was staged and came to no commit."""
    for left in sorted((folder / STAGING).iterdir()):
        destroy(folder, left)


def destroy(folder: Path, path: Path) -> None:
    """Out of its place at once, and then away: a half of it is nowhere to be found."""
    if not os.path.lexists(path):
        return
    aside = path
    if not (path.parent == folder / STAGING and path.name.startswith(UNDONE)):
        aside = folder / STAGING / f"{UNDONE}{secrets.token_hex(8)}"
        path.rename(aside)
        sync_folders({path.parent, aside.parent})
    remove_tree(aside)
    sync_folder(folder / STAGING)


def _remove_if_empty(folder: Path) -> None:
    """A storage root holds no folder without an object."""
    try:
        folder.rmdir()
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
            raise
        return
    sync_folder(folder.parent)


def erase_entries(folder: Path, numbers: Iterable[int], *, by: int) -> None:
    """Destroy salt and body of entries; the commitment stays in its place."""
    chunks: dict[int, set[int]] = {}
    for number in numbers:
        chunks.setdefault(number // CHUNK, set()).add(number)
    for chunk, gone in sorted(chunks.items()):
        path, lines = entries_file(folder, chunk), []
        data = chunk_bytes(folder, chunk) or b""
        found = list(read_lines(data, chunk))
        for line, entry in zip(data.splitlines(keepends=True), found, strict=True):
            if isinstance(entry, Entry) and entry.number in gone:
                line = Entry(entry.number, entry.commitment, erased=by).line()
            lines.append(line)
        place = beside(folder, "entries")
        replace_file(path, b"".join(lines), beside=place, mode=OWNER_ONLY)


def _move(folder: Path, moves: list[tuple[str, str]]) -> None:
    parents = set()
    for source, target in moves:
        if not os.path.lexists(folder / source):
            continue
        place = folder / target
        parents |= make_folders(place.parent) | {place.parent, folder / STAGING}
        (folder / source).rename(place)
    sync_folders(parents)
