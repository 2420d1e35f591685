"""Questions about assessments of an age."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from marfa.apps.age_assessment.intervals import is_certainly_adult, widest_of
from marfa.apps.age_assessment.models import LIVE, AgeAssessment, AgeResult
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import review_of
from marfa.apps.cases.queries import ASKED
from marfa.apps.registry.visibility import about_seen
from marfa.domain.dates import PartialDate, from_storage
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide

SECOND = "cases.review"
State = AgeAssessment.State


def adulthood_stands(person: UUID) -> bool:
    """Whether two decided that somebody is an adult, nobody appealed, and the time to appeal is
    over."""
    rows = AgeAssessment.objects.select_related("case__site")
    row = rows.filter(person=person, state=State.DECIDED).first()
    return row is not None and is_appeal_over(row)


def is_appeal_over(row: AgeAssessment) -> bool:
    """Whether the last day on which the person may appeal has passed where they are."""
    today = clock.today(row.case.site.time_zone)
    return row.appeal_until is not None and row.appeal_until < today


def live_assessment(case: Case) -> AgeAssessment | None:
    """The assessment that is under way."""
    return AgeAssessment.objects.filter(case=case, state__in=LIVE).first()


def assessments_of(case: Case) -> QuerySet[AgeAssessment]:
    """All of a case, the newest first."""
    return AgeAssessment.objects.filter(case=case).order_by("-asked_at", "pk")


def results_about(person: UUID) -> list[AgeResult]:
    """Everything that was ever found about an age and is not struck out, of every assessment: the
    widest doubt counts."""
    return list(AgeResult.objects.filter(person=person, struck_at=None).order_by("entered_at"))


def births_in(results: Iterable[AgeResult]) -> list[PartialDate]:
    """The births that results leave possible. Within ``open_vault()``."""
    return [from_storage(row.born) for row in results if row.born]


def widest_about(person: UUID) -> PartialDate | None:
    """What all results together leave possible. Within ``open_vault()``."""
    return widest_of(births_in(results_about(person)))


def makes_adult(person: UUID, day: date) -> bool:
    """Whether every result lies wholly above 18 on a day. Within ``open_vault()``."""
    return is_certainly_adult(births_in(results_about(person)), day)


def may_be_second(actor: Actor, row: AgeAssessment) -> bool:
    """Whether an actor may agree to what somebody else proposed."""
    if row.proposed_by is None:
        return False
    resource = review_of(row.person, row.pk, asked_by=row.proposed_by)
    return decide(actor, SECOND, resource, ASKED).allowed


def waiting_for_second(actor: Actor) -> list[AgeAssessment]:
    """Proposals of others that an actor may look at."""
    found = AgeAssessment.objects.filter(state=State.PROPOSED).exclude(proposed_by=actor.id)
    seen = found.filter(about_seen(actor)).select_related("case", "person__site", "case__site")
    return [row for row in seen.order_by("proposed_at", "pk") if may_be_second(actor, row)]
