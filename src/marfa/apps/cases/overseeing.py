"""Which cases need a supervisor: late, never met, nobody's, missed again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.helping import late_to_begin
from marfa.apps.cases.models import Case, Contact, Help, Referral, Review
from marfa.apps.cases.queries import late_by_worker, names_of, readable
from marfa.apps.cases.referring import is_back
from marfa.apps.cases.unheld import unheld_of
from marfa.platform import clock
from marfa.safeguards.actor import Actor

NEVER_MET = timedelta(days=3)
"""An open case in which nobody has met the person for so long after it was opened."""
SILENT = timedelta(days=30)
"""An open case in which nobody has met the person since."""
OFTEN = 2
"""Contacts missed one after the other."""
LOOKED_AT = timedelta(days=90)
"""How often a supervisor looks at the whole of an open case."""
UNBALANCED = 1.5
"""Times the median of the team: more open cases than that are too many for one."""


@dataclass(frozen=True)
class Concern:
    """One reason why a supervisor looks at a case. having: the condition on open cases."""

    name: str
    label: Promise | str
    having: Callable[[], Q]

    def cases(self, actor: Actor) -> QuerySet[Case]:
        """The open cases that have it, of those that an actor may read."""
        return open_cases(actor).filter(self.having())


def open_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases that an actor may read."""
    return readable(actor).filter(state=Case.State.OPEN)


def late_contacts() -> Q:
    """A contact should have been held by now."""
    late = Contact.objects.filter(case=OuterRef("pk"), state="planned", due_at__lte=clock.now())
    return Q(Exists(late))


def missed() -> Q:
    """The person was missed twice or more since they were met."""
    rows = Contact.objects.filter(state=Contact.State.MISSED, case__state=Case.State.OPEN)
    since = rows.filter(Q(case__met_at=None) | Q(ended_at__gt=F("case__met_at")))
    often = since.order_by().values("case").annotate(times=Count("pk")).filter(times__gte=OFTEN)
    return Q(pk__in=often.values("case"))


def never_met() -> Q:
    """Nobody has met the person for three days since the case was opened."""
    return Q(met_at=None, opened_at__lte=clock.now() - NEVER_MET)


def silent() -> Q:
    """Nobody has met the person for a month."""
    return Q(met_at__lte=clock.now() - SILENT)


def without_contact() -> Q:
    """No next contact is planned."""
    planned = Contact.objects.filter(case=OuterRef("pk"), state=Contact.State.PLANNED)
    return ~Q(Exists(planned))


def nobodys() -> Q:
    """Nobody is responsible who may read it."""
    return unheld_of(Case.objects.filter(state=Case.State.OPEN))


def no_place() -> Q:
    """There is no place for the help that is needed."""
    return Q(Exists(Help.objects.filter(case=OuterRef("pk"), state=Help.State.NO_PLACE)))


def not_begun() -> Q:
    """Help was asked for, or a place found, and it should have begun by now."""
    return Q(Exists(late_to_begin(clock.now()).filter(case=OuterRef("pk"))))


def late_reviews() -> Q:
    """A second look is late."""
    late = Review.objects.filter(case=OuterRef("pk"), state="waiting", due_at__lte=clock.now())
    return Q(Exists(late))


def came_back() -> Q:
    """Nobody answered a referral in time, and nobody has said yet what they do instead."""
    return Q(Exists(Referral.objects.filter(is_back(), case=OuterRef("pk"))))


def to_look_at() -> Q:
    """No second person has looked at the whole case for three months."""
    looked = Review.objects.filter(case=OuterRef("pk"), of=Review.Of.PERIODIC)
    before = clock.now() - LOOKED_AT
    once = Q(Exists(looked.filter(answered_at__lte=before)))
    since = Q(Exists(looked.filter(answered_at__gt=before)))
    return ~since & (Q(opened_at__lte=before) | once)


CONCERNS = (
    Concern("nobodys", _("Nobody is responsible"), nobodys),
    Concern("late", _("A contact is late"), late_contacts),
    Concern("missed", _("Missed twice or more"), missed),
    Concern("never-met", _("Never met since the case was opened"), never_met),
    Concern("silent", _("Not met for a month"), silent),
    Concern("no-contact", _("No next contact is planned"), without_contact),
    Concern("no-place", _("No place available"), no_place),
    Concern("not-begun", _("Help that was asked for did not begin"), not_begun),
    Concern("came-back", _("A referral came back without an answer"), came_back),
    Concern("second-look", _("A second look is late"), late_reviews),
    Concern("to-look-at", _("Nobody looked at the whole case for three months"), to_look_at),
)


@dataclass(frozen=True)
class Load:
    """What one worker has in hand. late: contacts that should have been held. much: many more
    than the others have."""

    worker: UUID | None
    name: str
    cases: int
    now: int
    late: int
    never: int
    much: bool


@dataclass(frozen=True)
class Board:
    """concerns: each with the number of its cases. loads: by who is responsible, the most first."""

    concerns: list[tuple[Concern, int]]
    loads: list[Load]


def board(actor: Actor) -> Board:
    """How the open cases stand that an actor may read. Three queries beside those of ``unheld_of``:
    the cases are gone through once, however many concerns there are, since which of them an actor
    may read costs the most; of contacts the late ones alone."""
    counted = {each.name.replace("-", "_"): each for each in CONCERNS}
    rows: list[Mapping[str, Any]] = list(
        open_cases(actor)
        .order_by()
        .values("worker")
        .annotate(
            **{f"has_{name}": _having(each.having()) for name, each in counted.items()},
            cases=Count("pk"),
            now=_having(Q(urgency="now")),
            never=_having(Q(met_at=None)),
        )
    )
    return Board(
        [(each, sum(row[f"has_{name}"] for row in rows)) for name, each in counted.items()],
        _loads(rows, late_by_worker(actor)),
    )


def _having(condition: Q) -> Count:
    return Count("pk", filter=condition)


def _loads(rows: Sequence[Mapping[str, Any]], late: Mapping[UUID | None, int]) -> list[Load]:
    names = names_of(row["worker"] for row in rows)
    usual = median([row["cases"] for row in rows if row["worker"]] or [0])
    found = [
        Load(
            row["worker"],
            names.get(row["worker"], ""),
            row["cases"],
            row["now"],
            late.get(row["worker"], 0),
            row["never"],
            row["worker"] is not None and row["cases"] > UNBALANCED * usual and row["cases"] > 1,
        )
        for row in rows
    ]
    return sorted(found, key=lambda load: (load.worker is not None, -load.cases, load.name))
