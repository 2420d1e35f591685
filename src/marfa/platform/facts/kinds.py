"""The registered kinds of fact: a table of coded columns, and where its rows can be had again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from marfa.domain.message import InputError, Message
from marfa.platform.facts.models import Fact, columns_of
from marfa.platform.facts.timeline import Statement

History = tuple[UUID, Sequence[Statement]]
Source = Callable[[], Iterable[History]]
"""Every subject once, with all its statements in the order in which they were made."""


@dataclass(frozen=True)
class FactKind:
    """One kind. name: as on the command line, ``persons``."""

    name: str
    model: type[Fact]
    source: Source


_kinds: dict[str, FactKind] = {}


def register(kind: FactKind) -> None:
    """Make a kind known, from the app's ``ready``.

    Raises TypeError when a column of it is not coded, ValueError when the name is taken.
    """
    columns_of(kind.model)
    if _kinds.get(kind.name, kind).model is not kind.model:
        raise ValueError(f"the kind {kind.name} is taken")
    _kinds[kind.name] = kind


def names() -> list[str]:
    """The names of all kinds, sorted."""
    return sorted(_kinds)


def named(name: str) -> FactKind:
    """A kind by its name; raises InputError when there is none."""
    if name not in _kinds:
        known = ", ".join(names()) or "-"
        raise InputError.at(Message("platform.facts:kind-unknown", {"name": name, "known": known}))
    return _kinds[name]


def kind_of(model: type[Fact]) -> FactKind:
    """The kind whose table this is; raises TypeError for one that was never registered."""
    for kind in _kinds.values():
        if kind.model is model:
            return kind
    raise TypeError(f"{model.__name__} is not a registered kind of fact")
