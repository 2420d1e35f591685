"""Filled-in forms, as a device writes them."""

from __future__ import annotations

import struct
import uuid
import zlib


def arrival(
    people: str = "3",
    children: str = "1",
    adults: str = "2",
    photo: str = "",
    instance: str | None = None,
    version: str = "2026010101",
) -> bytes:
    """The form ``arrival``, filled in."""
    key = instance or f"uuid:{uuid.uuid4()}"
    return (
        '<?xml version="1.0"?>'
        '<data xmlns:orx="http://openrosa.org/xforms" id="arrival" '
        f'version="{version}"><people>{people}</people><children>{children}</children>'
        f"<adults>{adults}</adults><photo>{photo}</photo>"
        f"<orx:meta><orx:instanceID>{key}</orx:instanceID></orx:meta></data>"
    ).encode()


def picture(side: int, seed: int = 0) -> bytes:
    """A PNG of about three times the square of its side in bytes (PNG, ISO/IEC 15948)."""
    state = seed * 2654435761 + 1
    rows = bytearray()
    for _row in range(side):
        rows.append(0)
        for _byte in range(side * 3):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            rows.append(state >> 16 & 0xFF)

    def chunk(name: bytes, content: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + end

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 1))
        + chunk(b"IEND", b"")
    )
