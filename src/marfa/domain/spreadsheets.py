"""Tables that leave for a spreadsheet: no text of theirs is run as a formula.

A text that a spreadsheet would run has an apostrophe put before it, as OWASP recommends against CSV
injection; it is taken off again without loss. A number stays a number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import Any, Protocol

# Signs with which spreadsheets begin a formula, in Latin and in full width, also behind spaces.
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_RUN = re.compile(rf"'*(?:\s*[{_FORMULA}]|[\t\r\n])")
_GUARDED = re.compile(rf"'+(?:\s*[{_FORMULA}]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")


class Stream(Protocol):
    def write(self, text: str, /) -> object: ...


def is_run(text: str) -> bool:
    """Whether a spreadsheet would run a text, or take one that was guarded for guarded by us."""
    return _RUN.match(text) is not None and not _NUMBER.fullmatch(text)


def guard_text(text: str) -> str:
    """A text as a cell that shows it and runs nothing."""
    return f"'{text}" if _RUN.match(text) else text


def unguard_text(cell: str) -> str:
    """The text of such a cell."""
    return cell[1:] if _GUARDED.match(cell) else cell


def guard_cell(value: Any) -> Any:
    """A value as a cell: texts are guarded, numbers, also as text, stay."""
    return guard_text(value) if isinstance(value, str) and is_run(value) else value


class TableWriter:
    """As ``csv.writer``, with every cell guarded."""

    def __init__(self, stream: Stream, **options: Any) -> None:
        self._writer = csv.writer(stream, **options)

    def writerow(self, row: Iterable[Any]) -> None:
        self._writer.writerow([guard_cell(value) for value in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        for row in rows:
            self.writerow(row)
