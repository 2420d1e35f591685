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
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet, Value, When

from marfa.platform import clock
from marfa.safeguards.charter import resources as asking
from marfa.safeguards.charter.schema_reader import declared_schema

R = TypeVar("R", bound=Model)
NO_ROW = UUID(int=0)
_known: ContextVar[dict[tuple[Standing, Any], asking.Resource] | None] = ContextVar(
    "known", default=None
)


@contextmanager
def facts_read_once() -> Iterator[None]:
    """Read the facts of each row once within a page that only shows: the charter is still asked
    each time. Not around anything that changes who may do what."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


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
class MemberRows:
    """Rows elsewhere that name an object and a member of a set.

    rows: those that count at a moment. object: path to the key of the object. member: path to the
    key of the member; NULL is none.
    """

    rows: Callable[[datetime], QuerySet[Any]]
    object: str
    member: str


class Rows:
    """A fact that is a set: the members of all its sources; without a source it is empty."""

    def __init__(self, *sources: MemberRows) -> None:
        self.sources = sources

    def holds_any(self, members: Collection[UUID], at: datetime) -> Q | bool:
        """The rows of the model whose set holds any of these; False where no row's can."""
        if not members:
            return False
        keys = list(members)
        return self._exists(at, lambda source: Q(**{f"{source.member}__in": keys}))

    def holds_some(self, at: datetime) -> Q | bool:
        """The rows of the model whose set is not empty; False where no row's can be."""
        return self._exists(at, lambda source: Q(**{f"{source.member}__isnull": False}))

    def _exists(self, at: datetime, of: Callable[[MemberRows], Q]) -> Q | bool:
        """One condition for all sources that read the same rows: each costs as much to put
        together as a whole query."""
        alike: dict[tuple[Any, str], Q] = {}
        for source in self.sources:
            read = (source.rows, source.object)
            alike[read] = alike.get(read, Q()) | of(source)
        found = Q()
        for (rows, path), members in alike.items():
            found |= Q(Exists(rows(at).filter(members, **{path: OuterRef("pk")})))
        return found or False


FactColumn = Column | Flag | Fixed | Rows


class Standing:
    """A kind of the schema and where a model keeps each of its facts.

    Raises ValueError when a fact of the kind is left out or one is named that it has not.
    """

    def __init__(self, kind: str, facts: Mapping[str, FactColumn]) -> None:
        expected = declared_schema().kinds[kind]
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
        found = rows.annotate(**_annotations(self.facts)).values("pk", *_annotations(self.facts))
        return self._asked_of({row["pk"]: row for row in found}, at)

    def read(
        self, rows: QuerySet[R], at: datetime | None = None
    ) -> dict[Any, tuple[R, asking.Resource]]:
        """The rows themselves in their order, by key, each with what the charter is asked about
        it; as many queries for many as for one. at: as for ``resources``."""
        found = {row.pk: row for row in rows.annotate(**_annotations(self.facts))}
        asked = self._asked_of({key: row.__dict__ for key, row in found.items()}, at)
        return {key: (row, asked[key]) for key, row in found.items()}

    def resource(self, row: Model, at: datetime | None = None) -> asking.Resource:
        """What the charter is asked about one stored row; raises KeyError if it is not there.

        Within ``facts_read_once`` and for now, it is read the first time only.
        """
        known = _known.get() if at is None else None
        if known is not None and (self, row.pk) in known:
            return known[self, row.pk]
        rows = type(row)._default_manager.filter(pk=row.pk)
        found = self.resources(rows, at)[row.pk]
        if known is not None:
            known[self, row.pk] = found
        return found

    def _asked_of(
        self, found: Mapping[Any, Mapping[str, Any]], at: datetime | None
    ) -> dict[Any, asking.Resource]:
        """From keys and annotations to what is asked."""
        # Asked also where there is no row, so that the statements do not tell whether there is.
        sets = self._sets(list(found) or [NO_ROW], at or clock.now())
        asked = {}
        for key, row in found.items():
            known = {n: v for n, v in _scalars(self.facts, row).items() if v is not None}
            members = {name: frozenset(sets[name, key]) for name in self._of_rows()}
            asked[key] = asking.Resource(self.kind, key, {**known, **members})
        return asked

    def _of_rows(self) -> dict[str, Rows]:
        return {name: column for name, column in self.facts.items() if isinstance(column, Rows)}

    def _sets(self, keys: Collection[Any], at: datetime) -> Mapping[tuple[str, Any], set[UUID]]:
        """(fact, key) -> its members; sources that read the same rows are read once."""
        wanted: dict[tuple[Any, str], list[tuple[str, str]]] = defaultdict(list)
        for name, column in self._of_rows().items():
            for source in column.sources:
                wanted[source.rows, source.object].append((name, source.member))
        sets: dict[tuple[str, Any], set[UUID]] = defaultdict(set)
        for (rows, path), members in wanted.items():
            found = rows(at).filter(**{f"{path}__in": keys})
            for key, *values in found.values_list(path, *(member for _, member in members)):
                for (name, _member), value in zip(members, values, strict=True):
                    if value is not None:
                        sets[name, key].add(value)
        return sets


def _annotations(facts: Mapping[str, FactColumn]) -> dict[str, Case | F]:
    """The facts that stand in the row itself, each under a name that no column has."""
    found: dict[str, Case | F] = {}
    for name, column in facts.items():
        if isinstance(column, Flag):
            true = When(column.condition, then=Value(True))
            found[f"charter_{name}"] = Case(true, default=Value(False))
        elif isinstance(column, Column):
            found[f"charter_{name}"] = F(column.path)
    return found


def _scalars(
    facts: Mapping[str, FactColumn], row: Mapping[str, Any]
) -> dict[str, asking.Value | None]:
    values: dict[str, asking.Value | None] = {}
    for name, column in facts.items():
        if isinstance(column, Flag):
            values[name] = bool(row[f"charter_{name}"])
        elif isinstance(column, Column):
            values[name] = row[f"charter_{name}"]
        elif isinstance(column, Fixed):
            values[name] = column.value
    return values
