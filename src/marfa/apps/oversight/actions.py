"""What administrators do to how others sign in, decided by the charter and told to the log."""

from __future__ import annotations

from marfa.apps.accounts import factors, sessions
from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.organisations.administration import account_resource
from marfa.domain.message import InputError, Message
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def end_sessions_of(*, actor: Actor, user: User) -> int:
    """Sign somebody out everywhere; how many sessions ended. Raises DeniedError."""
    with action(
        actor=actor, code="users.block", purpose=Purpose.SECURITY, resource=account_resource(user)
    ) as act:
        ended = sessions.end_all_of(user=user, by=OpenSession.Ended.REVOKED)
        act.note(sessions=ended)
    return ended


def reset_factors_of(*, actor: Actor, user: User, reason: str) -> None:
    """Remove what somebody signs in with, for a reason. Raises DeniedError; InputError for a
    reason that is none."""
    if reason not in factors.Reason.values:
        raise InputError.at(Message("apps.oversight:reason-missing"), field="reason")
    with action(
        actor=actor, code="users.reset", purpose=Purpose.SECURITY, resource=account_resource(user)
    ):
        factors.reset_factors(user=user, reason=factors.Reason(reason), actor=actor)
