"""What a file is, from how it begins: what is declared must be what is there.

Signatures are from the formats' own specifications. A type that stands here is told apart from all
others; what begins like none of them is text where it reads as text, and bytes otherwise.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import PurePosixPath

HEAD = 4096
"""Bytes of a file that are looked at."""

BYTES, TEXT, ZIP = "application/octet-stream", "text/plain", "application/zip"
JSON, JSON_LINES, CSV = "application/json", "application/jsonl", "text/csv"


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _media_box(head: bytes) -> bool:
    """ISO/IEC 14496-12, 4.3: a file type box."""
    return head[4:8] == b"ftyp"


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


KNOWN: dict[str, Callable[[bytes], bool]] = {
    "application/pdf": _starts(b"%PDF-"),
    "image/png": _starts(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": _starts(b"\xff\xd8\xff"),
    "image/gif": _starts(b"GIF87a", b"GIF89a"),
    "image/tiff": _starts(b"II*\0", b"MM\0*"),
    "image/webp": _riff(b"WEBP"),
    "audio/wav": _riff(b"WAVE"),
    "audio/ogg": _starts(b"OggS"),
    "audio/mpeg": _starts(b"ID3"),
    "audio/amr": _starts(b"#!AMR"),
    "video/webm": _starts(b"\x1a\x45\xdf\xa3"),
    "video/mp4": _media_box,
    ZIP: _starts(b"PK\x03\x04", b"PK\x05\x06"),
    "application/gzip": _starts(b"\x1f\x8b"),
    "application/x-xz": _starts(b"\xfd7zXZ\0"),
    "application/x-7z-compressed": _starts(b"7z\xbc\xaf\x27\x1c"),
    "application/vnd.rar": _starts(b"Rar!\x1a\x07"),
    "application/zstd": _starts(b"\x28\xb5\x2f\xfd"),
    "application/vnd.apache.parquet": _starts(b"PAR1"),
    "application/vnd.sqlite3": _starts(b"SQLite format 3\0"),
    "application/vnd.microsoft.portable-executable": _starts(b"MZ"),
    "application/x-elf": _starts(b"\x7fELF"),
}
"""Types that their first bytes tell."""

TEXTS = {
    ".csv": CSV,
    ".htm": "text/html",
    ".html": "text/html",
    ".json": JSON,
    ".jsonl": JSON_LINES,
    ".md": "text/markdown",
    ".tsv": "text/tab-separated-values",
    ".txt": TEXT,
    ".xml": "application/xml",
}
"""Kinds of text, which their first bytes do not tell apart, by the ending of a name."""

ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "audio/wav": ".wav",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "video/webm": ".webm",
    "video/mp4": ".mp4",
    ZIP: ".zip",
    **{media_type: ending for ending, media_type in TEXTS.items() if ending != ".htm"},
}
LARGEST_LOOKED_THROUGH = 64 * 1024 * 1024
PACKED = frozenset({ZIP, "application/gzip", "application/vnd.apache.parquet"})
LINES = frozenset({CSV, JSON_LINES, "text/tab-separated-values"})
"""Types of which each line is a row."""


def media_type_of(name: str, head: bytes) -> str:
    """What a file is declared as. name: its ending chooses between kinds of text alone.
    head: its first ``HEAD`` bytes, or all of a shorter one."""
    for media_type, begins in KNOWN.items():
        if begins(head):
            return media_type
    if not is_text(head):
        return BYTES
    return TEXTS.get(PurePosixPath(name).suffix.lower(), TEXT)


def fits_type(media_type: str, head: bytes) -> bool:
    """Whether a file that begins so can be what it is declared as."""
    real = media_type_of("", head)
    if media_type in TEXTS.values():
        return real == TEXT
    return real == media_type or (media_type == BYTES and real == TEXT)


def is_text(head: bytes) -> bool:
    """Whether the beginning of a file reads as UTF-8 without control characters."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text)


def may_be_marked(media_type: str, size: int) -> bool:
    """Whether a handling mark can stand in a file that an honest program made."""
    named = media_type in PACKED or media_type in TEXTS.values()
    return named or (media_type == BYTES and size <= LARGEST_LOOKED_THROUGH)
