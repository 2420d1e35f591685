"""Asking a second person to close a case, and reopening one."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from marfa.apps.cases.action_base import (
    case_action,
    change_case_row,
    check_together,
    clean_text,
    record_step,
    require_choice,
)
from marfa.apps.cases.actions.case_opening import open_case_of
from marfa.apps.cases.actions.review_outcomes import must_be_closable
from marfa.apps.cases.actions.reviews import ask_review
from marfa.apps.cases.events import CaseReopened
from marfa.apps.cases.models import Case, CaseStep, Review
from marfa.apps.cases.models.case import CLOSURE_REASONS
from marfa.apps.registry.models import Person
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor

CLOSURE = timedelta(days=7)
"""Within which a supervisor looks at a closure."""


def ask_to_close(*, actor: Actor, case: Case, reason: str, text: str) -> Review:
    """Ask a second person to close a case: with the reason, of ``closure_reasons``, and in words.
    Until their answer everything goes on. Raises InputError while help runs or a referral is open;
    DeniedError for a child who was not referred."""
    check_together(
        partial(require_choice, reason, CLOSURE_REASONS, field="reason"),
        partial(clean_text, text, field="text", needed=True),
    )
    with case_action(actor, case, "ask_to_close", code="cases.close") as act:
        must_be_closable(actor, case)
        due_at = clock.now() + CLOSURE
        of = Review.Of.CLOSURE
        return ask_review(act, case, of, due_at=due_at, wanted=reason, why=text)


def reopen_case(*, actor: Actor, case: Case, text: str) -> None:
    """Open a case again, with all of its history. Raises InputError where another one is open."""
    why = clean_text(text, field="text", needed=True)
    with case_action(actor, case, "reopen", closed_too=True) as act:
        if case.state == Case.State.OPEN:
            raise InputError.at(Message("apps.cases:not-closed"))
        if open_case_of(case.person) is not None:
            raise InputError.at(Message("apps.cases:open-already"))
        change_case_row(act, case, state=Case.State.OPEN, closed_at=None, closed_for="")
        record_step(act, case, CaseStep.Kind.REOPENED, text=why or "")
        _follow_person(act, case)
        publish_event(CaseReopened(case.pk, case.person_id))


def _follow_person(act: Act, case: Case) -> None:
    """A case is where the person is, who may have moved since it was closed."""
    person = Person.objects.get(pk=case.person_id)
    before = case.site_id
    if person.site_id not in (None, before):
        change_case_row(act, case, site_id=person.site_id, team_id=person.team_id, supervisor=None)
        after = str(person.site_id)
        record_step(act, case, CaseStep.Kind.MOVED, before=str(before), after=after)
