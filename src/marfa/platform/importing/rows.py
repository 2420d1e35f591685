"""Rows of a sheet, whatever file it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from marfa.domain.message import InputError, Message

LONGEST_CELL = 32_767
"""Characters: what a cell of a workbook can hold."""
MOST_COLUMNS = 1_000
MOST_ROWS = 100_000


@dataclass(frozen=True)
class SheetRow:
    """One row. number: as a spreadsheet shows it, the heading included. cells: as text, as many as
    there are columns. faults: what is wrong with a cell before anybody knows what it is for, by its
    place. broken: what is wrong with the whole row, of which then nothing is read."""

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, Message] = field(default_factory=dict)
    broken: Message | None = None


@dataclass(frozen=True)
class OpenSheet:
    """A sheet while it is read. rows: what follows the heading, without empty rows; read once.
    notes: what was guessed about the file, and what of it is not read."""

    heading: tuple[str, ...]
    rows: Iterator[SheetRow]
    notes: Sequence[Message] = ()


def letter_of(place: int) -> str:
    """The letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    letters, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def refused(key: str, *, row: int | None = None, **params: object) -> InputError:
    """That a file cannot be read at all."""
    return InputError.at(Message(f"platform.importing:{key}", params), row=row)


def without_end(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells without the empty ones at their end."""
    last = len(cells)
    while last and not cells[last - 1].strip():
        last -= 1
    return tuple(cells[:last])


def read_heading(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns. Raises InputError for too many, and for one name twice."""
    names = tuple(" ".join(cell.split()) for cell in without_end(cells))
    if len(names) > MOST_COLUMNS:
        raise refused("columns-many", row=1, most=MOST_COLUMNS)
    named = [name for name in names if name]
    for place, name in enumerate(named):
        if name in named[:place]:
            raise refused("column-twice", row=1, name=name[:80])
    return names
