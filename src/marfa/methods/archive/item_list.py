"""The list of the items, written as it is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from marfa.methods.archive.index import read_index, rebuild_index
from marfa.methods.archive.log_reader import newest_checkpoint
from marfa.methods.archive.problems import Report
from marfa.methods.archive.store import read_key
from marfa.methods.archive.words import refused

AT_ONCE = 10_000


def list_archive(folder: Path, *, as_json: bool) -> Iterator[str]:
    """The list in parts: a line an item, or one JSON document.

    All texts in it are of letters, digits and signs that JSON takes as they are.
    """
    end = newest_checkpoint(folder, read_key(folder), Report())
    if end is None:
        raise refused("log-damaged", file=str(folder))
    lines = read_index(folder, end[1].size)
    if lines is None:
        lines = [item.line().rstrip("\n") for item in rebuild_index(folder, end[1].size)]
    if not as_json:
        for at in range(0, len(lines), AT_ONCE):
            yield "".join(_plain(line) for line in lines[at : at + AT_ONCE])
        return
    yield '{\n  "items": ['
    for at in range(0, len(lines), AT_ONCE):
        yield ("," if at else "") + ",".join(_as_json(line) for line in lines[at : at + AT_ONCE])
    yield "\n  ]\n}\n" if lines else "]\n}\n"


def _plain(line: str) -> str:
    item, _entry, at, size, disposed = line.split(" ")
    return f"{item}  {at}  {'disposed' if disposed == '1' else size}\n"


def _as_json(line: str) -> str:
    item, entry, at, size, disposed = line.split(" ")
    gone = "true" if disposed == "1" else "false"
    return (
        f'\n    {{"id": "{item}", "entry": {entry}, "at": "{at}", "size": {size}, '
        f'"disposed": {gone}}}'
    )
