"""Arguments of jobs and of outbox rows: identifiers and small numbers, never a text.

What waits in a queue lies outside the protected fields, is copied into backups and shown to
administrators. So a row may say which record is meant, and nothing about it.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NewType, get_type_hints

from marfa.domain.ids import is_reference

Reference = NewType("Reference", str)
"""A random reference as :func:`marfa.domain.ids.new_reference` makes it."""

HIGHEST_NUMBER = 2**31 - 1
"""Numbers are counts and versions; what is longer may be a telephone number."""

Stored = dict[str, str | int]


class NotAnIdentifierError(TypeError):
    """An argument is not an identifier; the value itself is not repeated in the text."""


@dataclass(frozen=True)
class Schema:
    """Names and kinds of the arguments of a function: UUID, int or Reference, by keyword only."""

    kinds: Mapping[str, Any]

    @classmethod
    def of(cls, function: Callable[..., object], *, skip: int = 0) -> Schema:
        """The schema of a function's parameters after the first ``skip``.

        Raises TypeError for a parameter that is not keyword-only, has a default, or has
        another annotation.
        """
        kinds = {}
        for parameter in list(inspect.signature(function).parameters.values())[skip:]:
            kind = _annotation(function, parameter)
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
                raise TypeError(f"{function.__qualname__}: {parameter.name} is by keyword only")
            if parameter.default is not inspect.Parameter.empty:
                raise TypeError(f"{function.__qualname__}: {parameter.name} has a default")
            if kind not in (uuid.UUID, int, Reference):
                raise TypeError(f"{function.__qualname__}: {parameter.name} is no identifier")
            kinds[parameter.name] = kind
        return cls(kinds)

    def store(self, values: Mapping[str, object]) -> Stored:
        """Values as they are stored; raises NotAnIdentifierError where one is not what it says."""
        if set(values) != set(self.kinds):
            raise NotAnIdentifierError(f"expected the arguments {sorted(self.kinds)}")
        return {name: _stored(name, self.kinds[name], value) for name, value in values.items()}

    def load(self, stored: Mapping[str, object]) -> dict[str, Any]:
        """Values as the function takes them; raises NotAnIdentifierError for a row that is not."""
        if set(stored) != set(self.kinds):
            raise NotAnIdentifierError(f"expected the arguments {sorted(self.kinds)}")
        return {name: _loaded(name, self.kinds[name], value) for name, value in stored.items()}


def _annotation(function: Callable[..., object], parameter: inspect.Parameter) -> object:
    """What one parameter is annotated with; the others may name what is imported for types only."""
    alone = SimpleNamespace(__annotations__={"kind": parameter.annotation})
    if parameter.annotation is inspect.Parameter.empty:
        return None
    return get_type_hints(alone, getattr(function, "__globals__", {}))["kind"]


def _stored(name: str, kind: object, value: object) -> str | int:
    if kind is uuid.UUID and isinstance(value, uuid.UUID):
        return str(value)
    if kind is int and type(value) is int and 0 <= value <= HIGHEST_NUMBER:
        return value
    if kind is Reference and isinstance(value, str) and is_reference(value):
        return value
    raise NotAnIdentifierError(f"{name} is not an identifier of its kind")


def _loaded(name: str, kind: object, value: object) -> object:
    if kind is uuid.UUID and isinstance(value, str):
        try:
            return uuid.UUID(value)
        except ValueError:
            raise NotAnIdentifierError(f"{name} is not an identifier of its kind") from None
    _stored(name, kind, value)
    return value


def arguments_digest(name: str, stored: Mapping[str, str | int]) -> str:
    """One text for a name with its arguments; the same work has the same digest."""
    text = json.dumps([name, stored], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
