"""Questions about referrals that were prepared for a supervisor to send."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED, READ
from marfa.apps.referrals.models import PreparedReferral
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.visibility import about_people_where
from marfa.domain.message import Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role

KIND, DECIDE = "PreparedReferral", "referrals.decide"
State = PreparedReferral.State
UNSENT = (State.WAITING, State.GIVEN_BACK)
MOST = 50


def prepared_of(row: PreparedReferral) -> Resource:
    """A prepared referral, as the charter sees it."""
    return _resource(row, PERSON.resources(Person.objects.filter(pk=row.person_id)))


def _resource(row: PreparedReferral, people: Mapping[UUID, Resource]) -> Resource:
    facts = people[row.person_id].facts
    return Resource(KIND, row.pk, {**facts, "prepared_by": frozenset({row.prepared_by})})


def may_decide(actor: Actor, row: PreparedReferral) -> bool:
    """Whether an actor may send it on or give it back."""
    return decide(actor, DECIDE, prepared_of(row), ASKED).allowed


def _readable(actor: Actor, having: Q) -> QuerySet[PreparedReferral]:
    found = PreparedReferral.objects.filter(having)
    if not found.exists():
        return found.none()
    mine = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    known = found.filter(mine).select_related("case__person", "case__site", "recipient__guest")
    return known.order_by("due_at", "pk")


def waiting_to_be_sent(actor: Actor) -> list[PreparedReferral]:
    """Those that an actor may send on, the first that are due first; also of a case that was
    closed meanwhile, since whoever prepared it is to be told that it was not sent."""
    if Role.SUPERVISOR not in actor.role_names:
        return []
    rows = list(_readable(actor, Q(state=State.WAITING) & ~Q(prepared_by=actor.id))[:MOST])
    people = PERSON.resources(Person.objects.filter(pk__in={row.person_id for row in rows}))
    return [row for row in rows if decide(actor, DECIDE, _resource(row, people), ASKED).allowed]


def unsent_of_worker(actor: Actor) -> QuerySet[PreparedReferral]:
    """Of the open cases for which an actor is responsible: what was given back, and what nobody
    sent in time."""
    late = Q(state=State.WAITING, due_at__lte=clock.now())
    mine = Q(case__worker=actor.id, case__state=Case.State.OPEN)
    return _readable(actor, mine & (Q(state=State.GIVEN_BACK) | late))


def unsent_of_case(case: Case) -> QuerySet[PreparedReferral]:
    """What was prepared in a case and has not left, the newest first."""
    found = PreparedReferral.objects.filter(case=case, state__in=UNSENT)
    return found.select_related("recipient__guest").order_by("-prepared_at", "pk")


def changes_since(row: PreparedReferral) -> list[Message]:
    """What has changed since it was prepared, and stands against sending it. What consent and
    agreements say now is asked of the charter when it is sent."""
    now = clock.now()
    found: list[Message] = []
    if row.case.state != Case.State.OPEN:
        found.append(Message("apps.cases:case-closed"))
    if Person.objects.get(pk=row.person_id).protected and not row.protected:
        found.append(Message("apps.referrals:prepared-protected"))
    guest = row.recipient.guest
    ends = [row.recipient.ended_at, guest.ended_at if guest else None]
    if any(end is not None and end <= now for end in ends):
        found.append(Message("apps.referrals:prepared-recipient-ended"))
    return found
