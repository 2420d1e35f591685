"""The file of a saved index: JSON lines, versioned and checked; nothing in it is ever executed.

First line: format, version, number of names, SHA-256 of all that follows. Then one line a name:
``[key, name]``. The names are analysed anew on loading, so that a file outlives changes of rules.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from marfa.domain.message import InputError, Message

FORMAT = "marfa-names"
VERSION = 1
MAX_LINE = 100_000
"""Longest line that is read, in characters."""


def save_names(path: Path, names: Iterable[tuple[str, str]]) -> None:
    """Write keys and names; the file replaces another only when it is whole."""
    digest = hashlib.sha256()
    count = 0
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".names-")
    try:
        with os.fdopen(handle, "w+b") as stream:
            stream.write(_header(0, digest.hexdigest()))
            for key, name in names:
                line = json.dumps([key, name], ensure_ascii=True).encode() + b"\n"
                digest.update(line)
                stream.write(line)
                count += 1
            stream.seek(0)
            stream.write(_header(count, digest.hexdigest()))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _header(count: int, digest: str) -> bytes:
    """The first line, of one length whatever the count."""
    data = {"format": FORMAT, "version": VERSION, "count": f"{count:012d}", "sha256": digest}
    return json.dumps(data).encode() + b"\n"


def load_names(path: Path) -> list[tuple[str, str]]:
    """Keys and names of a file, all checked before any is given back.

    Raises InputError, with the row, where the file is no index of ours, is of another version,
    was cut short or changed.
    """
    file = str(path)
    digest = hashlib.sha256()
    names: list[tuple[str, str]] = []
    with path.open("rb") as stream:
        count, wanted = _read_header(stream.readline(MAX_LINE), file)
        for row, line in enumerate(_lines(stream, file), 2):
            digest.update(line)
            names.append(_read_name(line, file, row))
            if len(names) > count:
                break
    if len(names) != count or digest.hexdigest() != wanted:
        raise InputError.at(Message("methods.names:file-changed"), file=file)
    return names


def _lines(stream: Iterable[bytes], file: str) -> Iterator[bytes]:
    readline = stream.readline  # type: ignore[attr-defined]
    row = 2
    while line := readline(MAX_LINE):
        if not line.endswith(b"\n"):
            raise InputError.at(Message("methods.names:file-row-broken"), file=file, row=row)
        yield line
        row += 1


def _read_header(line: bytes, file: str) -> tuple[int, str]:
    data = _json(line)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError.at(Message("methods.names:file-not-an-index"), file=file, row=1)
    if data.get("version") != VERSION:
        version = {"version": str(data.get("version"))}
        raise InputError.at(Message("methods.names:file-version", version), file=file, row=1)
    count, digest = data.get("count"), data.get("sha256")
    if not isinstance(count, str) or not count.isdecimal() or not isinstance(digest, str):
        raise InputError.at(Message("methods.names:file-not-an-index"), file=file, row=1)
    return int(count), digest


def _read_name(line: bytes, file: str, row: int) -> tuple[str, str]:
    data = _json(line)
    if isinstance(data, list) and len(data) == 2 and all(isinstance(part, str) for part in data):
        return data[0], data[1]
    raise InputError.at(Message("methods.names:file-row-broken"), file=file, row=row)


def _json(line: bytes) -> object:
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found
