"""What may be done with a notification. Nothing here is called but by a page."""

from __future__ import annotations

from marfa.apps.assistance.models import Help
from marfa.apps.best_interests.agreement import Agreement, check_agreement
from marfa.apps.cases.action_base import (
    case_action,
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.apps.violation_notices.models import VIOLATIONS, ViolationNotice
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.actions import erase_history
from marfa.safeguards.actor import Actor

State = ViolationNotice.State


def is_help_there(case: Case) -> bool:
    """Whether help that the child needs has begun: before that, nothing of this is offered."""
    return Help.objects.filter(case=case, state=Help.State.RUNNING).exists()


def write_notice(
    *, actor: Actor, case: Case, violation: str, text: str, agreement: Agreement
) -> ViolationNotice:
    """Write a notification, with a yes of its own, once help has begun. Nothing of the case is
    taken into it.

    Raises DeniedError; InputError before help has begun, without a yes, and for a yes of who may
    not give it.
    """
    check_together(
        lambda: require_choice(violation, VIOLATIONS, field="violation"),
        lambda: clean_text(text, field="text", needed=True),
    )
    with case_action(actor, case, "write_notice") as act:
        if not is_help_there(case):
            raise InputError.at(Message("apps.violation_notices:help-first"))
        check_agreement(case.person, agreement)
        if not agreement.is_yes:
            raise InputError.at(Message("apps.violation_notices:no-is-no"), field="agreed_answer")
        row = ViolationNotice(
            organisation_id=case.organisation_id,
            person=case.person,
            violation=violation,
            written_at=clock.now(),
            written_by=actor.id,
            **agreement.columns(),
        )
        create_case_row(act, row, words=text.strip())
    return row


def take_notice_along(*, actor: Actor, case: Case, notice: ViolationNotice) -> None:
    """Write down that somebody took it along on paper. Raises InputError."""
    with case_action(actor, case, "notice_taken", closed_too=True) as act:
        _must_be(notice, State.DRAFT)
        change_case_row(act, notice, state=State.TAKEN, taken_at=clock.now(), taken_by=actor.id)


def withdraw_notice(*, actor: Actor, case: Case, notice: ViolationNotice) -> None:
    """The child, or who answered for it, wants it no more: its words are deleted. Raises
    InputError."""
    with case_action(actor, case, "notice_withdrawn", closed_too=True) as act:
        _must_be(notice, State.DRAFT, State.TAKEN)
        change_case_row(act, notice, state=State.WITHDRAWN, withdrawn_at=clock.now(), words=None)
        erase_history(ViolationNotice, notice.pk)


def _must_be(notice: ViolationNotice, *states: ViolationNotice.State) -> None:
    notice.refresh_from_db()
    if notice.state not in states:
        raise InputError.at(Message("apps.violation_notices:otherwise"))
