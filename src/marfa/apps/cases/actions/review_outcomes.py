"""What follows from a second look: the end of a case, or a lower urgency."""

from __future__ import annotations

from marfa.apps.cases.action_base import change_case_row, record_step
from marfa.apps.cases.closure_conditions import decide_on_child, find_what_goes_on
from marfa.apps.cases.events import CaseClosed
from marfa.apps.cases.models import Case, CaseStep
from marfa.domain.message import InputError, Message, Problem
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError


def end_case(act: Act, actor: Actor, case: Case, reason: str, text: str) -> None:
    """Close a case that a second person agrees to close. No help runs on unseen: raises InputError
    while some does, or a referral is open; DeniedError for a child who was not referred.

    reason: of ``closure_reasons``; empty in a request from before there were any.
    """
    must_be_closable(actor, case)
    change_case_row(act, case, state=Case.State.CLOSED, closed_at=clock.now(), closed_for=reason)
    record_step(act, case, CaseStep.Kind.CLOSED, after=reason, text=text)
    publish_event(CaseClosed(case.pk, case.person_id, actor.id))


def must_be_closable(actor: Actor, case: Case) -> None:
    """Raises as ``end_case`` does, and changes nothing."""
    if case.state != Case.State.OPEN:
        raise InputError.at(Message("apps.cases:case-closed"))
    if goes_on := find_what_goes_on(case):
        raise InputError(*(Problem(each.said) for each in goes_on))
    decision = decide_on_child(actor, case)
    if decision is not None and not decision.allowed:
        raise DeniedError(decision)


def lower_urgency(act: Act, case: Case, urgency: str, text: str) -> None:
    """Lower what a second person agrees to lower."""
    if case.state != Case.State.OPEN:
        raise InputError.at(Message("apps.cases:case-closed"))
    before = case.urgency
    change_case_row(act, case, urgency=urgency)
    kind = CaseStep.Kind.URGENCY
    record_step(act, case, kind, before=before, after=urgency, text=text)
