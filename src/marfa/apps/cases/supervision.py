"""The board of a supervisor: how many open cases need them, and who has how many in hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case as When
from django.db.models import Count, F, Q, QuerySet, UUIDField, Value
from django.db.models import When as Then

from marfa.apps.accounts.models import User
from marfa.apps.cases.concerns import (
    Concern,
    all_concerns,
    counted_by_worker,
    counted_concerns,
    without_worker,
)
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import readable_cases
from marfa.safeguards.actor import Actor

A_PAGE = 50
UNBALANCED = 1.5
"""Times the median of the team: more open cases than that are too many for one."""


def open_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases that an actor may read."""
    return readable_cases(actor).filter(state=Case.State.OPEN)


def cases_of_concern(actor: Actor, concern: Concern) -> QuerySet[Case]:
    """The open cases that have it, of those that an actor may read."""
    return open_cases(actor).filter(concern.having())


@dataclass(frozen=True)
class Holder:
    """Who has cases in hand. worker: None for the cases that are nobody's. path: how the worker
    stands in an address."""

    worker: UUID | None
    path: str
    name: str

    def of(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Theirs, of some cases. Whoever may not read a case any more does not have it in hand."""
        return cases.filter(without_worker()) if self.worker is None else cases.filter(self._has())

    def _has(self) -> Q:
        return Q(worker=self.worker) & ~without_worker()


NOBODY = Holder(None, "nobody", "")


def holder_called(actor: Actor, path: str) -> Holder | None:
    """Who has cases in hand that an actor may read, by their place in an address."""
    if path == NOBODY.path:
        return NOBODY
    user = User.objects.filter(reference=path).first()
    if user is None:
        return None
    found = Holder(user.pk, path, user.display_name)
    return found if found.of(open_cases(actor)).exists() else None


@dataclass(frozen=True)
class Load:
    """What one worker has in hand. counts: as of ``counted_by_worker``. much: many more open
    cases than the others have."""

    holder: Holder
    counts: list[tuple[Concern, int]]
    much: bool

    @property
    def cases(self) -> int:
        """How many open cases."""
        return self.counts[0][1]


@dataclass(frozen=True)
class Board:
    """concerns: each with the number of its cases. loads: by who is responsible, the most first."""

    concerns: list[tuple[Concern, int]]
    loads: list[Load]


def supervision_board(actor: Actor) -> Board:
    """How the open cases stand that an actor may read. Two queries beside those of ``unheld_of``:
    the cases are gone through once, however many concerns there are, since which of them an actor
    may read costs the most."""
    having = {name: each.having() for name, each in counted_concerns().items()}
    rows: list[Mapping[str, Any]] = list(
        open_cases(actor)
        .order_by()
        .annotate(holder=_holder(having["nobodys"]))
        .values("holder")
        .annotate(**{_column(name): _having(each) for name, each in having.items()})
    )
    return Board(
        [(each, sum(row[_column(each.name)] for row in rows)) for each in all_concerns()],
        _loads(rows),
    )


def page_of_loads(board: Board, number: str | None) -> Page[Load]:
    """Some of the workers, those with the most open cases first. number: of the page, as it was
    asked for."""
    return Paginator(board.loads, A_PAGE).get_page(number)


def _holder(free: Q) -> When:
    """Who is responsible and may read it."""
    nobody = Value(None, output_field=UUIDField())
    return When(Then(free, then=nobody), default=F("worker"), output_field=UUIDField())


def _column(name: str) -> str:
    return f"has_{name.replace('-', '_')}"


def _having(condition: Q) -> Count:
    return Count("pk", filter=condition) if condition else Count("pk")


def _loads(rows: Sequence[Mapping[str, Any]]) -> list[Load]:
    known = {each.pk: each for each in User.objects.filter(pk__in=[row["holder"] for row in rows])}
    usual = median([row["has_open"] for row in rows if row["holder"]] or [0])
    asked, found = counted_by_worker(), []
    for row in rows:
        user = known.get(row["holder"])
        holder = Holder(user.pk, user.reference, user.display_name) if user else NOBODY
        counts = [(each, row[_column(each.name)]) for each in asked]
        much = user is not None and row["has_open"] > max(UNBALANCED * usual, 1)
        found.append(Load(holder, counts, much))
    return sorted(
        found, key=lambda load: (load.holder.worker is not None, -load.cases, load.holder.name)
    )
