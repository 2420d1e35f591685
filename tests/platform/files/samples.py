"""Files of many kinds, honest and not, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image

from marfa.platform.files.kinds import OPEN_DOCUMENT, OPEN_XML

DOCX = f"{OPEN_XML}wordprocessingml.document"
ODT = f"{OPEN_DOCUMENT}text"


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.save(out, form, **options)
    return out.getvalue()


def archive(entries: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


def odt(media_type: str = ODT) -> bytes:
    return archive({"mimetype": media_type.encode(), "content.xml": b"<office/>"})


def bomb_that_lies() -> bytes:
    """A directory and headers that say 10 bytes, for zeros that unpack to 64 MiB."""
    whole = bytearray(archive({"word/document.xml": bytes(64 << 20), "[Content_Types].xml": b""}))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = whole.find(signature)
        struct.pack_into("<L", whole, start + at, 10)
    return bytes(whole)


def bomb_that_overlaps(entries: int = 50) -> bytes:
    """All entries of the directory share one body, as in Fifield's construction."""
    whole = archive({"a": b"x" * 1000})
    at = whole.find(b"PK\x01\x02")
    entry = whole[at : whole.find(b"PK\x05\x06")]
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(entry) * entries, at, 0
    )
    return whole[:at] + entry * entries + end


def huge_directory() -> bytes:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 60_000, 60_000, 1 << 30, 0, 0)
    return b"PK\x03\x04" + bytes(100) + end


def _png_part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def png_of(width: int, height: int, *more: bytes) -> bytes:
    """A PNG that claims a size; its pixels are zeros, packed as far as they go."""
    head = _png_part(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = zlib.compress(bytes(min((width + 1) * height, 1 << 20)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(more)
        + _png_part(b"IDAT", pixels)
        + _png_part(b"IEND", b"")
    )


def png_text_bomb() -> bytes:
    """A small picture with a compressed remark that unpacks to 200 MiB."""
    remark = b"Comment\0\0" + zlib.compress(bytes(200 << 20), 9)
    return png_of(8, 8, _png_part(b"zTXt", remark))


HONEST: dict[str, tuple[str, bytes]] = {
    "jpeg": ("image/jpeg", picture()),
    "png": ("image/png", picture("PNG")),
    "gif": ("image/gif", picture("GIF")),
    "webp": ("image/webp", picture("WEBP")),
    "tiff": ("image/tiff", picture("TIFF")),
    "pdf": ("application/pdf", b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"),
    "docx": (DOCX, docx()),
    "odt": (ODT, odt()),
    "text": ("text/plain", "name\nاسم\n".encode()),
    "old Arabic text": ("text/csv", "اسم,عمر\n".encode("windows-1256")),
    "wide text": ("text/plain", "\ufeffاسم\n".encode("utf-16-le")),
    "voice note": ("audio/ogg; codecs=opus", b"OggS\0\x02" + bytes(100)),
    "mp3": ("audio/mpeg", b"\xff\xfb\x90\x64" + bytes(200)),
    "m4a": ("audio/x-m4a", b"\0\0\0\x20ftypM4A " + bytes(100)),
    "mp4": ("video/mp4", b"\0\0\0\x20ftypisom" + bytes(100)),
    "mov": ("video/quicktime", b"\0\0\0\x14ftypqt  " + bytes(100)),
    "3gp": ("video/3gpp", b"\0\0\0\x18ftyp3gp4" + bytes(100)),
    "webm": ("video/webm", b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(100)),
    "heic": ("image/heic", b"\0\0\0\x18ftypheic" + bytes(100)),
    "wav": ("audio/wav", b"RIFF\x24\0\0\0WAVEfmt " + bytes(100)),
    "amr": ("audio/amr", b"#!AMR\n" + bytes(100)),
}

PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + bytes(200)
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
