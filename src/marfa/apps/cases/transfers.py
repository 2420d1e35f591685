"""Questions about cases that are handed on to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.cases.models import Case, CaseTransfer
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED, READ
from marfa.apps.cases.workers import Worker, workers_for
from marfa.apps.organisations.object_access import assigned_users
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND as PERSON_KIND
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.visibility import about_people_where
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.visibility import visibility_condition

KIND, ASK, ANSWER = "CaseTransfer", "cases.transfer", "cases.answer_transfer"
WITHIN = {"now": timedelta(hours=2), "days": timedelta(hours=24), "routine": timedelta(hours=72)}
"""How long a colleague has to answer."""
TOLD = timedelta(days=3)
"""How long a no stands in the work of who asked."""
MOST = 50
State = CaseTransfer.State


def transfer_of(row: CaseTransfer) -> Resource:
    """A transfer, as the charter sees it for who is asked."""
    return _resource(row, PERSON.resources(Person.objects.filter(pk=row.person_id)))


def _resource(row: CaseTransfer, people: Mapping[UUID, Resource]) -> Resource:
    said = {"to": frozenset({row.after}), "asked_by": frozenset({row.asked_by})}
    return Resource(KIND, row.pk, {**people[row.person_id].facts, **said})


def colleagues_for(case: Case) -> list[Worker]:
    """Who can be asked to take a case over: who works at its site or for the whole organisation,
    is not shut out of the person and does not have it. Of a protected person nobody hears by it:
    then it is one of those who work with the person already."""
    found = [each for each in workers_for(case) if each.user.pk != case.worker]
    if not case.person.protected:
        return found
    known = assigned_users(PERSON_KIND, case.person_id)
    return [each for each in found if each.user.pk in known]


def waiting_transfer(case: Case) -> CaseTransfer | None:
    """The one that a colleague has not answered yet."""
    return CaseTransfer.objects.filter(case=case, state=State.WAITING).first()


def transfers_to(actor: Actor, reference: str = "") -> list[CaseTransfer]:
    """Cases that an actor is asked to take over, the first that are due first. reference: of the
    one that is looked for, if any."""
    found = CaseTransfer.objects.filter(after=actor.id, state=State.WAITING)
    if reference:
        found = found.filter(reference=reference)
    rows = list(found.select_related("case__person", "case__site").order_by("due_at", "pk")[:MOST])
    people = PERSON.resources(Person.objects.filter(pk__in={row.person_id for row in rows}))
    return [row for row in rows if decide(actor, ANSWER, _resource(row, people), ASKED).allowed]


def transfers_asked_by(actor: Actor) -> QuerySet[CaseTransfer]:
    """What an actor asked for in vain: not answered in time, or declined a short while ago."""
    late = Q(state=State.WAITING, due_at__lte=clock.now())
    no = Q(state=State.REFUSED, answered_at__gt=clock.now() - TOLD)
    found = CaseTransfer.objects.filter(late | no, asked_by=actor.id, case__state=Case.State.OPEN)
    if not found.exists():
        return found.none()
    readable = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    return found.filter(readable).select_related("case__person", "case__site").order_by("due_at")
