"""What the log is told of coming in: keys, codes and numbers; no name, address or device."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.safeguards.actions import log_events
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Detail, Event
from marfa.safeguards.words import Outcome, Purpose

VISITOR = Actor(UUID(int=0), ActorKind.VISITOR)
KIND = "Account"


def log_account_event(
    action: str, *, user: User, actor: Actor | None = None, rows: int = 1, **detail: Detail
) -> None:
    """Tell the log what was done to an account, by its holder unless another actor is named."""
    log_events(
        Event(
            action=action,
            actor=actor or Actor(user.pk, ActorKind.PERSON),
            purpose=Purpose.SECURITY,
            object_kind=KIND,
            object_id=user.pk,
            rows=rows,
            detail=detail,
        )
    )


def log_refused_sign_in(how: str, user: User | None) -> None:
    """Tell the log that somebody was not let in. how: password, code, recovery or passkey.

    user: whose account it was, where there is one; a name that nobody has is not written down.
    """
    log_events(
        Event(
            action="accounts.sign_in_refused",
            actor=VISITOR,
            purpose=Purpose.SECURITY,
            outcome=Outcome.DENIED,
            object_kind=KIND if user else "",
            object_id=user.pk if user else None,
            detail={"how": how},
        )
    )
