"""What the software has to say to a person, before it is put into a language.

A ``Message`` is a code with parameters; it becomes a sentence at the edge (a page, a
terminal, a document) through the catalogue that lies beside the code that made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType

from marfa.domain.addressee import Addressee


@dataclass(frozen=True)
class Message:
    """A sentence to be: ``Message("domain:date-empty")``.

    code: ``package:key``; the package is the path below ``marfa`` that holds
        ``locale/<language>.po``, the key is the msgid there.
    params: named values for the sentence; strings, numbers, dates or further messages.
    count: the number that chooses the plural form, where the sentence has forms;
        in the sentence it is ``{count}``.
    addressee: how the person is spoken to whom the sentence is put. The catalogue's entry with
        that context is taken, and the one without where the language makes no difference.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    count: int | None = None
    addressee: Addressee | None = None

    def __post_init__(self) -> None:
        package, colon, key = self.code.partition(":")
        if not (package and colon and key):
            raise ValueError(f"message code {self.code!r} is not 'package:key'")
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __hash__(self) -> int:
        return hash((self.code, self.count, self.addressee, tuple(sorted(self.params))))

    @property
    def package(self) -> str:
        return self.code.partition(":")[0]

    @property
    def key(self) -> str:
        return self.code.partition(":")[2]

    def as_json(self) -> dict[str, object]:
        """The message as plain data; nested messages become data too."""
        params = {name: _as_data(value) for name, value in self.params.items()}
        data: dict[str, object] = {"code": self.code, "params": params}
        if self.count is not None:
            data["count"] = self.count
        if self.addressee is not None:
            data["addressee"] = self.addressee.value
        return data


def _as_data(value: object) -> object:
    if isinstance(value, Message):
        return value.as_json()
    return value.isoformat() if isinstance(value, (date, time)) else value


@dataclass(frozen=True)
class Place:
    """Where in an input something stands. Rows count from 1 and include the header.

    sheet: of a workbook, where the file is one.
    """

    file: str | None = None
    row: int | None = None
    column: str | None = None
    field: str | None = None
    sheet: str | None = None

    def as_json(self) -> dict[str, object]:
        names = ("file", "sheet", "row", "column", "field")
        parts = {name: getattr(self, name) for name in names}
        return {name: value for name, value in parts.items() if value is not None}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input, and where.

    rule: of the charter, where it is one that is broken: ``charter-4``.
    """

    message: Message
    place: Place = Place()
    rule: str | None = None

    def as_json(self) -> dict[str, object]:
        data: dict[str, object] = {
            "message": self.message.as_json(),
            "place": self.place.as_json(),
        }
        return data if self.rule is None else data | {"rule": self.rule}


class InputError(ValueError):
    """The input is wrong in one or more named places; nothing of it was taken."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("an InputError names at least one problem")
        self.problems = problems
        super().__init__("; ".join(problem.message.code for problem in problems))

    @classmethod
    def at(
        cls,
        message: Message,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        field: str | None = None,
        sheet: str | None = None,
    ) -> InputError:
        """One problem at one place."""
        return cls(Problem(message, Place(file, row, column, field, sheet)))
