"""Which cases need a supervisor: late, never met, nobody's, missed again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models import Case, Contact, Help, Referral, Review
from marfa.apps.cases.queries import names_of, readable
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
    """One reason why a supervisor looks at a case. cases: those that have it."""

    name: str
    label: Promise | str
    cases: Callable[[Actor], QuerySet[Case]]


def open_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases that an actor may read."""
    return readable(actor).filter(state=Case.State.OPEN)


def late_contacts(actor: Actor) -> QuerySet[Case]:
    """Cases with a contact that should have been held by now."""
    late = Contact.objects.filter(case=OuterRef("pk"), state="planned", due_at__lte=clock.now())
    return open_cases(actor).filter(Exists(late))


def missed(actor: Actor) -> QuerySet[Case]:
    """Cases in which the person was missed twice or more since they were met."""
    rows = Contact.objects.filter(state=Contact.State.MISSED, case__state=Case.State.OPEN)
    since = rows.filter(Q(case__met_at=None) | Q(ended_at__gt=F("case__met_at")))
    often = since.order_by().values("case").annotate(times=Count("pk")).filter(times__gte=OFTEN)
    return open_cases(actor).filter(pk__in=often.values("case"))


def never_met(actor: Actor) -> QuerySet[Case]:
    """Cases in which nobody has met the person for three days since they were opened."""
    before = clock.now() - NEVER_MET
    return open_cases(actor).filter(met_at=None, opened_at__lte=before)


def silent(actor: Actor) -> QuerySet[Case]:
    """Cases in which nobody has met the person for a month."""
    return open_cases(actor).filter(met_at__lte=clock.now() - SILENT)


def without_contact(actor: Actor) -> QuerySet[Case]:
    """Cases in which no next contact is planned."""
    planned = Contact.objects.filter(case=OuterRef("pk"), state=Contact.State.PLANNED)
    return open_cases(actor).exclude(Exists(planned))


def nobodys(actor: Actor) -> QuerySet[Case]:
    """Cases for which nobody is responsible."""
    return open_cases(actor).filter(worker=None)


def no_place(actor: Actor) -> QuerySet[Case]:
    """Cases in which there is no place for the help that is needed."""
    lacking = Help.objects.filter(case=OuterRef("pk"), state=Help.State.NO_PLACE)
    return open_cases(actor).filter(Exists(lacking))


def late_reviews(actor: Actor) -> QuerySet[Case]:
    """Cases in which a second look is late."""
    late = Review.objects.filter(case=OuterRef("pk"), state="waiting", due_at__lte=clock.now())
    return open_cases(actor).filter(Exists(late))


def came_back(actor: Actor) -> QuerySet[Case]:
    """Cases with a referral that nobody answered, and that nothing followed."""
    sent = Referral.objects.filter(case=OuterRef("case"), sent_at__gt=OuterRef("ended_at"))
    back = Referral.objects.filter(case=OuterRef("pk"), state=Referral.State.CAME_BACK)
    return open_cases(actor).filter(Exists(back.exclude(Exists(sent))))


def to_look_at(actor: Actor) -> QuerySet[Case]:
    """Cases that no second person has looked at as a whole for three months."""
    looked = Review.objects.filter(case=OuterRef("pk"), of=Review.Of.PERIODIC)
    last = looked.order_by().values("case").annotate(at=Max("answered_at")).values("at")
    before = clock.now() - LOOKED_AT
    rows = open_cases(actor).annotate(looked=Coalesce(Subquery(last), F("opened_at")))
    return rows.filter(looked__lte=before)


CONCERNS = (
    Concern("nobodys", _("Nobody is responsible"), nobodys),
    Concern("late", _("A contact is late"), late_contacts),
    Concern("missed", _("Missed twice or more"), missed),
    Concern("never-met", _("Never met since the case was opened"), never_met),
    Concern("silent", _("Not met for a month"), silent),
    Concern("no-contact", _("No next contact is planned"), without_contact),
    Concern("no-place", _("No place available"), no_place),
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


def loads(actor: Actor) -> list[Load]:
    """The open cases that an actor may read by who is responsible, the most first. Two queries."""
    late = Contact.objects.filter(case=OuterRef("pk"), state="planned", due_at__lte=clock.now())
    counted = late.order_by().values("case").annotate(n=Count("pk")).values("n")
    rows = open_cases(actor).annotate(
        late=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
    )
    columns = ("worker", "urgency", "met_at", "late")
    found: dict[UUID | None, list[tuple[str, datetime | None, int]]] = {}
    for worker, urgency, met_at, behind in rows.order_by().values_list(*columns):
        found.setdefault(worker, []).append((urgency, met_at, behind))
    names = names_of(found)
    usual = median([len(cases) for key, cases in found.items() if key] or [0])
    return sorted(
        (
            Load(
                key,
                names.get(key, ""),
                len(cases),
                sum(urgency == "now" for urgency, _met, _late in cases),
                sum(behind for _urgency, _met, behind in cases),
                sum(met is None for _urgency, met, _late in cases),
                key is not None and len(cases) > UNBALANCED * usual and len(cases) > 1,
            )
            for key, cases in found.items()
        ),
        key=lambda load: (load.worker is not None, -load.cases, load.name),
    )
