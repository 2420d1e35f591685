"""From a spreadsheet in the XLSForm convention to an XForm, over pyxform.

pyxform needs the ``server`` extra and is imported when it is needed. What it says is put into our
messages, with sheet, row and column; what we do not know yet is carried as it was said.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import PurePath
from typing import Any

from marfa.domain.message import InputError, Message, Problem
from marfa.methods.xforms.model import FormModel
from marfa.methods.xforms.parse import parse
from marfa.methods.xforms.pyxform_messages import problems_of

LARGEST = 8 * 1024 * 1024
LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_FILES = 500
KINDS = (".xlsx", ".xls", ".csv", ".md")
NOTES = "marfa::"
ALIASES = {
    "calculation": ("calculate", "calculation"),
    "relevant": ("relevance", "relevant"),
    "read_only": ("readonly", "read_only", "read only"),
    "repeat_count": ("repeat_count", "count", "jr:count"),
    "media::image": ("image", "media"),
    "trigger": ("triggers",),
}
"""Other names that the convention allows for a column."""
_BEGIN = re.compile(r"begin[ _](group|repeat)", re.IGNORECASE)
_END = re.compile(r"end[ _](group|repeat)", re.IGNORECASE)
_BAD_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Converted:
    """xform: the text of the form. warnings: what should be looked at, with its place.

    rows: rows of the sheet ``survey`` by path of question, to tell problems of the form by.
    notes: by path, the cells of its columns that begin with ``marfa::``, which no form has.
    headers: by path, the columns in which its row says something, as they are called there.
    """

    xform: str
    warnings: tuple[Problem, ...]
    rows: Mapping[str, int]
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def header(self, path: str, column: str) -> str:
        """A column as the row of a question calls it: ``readonly``, ``bind::relevant``."""
        wanted = {column, *ALIASES.get(column, ())}
        for header in self.headers.get(path, ()):
            plain = header.strip().lower()
            if plain in wanted or plain.partition("::")[0] in wanted:
                return header
            if plain.rpartition("::")[2] in wanted and plain.startswith(("bind::", "media::")):
                return header
        return column


def convert(data: bytes, name: str) -> Converted:
    """An XLSForm as an XForm.

    name: of the file; its ending tells the kind, one of KINDS.
    Raises InputError with sheet, row and column of what is wrong.
    """
    kind = PurePath(name).suffix.lower()
    check_file(data, kind, name)
    return _guarded(lambda: read_book(data, kind, PurePath(name).stem), name)


def convert_sheets(sheets: Mapping[str, Sequence[Mapping[str, str]]], name: str) -> Converted:
    """An XLSForm that is at hand as rows by sheet, as an XForm. Raises like ``convert``."""
    book: dict[str, Any] = {"sheet_names": list(sheets)}
    for sheet, rows in sheets.items():
        book[sheet] = [dict(row) for row in rows]
        book[f"{sheet}_header"] = [dict.fromkeys(key for row in rows for key in row)]
    return _guarded(lambda: book, name)


def _guarded(read: Callable[[], dict[str, Any]], name: str) -> Converted:
    from pyxform.errors import PyXFormError

    sheet: list[dict[str, Any]] = []
    warnings: list[str] = []
    try:
        book = read()
        sheet = [dict(row) for row in book["survey"] or ()]
        xform = _converted(book, warnings)
    except PyXFormError as error:
        raise InputError(*problems_of(str(error), name, sheet)) from None
    except Exception as error:
        # Whatever a stranger's file sets off in there is a fault of the file, not a traceback.
        message = Message("methods.xforms:xlsform-failed", {"said": type(error).__name__})
        raise InputError.at(message, file=name) from None
    told = [problem for said in warnings for problem in problems_of(said, name, sheet)]
    rows = dict(_rows(sheet))
    headers = {path: _headers(sheet[row - 2]) for path, row in rows.items()}
    return Converted(xform, tuple(told), rows, _notes(sheet, rows), headers)


def _headers(cells: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name, cell in cells.items() if str(cell or "").strip())


def read_xlsform(data: bytes, name: str) -> tuple[Converted, FormModel]:
    """An XLSForm, converted and read.

    Raises InputError with sheet, row and column of everything that is wrong or not supported.
    """
    converted = convert(data, name)
    return converted, parse(converted.xform, file=name, rows=converted.rows)


def read_book(data: bytes, kind: str, stem: str) -> dict[str, Any]:
    """All sheets as rows; a form without an identifier is called like its file."""
    from pyxform.xls2json_backends import get_xlsform

    given = data.decode("utf-8-sig") if kind in (".csv", ".md") else io.BytesIO(data)
    book = get_xlsform(given, file_type=kind)
    book.fallback_form_name = re.sub(r"[^A-Za-z0-9_.-]+", "_", stem) or "form"
    return {one.name: getattr(book, one.name) for one in fields(book)}


def _converted(book: dict[str, Any], warnings: list[str]) -> str:
    from pyxform.xls2xform import convert as pyxform_convert

    return _BAD_XML.sub("", pyxform_convert(book, warnings=warnings, form_name="data").xform)


def check_file(data: bytes, kind: str, name: str) -> None:
    """Raises InputError for a kind that is not read, and for what is too large, packed or not."""
    if kind not in KINDS:
        message = Message("methods.xforms:xlsform-kind", {"known": ", ".join(KINDS)})
        raise InputError.at(message, file=name)
    if not data.strip():
        raise InputError.at(Message("methods.xforms:xlsform-empty"), file=name)
    if len(data) > LARGEST:
        raise InputError.at(Message("methods.xforms:too-large", {"limit": LARGEST}), file=name)
    if kind in (".csv", ".md"):
        try:
            data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError.at(Message("methods.xforms:xlsform-not-utf8"), file=name) from None
    if kind == ".xlsx":
        _check_package(data, name)


def _check_package(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            inside = package.infolist()
            size = sum(entry.file_size for entry in inside)
            if len(inside) > MOST_FILES or size > LARGEST_UNPACKED:
                limit = {"limit": LARGEST_UNPACKED}
                raise InputError.at(Message("methods.xforms:too-large", limit), file=name)
            for entry in inside:
                if entry.filename.endswith((".xml", ".rels")) and _declares(package, entry):
                    raise InputError.at(Message("methods.xforms:document-type"), file=name)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError):
        raise InputError.at(Message("methods.xforms:xlsform-not-xlsx"), file=name) from None


def _declares(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a part of the package declares a document type, and with it entities."""
    with package.open(entry) as part:
        return b"<!DOCTYPE" in part.read(4096)


def _notes(sheet: list[dict[str, Any]], rows: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """What the sheet says of a question to us alone, without the beginning ``marfa::``."""
    found: dict[str, dict[str, str]] = {}
    for path, row in rows.items():
        cells = {
            column.removeprefix(NOTES): str(cell).strip()
            for column, cell in sheet[row - 2].items()
            if column.startswith(NOTES) and str(cell or "").strip()
        }
        if cells:
            found[path] = cells
    return found


def _rows(sheet: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    """Paths of questions with their rows; the header is row 1."""
    way = ["/data"]
    for row, cells in enumerate(sheet, start=2):
        kind = str(cells.get("type", "")).strip()
        name = str(cells.get("name", "")).strip()
        if _END.match(kind):
            way = way[:-1] if len(way) > 1 else way
        elif name:
            yield f"{way[-1]}/{name}", row
            if _BEGIN.match(kind):
                way.append(f"{way[-1]}/{name}")
