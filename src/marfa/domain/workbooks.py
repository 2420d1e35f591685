"""A workbook with one sheet, written as it comes: what it holds is in memory a row at a time.

    with open("cases.xlsx", "wb") as stream:
        write_sheet(stream, ["reference", "urgency"], rows, note="marfa_handling:1 ...")

Every cell is text written in its place, so that nothing in it is run; one that a spreadsheet would
take for a formula once somebody edits it is marked as text as well. Source: ECMA-376, part 1,
SpreadsheetML (18.3.1.4 ``c``, 18.18.11 ``inlineStr``) and part 2 (packages).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from marfa.domain.spreadsheets import is_run

MOST_ROWS = 1_048_576
"""Rows of a sheet, its heading included."""
LONGEST_CELL = 32_767
"""Characters of a cell; of a longer text its beginning is written."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
_MAIN = f"{_OPEN}/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATED = f"{_OPEN}/officeDocument/2006/relationships"
# What XML 1.0 does not have, alone or escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_OPEN}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_OPEN}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{_OPEN}/package/2006/relationships/metadata/'
        'core-properties" Target="docProps/core.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_OPEN}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>'
    ),
    # The second format is text that stays text when it is edited.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/>'
        '<name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" numFmtId="49" quotePrefix="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}


def write_sheet(
    stream: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    note: str = "",
    right_to_left: bool = False,
) -> None:
    """Write a workbook into a stream that can seek.

    note: kept among the properties of the file. Raises ValueError for more rows than a sheet has.
    """
    view = ' rightToLeft="1"' if right_to_left else ""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in PARTS.items():
            archive.writestr(_entry(name), _XML + part)
        archive.writestr(_entry("docProps/core.xml"), _XML + _properties(note))
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            start = f'<sheetViews><sheetView workbookViewId="0"{view}/></sheetViews><sheetData>'
            sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}">{start}'.encode())
            sheet.write(_row(header))
            for number, row in enumerate(rows, start=2):
                if number > MOST_ROWS:
                    raise ValueError(f"a sheet has at most {MOST_ROWS} rows")
                sheet.write(_row(row))
            sheet.write(b"</sheetData></worksheet>")


def _entry(name: str) -> zipfile.ZipInfo:
    """A part without the moment of its writing: the same content is the same file."""
    made = zipfile.ZipInfo(name)
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def _row(cells: Sequence[str]) -> bytes:
    return f"<row>{''.join(_cell(text) for text in cells)}</row>".encode()


def _cell(text: str) -> str:
    style = ' s="1"' if is_run(text) else ""
    shown = escape(_NOT_XML.sub("\ufffd", text[:LONGEST_CELL])).replace("\r", "&#13;")
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{shown}</t></is></c>'


def _properties(note: str) -> str:
    space = quoteattr(f"{_OPEN}/package/2006/metadata/core-properties")
    return f"<coreProperties xmlns={space}><keywords>{escape(note)}</keywords></coreProperties>"
