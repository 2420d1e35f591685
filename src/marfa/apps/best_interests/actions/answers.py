"""What was explained to a child, what was answered for it, and what the agency decides by two."""

from __future__ import annotations

from datetime import date, timedelta

from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.actions.steps import check_review, deciding, must_be_child, today_at
from marfa.apps.best_interests.agreement import Agreement, check_agreement
from marfa.apps.best_interests.deadlines import DECISION, TO_DECIDE
from marfa.apps.best_interests.models import AgencyDecision, CapacityNote, ChildAnswer
from marfa.apps.best_interests.queries import has_guardian
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actor import Actor

AGENCY_LATEST = timedelta(days=90)
"""How long a yes of the agency may count: a guardian is looked for meanwhile."""


def note_capacity(
    *, actor: Actor, case: Case, level: str, about: str, explained: str, said: str
) -> CapacityNote:
    """What was explained to a child, in which words, and whether it can decide on it. Raises
    DeniedError, InputError."""
    require_choice(level, CapacityNote.Level.values, field="level")
    sealed = {
        "about": clean_text(about, field="about", needed=True, most=200),
        "explained": clean_text(explained, field="explained", needed=True),
        "said": clean_text(said, field="said"),
    }
    with case_action(actor, case, "capacity") as act:
        must_be_child(case)
        row = CapacityNote(**case_columns(case), level=level, at=clock.now(), by=actor.id)
        create_case_row(act, row, **sealed)
    return row


def record_child_answer(
    *, actor: Actor, case: Case, agreement: Agreement, about: str, text: str = ""
) -> ChildAnswer:
    """Write down what was answered for a child about one step. Raises DeniedError; InputError for
    a yes of somebody whose yes does not count."""
    asked = clean_text(about, field="about", needed=True, most=200)
    said = clean_text(text, field="text")
    with case_action(actor, case, "child_answer") as act:
        must_be_child(case)
        check_agreement(case.person, agreement)
        row = ChildAnswer(**case_columns(case), **agreement.columns(), at=clock.now(), by=actor.id)
        create_case_row(act, row, about=asked, words=said)
        act.note(by=agreement.by, answer=agreement.answer)
    return row


def ask_agency(
    *,
    actor: Actor,
    case: Case,
    agency: Recipient | None,
    mandate: str,
    why: str,
    what: str,
    child_view: str,
    review_on: date | None,
) -> AgencyDecision:
    """Prepare a decision in place of a guardian, for a second person. agency: None: we ourselves.

    Raises DeniedError; InputError where the child has a guardian.
    """
    day = check_review(review_on, today_at(case), most=AGENCY_LATEST)
    sealed = {
        "mandate": clean_text(mandate, field="mandate", needed=True, most=500),
        "why": clean_text(why, field="why", needed=True),
        "what": clean_text(what, field="what", needed=True, most=200),
        "child_view": clean_text(child_view, field="child_view", needed=True),
    }
    with case_action(actor, case, "ask_agency") as act:
        must_be_child(case)
        _without_guardian(case)
        now = clock.now()
        row = AgencyDecision(
            **case_columns(case),
            agency=agency,
            review_on=day,
            asked_at=now,
            asked_by=actor.id,
            due_at=now + TO_DECIDE,
        )
        create_case_row(act, row, **sealed)
        set_deadline(
            kind=DECISION,
            subject=row.pk,
            due_at=row.due_at,
            owner=owner_of(row),
            responsible=case.supervisor,
        )
    return row


def decide_for_agency(*, actor: Actor, row: AgencyDecision, agree: bool, text: str) -> None:
    """The second person decides: yes or no, with the reason. Raises DeniedError for who prepared
    it; InputError where it was decided, or somebody is guardian now."""
    said = clean_text(text, field="text", needed=True)
    with deciding(actor, row.case, row.pk, "decide_agency", prepared_by={row.asked_by}) as act:
        row.refresh_from_db()
        if row.state != AgencyDecision.State.WAITING:
            raise InputError.at(Message("apps.best_interests:decided-already"))
        today = today_at(row.case)
        if agree:
            _without_guardian(row.case)
        if row.review_on <= today:
            raise InputError.at(Message("apps.best_interests:overtaken"))
        state = AgencyDecision.State.AGREED if agree else AgencyDecision.State.NOT_AGREED
        change_case_row(
            act,
            row,
            state=state,
            decided_on=today,
            decided_at=clock.now(),
            decided_by=actor.id,
            words=said,
        )
        meet_deadline(kind=DECISION, subject=row.pk)
        act.note(state=str(state))


def _without_guardian(case: Case) -> None:
    if has_guardian(case.person):
        raise InputError.at(Message("apps.best_interests:has-guardian"))
