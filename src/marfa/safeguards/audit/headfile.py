"""The file of signed heads, in the data folder and in a folder outside.

Both copies say the same. What one of them lacks is copied from the other; where they contradict
each other, nothing is written and nobody goes on.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.safeguards.audit.heads import Head, HeadError, read_head

NAME = "heads.jsonl"
BLOCK = 1 << 16


def read_lines(file: Path) -> list[str]:
    """The whole lines of a file of heads; none where there is no file.

    A last line without an end was cut off by a power failure while it was written: it never was.
    """
    try:
        text = file.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return []
    return text[: text.rfind("\n") + 1].splitlines()


def newest_in(file: Path) -> Head | None:
    """The last head of a file, without reading the others. Raises InputError for a damaged one."""
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - BLOCK))
            tail = stream.read()
    except FileNotFoundError:
        return None
    whole = tail[: tail.rfind(b"\n") + 1].splitlines()
    if not whole:
        return None
    try:
        return read_head(whole[-1].decode("ascii", errors="replace"))
    except HeadError:
        raise InputError.at(
            Message("safeguards.audit:heads-damaged", {"path": str(file)})
        ) from None


@contextlib.contextmanager
def lock_heads(folder: Path) -> Iterator[None]:
    """One process at a time writes heads."""
    descriptor = os.open(folder / f".{NAME}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def even_out(files: Sequence[Path]) -> list[str]:
    """The lines of all copies, after each was given what it lacked.

    Raises InputError where two of them contradict each other.
    """
    copies = [(file, read_lines(file)) for file in files]
    longest = max((lines for _, lines in copies), key=len)
    for _file, lines in copies:
        if lines != longest[: len(lines)]:
            paths = {"one": str(files[0]), "other": str(files[-1])}
            raise InputError.at(Message("safeguards.audit:heads-contradict", paths))
    for file, lines in copies:
        if len(lines) < len(longest):
            append_lines(file, longest[len(lines) :])
    return longest


def append_lines(file: Path, lines: list[str]) -> None:
    """Append, past a last line that was cut off, and wait for the disk."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as stream:
        stream.seek(_end_of_whole_lines(file))
        stream.truncate()
        stream.write("".join(f"{line}\n" for line in lines).encode("ascii"))
        stream.flush()
        os.fsync(stream.fileno())


def _end_of_whole_lines(file: Path) -> int:
    with file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        start = max(0, size - BLOCK)
        stream.seek(start)
        return start + stream.read().rfind(b"\n") + 1
