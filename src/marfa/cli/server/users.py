"""``marfa users``: who may come in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from marfa.cli.base import Group, json_option, print_json, say
from marfa.cli.language import _
from marfa.cli.server.create import DESKS
from marfa.cli.server.installation import data_option, enter
from marfa.domain.message import InputError, Message


@click.group("users", cls=Group, help=_("People who may sign in, and links for them."))
def users() -> None:
    """Group of the user commands."""


@users.command(
    "list",
    help=_("List the users, their desks, and whether they may sign in."),
    examples=("marfa users list --json",),
)
@data_option
@json_option
def list_users(data: Path | None, as_json: bool) -> None:
    """All users by name."""
    enter(data)
    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.queries import desks_of

    rows = [
        {
            "username": user.username,
            "desks": sorted(desks_of(user)),
            "active": user.is_active,
        }
        for user in User.objects.order_by("username")
    ]
    if as_json:
        print_json(rows)
        return
    table = Table(_("User"), _("Desks"), _("May sign in"))
    for row in rows:
        desks = ", ".join(str(desk) for desk in row["desks"])  # type: ignore[attr-defined]
        # As text: a user name is not to be read as markup.
        table.add_row(Text(str(row["username"])), desks, _("yes") if row["active"] else _("no"))
    Console(highlight=False).print(table)


@users.command(
    "add",
    help=_("Add a user with a role at one or more desks."),
    examples=("marfa users add samir --desk reception --desk protection --name 'Samir'",),
)
@click.argument("username")
@click.option(
    "--desk",
    "desks",
    multiple=True,
    required=True,
    type=click.Choice(DESKS),
    help=_("Desk at which the person works; may be given more than once."),
)
@click.option("--name", default="", help=_("Name that colleagues see; otherwise the user name."))
@data_option
@json_option
def add_user(
    username: str, desks: tuple[str, ...], name: str, data: Path | None, as_json: bool
) -> None:
    """One user with roles over the whole of the controller."""
    folder = enter(data)
    from django.db import transaction

    from marfa.apps.accounts.actions import create_user
    from marfa.apps.organisations.actions import grant_role
    from marfa.apps.organisations.models import Organisation
    from marfa.apps.registry import Desk

    for desk in desks:
        if desk not in folder.instance.desks:
            here = ", ".join(folder.instance.desks)
            message = Message("cli.server:desk-not-here", {"desk": desk, "desks": here})
            raise InputError.at(message, field="--desk")
    with transaction.atomic():
        user = create_user(username=username, display_name=name)
        controller = Organisation.objects.get(kind=Organisation.Kind.CONTROLLER)
        for desk in dict.fromkeys(desks):
            grant_role(user=user, desk=Desk(desk), organisation=controller)
    if as_json:
        print_json({"username": user.username, "desks": list(dict.fromkeys(desks))})
    else:
        say(Message("cli.server:user-added", {"username": user.username}))


@users.command(
    "link",
    help=_("Make a one-time sign-in link for a user; earlier unused ones stop working."),
    examples=("marfa users link samir",),
)
@click.argument("username")
@data_option
@json_option
def link(username: str, data: Path | None, as_json: bool) -> None:
    """Print a link; give it to the person by a way that only they can read."""
    enter(data)
    from django.conf import settings
    from django.urls import reverse

    from marfa.apps.accounts.actions import issue_sign_in_link
    from marfa.apps.accounts.queries import user_named

    minutes: int = settings.MARFA.link_minutes
    secret = issue_sign_in_link(user=user_named(username), valid_for=timedelta(minutes=minutes))
    url = settings.MARFA.public_origin + reverse("accounts:link", args=[secret])
    if as_json:
        print_json({"url": url, "minutes": minutes})
    else:
        say(Message("cli.server:link-made", {"url": url}, count=minutes))


@users.command(
    "block",
    help=_("Stop a user from signing in; open sessions end at their next request."),
    examples=("marfa users block samir",),
)
@click.argument("username")
@click.option("--undo", is_flag=True, help=_("Let the user sign in again."))
@data_option
@json_option
def block(username: str, undo: bool, data: Path | None, as_json: bool) -> None:
    """Block a user, or undo it."""
    enter(data)
    from marfa.apps.accounts.actions import allow_sign_in
    from marfa.apps.accounts.queries import user_named
    from marfa.apps.organisations.actions import block_user

    user = user_named(username)
    if undo:
        allow_sign_in(user=user, allowed=True)
    else:
        block_user(user=user)
    if as_json:
        print_json({"username": user.username, "active": undo})
    else:
        say(Message("cli.server:user-allowed") if undo else Message("cli.server:user-blocked"))
