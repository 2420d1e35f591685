"""``marfa users``: who may come in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from marfa.cli.base import Group, json_option, print_json, print_message
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_installation
from marfa.cli.server.role_options import (
    check_desks,
    end_of,
    place_options,
    role_option,
    the_place,
    until_option,
)
from marfa.domain.message import Message

LAZY = {name: f"marfa.cli.server.grants:{name}" for name in ("grant", "grants", "lend", "revoke")}
LAZY["reset-factors"] = "marfa.cli.server.factors:reset_factors"


@click.group("users", cls=Group, lazy=LAZY, help=_("People who may sign in, and links for them."))
def users() -> None:
    """Group of the user commands."""


@users.command(
    "list",
    help=_("List the users, their roles and desks, and whether they may sign in."),
    examples=("marfa users list --json",),
)
@data_option
@json_option
def list_users(data: Path | None, as_json: bool) -> None:
    """All users by name."""
    open_installation(data)
    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.queries import held_roles
    from marfa.apps.organisations.roles import DESK_OF

    rows = []
    for user in User.objects.order_by("username"):
        roles = {held.role for held in held_roles(user)}
        rows.append(
            {
                "username": user.username,
                "reference": user.reference,
                "roles": sorted(roles),
                "desks": sorted({DESK_OF[role] for role in roles}),
                "active": user.is_active,
            }
        )
    if as_json:
        print_json(rows)
        return
    table = Table(_("User"), _("Roles"), _("May sign in"))
    for row in rows:
        roles_held = ", ".join(row["roles"])  # type: ignore[arg-type]
        # As text: a user name is not to be read as markup.
        table.add_row(
            Text(str(row["username"])), roles_held, _("yes") if row["active"] else _("no")
        )
    Console(highlight=False).print(table)


@users.command(
    "add",
    help=_("Add a user with one or more roles."),
    examples=(
        "marfa users add samir --role reception_officer --site 'Main office' --name 'Samir'",
        "marfa users add rana --role case_worker --until 2027-06-30",
    ),
)
@click.argument("username")
@role_option(several=True)
@click.option("--name", default="", help=_("Name that colleagues see; otherwise the user name."))
@place_options
@until_option(_("Last day of the roles, such as 2027-06-30."))
@data_option
@json_option
def add_user(
    username: str,
    roles: tuple[str, ...],
    name: str,
    organisation: str | None,
    site: str | None,
    team: str | None,
    until: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """One user with roles over the whole of the controller, or where it is said."""
    folder = open_installation(data)
    from marfa.apps.organisations.administration import add_person, by_command, give_role
    from marfa.safeguards.actions import together
    from marfa.safeguards.words import Role

    chosen = [Role(role) for role in dict.fromkeys(roles)]
    check_desks(folder, chosen)
    ends_at, actor = end_of(until), by_command()
    place = the_place(organisation, site, team)
    with together():
        user = add_person(actor=actor, username=username, display_name=name)
        for role in chosen:
            give_role(actor=actor, user=user, role=role, ends_at=ends_at, **place)
    if as_json:
        print_json({"username": user.username, "reference": user.reference, "roles": chosen})
    else:
        print_message(Message("cli.server:user-added", {"username": user.username}))


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
    open_installation(data)
    from django.conf import settings
    from django.urls import reverse

    from marfa.apps.accounts.queries import user_named
    from marfa.apps.organisations.administration import by_command, make_link

    minutes: int = settings.MARFA.link_minutes
    secret = make_link(
        actor=by_command(), user=user_named(username), valid_for=timedelta(minutes=minutes)
    )
    url = settings.MARFA.public_origin + reverse("accounts:link", args=[secret])
    if as_json:
        print_json({"url": url, "minutes": minutes})
    else:
        print_message(Message("cli.server:link-made", {"url": url}, count=minutes))


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
    open_installation(data)
    from marfa.apps.accounts.queries import user_named
    from marfa.apps.organisations import administration

    user = user_named(username)
    change = administration.unblock_account if undo else administration.block_account
    change(actor=administration.by_command(), user=user)
    if as_json:
        print_json({"username": user.username, "active": undo})
    else:
        print_message(
            Message("cli.server:user-allowed") if undo else Message("cli.server:user-blocked")
        )
