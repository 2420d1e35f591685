"""Find out how a delimited text file is written, and read its header; memory stays small."""

from __future__ import annotations

import codecs
import csv
import hashlib
from pathlib import Path

from marfa.domain.message import InputError, Message

DELIMITERS = (",", ";", "\t", "|")
CHUNK = 1 << 20
LONGEST_HEADER = 1 << 20


def read_header(path: Path, delimiter: str | None) -> tuple[list[str], str]:
    """Column names of a UTF-8 file and its delimiter (the one that divides the header most).

    Raises InputError for an empty file, a header that is not UTF-8 or has no end, and repeated or
    empty names.
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
    lines = text.splitlines(keepends=True)
    try:
        headers = {mark: next(csv.reader(lines, delimiter=mark)) for mark in tries}
    except csv.Error as error:
        # A name of more than 128 kB: a file without line ends, or no table at all.
        raise InputError.at(
            Message("methods.disclosure.tables:unreadable", {"reason": str(error)}),
            file=path.name,
            row=1,
        ) from error
    mark = max(headers, key=lambda mark: len(headers[mark]))
    return check_names([name.strip() for name in headers[mark]], path), mark


def is_utf8(encoding: str) -> bool:
    """Whether an encoding's name means UTF-8, with or without a byte order mark."""
    return encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}


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
    try:
        digest_of_utf8(path)
    except InputError as error:
        return error
    return _bad_line(path, 1)


def digest_of_utf8(path: Path) -> str:
    """SHA-256 of the file's bytes, hexadecimal, and proof that all of them are UTF-8.

    A count reads only the columns it is asked for; a byte that is wrong in another column says
    all the same that the file's encoding is not what it is taken for. Memory does not grow with
    the file or its lines. Raises InputError that names the first line that is not UTF-8.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as stream:
        while True:
            block = stream.read(CHUNK)
            digest.update(block)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                # What was left over from the block before is part of a character: no line ends.
                raise _bad_line(path, line + error.object.count(b"\n", 0, error.start)) from error
            if not block:
                return digest.hexdigest()
            line += block.count(b"\n")


def _bad_line(path: Path, line: int) -> InputError:
    return InputError.at(Message("methods.disclosure.tables:not-utf8"), file=path.name, row=line)


def has_mixed_line_ends(path: Path) -> bool:
    """Whether lines end in more than one way; read whole only where a carriage return is near the
    beginning, for a file without one is read as it is."""
    with path.open("rb") as stream:
        block = stream.read(CHUNK)
        if b"\r" not in block:
            return False
        both = ends = returns = 0
        tail = b""
        while block:
            # A pair that a block divides is put together again.
            block, tail = tail + block, b""
            if block.endswith(b"\r"):
                block, tail = block[:-1], b"\r"
            both += block.count(b"\r\n")
            ends += block.count(b"\n")
            returns += block.count(b"\r")
            if (both and ends > both) or returns > both:
                return True
            block = stream.read(CHUNK)
        return bool(tail) and bool(both)


def rewrite_line_ends(path: Path, delimiter: str, target: Path) -> None:
    """Write a UTF-8 file again, row by row, with one kind of line end; fields stay as they are."""
    with (
        path.open(encoding="utf-8-sig", errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        try:
            csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(
                csv.reader(source, delimiter=delimiter)
            )
        except csv.Error as error:
            raise InputError.at(
                Message("methods.disclosure.tables:unreadable", {"reason": str(error)}),
                file=path.name,
            ) from error


def transcode_file(path: Path, encoding: str, target: Path) -> None:
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
