"""``marfa users reset-factors``: a new beginning for somebody who lost what they sign in with."""

from __future__ import annotations

from pathlib import Path

import click

from marfa.cli.base import Command, json_option, print_json, print_message
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_installation
from marfa.domain.message import Message

REASONS = ("lost", "broken", "stolen", "suspected")


@click.command(
    "reset-factors",
    cls=Command,
    help=_(
        "Remove a user's passkeys, authenticator app, recovery codes and password, and end their"
        " sessions; they set up new ones after a one-time link."
    ),
    examples=("marfa users reset-factors samir --reason stolen",),
)
@click.argument("username")
@click.option(
    "--reason",
    type=click.Choice(REASONS),
    default="lost",
    show_default=True,
    help=_("Why; it goes into the log."),
)
@data_option
@json_option
def reset_factors(username: str, reason: str, data: Path | None, as_json: bool) -> None:
    """Reset, and say what comes next."""
    open_installation(data)
    from marfa.apps.accounts import factors
    from marfa.apps.accounts.queries import user_named
    from marfa.domain.ids import new_id
    from marfa.safeguards.actor import Actor, ActorKind

    user = user_named(username)
    actor = Actor(new_id(), ActorKind.COMMAND)
    factors.reset_factors(user=user, reason=factors.Reason(reason), actor=actor)
    if as_json:
        print_json({"username": user.username, "reason": reason})
    else:
        print_message(Message("cli.server:factors-reset", {"username": user.username}))
