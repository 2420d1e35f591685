"""Find out how a delimited text file is written, and read its header; memory stays small."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from marfa.domain.message import InputError, Message

DELIMITERS = (",", ";", "\t", "|")
CHUNK = 1 << 20
LONGEST_HEADER = 1 << 20


def read_header(path: Path, delimiter: str | None) -> tuple[list[str], str]:
    """Column names of a UTF-8 file and its delimiter (the one that divides the header most).

    Raises InputError for an empty file, a header that is not UTF-8, and repeated or empty names.
    """
    with path.open("rb") as stream:
        start = stream.read(LONGEST_HEADER)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError.at(
            Message("methods.disclosure.tables:give-encoding", {"encoding": "utf-16"}),
            file=path.name,
        )
    text = start.decode("utf-8-sig", errors="replace")
    if "�" in text.splitlines()[0] if text else False:
        raise not_utf8(path)
    if not text.strip():
        raise InputError.at(Message("methods.disclosure.tables:file-empty"), file=path.name)
    tries = [delimiter] if delimiter else DELIMITERS
    headers = {
        mark: next(csv.reader(text.splitlines(keepends=True), delimiter=mark)) for mark in tries
    }
    mark = max(headers, key=lambda mark: len(headers[mark]))
    return check_names([name.strip() for name in headers[mark]], path), mark


def check_names(names: list[str], path: Path) -> list[str]:
    """The names, if each is there and there once."""
    for place, name in enumerate(names):
        if name in names[:place] or not name:
            code = "column-twice" if name else "column-unnamed"
            raise InputError.at(
                Message(f"methods.disclosure.tables:{code}", {"column": name, "place": place + 1}),
                file=path.name,
                row=1,
            )
    return names


def not_utf8(path: Path) -> InputError:
    """The error that names the first line that is not UTF-8."""
    line = first_bad_line(path) or 1
    return InputError.at(Message("methods.disclosure.tables:not-utf8"), file=path.name, row=line)


def first_bad_line(path: Path) -> int | None:
    """Number of the first line that is not UTF-8; None if all are."""
    with path.open("rb") as stream:
        for number, line in enumerate(_lines(stream), start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return None


def _lines(stream: object) -> Iterator[bytes]:
    yield from stream  # type: ignore[misc]


def transcode(path: Path, encoding: str, target: Path) -> None:
    """Write the file again as UTF-8. Raises InputError where it is not in that encoding."""
    try:
        codecs.lookup(encoding)
        with (
            path.open(encoding=encoding, newline="") as source,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while block := source.read(CHUNK):
                out.write(block)
    except LookupError as error:
        raise InputError.at(
            Message("methods.disclosure.tables:encoding-unknown", {"encoding": encoding})
        ) from error
    except UnicodeError as error:
        raise InputError.at(
            Message("methods.disclosure.tables:encoding-wrong", {"encoding": encoding}),
            file=path.name,
        ) from error
