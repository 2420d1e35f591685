"""Questions about who speaks for a child and what was decided for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.matters import BY_AUTHORITY, WITHOUT_PANEL
from marfa.apps.best_interests.models import (
    AdultDoubt,
    AgencyDecision,
    CapacityNote,
    Determination,
    Representative,
)
from marfa.apps.cases.models import Case
from marfa.apps.registry.care import inverse_relationship
from marfa.apps.registry.models import Person, Relationship
from marfa.platform import clock
from marfa.platform.revisions.models import Revision
from marfa.platform.revisions.queries import revisions_of

Kind, Basis = Representative.Kind, Representative.Basis
WORDS = ("question", "named", "meanwhile", "view", "weighed")
"""What is written of a determination before it is decided."""


def decided_in_force(day: date) -> Q:
    """Determinations that stand on a day: in the child's favour for what was asked, not replaced,
    their review not overdue; a separation with the order of the authority."""
    ordered = ~Q(matter__in=BY_AUTHORITY) | Q(order_on__isnull=False)
    stands = Q(state=Determination.State.DECIDED, outcome=Determination.Outcome.YES)
    return stands & Q(review_on__gte=day) & ordered


def decision_in_force(
    person: Person, matter: str, *, about: UUID | None = None
) -> Determination | None:
    """A determination on a matter that stands now: decided by two that it is best for the child,
    its review not overdue. A separation stands with the order of the authority alone.

    about: the relative, caregiver, authority (recipient or site) on whom it decided, where the
    matter needs one.
    """
    today = clock.today(person.time_zone)
    found = Determination.objects.filter(decided_in_force(today), person=person, matter=matter)
    if about is not None:
        found = found.filter(about=about)
    return found.order_by("-decided_at", "pk").first()


def preparers_of(row: Determination) -> set[UUID]:
    """Who wrote what is to be decided: whoever began it, and where two people decide without a
    panel, also whoever changed its words."""
    found = {row.prepared_by}
    if row.matter in WITHOUT_PANEL:
        changed = revisions_of(row).filter(kind=Revision.Kind.CHANGED, field__in=WORDS)
        changed = changed.exclude(actor=None)
        found |= set(changed.values_list("actor", flat=True))
    return found


def other_end(tie: Relationship, person: Person) -> tuple[Person, str]:
    """Who is at the other end of a relationship, and what they are to this person."""
    if tie.to_id == person.pk:
        return tie.person, tie.kind
    return tie.to, inverse_relationship(tie.kind)


def doubted_adults(keys: Collection[UUID]) -> set[UUID]:
    """Of these adults, those whom an open doubt concerns."""
    rows = AdultDoubt.objects.filter(adult__in=keys, ended_at=None)
    return set(rows.values_list("adult_id", flat=True))


def representatives_in_force(day: date) -> QuerySet[Representative]:
    """Representatives who count on a day: not ended, of a tie that is still verified, and whom no
    doubt concerns."""
    doubted = AdultDoubt.objects.filter(adult=OuterRef("adult"), ended_at=None)
    joins = Q(relationship__person=F("person"), relationship__to=F("adult")) | Q(
        relationship__to=F("person"), relationship__person=F("adult")
    )
    holds = joins & Q(relationship__state=Relationship.State.VERIFIED, relationship__ended_at=None)
    return Representative.objects.filter(
        Q(until=None) | Q(until__gte=day),
        ~Q(basis=Basis.TIE) | holds,
        ~Exists(doubted),
        ended_at=None,
        since__lte=day,
    )


def representatives_of(person: Person, *, on: date | None = None) -> list[Representative]:
    """Guardian, lawyer and interpreter of a child who count on a day, by default today; how each
    is reached is sealed (``reach``), when somebody last did is not (``reached_at``)."""
    day = on or clock.today(person.time_zone)
    found = representatives_in_force(day).filter(person=person)
    return list(found.order_by("kind", "since", "pk"))


def guardians_of(person: Person, *, on: date | None = None) -> list[Representative]:
    """Guardians who count on a day."""
    return [row for row in representatives_of(person, on=on) if row.kind == Kind.GUARDIAN]


def has_guardian(person: Person) -> bool:
    """Whether a guardian of the child counts now."""
    return bool(guardians_of(person))


@dataclass(frozen=True)
class WhoMayAgree:
    """Those whose yes counts for a child. capacity: notes by which the child decides itself;
    decisions: of the agency with the mandate, by two, where there is no guardian."""

    capacity: tuple[CapacityNote, ...]
    guardians: tuple[Representative, ...]
    decisions: tuple[AgencyDecision, ...]

    def has(self, by: str, basis: UUID | None) -> bool:
        """Whether a yes on this basis counts."""
        offered: dict[str, Iterable[Model]] = {
            "child": self.capacity,
            "guardian": self.guardians,
            "mandate": self.decisions,
        }
        return any(row.pk == basis for row in offered.get(by, ()))

    def choices(self) -> list[tuple[str, str | Promise]]:
        """What a form offers: the child first. Within an open vault."""
        child = [(f"child:{row.pk}", _named_child(row)) for row in self.capacity]
        guardians = [
            (f"guardian:{row.pk}", _("The guardian: %s") % (row.name or ""))
            for row in self.guardians
        ]
        agency = [
            (f"mandate:{row.pk}", _("The agency with the mandate, by two: %s") % (row.what or ""))
            for row in self.decisions
        ]
        return [*child, ("child:", _("The child, who says no")), *guardians, *agency]


def who_may_agree(person: Person, *, at: datetime | None = None) -> WhoMayAgree:
    """Whose yes counts for a child: its own by the capacity that is on record, a guardian's; where
    nobody is guardian, that of the agency with the mandate, by two. Never that of an adult whose
    tie is not verified or whom a doubt concerns."""
    moment = at or clock.now()
    day = moment.astimezone(ZoneInfo(person.time_zone)).date()
    notes = CapacityNote.objects.filter(person=person, at__lte=moment)
    able = notes.exclude(level=CapacityNote.Level.NOT_YET).order_by("-at", "pk")
    guardians = tuple(guardians_of(person, on=day))
    decisions = AgencyDecision.objects.filter(
        person=person, state=AgencyDecision.State.AGREED, review_on__gte=day
    ).order_by("-decided_at", "pk")
    return WhoMayAgree(tuple(able), guardians, () if guardians else tuple(decisions))


def _named_child(row: CapacityNote) -> str:
    return str(_("The child: %s") % (row.about or ""))


def stands_now(row: Determination, case: Case) -> bool:
    """Whether something may rest on a determination today."""
    today = clock.today(case.site.time_zone)
    ordered = row.matter not in BY_AUTHORITY or row.order_on is not None
    decided = row.state == Determination.State.DECIDED and row.outcome == Determination.Outcome.YES
    return decided and ordered and row.review_on is not None and row.review_on >= today
