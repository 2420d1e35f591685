"""ZIP archives and the office formats inside them: no bombs, no macros, no disguise.

An archive is unpacked once, a little at a time and kept nowhere. Python's reader ends each entry
at the size that the directory states, and its checksum tells where that was a lie; so the stated
sizes bound the work, and they must be reasonable. Overlapping entries (Fifield, "A better zip
bomb", WOOT 2019) are refused.
"""

from __future__ import annotations

import struct
import zipfile
import zlib

from marfa.platform.files.contents import Contents
from marfa.platform.files.errors import TooLargeError, TypeRefusedError, build_refusal
from marfa.platform.files.kinds import OPEN_DOCUMENT, OPEN_XML, ending_of
from marfa.platform.files.memory_file import MemoryFile
from marfa.platform.files.plain_file import PlainFile

Packed = Contents | PlainFile | MemoryFile

END_RECORD = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
LONGEST_COMMENT = 0xFFFF
HIGHEST_ENTRIES = 10_000
HIGHEST_DIRECTORY = 8 * 1024 * 1024
HIGHEST_UNPACKED = 2 * 1024**3
HIGHEST_RATIO = 100
FREE_UNPACKED = 16 * 1024 * 1024
"""Below this much the ratio does not matter: an empty sheet packs very well."""
LOCAL_HEADER = 30
PIECE = 64 * 1024
# What Python's reader raises for archives that are not well formed.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PACKED_ENDINGS = (".zip", ".jar", ".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".tar", ".iso")
MACRO_PARTS = ("vbaproject.bin", "/activex/", "/scripts/", "basic/")
MAIN_PARTS = {
    f"{OPEN_XML}wordprocessingml.document": "word/document.xml",
    f"{OPEN_XML}spreadsheetml.sheet": "xl/workbook.xml",
    f"{OPEN_XML}presentationml.presentation": "ppt/presentation.xml",
}


def ends_as_archive(contents: Packed) -> bool:
    """Whether a ZIP archive hides behind something else: such readers look at the end."""
    return _end_record(contents) is not None


def check_archive(contents: Packed) -> None:
    """Refuse a bomb, an encrypted archive, and archives inside an archive."""
    with _opened(contents) as archive:
        for entry in archive.infolist():
            if ending_of(entry.filename) in PACKED_ENDINGS:
                raise build_refusal(TypeRefusedError, "archive-in-archive")
        _measure(archive, contents)


def check_office(contents: Packed, media_type: str) -> None:
    """Also refuse macros, and a document of another kind than declared."""
    with _opened(contents) as archive:
        names = [entry.filename for entry in archive.infolist()]
        lower = [name.lower() for name in names]
        _measure(archive, contents)
        if any(part in f"/{name}" for name in lower for part in MACRO_PARTS):
            raise build_refusal(TypeRefusedError, "macros")
        if media_type.startswith(OPEN_DOCUMENT):
            fits = _open_document_type(archive) == media_type
        else:
            fits = "[Content_Types].xml" in names and MAIN_PARTS[media_type] in names
    if not fits:
        raise build_refusal(TypeRefusedError, "not-as-declared", declared=media_type)


def _open_document_type(archive: zipfile.ZipFile) -> str:
    """OpenDocument 1.2, part 3, section 3.3: the first entry tells the type."""
    first = archive.infolist()[0]
    if first.filename != "mimetype" or first.file_size > 200:
        return ""
    return archive.read(first).decode("ascii", "replace").strip()


def _end_record(contents: Packed) -> tuple[int, int] | None:
    """Entries and size of the directory, from the record at the very end."""
    start = max(0, contents.size - LONGEST_COMMENT - END_RECORD.size)
    contents.seek(start)
    tail = contents.read(-1)
    at = tail.rfind(END_SIGNATURE)
    while at >= 0:
        if at + END_RECORD.size <= len(tail):
            *_, entries, size, _offset, comment = END_RECORD.unpack_from(tail, at)
            if at + END_RECORD.size + comment == len(tail):
                return entries, size
        at = tail.rfind(END_SIGNATURE, 0, at)
    return None


def _opened(contents: Packed) -> zipfile.ZipFile:
    record = _end_record(contents)
    if record is None:
        raise build_refusal(TypeRefusedError, "archive-damaged")
    entries, directory = record
    # The directory is read into memory as a whole, so its size comes first.
    if entries > HIGHEST_ENTRIES or directory > HIGHEST_DIRECTORY:
        raise build_refusal(TooLargeError, "bomb")
    try:
        archive = zipfile.ZipFile(contents)
    except UNREADABLE:
        raise build_refusal(TypeRefusedError, "archive-damaged") from None
    if not archive.infolist():
        raise build_refusal(TypeRefusedError, "archive-damaged")
    return archive


def _measure(archive: zipfile.ZipFile, contents: Packed) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise build_refusal(TypeRefusedError, "archive-locked")
    # Other methods unpack without a limit to what comes at once.
    if any(entry.compress_type not in METHODS for entry in entries):
        raise build_refusal(TypeRefusedError, "archive-damaged")
    _refuse_overlap(entries)
    allowed = min(HIGHEST_UNPACKED, max(FREE_UNPACKED, HIGHEST_RATIO * contents.size))
    if sum(entry.file_size for entry in entries) > allowed:
        raise build_refusal(TooLargeError, "bomb")
    for entry in entries:
        try:
            with archive.open(entry) as stream:
                while stream.read(PIECE):
                    pass
        except UNREADABLE:
            raise build_refusal(TypeRefusedError, "archive-damaged") from None


def _refuse_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise build_refusal(TooLargeError, "bomb")
        end = entry.header_offset + LOCAL_HEADER + entry.compress_size
