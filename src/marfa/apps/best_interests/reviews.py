"""What has to be looked at again, and what a second person has to decide: asked of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from marfa.apps.best_interests.deadlines import SOON
from marfa.apps.best_interests.matters import AUTHORITY_UNSAFE
from marfa.apps.best_interests.models import (
    AgencyDecision,
    BestInterestsAssessment,
    Determination,
    Representative,
)
from marfa.apps.best_interests.policy_facts import may_decide
from marfa.apps.best_interests.queries import preparers_of
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED, READ
from marfa.apps.registry.visibility import about_people_where
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role

MOST = 50
Reviewed = BestInterestsAssessment | Determination | Representative
State = Determination.State


def last_assessments() -> QuerySet[BestInterestsAssessment]:
    """The newest assessment of each case."""
    later = BestInterestsAssessment.objects.filter(case=OuterRef("case"), at__gt=OuterRef("at"))
    return BestInterestsAssessment.objects.filter(~Exists(later))


def standing_determinations() -> QuerySet[Determination]:
    """What was decided and not replaced. In a closed case, that an authority is unsafe still has
    to be looked at again: the child is nobody else's."""
    still = Q(case__state=Case.State.OPEN) | Q(matter=AUTHORITY_UNSAFE)
    return Determination.objects.filter(still, state=State.DECIDED)


def to_review(actor: Actor) -> Iterator[tuple[Reviewed, date]]:
    """Rows whose day of review is near or past, of cases that an actor may read: of one's own
    cases some days before, for a supervisor of all at the place once the day is past."""
    soon = clock.today("UTC") + SOON
    mine = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    whose = Q(case__worker=actor.id)
    if Role.SUPERVISOR in actor.role_names:
        whose |= Q(review_on__lt=clock.today("UTC") + timedelta(days=1))
    opened = Q(case__state=Case.State.OPEN)
    kinds: tuple[QuerySet[Reviewed], ...] = (
        standing_determinations(),
        last_assessments().filter(opened),
        Representative.objects.filter(opened, ended_at=None),
    )
    for rows in kinds:
        known = rows.filter(mine, whose, review_on__lte=soon).select_related(
            "case__person", "case__site"
        )
        for row in known.order_by("review_on", "pk")[:MOST]:
            assert row.review_on is not None  # noqa: S101 - the filter asks for it
            yield row, row.review_on


def to_decide(actor: Actor) -> Iterator[Determination | AgencyDecision]:
    """Decisions that another prepared and that an actor may take, the first that are due first."""
    mine = about_people_where(visibility_condition(CASE, actor, READ, ASKED))
    panels = Determination.objects.filter(mine, state=State.PANEL).exclude(prepared_by=actor.id)
    agency = AgencyDecision.objects.filter(mine, state=AgencyDecision.State.WAITING).exclude(
        asked_by=actor.id
    )
    for determination in panels.select_related("case__person", "case__site").order_by("due_at")[
        :MOST
    ]:
        by = preparers_of(determination)
        if may_decide(actor, determination.case.person, determination.pk, prepared_by=by):
            yield determination
    for waiting in agency.select_related("case__person", "case__site").order_by("due_at")[:MOST]:
        if may_decide(actor, waiting.case.person, waiting.pk, prepared_by={waiting.asked_by}):
            yield waiting
