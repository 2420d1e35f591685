"""Declared domains: what each column may hold, said before anybody looked at the records."""

from __future__ import annotations

import json
from pathlib import Path

from marfa.domain.message import InputError, Message


def read_domains(path: Path) -> dict[str, tuple[str, ...]]:
    """Values by column, from a JSON object of lists; numbers are their digits.

    Raises InputError that names the column for anything else, and for a value that stands twice.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _error("domains-unread", path) from error
    if not isinstance(data, dict):
        raise _error("domains-unread", path)
    return {name: _values(name, values, path) for name, values in data.items()}


def _values(name: str, values: object, path: Path) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise _error("domain-wrong", path, name)
    if not all(isinstance(each, (str, int)) and not isinstance(each, bool) for each in values):
        raise _error("domain-wrong", path, name)
    texts = tuple(str(each).strip() for each in values)
    if len(set(texts)) < len(texts) or "" in texts or not all(map(_can_be_written, texts)):
        raise _error("domain-wrong", path, name)
    return texts


def _can_be_written(text: str) -> bool:
    """Whether it has no half of a character, which no file could hold that is already paid for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _error(code: str, path: Path, column: str | None = None) -> InputError:
    message = Message(f"methods.disclosure.private:{code}")
    return InputError.at(message, file=path.name, column=column)
