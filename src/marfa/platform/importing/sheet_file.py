"""A sheet out of a file, which is looked at to tell what it is: its name may say anything."""

from __future__ import annotations

from marfa.platform.files.contents import Contents
from marfa.platform.files.memory_file import MemoryFile
from marfa.platform.files.plain_file import PlainFile
from marfa.platform.importing.rows import OpenSheet, refused
from marfa.platform.importing.text_rows import open_text
from marfa.platform.importing.workbook_rows import open_workbook

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Workbooks of before 2007, and those that a password locks."""
LARGEST = 200 << 20
"""Bytes of a file."""


def open_sheet(
    source: Contents | PlainFile | MemoryFile,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> OpenSheet:
    """The heading of a sheet, and its rows while the source is open.

    encoding, delimiter: of a text; guessed where they are not given, and told among the notes.
    sheet: name of one in a workbook. Raises InputError.
    """
    if source.size > LARGEST:
        raise refused("file-large", most=LARGEST >> 20)
    source.seek(0)
    head = source.read(len(COMPOUND))
    if head.startswith(COMPOUND):
        raise refused("workbook-old")
    if head.startswith(ZIP):
        return open_workbook(source, sheet=sheet)
    return open_text(source, encoding=encoding, delimiter=delimiter)
