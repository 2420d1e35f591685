"""Brothers and sisters who are not together: asked with a reason, agreed by a second person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from marfa.apps.cases.action_base import (
    PURPOSE,
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    lock_case,
)
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import review_of
from marfa.apps.registry.models import Person
from marfa.apps.tracing.deadlines import review_after, review_on
from marfa.apps.tracing.models import Parting
from marfa.apps.tracing.siblings import agreed_partings, stays_with
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

State = Parting.State


def ask_parting(
    *, actor: Actor, case: Case, other: Person, text: str, review_at: datetime | None = None
) -> Parting:
    """Say why a child has to be apart from somebody of whom they must not be parted. It holds once
    a second person agrees. Raises DeniedError, InputError."""
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, case, "ask_parting") as act:
        now = clock.now()
        until = review_on(review_at, now)
        if Parting.objects.filter(case=case, other=other, state=State.WAITING).exists():
            raise InputError.at(Message("apps.tracing:waits-for-second"))
        row = Parting(
            **case_columns(case),
            other=other,
            asked_at=now,
            asked_by=actor.id,
            review_at=until,
        )
        create_case_row(act, row, why=said)
    return row


def answer_parting(*, actor: Actor, parting: Parting, agree: bool) -> None:
    """A second person agrees that they may be apart for now, or does not. Raises DeniedError for
    who asked, InputError for one that is answered."""
    person = parting.case.person
    with (
        open_vault(),
        action(
            actor=actor,
            code="cases.review",
            purpose=PURPOSE,
            resource=review_of(person, parting.pk, asked_by=parting.asked_by),
            subject=person.pk,
        ) as act,
    ):
        act.note(step="answer_parting", agreed=agree)
        lock_case(parting.case)
        parting.refresh_from_db()
        if parting.state != State.WAITING:
            raise InputError.at(Message("apps.cases:answered-already"))
        state = State.AGREED if agree else State.NOT_AGREED
        now = clock.now()
        until = review_after(parting.review_at, now)
        change_case_row(
            act, parting, state=state, decided_at=now, decided_by=actor.id, review_at=until
        )


def check_together_or_agreed(actor: Actor, person: Person, along: set[UUID], *, field: str) -> None:
    """Hold that nobody is parted of whom two people did not say so. along: keys of those who come
    along or are there already. Raises InputError."""
    left = {other.pk for other in stays_with(actor, person)} - along - agreed_partings(person)
    if left:
        raise InputError.at(Message("apps.tracing:not-parted", {"count": len(left)}), field=field)
