"""Line numbers in a TOML file, which the standard reader does not give.

It reads only as much of TOML as a mistake has to be shown in: table headers, keys at the
start of a line, and the elements of an array of tables, written as ``[[items]]`` or as one
inline table a line.
"""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\"-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*\"?([A-Za-z0-9_.-]+)\"?\s*=")
_ARRAY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=\s*\[\s*(#.*)?$")
_SYNTAX = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


class Lines:
    """Where things stand in a file; every look-up gives a line from 1, or None."""

    def __init__(self, text: str) -> None:
        self._keys: dict[tuple[str, str], int] = {}
        self._elements: dict[tuple[str, int], int] = {}
        self._counts: dict[str, int] = {}
        self._scan(text)

    def key(self, key: str, table: str = "") -> int | None:
        """The line of a key in a table.

        table: its name; nothing for the root, ``items[1]`` for the first of ``[[items]]``.
        """
        return self._keys.get((table, key))

    def element(self, array: str, index: int) -> int | None:
        """The line on which the element of an array of tables begins; index from 0."""
        return self._elements.get((array, index))

    def _add(self, array: str, number: int) -> None:
        index = self._counts.get(array, 0)
        self._elements[array, index] = number
        self._counts[array] = index + 1

    def _scan(self, text: str) -> None:
        table, array, quoted = "", "", ""
        for number, line in enumerate(text.splitlines(), start=1):
            if quoted:
                quoted = "" if quoted in line else quoted
                continue
            quoted = _opens(line)
            if array:
                if line.lstrip().startswith("{"):
                    self._add(array, number)
                elif line.lstrip().startswith("]"):
                    array = ""
                continue
            if header := _HEADER.match(line):
                table = header[2].replace('"', "")
                self._keys.setdefault(("", table), number)
                if header[1] == "[[":
                    self._add(table, number)
                    table = f"{table}[{self._counts[table]}]"
            elif key := _KEY.match(line):
                self._keys.setdefault((table, key[1]), number)
                opened = _ARRAY.match(line)
                array = opened[1] if opened else ""


def _opens(line: str) -> str:
    """The triple quote that a line opens and leaves open, or nothing."""
    for quote in ('"""', "'''"):
        if line.count(quote) % 2:
            return quote
    return ""


def line_of_syntax_error(message: str, text: str) -> int | None:
    """The line that a message of tomllib names."""
    found = _SYNTAX.search(message)
    if found is None:
        return None
    return int(found[1]) if found[1] else max(1, len(text.splitlines()))
