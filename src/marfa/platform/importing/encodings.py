"""In which encoding a text file is written. What is guessed is told, and what is not sure asked.

Files in Arabic come as UTF-8, as UTF-16 from spreadsheets that save "Unicode text", and in the
encoding 1256 of Windows. In the last every byte is a letter, so that its guess rests on what is
read: Arabic letters side by side.
"""

from __future__ import annotations

import codecs
import re
from typing import Protocol

from marfa.platform.importing.rows import refused

PIECE = 1 << 16
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"))
_ARABIC_PAIR = re.compile("[\u0621-\u064a]{2,}")
_FEWEST = 4
"""Arabic letters in words, below which nothing is guessed."""


class Stream(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...


def encoding_of(stream: Stream) -> str:
    """The encoding of a text; the stream is at its beginning afterwards.

    Raises InputError where it is not sure.
    """
    stream.seek(0)
    head = stream.read(PIECE)
    try:
        return _by_mark(head) or _by_content(stream, head)
    finally:
        stream.seek(0)


def _by_mark(head: bytes) -> str | None:
    for mark, name in (*MARKS, (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return name
    # UTF-16 without its mark: heading and delimiters have a byte 0 each, always the same one.
    zeros = head[:200].count(0, 0), head[1:200:2].count(0), head[0:200:2].count(0)
    if not zeros[0]:
        return None
    return "utf-16-le" if zeros[1] > zeros[2] else "utf-16-be"


def _by_content(stream: Stream, head: bytes) -> str:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample = b"" if any(byte > 127 for byte in head) else None
    try:
        while piece := stream.read(PIECE):
            if sample is None and any(byte > 127 for byte in piece):
                head, sample = piece, b""
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _by_letters(head)
    return "utf-8"


def _by_letters(sample: bytes) -> str:
    text = sample.decode("cp1256")
    high = [sign for sign in text if ord(sign) > 127 and sign.isalpha()]
    paired = sum(len(found) for found in _ARABIC_PAIR.findall(text))
    if paired >= _FEWEST and paired * 10 >= len(high) * 9:
        return "cp1256"
    raise refused("encoding-unsure")


def check_encoding(name: str) -> str:
    """An encoding that somebody named. Raises InputError for one that is not known."""
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        raise refused("encoding-unknown", encoding=name[:40]) from None
    # Codecs such as "hex" or "zip" make no text.
    if not getattr(known, "_is_text_encoding", True):
        raise refused("encoding-unknown", encoding=name[:40])
    return known.name
