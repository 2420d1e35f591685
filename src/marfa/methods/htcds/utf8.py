"""A file as text, piece by piece: memory does not grow with it."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

from marfa.domain.message import InputError, Message

CHUNK = 1 << 16
LONGEST_LINE = 1 << 22
"""Characters of one line of a CSV file. A case of our own writing needs far less."""

_OTHER_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A carriage return at the end of a piece may have its line feed in the next one.
_END = re.compile(r"\r\n|\r(?!\Z)|\n")


class Hashed:
    """Bytes of a stream, with a digest of what was read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._digest = stream, hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._digest.update(data)
        return data

    @property
    def digest(self) -> bytes:
        return self._digest.digest()


def read_texts(stream: Hashed, file: str | None) -> Iterator[str]:
    """Pieces of a UTF-8 file, without its byte order mark.

    Raises InputError with the line where it is not UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    row, first = 1, True
    while True:
        data = stream.read(CHUNK)
        if first and data.startswith(_OTHER_MARKS):
            raise InputError.at(Message("methods.htcds:utf-16"), file=file)
        first = False
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            # What was left over from before is part of a character: no line ends in it.
            row += error.object.count(b"\n", 0, error.start)
            raise InputError.at(Message("methods.htcds:not-utf8"), file=file, row=row) from None
        if text:
            yield text
        if not data:
            return
        row += data.count(b"\n")


def lines(stream: Hashed, file: str | None) -> Iterator[str]:
    """Lines with their ends, which may be those of any system.

    Raises InputError where a line is longer than LONGEST_LINE.
    """
    rest, row = "", 1
    for text in read_texts(stream, file):
        rest += text
        start = 0
        for found in _END.finditer(rest, max(0, len(rest) - len(text) - 1)):
            yield rest[start : found.end()]
            start = found.end()
            row += 1
        rest = rest[start:]
        if len(rest) > LONGEST_LINE:
            params = {"most": LONGEST_LINE}
            raise InputError.at(Message("methods.htcds:line-long", params), file=file, row=row)
    if rest:
        yield rest
