"""Questions about enquiries. None of them asks whether the person who is looked for is here: a
worker is asked about those in their own care alone, and answers for themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import own_cases
from marfa.apps.manifest import Waiting
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.workplaces import sites_where
from marfa.apps.registry.ages import least_age
from marfa.apps.tracing.deadlines import OUTSIDE
from marfa.apps.tracing.models import Enquiry, EnquiryLook
from marfa.apps.tracing.models.enquiries import KIND
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Role

PURPOSE = Purpose.CHILD_PROTECTION
TAKE, READ = "enquiries.take", "enquiries.read"
ASKED: dict[str, Value] = {"on_record": True, "purpose": PURPOSE.value}
MEETING = (Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT)
NEAR = 3
"""Years by which an age that somebody remembers may be wrong."""


def resource_of(row: Enquiry) -> Resource:
    """An enquiry as the charter sees it."""
    return Resource(KIND, row.pk, {"organisation": row.organisation_id})


def any_enquiries(actor: Actor) -> list[Resource]:
    """An enquiry of each organisation for which somebody works."""
    return [Resource(KIND, "any", {"organisation": each}) for each in sorted(actor.organisations)]


def sites_to_take(actor: Actor) -> list[Site]:
    """The sites at which somebody meets people."""
    return list(sites_where(actor, MEETING, by_team=True))


def enquiries_to_take(actor: Actor) -> list[Resource]:
    """An enquiry of each organisation at one of whose sites somebody meets people."""
    here = {each.organisation_id for each in sites_to_take(actor)}
    return [Resource(KIND, "any", {"organisation": each}) for each in sorted(here)]


def organisations_where(actor: Actor, action: str) -> list[Organisation]:
    """For which organisations somebody may do this, the controller first."""
    allowed = [
        str(each.facts["organisation"])
        for each in any_enquiries(actor)
        if decide(actor, action, each, ASKED).allowed
    ]
    return list(Organisation.objects.filter(pk__in=allowed).order_by("created_at", "pk"))


def readable_enquiries(actor: Actor) -> QuerySet[Enquiry]:
    """Those that somebody may read. Nothing that is sealed is read."""
    organisations = organisations_where(actor, READ)
    return Enquiry.objects.filter(organisation__in=organisations).select_related("site")


@contextmanager
def reading_enquiry(actor: Actor, row: Enquiry) -> Iterator[None]:
    """What somebody said, readable within it, on the record. Raises DeniedError."""
    with (
        reading(actor=actor, code=READ, purpose=PURPOSE, resource=resource_of(row)),
        open_vault(),
    ):
        yield


def own_candidates(actor: Actor, rows: Collection[Enquiry]) -> Mapping[UUID, list[Case]]:
    """Enquiry -> the cases in somebody's own care that it may be about, by sex and age alone. Of
    anybody else's cases nothing is asked, so that nobody learns of them."""
    cases = list(own_cases(actor).order_by("opened_at", "pk"))
    return {row.pk: [case for case in cases if may_be_about(row, case)] for row in rows}


def may_be_about(row: Enquiry, case: Case) -> bool:
    """Whether sex and age speak against it; what is not known speaks against nothing."""
    person = case.person
    known = {row.sex, person.sex}
    if "unknown" not in known and len(known) > 1:
        return False
    if person.child_until is None or person.age_disputed:
        return True
    age = least_age(person.child_until, clock.today(case.site.time_zone))
    low = row.age_from if row.age_from is not None else 0
    high = row.age_to if row.age_to is not None else 120
    return low - NEAR <= age <= high + NEAR


def unseen_by(actor: Actor) -> QuerySet[Enquiry]:
    """Open enquiries at which somebody has not looked."""
    looked = EnquiryLook.objects.filter(by=actor.id).values("enquiry")
    found = readable_enquiries(actor).filter(state=Enquiry.State.OPEN)
    return found.exclude(pk__in=looked).order_by("due_at", "pk")


def late_for(actor: Actor) -> QuerySet[Enquiry]:
    """Open ones that nobody looked into in time: the supervisors', and two days later also those
    of the focal points, who are outside the team."""
    now = clock.now()
    having = Q(pk=None)
    if Role.SUPERVISOR in actor.role_names:
        having |= Q(due_at__lte=now)
    if Role.FOCAL_POINT in actor.role_names:
        having |= Q(due_at__lte=now - OUTSIDE)
    found = readable_enquiries(actor).filter(having, state=Enquiry.State.OPEN)
    return found.order_by("due_at", "pk")


def enquiries_waiting(actor: Actor) -> Waiting:
    """How many enquiries are open, for who may read them."""
    found = readable_enquiries(actor).filter(state=Enquiry.State.OPEN)
    return Waiting(found.count(), found.filter(due_at__lte=clock.now()).count())
