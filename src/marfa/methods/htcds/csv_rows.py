"""Rows of a CSV file and its header; what is wrong with them is told with the row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from marfa.domain.handling import without_mark
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.htcds.layout import SPECS
from marfa.methods.htcds.rules import MOST_PROBLEMS
from marfa.methods.htcds.specs import Spec
from marfa.methods.htcds.utf8 import Hashed, lines
from marfa.methods.htcds.whole_file import limited

CASE = "case"
DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 131_072
"""Characters; the limit of Python's own reader of CSV."""

_ERRORS = {
    "field larger": "csv-cell-large",
    "unexpected end": "csv-quote-open",
    "expected after": "csv-quote",
}


@dataclass(frozen=True)
class Header:
    """Columns in their order. None: the column ``case``."""

    columns: tuple[Spec | None, ...]

    @property
    def case(self) -> int | None:
        """Where the column ``case`` stands."""
        return self.columns.index(None) if None in self.columns else None


class Rows:
    """The rows below the header, with their numbers as a spreadsheet shows them (header: 1).

    Rows in which every cell is empty are passed over. Raises InputError where the file has no
    header of the standard, and where it is not CSV.
    """

    def __init__(self, stream: Hashed, delimiter: str, file: str | None) -> None:
        self._file, self._number = file, 0
        self._reader = csv.reader(lines(stream, file), delimiter=delimiter, strict=True)
        first = next(self._all(), None)
        if first is None:
            raise InputError.at(Message("methods.htcds:csv-empty"), file=file)
        self._first = first
        self.header = _header(without_mark(first, first), delimiter, file)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for row in self._all():
            yield self._number, without_mark(row, self._first)

    def _all(self) -> Iterator[list[str]]:
        while True:
            try:
                row = next(self._reader, None)
            except csv.Error as error:
                raise self._error(str(error)) from None
            if row is None:
                return
            self._number += 1
            if max(map(len, row), default=0) > LONGEST_CELL:
                raise self._error("field larger")
            if any(row):
                yield row

    def _error(self, reason: str) -> InputError:
        key = next((key for part, key in _ERRORS.items() if part in reason), "csv-wrong")
        message = Message(f"methods.htcds:{key}", {"most": LONGEST_CELL})
        return InputError.at(message, file=self._file, row=self._number + 1)


def _header(cells: list[str], delimiter: str, file: str | None) -> Header:
    other = [sign for sign in DELIMITERS if sign != delimiter and sign in cells[0]]
    if len(cells) == 1 and other:
        shown = {"\t": "TAB"}
        params = {"found": shown.get(other[0], other[0]), "wanted": shown.get(delimiter, delimiter)}
        raise InputError.at(Message("methods.htcds:csv-delimiter", params), file=file, row=1)
    columns: list[Spec | None] = []
    problems = []
    for place, name in enumerate(cells, start=1):
        spec = SPECS.get(name)
        if spec is None and name != CASE:
            # A cell that is no name of a column may be the name of a person.
            message = Message("methods.htcds:csv-column-unknown", {"n": place})
            problems.append(Problem(message, Place(file, 1)))
        elif spec in columns:
            message = Message("methods.htcds:csv-column-twice", {"n": place})
            problems.append(Problem(message, Place(file, 1, name)))
        columns.append(spec)
        if len(problems) > MOST_PROBLEMS:
            break
    if problems:
        raise InputError(*limited(problems))
    if not any(columns):
        raise InputError.at(Message("methods.htcds:csv-no-field"), file=file, row=1)
    return Header(tuple(columns))
