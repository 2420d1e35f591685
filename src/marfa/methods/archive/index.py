"""A list of the items that is read in one go. It follows from the log and counts for nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from marfa.methods.archive.custody import ADD, DISPOSE
from marfa.methods.archive.durable import OWNER_ONLY, replace_file, write_whole
from marfa.methods.archive.entries import Body, Entry, read_chunks
from marfa.methods.archive.layout import INDEX, beside

_FORM = re.compile(rb"(?:[A-Za-z0-9][A-Za-z0-9._-]* [0-9]+ [0-9T:Z-]+ [0-9]+ [01]\n|# [0-9]+\n)*+")


@dataclass(frozen=True)
class Listed:
    """An item: where it was added to the log, when, and how many bytes are stored."""

    item: str
    entry: int
    at: str
    size: int
    disposed: bool = False

    def line(self) -> str:
        return f"{self.item} {self.entry} {self.at} {self.size} {int(self.disposed)}\n"


def extend_index(folder: Path, entries: list[Entry]) -> None:
    """Add what a commit added; without a sync, since it can be made anew."""
    if not _reaches(folder / INDEX, entries[0].number):
        # A writer was cut off before it wrote its lines.
        write_index(folder, entries[-1].number + 1)
        return
    lines = "".join(item.line() for item in _listed(entries))
    target = os.open(
        folder / INDEX, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, OWNER_ONLY
    )
    try:
        write_whole(target, f"{lines}# {entries[-1].number + 1}\n".encode("ascii"))
    finally:
        os.close(target)


def _reaches(path: Path, size: int) -> bool:
    """Whether an index tells of all entries before."""
    end = f"# {size}\n".encode("ascii")
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - len(end) - 1))
            found = file.read()
    except FileNotFoundError:
        return size == 0
    return found in (end, b"\n" + end)


def rebuild_index(folder: Path, size: int) -> list[Listed]:
    """The index from the log's first ``size`` entries."""
    entries = [
        line
        for _chunk, lines in read_chunks(folder)
        for line in lines
        if isinstance(line, Entry) and line.number < size
    ]
    gone = {str(e.body["item"]): e for e in entries if e.body and e.body["kind"] == DISPOSE}
    found = [item for item in _listed(entries) if item.item not in gone]
    for item, entry in gone.items():
        found.append(Listed(item, entry.number, str((entry.body or {})["day"]), 0, disposed=True))
    return found


def write_index(folder: Path, size: int) -> None:
    lines = "".join(item.line() for item in rebuild_index(folder, size))
    data, place = f"{lines}# {size}\n".encode("ascii"), beside(folder, INDEX)
    replace_file(folder / INDEX, data, beside=place, mode=OWNER_ONLY)


def read_index(folder: Path, size: int) -> list[str] | None:
    """The lines of an index of a log of ``size`` entries; None where it is of another, or none."""
    try:
        data = (folder / INDEX).read_bytes()
    except FileNotFoundError:
        return None
    end = f"# {size}\n".encode("ascii")
    if not (data == end or data.endswith(b"\n" + end)) or not _FORM.fullmatch(data):
        return None
    return [line for line in data.decode("ascii").splitlines() if not line.startswith("#")]


def listed_of(body: Body, entry: int) -> Listed | None:
    """What the index has of an entry; None for one that changes nothing in it."""
    if body["kind"] == ADD:
        return Listed(body["item"], entry, body["at"], body["size"])
    if body["kind"] == DISPOSE:
        return Listed(body["item"], entry, body["day"], 0, disposed=True)
    return None


def sum_lines(lines: Iterable[str]) -> int:
    """A number by which two lists of the same lines are known, in whatever order. It holds in this
    process alone: Python's hash of a text has a secret of its own in each."""
    return sum(map(hash, lines))


def _listed(entries: Iterable[Entry]) -> Iterator[Listed]:
    for entry in entries:
        if (
            entry.body
            and entry.body["kind"] == ADD
            and (found := listed_of(entry.body, entry.number))
        ):
            yield found
