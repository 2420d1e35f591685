"""A plan: begun for a child, looked at again with it, ended by two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marfa.apps.best_interests.actions.steps import (
    check_review,
    deciding,
    must_be_child,
    review_by,
    today_at,
)
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.apps.reintegration.deadlines import LATEST, REVIEW
from marfa.apps.reintegration.models import PlanReview, PlanStep, RecoveryPlan
from marfa.apps.reintegration.models.plans import ViewHow
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import withdraw_deadline
from marfa.safeguards.actor import Actor

State = RecoveryPlan.State
HEARD = (ViewHow.TOLD, ViewHow.SEEN)


@dataclass(frozen=True)
class Heard:
    """What the child wants, how it is known, and when the plan is looked at again."""

    view_how: str
    view: str
    review_on: date | None


def begin_plan(*, actor: Actor, case: Case, heard: Heard) -> RecoveryPlan:
    """Begin the plan of a child. Why it needs one is asked of nobody. Raises DeniedError,
    InputError for an adult and where one is under way."""
    today = today_at(case)
    day = _check(heard, today)
    with case_action(actor, case, "begin_recovery_plan") as act:
        must_be_child(case)
        if RecoveryPlan.objects.filter(case=case, state=State.RUNNING).exists():
            raise InputError.at(Message("apps.reintegration:one-plan"))
        row = RecoveryPlan(
            **case_columns(case),
            view_how=heard.view_how,
            made_on=today,
            review_on=day,
            made_at=clock.now(),
            made_by=actor.id,
        )
        create_case_row(act, row, view=heard.view.strip())
        review_by(row, case, kind=REVIEW)
    return row


def review_plan(*, actor: Actor, plan: RecoveryPlan, heard: Heard, text: str) -> PlanReview:
    """Write down that a plan was looked at with the child, and until when it goes on. Raises
    DeniedError, InputError for one that ended."""
    case = plan.case
    today = today_at(case)
    check_together(
        lambda: _check(heard, today), lambda: clean_text(text, field="text", needed=True)
    )
    day = _check(heard, today)
    with case_action(actor, case, "review_recovery_plan") as act:
        must_run(plan)
        row = PlanReview(
            organisation_id=plan.organisation_id,
            person=case.person,
            plan=plan,
            view_how=heard.view_how,
            done_on=today,
            review_on=day,
            at=clock.now(),
            by=actor.id,
        )
        create_case_row(act, row, view=heard.view.strip(), words=text.strip())
        change_case_row(act, plan, review_on=day)
        review_by(plan, case, kind=REVIEW)
    return row


def ask_to_end(*, actor: Actor, plan: RecoveryPlan, ending: str, view: str) -> None:
    """Ask a second person to end a plan, with the child's own view of it. Raises DeniedError;
    InputError while a step is under way."""
    require_choice(ending, RecoveryPlan.Ending.values, field="ending")
    said = clean_text(view, field="end_view", needed=True)
    with case_action(actor, plan.case, "ask_to_end_recovery_plan") as act:
        must_run(plan)
        if plan.asked_by is not None:
            raise InputError.at(Message("apps.reintegration:asked-already"))
        _steps_are_over(plan)
        now = clock.now()
        change_case_row(act, plan, ending=ending, end_view=said, asked_at=now, asked_by=actor.id)


def answer_ending(*, actor: Actor, plan: RecoveryPlan, agree: bool) -> None:
    """A second person ends a plan, or keeps it. Raises DeniedError for who asked; InputError where
    nobody asks, and while a step is under way."""
    asked = {plan.asked_by} if plan.asked_by is not None else set()
    with deciding(actor, plan.case, plan.pk, "end_recovery_plan", prepared_by=asked) as act:
        act.note(agreed=agree)
        must_run(plan)
        if plan.asked_by is None or {plan.asked_by} != asked:
            raise InputError.at(Message("apps.reintegration:not-asked"))
        if agree:
            _steps_are_over(plan)
            now = clock.now()
            change_case_row(act, plan, state=State.ENDED, ended_at=now, ended_by=actor.id)
            withdraw_deadline(kind=REVIEW, subject=plan.pk)
        else:
            asked_no_more: dict[str, Any] = dict.fromkeys(("end_view", "asked_at", "asked_by"))
            change_case_row(act, plan, ending="", **asked_no_more)


def must_run(plan: RecoveryPlan) -> None:
    """Read a plan again, and hold that it is under way. Raises InputError."""
    plan.refresh_from_db()
    if plan.state != State.RUNNING:
        raise InputError.at(Message("apps.reintegration:plan-ended"))


def _check(heard: Heard, today: date) -> date:
    require_choice(heard.view_how, ViewHow.values, field="view_how")
    clean_text(heard.view, field="view", needed=heard.view_how in HEARD)
    return check_review(heard.review_on, today, most=LATEST)


def _steps_are_over(plan: RecoveryPlan) -> None:
    if PlanStep.objects.filter(plan=plan, state=PlanStep.State.OPEN).exists():
        raise InputError.at(Message("apps.reintegration:steps-open"))
