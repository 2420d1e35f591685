"""Quick assessments, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from marfa.apps.best_interests.actions.steps import (
    check_review,
    must_be_child,
    review_by,
    today_at,
)
from marfa.apps.best_interests.deadlines import REVIEW
from marfa.apps.best_interests.models import BestInterestsAssessment
from marfa.apps.best_interests.models.assessments import DOMAINS
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline
from marfa.safeguards.actor import Actor


@dataclass(frozen=True)
class Assessed:
    """What somebody found. domains: code -> words; at least what is said of safety."""

    concern: str
    domains: Mapping[str, str]
    view_how: str
    view: str
    follows: str
    review_on: date | None


def assess_best_interests(*, actor: Actor, case: Case, told: Assessed) -> BestInterestsAssessment:
    """Write down what is best for a child as seen today. Raises DeniedError, InputError."""
    today = today_at(case)
    require_choice(told.concern, BestInterestsAssessment.Concern.values, field="concern")
    require_choice(told.view_how, BestInterestsAssessment.ViewHow.values, field="view_how")
    found = {
        code: clean_text(told.domains.get(code, ""), field=code, needed=code == "safety")
        for code in DOMAINS
    }
    heard = told.view_how in ("told", "seen")
    view = clean_text(told.view, field="view", needed=heard)
    follows = clean_text(told.follows, field="follows", needed=True)
    day = check_review(told.review_on, today)
    with case_action(actor, case, "best_interests_assessment") as act:
        must_be_child(case)
        row = BestInterestsAssessment(
            **case_columns(case),
            concern=told.concern,
            view_how=told.view_how,
            done_on=today,
            review_on=day,
            at=clock.now(),
            by=actor.id,
        )
        domains = {code: words for code, words in found.items() if words}
        create_case_row(act, row, domains=domains, view=view, follows=follows)
        for before in BestInterestsAssessment.objects.filter(case=case).exclude(pk=row.pk):
            meet_deadline(kind=REVIEW, subject=before.pk)
        review_by(row, case)
        act.note(concern=row.concern)
    return row
