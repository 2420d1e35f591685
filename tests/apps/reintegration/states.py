"""Recovery plans, reviews and steps in every state, on the case of a child."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.cases.models import Case
from marfa.apps.reintegration.actions.plans import (
    Heard,
    answer_ending,
    ask_to_end,
    begin_plan,
    review_plan,
)
from marfa.apps.reintegration.actions.steps import StepTold, end_step, set_step
from marfa.apps.reintegration.models import PlanStep, RecoveryPlan
from marfa.apps.reintegration.models.plans import ViewHow
from marfa.platform import clock
from marfa.safeguards.actor import Actor


def make_plan_states(case: Case, worker: Actor, second: Actor) -> None:
    """Plans that ended for each reason, one that somebody asks to end; views of each kind."""
    endings = RecoveryPlan.Ending.values
    day = clock.today(case.site.time_zone) + timedelta(days=30)
    for view_how, ending in zip(ViewHow.values, endings, strict=True):
        heard = Heard(view_how, "I want to build boats", day)
        plan = begin_plan(actor=worker, case=case, heard=heard)
        review_plan(actor=worker, plan=plan, heard=heard, text="It goes on")
        for state in (PlanStep.State.DONE, PlanStep.State.DROPPED):
            told = StepTold("papers", "A birth certificate", "Nadia", day)
            row = set_step(actor=worker, plan=plan, told=told)
            end_step(actor=worker, row=row, state=state, text="It came")
        ask_to_end(actor=worker, plan=plan, ending=ending, view="It is enough")
        answer_ending(actor=second, plan=plan, agree=True)
    begin_plan(actor=worker, case=case, heard=heard)
