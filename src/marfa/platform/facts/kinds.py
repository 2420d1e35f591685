"""The registered kinds of fact: a table of coded columns, and where its rows can be had again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from marfa.domain.message import InputError, Message
from marfa.platform.facts.models import Fact, columns_of
from marfa.platform.facts.timeline import Statement
from marfa.platform.rowsecurity.ownership import field_of, owned_rows

F = TypeVar("F", bound=Fact)
History = tuple[UUID, Sequence[Statement]]
OwnedHistory = tuple[UUID, Sequence[Statement], UUID]
"""With the organisation, which nobody could tell of a subject that is a pseudonym."""
Source = Callable[[], Iterable[History] | Iterable[OwnedHistory]]
"""Every subject once, with all its statements in the order in which they were made."""
Owners = Callable[[Collection[UUID]], Mapping[UUID, UUID]]
"""Of these subjects, the organisation to which each belongs."""
Hidden = Callable[[], QuerySet[Any] | Collection[UUID]]
"""The keys of subjects who leave with no file and are in no count that a command makes."""


@dataclass(frozen=True)
class FactKind:
    """One kind. name: as on the command line, ``people``. owners: see ``owners_in``. stays: its
    rows leave with no file for others and in no CSV, but counted: that a row is missing would tell.
    """

    name: str
    model: type[Fact]
    source: Source
    owners: Owners
    hidden: Hidden | None = None
    stays: bool = False

    def told(self, rows: QuerySet[F]) -> QuerySet[F]:
        """Those of the rows that may leave."""
        return rows if self.hidden is None else rows.exclude(subject__in=self.hidden())


_kinds: dict[str, FactKind] = {}


def owners_in(model: type[Model]) -> Owners:
    """The owners of subjects that are rows of a model with ``owned_rows``."""
    said = owned_rows(model)
    if said is None:
        raise TypeError(f"{model._meta.label} does not say whose its rows are")
    column = field_of(model, said.owner).attname

    def owners(subjects: Collection[UUID]) -> Mapping[UUID, UUID]:
        rows = model._base_manager.filter(pk__in=list(subjects))
        return dict(rows.values_list("pk", column))

    return owners


def register_kind(kind: FactKind) -> None:
    """Make a kind known, at the start.

    Raises TypeError when a column of it is not coded, ValueError when the name is taken.
    """
    columns_of(kind.model)
    if _kinds.get(kind.name, kind).model is not kind.model:
        raise ValueError(f"the kind {kind.name} is taken")
    _kinds[kind.name] = kind


def kind_names() -> list[str]:
    """The names of all kinds, sorted."""
    return sorted(_kinds)


def kind_named(name: str) -> FactKind:
    """A kind by its name; raises InputError when there is none."""
    if name not in _kinds:
        known = ", ".join(kind_names()) or "-"
        raise InputError.at(Message("platform.facts:kind-unknown", {"name": name, "known": known}))
    return _kinds[name]


def kind_of(model: type[Fact]) -> FactKind:
    """The kind whose table this is; raises TypeError for one that was never registered."""
    for kind in _kinds.values():
        if kind.model is model:
            return kind
    raise TypeError(f"{model.__name__} is not a registered kind of fact")
