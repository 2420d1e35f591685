"""Canaries: marked names, dates, numbers and stories, and a search for them wherever bytes end up.

A canary is a text that nobody has. It is put in through the ways that real data take; then
everything that a thief, a backup or a log could hold is searched for it, in every form in which
software writes text. What is encrypted has none of them.
"""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from django.db import connection

NAMES = {
    "latin": "Zéphyrinë Quaxtormoor",
    "arabic": "زمرّدة القنطوريةُ",
    "cyrillic": "Жемчужина Квазимодовская",
    "chinese": "翡翠麒麟孔雀鹦鹉",
}
BORN = "1937-11-23"
PHONE = "+963937481926"
STORY = "Carried over the Xylobryne ridge by Quibbleworth, three nights without shoes. "
CANARIES: Mapping[str, str] = {
    **{f"name ({script})": name for script, name in NAMES.items()},
    "date of birth": BORN,
    "telephone": PHONE,
    "story": STORY.strip(),
}

SHORTEST = 8
"""Bytes of a needle; a shorter one is found by chance in what is random."""
DEEPEST = 4


@dataclass(frozen=True)
class Finding:
    """A canary in clear. where: file or table with what is inside it; form: how it was written."""

    where: str
    canary: str
    form: str


def spellings(text: str) -> dict[str, str]:
    """The ways in which one text is the same text."""
    return {
        "as it is": text,
        "NFC": unicodedata.normalize("NFC", text),
        "NFD": unicodedata.normalize("NFD", text),
        "upper case": text.upper(),
        "lower case": text.casefold(),
    }


def forms(text: str) -> Iterator[tuple[str, bytes]]:
    """Every form in which software writes a text into bytes."""
    for name, each in spellings(text).items():
        plain = each.encode()
        yield f"{name}, UTF-8", plain
        yield f"{name}, UTF-16", each.encode("utf-16-le")
        yield f"{name}, UTF-16 (big)", each.encode("utf-16-be")
        yield f"{name}, JSON", json.dumps(each)[1:-1].encode()
        yield (
            f"{name}, JSON",
            re.sub(
                r"\\u[0-9a-f]{4}",
                lambda found: found[0].upper().replace("U", "u"),
                json.dumps(each),
            )[1:-1].encode(),
        )
        yield f"{name}, percent", quote(each).encode()
        yield f"{name}, percent", quote(each).lower().encode()
        yield f"{name}, form", quote_plus(each).encode()
        yield f"{name}, HTML", html.escape(each).encode()
        yield f"{name}, HTML numbers", each.encode("ascii", "xmlcharrefreplace")
        yield f"{name}, hexadecimal", plain.hex().encode()
        yield f"{name}, hexadecimal", plain.hex().upper().encode()
        yield f"{name}, octal", _octal(plain)
        for offset in range(3):
            for alphabet in (b"+/", b"-_"):
                yield f"{name}, base64", _base64(plain, offset, alphabet)


def _octal(plain: bytes) -> bytes:
    """As PostgreSQL escapes bytes, and gettext's tools."""
    return b"".join(b"\\%03o" % byte if byte > 126 else bytes([byte]) for byte in plain)


def _base64(plain: bytes, offset: int, alphabet: bytes) -> bytes:
    """The middle of the base64 of a text that begins at an offset of 0, 1 or 2 bytes."""
    encoded = base64.b64encode(b"\0" * offset + plain, altchars=alphabet)
    head = {0: 0, 1: 2, 2: 3}[offset]
    return encoded[head : len(encoded) - 4]


@lru_cache(maxsize=1)
def needles() -> dict[bytes, tuple[str, str]]:
    """Each needle with the canary and the form that it is.

    A page of a database can end in the middle of a text, so the halves of a long needle are
    needles too: whatever the place of the cut, one of them is whole.
    """
    known: dict[bytes, tuple[str, str]] = {}
    for canary, text in CANARIES.items():
        for form, needle in forms(text):
            known.setdefault(needle, (canary, form))
            half = len(needle) // 2
            if half >= 2 * SHORTEST:
                for part in (needle[:half], needle[half:]):
                    known.setdefault(part, (canary, f"{form}, a half"))
    assert all(len(needle) >= SHORTEST for needle in known)
    return known


def scan_bytes(where: str, data: bytes, depth: int = 0) -> Iterator[Finding]:
    """The canaries in some bytes, also in what is packed in them."""
    for needle, (canary, form) in needles().items():
        if needle in data:
            yield Finding(where, canary, form)
    if depth < DEEPEST:
        for name, inner in _unpacked(data):
            yield from scan_bytes(f"{where} > {name}", inner, depth + 1)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What an archive or a compressed stream holds, the names of its members included."""
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name, name.encode() + b"\n" + archive.read(name)
    elif data[:2] == b"\x1f\x8b":
        yield "gzip", gzip.decompress(data)
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for member in tar:
                file = tar.extractfile(member)
                yield member.name, member.name.encode() + b"\n" + (file.read() if file else b"")
    elif data[:1] == b"\x78":
        try:
            yield "zlib", zlib.decompress(data)
        except zlib.error:
            return


def scan_text(where: str, *texts: str) -> list[Finding]:
    """The canaries in texts: addresses, titles, pages, logs."""
    return [found for text in texts for found in scan_bytes(where, text.encode())]


def scan_folder(folder: Path) -> list[Finding]:
    """The canaries in a folder: names of files and all their bytes, of the database and of its
    journal too, deleted rows in unused pages included."""
    found: list[Finding] = []
    for path in sorted(folder.rglob("*")):
        where = str(path.relative_to(folder))
        found += scan_bytes(f"{where} (its name)", path.name.encode())
        if path.is_file():
            found += scan_bytes(where, path.read_bytes())
    return found


def scan_database() -> list[Finding]:
    """The canaries in every value of every table, of any app and of the database's own: where raw
    pages cannot be read, and to say in which column."""
    found: list[Finding] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    found += scan_bytes(f"{table}.{name}", _as_bytes(value))
    return found


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview | bytearray):
        return bytes(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).encode()
    return str(value).encode()


def told(findings: Iterable[Finding]) -> str:
    """For the message of a test that fails: a line for each."""
    return "\n".join(sorted({f"{f.where}: {f.canary} ({f.form})" for f in findings}))
