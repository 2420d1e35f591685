"""Reading a table of a TOML file value by value, collecting every problem with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.screening.lines import Lines, line_of_syntax_error

Choice = TypeVar("Choice", bound=StrEnum)


class Document:
    """A TOML file: its data, where everything stands, and what is wrong with it.

    Raises InputError where the file is not TOML.
    """

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines = Lines(text)
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError.at(
                Message("methods.screening:not-toml", {"reason": str(error)}),
                file=file,
                row=line_of_syntax_error(str(error), text),
            ) from None

    def wrong(self, message: Message, line: int | None = None, field: str | None = None) -> None:
        """Note a problem; reading goes on, so that one run shows them all."""
        self.problems.append(Problem(message, Place(self.file, row=line, field=field)))

    def finish(self) -> None:
        """Raises InputError if anything was wrong."""
        if self.problems:
            raise InputError(*self.problems)

    def root(self) -> TomlTable:
        return TomlTable(self, self.data, None, "")

    def tables(self, array: str) -> list[TomlTable]:
        """The elements of an array of tables; an element that is none is a problem."""
        elements = self.data.get(array, [])
        if not isinstance(elements, list):
            self.wrong(
                Message("methods.screening:not-a-list", {"name": array}), self.lines.key(array)
            )
            return []
        found = []
        for index, element in enumerate(elements):
            line = self.lines.element(array, index) or self.lines.key(array)
            if isinstance(element, dict):
                found.append(TomlTable(self, element, line, f"{array}[{index + 1}]"))
            else:
                self.wrong(Message("methods.screening:not-a-table", {"name": array}), line)
        return found


class TomlTable:
    """One table, read key by key."""

    def __init__(
        self, document: Document, data: Mapping[str, Any], line: int | None, path: str
    ) -> None:
        self.document = document
        self.data = data
        self.line = line
        self.path = path

    def where(self, key: str) -> int | None:
        """The line of a key; that of the table where the key is missing or shares its line."""
        lines = self.document.lines
        return lines.key(key, self.path) or self.line or lines.key(key)

    def wrong(self, key: str, message: Message) -> None:
        """Note a problem at a key of this table."""
        field = f"{self.path}.{key}" if self.path else key
        self.document.wrong(message, self.where(key), field)

    def only(self, known: Iterable[str]) -> None:
        """Every other key is a problem: a misspelt key must not be lost in silence."""
        for key in self.data.keys() - set(known):
            self.wrong(key, Message("methods.screening:unknown-key", {"key": key}))

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self.data.get(key, default)
        if value is None:
            self.wrong(key, Message("methods.screening:key-missing", {"key": key}))
        elif not isinstance(value, str):
            self.wrong(key, Message("methods.screening:not-a-text", {"key": key}))
        elif default is None and not value.strip():
            self.wrong(key, Message("methods.screening:key-empty", {"key": key}))
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, Message("methods.screening:not-a-flag", {"key": key}))
            return False
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One value of a closed list; a wrong one is a problem that names the list."""
        value = self.data.get(key, default)
        try:
            return kind(str(value))
        except ValueError:
            self._not_in(key, value, kind)
            return default or next(iter(kind))

    def choices(self, key: str, kind: type[Choice]) -> frozenset[Choice]:
        found = set()
        for value in self.list(key):
            try:
                found.add(kind(str(value)))
            except ValueError:
                self._not_in(key, value, kind)
        return frozenset(found)

    def list(self, key: str) -> list[Any]:
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self.wrong(key, Message("methods.screening:not-a-list", {"name": key}))
            return []
        return value

    def _not_in(self, key: str, value: object, kind: type[StrEnum]) -> None:
        known = ", ".join(kind)
        if value is None:
            self.wrong(key, Message("methods.screening:key-missing", {"key": key}))
            return
        params = {"key": key, "value": str(value), "known": known}
        self.wrong(key, Message("methods.screening:not-in-list", params))
