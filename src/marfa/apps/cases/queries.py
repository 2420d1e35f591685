"""Questions about cases, without those of whom the reader may not know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.accounts.models import User
from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.models import AREAS, AssessmentArea, Case, CaseStep, Review
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.unassigned_cases import unheld_open
from marfa.apps.registry.visibility import about_people_where, about_seen
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition

READ = "cases.read"
GRANT = "assistance.grant"
"""That somebody may give help: an action of the charter, which the pages of a case ask as well."""
ASKED = {"on_record": True, "purpose": PURPOSE.value}


def readable_cases(actor: Actor) -> QuerySet[Case]:
    """Cases that an actor may read."""
    found = Case.objects.filter(about_people_where(visibility_condition(CASE, actor, READ, ASKED)))
    return found.select_related("person", "site")


def known_cases(actor: Actor) -> QuerySet[Case]:
    """Cases of people whom an actor may know of: that there is one, and no more."""
    return Case.objects.filter(about_seen(actor)).select_related("person", "site")


def cases_without_worker(actor: Actor) -> QuerySet[Case]:
    """Open cases for which nobody is responsible who may read them, of those that this actor may
    take."""
    found = Case.objects.filter(unheld_open(), state=Case.State.OPEN)
    if not found.exists():
        return found.none()
    mine = about_people_where(visibility_condition(CASE, actor, "cases.take", ASKED))
    return found.filter(mine).select_related("person", "site").order_by("opened_at", "pk")


def own_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases for which an actor is responsible."""
    found = Case.objects.filter(state=Case.State.OPEN, worker=actor.id)
    if not found.exists():
        return found.none()
    readable_ones = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    return found.filter(readable_ones).select_related("person", "site")


def to_review(actor: Actor) -> QuerySet[Review]:
    """What others ask this actor to look at a second time, the most urgent first. In a closed case
    nothing is owed any more, but a look at help of which the person says that it harms."""
    owed = Q(case__state=Case.State.OPEN) | Q(of=Review.Of.PERIODIC)
    found = Review.objects.filter(owed, state=Review.State.WAITING).exclude(asked_by=actor.id)
    if not found.exists():
        return found.none()
    seen = found.filter(about_seen(actor))
    return seen.select_related("case", "case__person", "case__site").order_by("due_at", "pk")


def steps_before(actor: Actor, before: datetime) -> QuerySet[CaseStep]:
    """Steps of the cases that an actor may read before a moment, the newest first."""
    found = CaseStep.objects.filter(
        about_people_where(visibility_condition(CASE, actor, READ, ASKED)), at__lt=before
    )
    return found.select_related("case").order_by("-at", "-pk")


def needs_of(case: Case) -> list[AssessmentArea]:
    """Where help is needed, as it was written last of each area; the most urgent first."""
    rows = AssessmentArea.objects.filter(assessment__case=case).order_by("at", "pk")
    newest = {row.area: row for row in rows if row.need}
    found = [row for row in newest.values() if row.need in ("now", "some")]
    return sorted(found, key=lambda row: (row.need != "now", AREAS.index(row.area)))


def names_of(keys: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Names of members of staff, by key."""
    wanted = {key for key in keys if key is not None}
    found: dict[UUID | None, str] = {}
    if wanted:
        found.update(User.objects.filter(pk__in=wanted).values_list("pk", "display_name"))
    return found
