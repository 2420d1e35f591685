"""Handing a case on to a colleague, who accepts it or says no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from marfa.apps.accounts.models import User
from marfa.apps.cases.action_base import (
    PURPOSE,
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    lock_case,
)
from marfa.apps.cases.actions.case_management import make_responsible, must_work
from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import Case, CaseTransfer
from marfa.apps.cases.transfers import (
    ANSWER,
    ASK,
    WITHIN,
    State,
    colleagues_for,
    transfer_of,
    waiting_transfer,
)
from marfa.apps.cases.workers import may_work
from marfa.apps.organisations.queries import actor_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault


def ask_transfer(*, actor: Actor, case: Case, worker: User, text: str) -> CaseTransfer:
    """Ask a colleague to take a case over. text: what they are told before they answer, the least
    that they need. Until they accept, who has the case keeps it, and its clocks run.

    Raises DeniedError; InputError for somebody who cannot be asked, such as oneself or who is shut
    out of the person, and where a colleague is asked already.
    """
    note = clean_text(text, field="text", needed=True)
    must_work(worker, [case])
    with case_action(actor, case, "ask_transfer", code=ASK) as act:
        if waiting_transfer(case) is not None:
            raise InputError.at(Message("apps.cases:transfer-waits"))
        able = {each.user.pk for each in colleagues_for(case)} - {actor.id}
        if worker.pk not in able:
            raise InputError.at(Message("apps.cases:no-case-worker"), field="worker")
        now = clock.now()
        row = CaseTransfer(
            **case_columns(case),
            before=case.worker,
            after=worker.pk,
            asked_at=now,
            asked_by=actor.id,
            due_at=now + WITHIN[case.urgency],
        )
        create_case_row(act, row, note=note)
    return row


def accept_transfer(*, actor: Actor, transfer: CaseTransfer, text: str = "") -> None:
    """Take the case over: from now on it is theirs, with its planned contacts and deadlines, and
    who had it works with the person no more.

    Raises DeniedError for anybody who was not asked or is shut out since; InputError where it was
    answered, or the case went another way.
    """
    said = clean_text(text, field="text")
    with _answering(actor, transfer) as act:
        case, user = transfer.case, User.objects.get(pk=actor.id)
        if not may_work(actor_of(user), case.person):
            raise InputError.at(Message("apps.cases:no-case-worker"))
        _end(act, transfer, State.ACCEPTED, words=said)
        make_responsible(act, case, user, text="", stays=False, by=user)
        restate_case_facts(case.person)


def refuse_transfer(*, actor: Actor, transfer: CaseTransfer, text: str) -> None:
    """Say no, with the reason; the case stays where it is. Raises as ``accept_transfer``."""
    said = clean_text(text, field="text", needed=True)
    with _answering(actor, transfer) as act:
        _end(act, transfer, State.REFUSED, words=said)


def withdraw_transfer(*, actor: Actor, transfer: CaseTransfer) -> None:
    """Take back what nobody answered yet. Raises DeniedError, InputError."""
    with case_action(actor, transfer.case, "withdraw_transfer", code=ASK) as act:
        _must_wait(transfer)
        _end(act, transfer, State.WITHDRAWN)


def end_transfers(act: Act, case: Case) -> None:
    """What waits in a case that went another way: somebody else is responsible, or it was closed,
    or who was asked may not work with the person any more."""
    for row in CaseTransfer.objects.filter(case=case, state=State.WAITING):
        with open_vault():
            _end(act, row, State.OVERTAKEN)


@contextmanager
def _answering(actor: Actor, row: CaseTransfer) -> Iterator[Act]:
    with (
        open_vault(),
        action(
            actor=actor,
            code=ANSWER,
            purpose=PURPOSE,
            resource=transfer_of(row),
            subject=row.person_id,
        ) as act,
    ):
        act.note(step="answer_transfer")
        lock_case(row.case)
        _must_wait(row)
        if row.case.state != Case.State.OPEN or row.case.worker != row.before:
            raise InputError.at(Message("apps.cases:transfer-over"))
        yield act


def _must_wait(row: CaseTransfer) -> None:
    """Read it again: somebody may have been faster."""
    row.refresh_from_db()
    if row.state != State.WAITING:
        raise InputError.at(Message("apps.cases:transfer-over"))


def _end(act: Act, row: CaseTransfer, state: CaseTransfer.State, words: str | None = None) -> None:
    change_case_row(act, row, state=state, answered_at=clock.now(), words=words)
