"""Questions about referrals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case as Case_
from django.db.models import Exists, OuterRef, Q, QuerySet, When

from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED, READ
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Waiting
from marfa.apps.referrals.models import Referral, ReferralWord
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.visibility import about_people_where
from marfa.platform import clock
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.rowsecurity.context import current_scope, row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.charter.visibility import visibility_condition

KIND = "Referral"
WITHIN = {"now": timedelta(hours=2), "days": timedelta(hours=24), "routine": timedelta(hours=72)}
"""How long the other side has to answer."""
CLIMBS = timedelta(hours=4)
"""After which what came back, and nobody took up again, is urgent for the supervisor too."""
ANSWER = deadline_kind("referrals.referral", Step("due"), Step("supervisor", CLIMBS))
CHILD_PROTECTION = "child_protection"
PURPOSES = ("assistance", CHILD_PROTECTION, "tracing")
WAITING = ("sent", "question")
GOING_ON = (*WAITING, "accepted")
SHOWN = 200
State = Referral.State


@contextmanager
def as_kept(rows: Iterable[Referral]) -> Iterator[None]:
    """Within it the installation reads what the senders of these referrals keep about them: who is
    shut out, whether the person was erased, on what they were sent.

    The row itself was found before, with what the database lets the actor see; what is read here
    decides, and is not shown.
    """
    with row_context(current_scope() | {row.organisation_id for row in rows}):
        yield


def state_of(row: Referral, at: datetime | None = None) -> str:
    """How a referral stands: what nobody answered in time is back, also where no worker ran."""
    if row.state in WAITING and row.due_at <= (at or clock.now()):
        return str(State.CAME_BACK)
    return str(row.state)


def referral_of(row: Referral) -> Resource:
    """A referral, as the charter sees it for whom it was sent to."""
    with as_kept([row]):
        found = PERSON.resources(Person.objects.filter(pk=row.person_id))
    return _resource(row, found)


def _resource(row: Referral, people: Mapping[UUID, Resource]) -> Resource:
    person = people.get(row.person_id)
    known = person.facts if person is not None else {}
    nobody: frozenset[UUID] = frozenset()
    guest = row.recipient.guest_id if row.recipient else None
    facts: dict[str, Value] = {
        "organisation": row.organisation_id,
        "erased": known.get("erased", True),
        "excluded": known.get("excluded", nobody),
        "excluded_places": known.get("excluded_places", nobody),
        "to": guest or row.organisation_id,
        "open": row.way == Referral.Way.INSIDE and state_of(row) in GOING_ON,
        "askers": _askers(row),
    }
    if row.site_id is not None:
        facts["to_site"] = row.site_id
    return Resource(KIND, row.pk, facts)


def _askers(row: Referral) -> frozenset[UUID]:
    """Who asks, and so does not answer: who sent it; where it stays at the site of the case, also
    who has the case until another has taken it."""
    asked = {row.sent_by}
    if row.site_id is not None and row.state in WAITING:
        here = Case.objects.filter(pk=row.case_id, site=row.site_id)
        asked |= {worker for worker in here.values_list("worker", flat=True) if worker}
    return frozenset(asked)


def referrals_waiting(actor: Actor) -> Waiting:
    """How many referrals wait for an answer of ours."""
    return Waiting(sum(row.state in WAITING for row in to_us(actor)))


def to_us(actor: Actor, reference: str = "") -> list[Referral]:
    """Referrals that an actor may answer or is helping with, those that wait first, by when they
    are due; not what they asked for themselves. What was told of the person is theirs to read,
    whoever is protected. reference: of the one that is looked for, if any."""
    held = [each for each in actor.roles if each.role in WORKING]
    if not held:
        return []
    sites = {each.site for each in held if each.site is not None}
    everywhere = {each.organisation for each in held if each.site is None}
    ours = Q(site__in=sites) | Q(site__organisation__in=everywhere)
    ours |= Q(recipient__guest__in={each.organisation for each in held})
    # Nobody may read any more what nobody answered in time, and the list has places for the rest.
    standing = Q(state=State.ACCEPTED) | Q(state__in=WAITING, due_at__gt=clock.now())
    found = Referral.objects.filter(ours, standing, way=Referral.Way.INSIDE)
    found = found.exclude(sent_by=actor.id)
    # Asked for, not joined: a guest may see the referral and not its case.
    theirs = Case.objects.filter(pk=OuterRef("case"), site=OuterRef("site"), worker=actor.id)
    found = found.exclude(Q(state__in=WAITING) & Exists(theirs))
    if reference:
        found = found.filter(reference=reference)
    waits_first = Case_(When(state__in=WAITING, then=0), default=1)
    rows = list(
        found.select_related("recipient", "site", "organisation").order_by(
            waits_first, "due_at", "pk"
        )[:SHOWN]
    )
    if not rows:
        return []
    with as_kept(rows):
        people = PERSON.resources(Person.objects.filter(pk__in={row.person_id for row in rows}))
    return [
        row
        for row in rows
        if decide(actor, "referrals.read", _resource(row, people), ASKED).allowed
    ]


def of_case(case: Case) -> QuerySet[Referral]:
    """Everything that was asked of others in a case, the newest first."""
    rows = Referral.objects.filter(case=case).select_related("site", "recipient__guest", "page")
    return rows.order_by("-sent_at", "pk")


def _sent(actor: Actor, having: Q) -> QuerySet[Referral]:
    """Referrals of open cases that an actor may read, as their sender; those due first."""
    found = Referral.objects.filter(having, case__state=Case.State.OPEN)
    if not found.exists():
        return found.none()
    mine = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    known = found.filter(mine).select_related("case__person", "case__site")
    return known.select_related("site", "recipient__guest").order_by("due_at", "pk")


def came_back(actor: Actor, whose: Q | None = None) -> QuerySet[Referral]:
    """Those that nobody answered in time, until the sender says what they do instead. whose: a
    condition on the referrals."""
    return _sent(actor, is_back() & (whose or Q()))


def is_back() -> Q:
    """The condition of ``came_back``; without a worker too, by the clock."""
    late = Q(state__in=WAITING, due_at__lte=clock.now())
    said = ReferralWord.objects.filter(referral=OuterRef("pk"), theirs=False)
    return (late | Q(state=State.CAME_BACK)) & ~Q(Exists(said.filter(at__gte=OuterRef("due_at"))))


def referrals_with_questions(actor: Actor, whose: Q | None = None) -> QuerySet[Referral]:
    """Those in which the other side waits for an answer to what they ask. whose: as above."""
    return _sent(actor, has_question() & (whose or Q()))


def has_question() -> Q:
    """The condition of ``referrals_with_questions``."""
    return Q(state=State.QUESTION, due_at__gt=clock.now())
