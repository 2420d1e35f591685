"""Reading a sheet row by row: the values of each, or what is wrong with it.

Of what was read before only keyed digests are remembered, of the fields that no two rows may share.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from marfa.domain.digits import latin_digits
from marfa.domain.message import InputError, Message
from marfa.platform.importing.fields import SheetSubject
from marfa.platform.importing.mapping import Column
from marfa.platform.importing.rows import OpenSheet, SheetRow

DIGEST = 12
"""Bytes: enough to tell a hundred thousand rows apart."""


@dataclass(frozen=True)
class RowProblem:
    """What is wrong, and where. column: None where it is the whole row."""

    row: int
    message: Message
    column: Column | None = None


@dataclass(frozen=True)
class ReadRow:
    """A row as it was read. values: by field, without those that are empty; where there are
    problems nothing of the row may be taken."""

    number: int
    values: dict[str, object]
    problems: Sequence[RowProblem] = ()


@dataclass
class _Reading:
    subject: SheetSubject
    columns: Sequence[Column]
    seen: dict[bytes, int] = field(default_factory=dict)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def read(self, row: SheetRow) -> ReadRow:
        if row.broken is not None:
            return ReadRow(row.number, {}, (RowProblem(row.number, row.broken),))
        values: dict[str, object] = {}
        problems: list[RowProblem] = []
        for column in self.columns:
            try:
                self._cell(row, column, values)
            except InputError as error:
                found = [each.message for each in error.problems]
                new = [each for each in found if not any(each is one.message for one in problems)]
                problems += [RowProblem(row.number, each, column) for each in new]
        if not problems:
            problems += self._whole(row, values)
        return ReadRow(row.number, values, tuple(problems))

    def _cell(self, row: SheetRow, column: Column, values: dict[str, object]) -> None:
        spec = column.field
        if spec is None:
            return
        if column.place in row.faults:
            raise InputError.at(row.faults[column.place])
        text = row.cells[column.place].strip()
        # A dash in a cell says that there is nothing.
        if not any(sign.isalnum() for sign in text):
            return
        value = spec.read(text)
        if value in (None, "", []):
            return
        if spec.unique:
            self._alone(row.number, spec.name, text)
        values[spec.name] = value

    def _alone(self, number: int, name: str, text: str) -> None:
        told = f"{name}\0{latin_digits(''.join(text.split())).casefold()}".encode()
        digest = blake2b(told, digest_size=DIGEST, key=self.key).digest()
        before = self.seen.setdefault(digest, number)
        if before != number:
            raise InputError.at(Message("platform.importing:value-twice", {"row": before}))

    def _whole(self, row: SheetRow, values: dict[str, object]) -> Iterator[RowProblem]:
        if not values:
            yield RowProblem(row.number, Message("platform.importing:row-nothing"))
            return
        places = {each.field.name: each for each in self.columns if each.field is not None}
        for name, message in self.subject.check(values):
            yield RowProblem(row.number, message, places.get(name))


def read_rows(
    sheet: OpenSheet, subject: SheetSubject, columns: Sequence[Column]
) -> Iterator[ReadRow]:
    """The rows of a sheet, each as it comes; nothing of them is kept."""
    reading = _Reading(subject, columns)
    for row in sheet.rows:
        yield reading.read(row)
