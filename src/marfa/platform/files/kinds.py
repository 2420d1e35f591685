"""The types of files that are taken, and how the first bytes of each look.

Only what stands here is taken. Signatures are from the formats' own specifications.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

MIB = 1024 * 1024
HEAD_BYTES = 8192

Recognise = Callable[[bytes], bool]


class Check(StrEnum):
    """What is checked beyond the first bytes."""

    NONE = "none"
    PICTURE = "picture"
    OFFICE = "office"
    ARCHIVE = "archive"
    TEXT = "text"


@dataclass(frozen=True)
class FileKind:
    """A type of file. extensions: the first is given to a file that comes without."""

    media_type: str
    extensions: tuple[str, ...]
    recognise: Recognise
    largest: int
    check: Check = Check.NONE


def prefix_recogniser(*signatures: bytes) -> Recognise:
    return lambda head: head.startswith(signatures)


def riff_recogniser(form: bytes) -> Recognise:
    return lambda head: head.startswith(b"RIFF") and head[8:12] == form


PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")


def is_heif(head: bytes) -> bool:
    """ISO/IEC 23008-12: a file type box with a brand of pictures."""
    return head[4:8] == b"ftyp" and head[8:12] in PICTURE_BRANDS[:-1]


def is_isobmff(head: bytes) -> bool:
    """ISO/IEC 14496-12, and QuickTime files older than it: a box that such files begin with."""
    box = head[4:8]
    old = box in (b"moov", b"mdat", b"wide")
    return old or (box == b"ftyp" and head[8:12] not in PICTURE_BRANDS)


def mpeg_audio(head: bytes) -> bool:
    """ID3, or a frame header of ISO/IEC 11172-3 with a layer, bit rate and sampling rate."""
    if head.startswith(b"ID3"):
        return True
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer != 0 and head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3


def is_webm(head: bytes) -> bool:
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]


ZIP = prefix_recogniser(b"PK\x03\x04")
OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def _office(media_type: str, extension: str) -> FileKind:
    return FileKind(media_type, (extension,), ZIP, 200 * MIB, Check.OFFICE)


def _picture(media_type: str, extensions: tuple[str, ...], recognise: Recognise) -> FileKind:
    return FileKind(media_type, extensions, recognise, 100 * MIB, Check.PICTURE)


def _recording(media_type: str, extensions: tuple[str, ...], recognise: Recognise) -> FileKind:
    return FileKind(media_type, extensions, recognise, 1 << 50)


KINDS = {
    kind.media_type: kind
    for kind in (
        _picture("image/jpeg", (".jpg", ".jpeg"), prefix_recogniser(b"\xff\xd8\xff")),
        _picture("image/png", (".png",), prefix_recogniser(b"\x89PNG\r\n\x1a\n")),
        _picture("image/gif", (".gif",), prefix_recogniser(b"GIF87a", b"GIF89a")),
        _picture("image/webp", (".webp",), riff_recogniser(b"WEBP")),
        _picture("image/tiff", (".tif", ".tiff"), prefix_recogniser(b"II*\0", b"MM\0*")),
        # Kept and given out; nothing here decodes it, so it has no preview.
        FileKind("image/heic", (".heic", ".heif"), is_heif, 100 * MIB),
        FileKind("application/pdf", (".pdf",), prefix_recogniser(b"%PDF-"), 500 * MIB),
        _office(f"{OPEN_XML}wordprocessingml.document", ".docx"),
        _office(f"{OPEN_XML}spreadsheetml.sheet", ".xlsx"),
        _office(f"{OPEN_XML}presentationml.presentation", ".pptx"),
        _office(f"{OPEN_DOCUMENT}text", ".odt"),
        _office(f"{OPEN_DOCUMENT}spreadsheet", ".ods"),
        _office(f"{OPEN_DOCUMENT}presentation", ".odp"),
        FileKind("text/plain", (".txt",), lambda head: True, 200 * MIB, Check.TEXT),
        FileKind("text/csv", (".csv",), lambda head: True, 200 * MIB, Check.TEXT),
        FileKind("application/zip", (".zip",), ZIP, 1 << 50, Check.ARCHIVE),
        _recording("audio/mpeg", (".mp3",), mpeg_audio),
        _recording("audio/mp4", (".m4a", ".mp4"), is_isobmff),
        _recording("audio/ogg", (".ogg", ".oga", ".opus"), prefix_recogniser(b"OggS")),
        _recording("audio/wav", (".wav",), riff_recogniser(b"WAVE")),
        _recording("audio/webm", (".webm", ".weba"), is_webm),
        _recording("audio/amr", (".amr",), prefix_recogniser(b"#!AMR")),
        _recording("audio/aac", (".aac",), prefix_recogniser(b"\xff\xf1", b"\xff\xf9")),
        _recording("video/mp4", (".mp4", ".m4v"), is_isobmff),
        _recording("video/quicktime", (".mov", ".qt"), is_isobmff),
        _recording("video/3gpp", (".3gp", ".3gpp"), is_isobmff),
        _recording("video/webm", (".webm",), is_webm),
    )
}

# Other names under which browsers and telephones send the same things.
ALIASES = {
    "image/jpg": "image/jpeg",
    "image/heif": "image/heic",
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/opus": "audio/ogg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-aac": "audio/aac",
    "video/x-m4v": "video/mp4",
    "application/csv": "text/csv",
    "application/x-zip-compressed": "application/zip",
}

# Endings that make a computer run what it should show.
_RUN = """
.apk .app .bat .cmd .com .cpl .docm .dll .exe .hta .htm .html .iso .jar .js .jse .lnk .mht .msi
.ps1 .py .reg .scr .sh .svg .vbe .vbs .wsf .xhtml .xlsm .xml"""
ACTIVE = frozenset(_RUN.split())
KNOWN_ENDINGS = frozenset(ending for kind in KINDS.values() for ending in kind.extensions)

ARCHIVES = frozenset({"application/zip"})
EVERYDAY = frozenset(KINDS) - ARCHIVES
"""What desks take without further ado. An archive hides what it holds; who takes it says so."""


def declared_kind(media_type: str, name: str) -> FileKind | None:
    """The kind that a sender means: by the declared type, else by the ending of the name."""
    plain = media_type.partition(";")[0].strip().lower()
    found = KINDS.get(ALIASES.get(plain, plain))
    if found is not None or plain not in ("", "application/octet-stream"):
        return found
    ending = ending_of(name)
    return next((kind for kind in KINDS.values() if ending in kind.extensions), None)


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower()


def name_fits(name: str, kind: FileKind) -> bool:
    """Whether the ending does not say that the file is something else."""
    ending = ending_of(name)
    return ending in kind.extensions or ending not in KNOWN_ENDINGS | ACTIVE
