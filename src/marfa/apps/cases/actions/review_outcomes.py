"""What follows from a second look: the end of a case, or a lower urgency."""

from __future__ import annotations

from marfa.apps.cases.action_base import PURPOSE, change_case_row, record_step
from marfa.apps.cases.closure_conditions import find_what_goes_on, was_referred
from marfa.apps.cases.events import CaseClosed
from marfa.apps.cases.models import Case, CaseStep
from marfa.apps.registry.care import somebody_of
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError, Resource


def end_case(act: Act, actor: Actor, case: Case, text: str) -> None:
    """Close a case that a second person agrees to close. No help runs on unseen: raises InputError
    while some does, or a referral is open; DeniedError for a child who was not referred."""
    must_be_closable(actor, case)
    change_case_row(act, case, state=Case.State.CLOSED, closed_at=clock.now())
    record_step(act, case, CaseStep.Kind.CLOSED, text=text)
    publish_event(CaseClosed(case.pk, case.person_id, actor.id))


def must_be_closable(actor: Actor, case: Case) -> None:
    """Raises as ``end_case`` does, and changes nothing."""
    if case.state != Case.State.OPEN:
        raise InputError.at(Message("apps.cases:case-closed"))
    if (goes_on := find_what_goes_on(case)) is not None:
        raise InputError.at(goes_on)
    _child_was_referred(actor, case)


def lower_urgency(act: Act, case: Case, urgency: str, text: str) -> None:
    """Lower what a second person agrees to lower."""
    if case.state != Case.State.OPEN:
        raise InputError.at(Message("apps.cases:case-closed"))
    before = case.urgency
    change_case_row(act, case, urgency=urgency)
    kind = CaseStep.Kind.URGENCY
    record_step(act, case, kind, before=before, after=urgency, text=text)


def _child_was_referred(actor: Actor, case: Case) -> None:
    person = case.person
    if not somebody_of(person).is_child(clock.today(case.site.time_zone)):
        return
    facts = {
        **PERSON.resource(person).facts,
        "age_in_doubt": person.age_disputed,
        "referred": was_referred(case),
        "authority_unsafe": False,
    }
    asked = {"on_record": True, "purpose": PURPOSE.value}
    decision = decide(actor, "children.close", Resource("Child", person.pk, facts), asked)
    if not decision.allowed:
        raise DeniedError(decision)
