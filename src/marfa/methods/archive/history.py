"""What the log says of one item, without reading what it says of the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from marfa.methods.archive.custody import Custody, follow
from marfa.methods.archive.entries import Body, Entry, chunk_bytes, read_lines


def entries_about(folder: Path, item: str, size: int) -> Iterator[Entry]:
    """Entries among the first ``size`` that name an item, in their order.

    Files of entries that do not hold the identifier are passed over by their bytes.
    """
    sought, chunk = f'"{item}"'.encode("ascii"), 0
    while (data := chunk_bytes(folder, chunk)) is not None:
        if sought in data:
            for line in read_lines(data, chunk):
                if isinstance(line, Entry) and line.number < size and _is_about(line.body, item):
                    yield line
        chunk += 1


def _is_about(body: Body | None, item: str) -> bool:
    return body is not None and (body.get("item") == item or item in body.get("items", ()))


def custody_of(entries: list[Entry]) -> Custody | None:
    """How it stands with an item after its entries; None where it was never added, or is erased."""
    found: Custody | None = None
    for entry in entries:
        body = entry.body
        if body is None or "item" not in body:
            continue
        if body["kind"] == "dispose":
            return Custody("", disposed=True)
        found = follow(found, body) or found
    return found
