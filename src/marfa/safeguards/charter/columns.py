"""Where a model keeps the facts of its rows, so that the charter can be asked about one of them
and the database about all of them.

    PERSON = Standing(
        kind="Person",
        facts={
            "organisation": Column("organisation_id"),
            "site": Column("site_id"),
            "protected": Flag(Q(protected=True)),
            "assigned": Rows(Source(assignments_in_force, "object_id", "user_id")),
            ...
        },
    )
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, Model, OuterRef, Q, QuerySet, Value, When

from marfa.platform import clock
from marfa.safeguards.charter import asking
from marfa.safeguards.charter.declared import declared


@dataclass(frozen=True)
class Column:
    """A fact that is a column: a key, or a word of a vocabulary. NULL is a fact left out."""

    path: str


@dataclass(frozen=True)
class Flag:
    """A fact that is true where a condition holds."""

    condition: Q


@dataclass(frozen=True)
class Fixed:
    """A fact that is the same for every row: a word of a vocabulary, or True or False."""

    value: bool | str


@dataclass(frozen=True)
class Source:
    """Rows elsewhere that name an object and a member of a set.

    rows: those that count at a moment. object: path to the key of the object. member: path to the
    key of the member; NULL is none.
    """

    rows: Callable[[datetime], QuerySet[Any]]
    object: str
    member: str


class Rows:
    """A fact that is a set: the members of all its sources; without a source it is empty."""

    def __init__(self, *sources: Source) -> None:
        self.sources = sources

    def holds_any(self, members: Collection[UUID], at: datetime) -> Q | bool:
        """The rows of the model whose set holds any of these; False where no row's can."""
        found = Q()
        for source in self.sources if members else ():
            rows = source.rows(at).filter(
                **{source.object: OuterRef("pk"), f"{source.member}__in": list(members)}
            )
            found |= Q(Exists(rows))
        return found or False

    def holds_some(self, at: datetime) -> Q | bool:
        """The rows of the model whose set is not empty; False where no row's can be."""
        found = Q()
        for source in self.sources:
            rows = source.rows(at).filter(**{source.object: OuterRef("pk")})
            found |= Q(Exists(rows.filter(**{f"{source.member}__isnull": False})))
        return found or False

    def of(self, keys: Collection[Any], at: datetime) -> Mapping[Any, frozenset[UUID]]:
        """The sets of these rows, one query a source."""
        sets: dict[Any, set[UUID]] = defaultdict(set)
        for source in self.sources:
            rows = source.rows(at).filter(**{f"{source.object}__in": list(keys)})
            for key, member in rows.values_list(source.object, source.member):
                if member is not None:
                    sets[key].add(member)
        return {key: frozenset(sets[key]) for key in keys}


FactColumn = Column | Flag | Fixed | Rows


class Standing:
    """A kind of the schema and where a model keeps each of its facts.

    Raises ValueError when a fact of the kind is left out or one is named that it has not.
    """

    def __init__(self, kind: str, facts: Mapping[str, FactColumn]) -> None:
        expected = declared().kinds[kind]
        required = {name for name, fact in expected.items() if fact.required}
        if missing := required - set(facts):
            raise ValueError(f"{kind} has no column for {sorted(missing)}")
        if unknown := set(facts) - set(expected):
            raise ValueError(f"{kind} has no fact {sorted(unknown)}")
        for name, column in facts.items():
            if expected[name].type.many != isinstance(column, Rows):
                raise ValueError(f"{kind}.{name} is kept as the wrong sort of column")
        self.kind = kind
        self.facts = dict(facts)

    def resources(
        self, rows: QuerySet[Any], at: datetime | None = None
    ) -> dict[Any, asking.Resource]:
        """What the charter is asked about each of these rows, by key.

        at: the moment for which sets count, by default now.
        """
        moment = at or clock.now()
        found: dict[Any, dict[str, asking.Value]] = {
            row.pop("pk"): {
                name: value
                for name, value in _scalars(self.facts, row).items()
                if value is not None
            }
            for row in rows.annotate(**_flags(self.facts)).values("pk", *_paths(self.facts))
        }
        for name, column in self.facts.items():
            if isinstance(column, Rows):
                for key, members in column.of(list(found), moment).items():
                    found[key][name] = members
        return {key: asking.Resource(self.kind, key, facts) for key, facts in found.items()}

    def resource(self, row: Model, at: datetime | None = None) -> asking.Resource:
        """What the charter is asked about one stored row; raises KeyError if it is not there."""
        rows = type(row)._default_manager.filter(pk=row.pk)
        return self.resources(rows, at)[row.pk]


def _flags(facts: Mapping[str, FactColumn]) -> dict[str, Case]:
    return {
        f"charter_{name}": Case(When(column.condition, then=Value(True)), default=Value(False))
        for name, column in facts.items()
        if isinstance(column, Flag)
    }


def _paths(facts: Mapping[str, FactColumn]) -> Iterable[str]:
    for name, column in facts.items():
        if isinstance(column, Flag):
            yield f"charter_{name}"
        elif isinstance(column, Column):
            yield column.path


def _scalars(
    facts: Mapping[str, FactColumn], row: Mapping[str, Any]
) -> dict[str, asking.Value | None]:
    values: dict[str, asking.Value | None] = {}
    for name, column in facts.items():
        if isinstance(column, Flag):
            values[name] = bool(row[f"charter_{name}"])
        elif isinstance(column, Column):
            values[name] = row[column.path]
        elif isinstance(column, Fixed):
            values[name] = column.value
    return values
