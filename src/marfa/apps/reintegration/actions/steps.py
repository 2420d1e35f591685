"""Steps of a plan: set with who does them and until when, changed, done or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marfa.apps.assistance.models import Goal
from marfa.apps.cases.action_base import (
    case_action,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.form_pages.editor import Change
from marfa.apps.reintegration.actions.plans import must_run
from marfa.apps.reintegration.models import NEEDS, PlanStep, RecoveryPlan
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actor import Actor

State = PlanStep.State


@dataclass(frozen=True)
class StepTold:
    """One step. goal: of the case, where the step serves one that the child chose."""

    need: str
    text: str
    by_whom: str
    due_on: date | None
    goal: Goal | None = None


def set_step(*, actor: Actor, plan: RecoveryPlan, told: StepTold) -> PlanStep:
    """Set one step. Raises DeniedError; InputError for a plan that ended."""
    require_choice(told.need, NEEDS, field="need")
    sealed: dict[str, Any] = {
        "words": clean_text(told.text, field="words", needed=True),
        "by_whom": clean_text(told.by_whom, field="by_whom", needed=True, most=200),
    }
    due = _check_day(told.due_on)
    with case_action(actor, plan.case, "set_recovery_step") as act:
        must_run(plan)
        if told.goal is not None and told.goal.case_id != plan.case_id:
            raise InputError.at(Message("apps.cases:choose-one"), field="goal")
        row = PlanStep(
            organisation_id=plan.organisation_id,
            person=plan.case.person,
            plan=plan,
            goal=told.goal,
            need=told.need,
            due_on=due,
            set_at=clock.now(),
            set_by=actor.id,
        )
        create_case_row(act, row, **sealed)
        act.note(need=row.need)
    return row


def change_step(row: PlanStep, asked: Change) -> Saved:
    """Put right what is done, by whom or until when. Raises DeniedError, InputError,
    ConflictError."""
    require_choice(str(asked.changes["need"]), NEEDS, field="need")
    for name, most in (("words", 5000), ("by_whom", 200)):
        clean_text(str(asked.changes[name] or ""), field=name, needed=True, most=most)
    _check_day(asked.changes["due_on"])
    with case_action(asked.actor, row.plan.case, "change_recovery_step") as act:
        must_run(row.plan)
        _must_be_open(row)
        return act.save(
            row, base_version=asked.base_version, changes=asked.changes, mine=asked.mine
        )


def end_step(*, actor: Actor, row: PlanStep, state: str, text: str) -> None:
    """It is done, or the child does not want it any more. Raises InputError."""
    require_choice(state, (State.DONE, State.DROPPED), field="state")
    outcome = clean_text(text, field="text")
    with case_action(actor, row.plan.case, "end_recovery_step") as act:
        _must_be_open(row)
        changes: dict[str, Any] = {"state": state, "outcome": outcome}
        change_case_row(act, row, ended_at=clock.now(), ended_by=actor.id, **changes)


def _must_be_open(row: PlanStep) -> None:
    state = PlanStep.objects.values_list("state", flat=True).get(pk=row.pk)
    if state != State.OPEN:
        raise InputError.at(Message("apps.reintegration:step-ended"))


def _check_day(day: object) -> date:
    if not isinstance(day, date):
        raise InputError.at(Message("apps.reintegration:step-day"), field="due_on")
    return day
