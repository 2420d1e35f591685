"""``marfa users grant``, ``grants``, ``revoke`` and ``lend``: who holds which role."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from marfa.cli.base import Command, json_option, print_json, print_message
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_installation
from marfa.cli.server.role_options import (
    Named,
    as_row,
    check_desks,
    end_of,
    place_options,
    role_option,
    start_of,
    the_place,
    until_option,
)
from marfa.domain.message import InputError, Message
from marfa.platform import clock

if TYPE_CHECKING:
    from marfa.apps.organisations.models import RoleGrant


@click.command(
    "grant",
    cls=Command,
    help=_("Give a user one more role, from now on."),
    examples=(
        "marfa users grant samir --role case_worker --site 'Main office' --until 2027-06-30",
    ),
)
@click.argument("username")
@role_option()
@place_options
@until_option(_("Last day of the role, such as 2027-06-30; otherwise it has no end."))
@data_option
@json_option
def grant(
    username: str,
    role: str,
    organisation: str | None,
    site: str | None,
    team: str | None,
    until: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """One role at one place."""
    folder = open_installation(data)
    from marfa.apps.accounts.queries import user_named
    from marfa.apps.organisations.administration import by_command, give_role
    from marfa.safeguards.words import Role

    check_desks(folder, [Role(role)])
    made = give_role(
        actor=by_command(),
        user=user_named(username),
        role=Role(role),
        ends_at=end_of(until),
        **the_place(organisation, site, team),
    )
    if as_json:
        print_json(as_row(made))
    else:
        print_message(Message("cli.server:role-granted"))


@click.command(
    "revoke",
    cls=Command,
    help=_("End a role of a user now, and what was lent of it."),
    examples=("marfa users revoke samir --role case_worker",),
)
@click.argument("username")
@role_option()
@place_options
@data_option
@json_option
def revoke(
    username: str,
    role: str,
    organisation: str | None,
    site: str | None,
    team: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """The role at the place that is named, and at no other."""
    open_installation(data)
    from marfa.apps.organisations.administration import by_command, end_role

    found = grant_in_force(username, role, the_place(organisation, site, team))
    end_role(actor=by_command(), grant=found)
    if as_json:
        print_json(as_row(found) | {"until": clock.now().isoformat()})
    else:
        print_message(Message("cli.server:role-revoked"))


@click.command(
    "grants",
    cls=Command,
    help=_("List the roles in force, and those that are lent."),
    examples=("marfa users grants --ending-within 14",),
)
@click.option(
    "--ending-within",
    type=click.IntRange(1, 3650),
    metavar="DAYS",
    help=_("Only roles that end within so many days."),
)
@data_option
@json_option
def grants(ending_within: int | None, data: Path | None, as_json: bool) -> None:
    """By user; a role that is lent follows the roles of one's own."""
    open_installation(data)
    from marfa.apps.organisations.queries import grants_by_person, loans_ahead

    own, lent = grants_by_person(), loans_ahead()
    if ending_within is not None:
        limit = clock.now() + timedelta(days=ending_within)
        own, lent = own.filter(ends_at__lte=limit), lent.filter(ends_at__lte=limit)
    rows = [as_row(each) | {"lent_by": None} for each in own]
    rows += [
        as_row(loan.grant)
        | {
            "username": loan.to.username,
            "lent_by": loan.grant.user.username,
            "from": loan.starts_at.isoformat(),
            "until": loan.ends_at.isoformat(),
            "reference": loan.reference,
        }
        for loan in lent
    ]
    if as_json:
        print_json(rows)
        return
    table = Table(_("User"), _("Role"), _("Where"), _("Until"), _("Lent by"))
    for row in rows:
        where = row["site"] or row["team"] or row["organisation"]
        until = str(row["until"] or "")[:16]
        cells = (row["username"], row["role"], where, until, row["lent_by"] or "")
        # As text: a name is not to be read as markup.
        table.add_row(*(Text(str(cell)) for cell in cells))
    Console(highlight=False).print(table)


@click.command(
    "lend",
    cls=Command,
    help=_("Let a colleague stand in with a role of a user who is away."),
    examples=(
        "marfa users lend samir rana --role case_worker --from 2027-01-10 --until 2027-01-24",
        "marfa users lend samir rana --role case_worker --back",
    ),
)
@click.argument("lender")
@click.argument("colleague")
@role_option()
@place_options
@click.option("--from", "since", metavar="DAY", help=_("First day; otherwise from now on."))
@until_option(_("Last day, such as 2027-01-24."))
@click.option("--back", is_flag=True, help=_("End what is lent, now."))
@data_option
@json_option
def lend(
    lender: str,
    colleague: str,
    role: str,
    organisation: str | None,
    site: str | None,
    team: str | None,
    since: str | None,
    until: str | None,
    back: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """For a time; both find it under their roles."""
    open_installation(data)
    from marfa.apps.accounts.queries import user_named
    from marfa.apps.organisations import administration

    found = grant_in_force(lender, role, the_place(organisation, site, team))
    to = user_named(colleague)
    if back:
        for loan in found.delegations.filter(to=to, ends_at__gt=clock.now()):
            administration.take_back(actor=administration.by_command(), delegation=loan)
        ends_at = clock.now()
    else:
        last = end_of(until)
        if last is None:
            raise InputError.at(Message("cli.server:day"), field="--until")
        ends_at = last
        administration.lend_grant(
            actor=administration.by_command(),
            grant=found,
            to=to,
            starts_at=start_of(since),
            ends_at=ends_at,
        )
    if as_json:
        row = as_row(found) | {"username": to.username, "lent_by": found.user.username}
        print_json(row | {"until": ends_at.isoformat()})
    else:
        print_message(Message("cli.server:role-back") if back else Message("cli.server:role-lent"))


def grant_in_force(username: str, role: str, place: Named) -> RoleGrant:
    """The grant in force of a user; raises InputError where they do not hold the role there."""
    from marfa.apps.accounts.queries import user_named
    from marfa.apps.organisations.queries import grants_in_force

    found = grants_in_force().filter(user=user_named(username), role=role, **place).first()
    if found is None:
        raise InputError.at(Message("cli.server:role-not-held"), field="--role")
    return found
