"""A JSON document value by value, while it streams by."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.htcds.rules import Repeated

LARGEST = 1 << 22
"""Characters of one case."""

_MOST_DIGITS = 15
_SPACE = " \t\n\r"


class JsonText:
    """Takes a document apart from the front. Memory holds one value and a little more.

    Every method raises InputError with the line where the text is not JSON.
    """

    def __init__(self, pieces: Iterator[str], file: str | None) -> None:
        self._pieces, self._file = pieces, file
        self._text, self._at, self._row, self._ended = "", 0, 1, False
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_object, parse_int=_whole, parse_constant=lambda _word: math.nan
        )

    def peek(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, signs: str) -> str:
        """One of the signs, which must come next."""
        found = self.peek()
        if not found or found not in signs:
            raise self._error("json-cut" if not found else "json-wrong", self._at)
        self._at += 1
        return found

    def key(self) -> str:
        """A key and its colon."""
        if self.peek() != '"':
            self.take('"')
        found = str(self.value())
        self.take(":")
        return found

    def value(self) -> Any:
        """The next value. One that is longer than LARGEST, or too deep, is an error."""
        if not self.peek():
            raise self._error("json-cut", self._at)
        while True:
            start = self._at
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise self._error("json-deep", self._at) from None
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > LARGEST:
                    cut = error.msg.startswith("Unterminated") or error.pos >= len(self._text) - 1
                    raise self._error("json-large" if cut else "json-wrong", error.pos) from None
                if not self._more():
                    at = self._at + error.pos - start
                    cut = at >= len(self._text.rstrip()) or error.msg.startswith("Unterminated")
                    raise self._error("json-cut" if cut else "json-wrong", at) from None
                continue
            # A number may go on in what was not read yet.
            if end < len(self._text) or not self._more():
                self._at = end
                return found

    def end(self) -> None:
        """Nothing follows."""
        if self.peek():
            raise self._error("json-after", self._at)

    @property
    def row(self) -> int:
        """The line at which the next sign that is no space stands."""
        self.peek()
        return self._here()

    def _here(self) -> int:
        return self._row + self._text.count("\n", 0, self._at)

    def _more(self) -> bool:
        """Read on, at least as much as is kept; False at the end."""
        self._row = self._here()
        self._text = self._text[self._at :]
        self._at = 0
        wanted = max(1, len(self._text))
        read = []
        while wanted > 0 and not self._ended:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
            else:
                read.append(piece)
                wanted -= len(piece)
        self._text += "".join(read)
        return bool(read)

    def _error(self, key: str, at: int) -> InputError:
        row = self._row + self._text.count("\n", 0, at)
        params = {"most": LARGEST} if key == "json-large" else {}
        return InputError.at(Message(f"methods.htcds:{key}", params), file=self._file, row=row)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Repeated(found)


def _whole(text: str) -> float:
    return int(text) if len(text) <= _MOST_DIGITS else math.inf
