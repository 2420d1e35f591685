"""``marfa teams``: colleagues who share work."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from marfa.cli.base import Group, json_option, print_json, print_message
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_installation
from marfa.cli.server.role_options import the_organisation
from marfa.domain.message import Message

organisation_option = click.option(
    "--organisation", help=_("Name or reference of the organisation; else the controller.")
)


@click.group("teams", cls=Group, help=_("Teams, and who belongs to them."))
def teams() -> None:
    """Group of the team commands."""


@teams.command(
    "list", help=_("List the teams and their members."), examples=("marfa teams list --json",)
)
@data_option
@json_option
def list_teams(data: Path | None, as_json: bool) -> None:
    """Teams that have not ended, by organisation and name."""
    open_installation(data)
    from marfa.apps.organisations.queries import teams_with_members

    rows = [
        {
            "team": team.name,
            "organisation": team.organisation.name,
            "site": team.site.name if team.site else None,
            "members": [member.user.username for member in team.memberships.all()],
            "reference": team.reference,
        }
        for team in teams_with_members()
    ]
    if as_json:
        print_json(rows)
        return
    table = Table(_("Team"), _("Organisation"), _("Members"))
    for row in rows:
        members = ", ".join(row["members"])  # type: ignore[arg-type]
        table.add_row(*(Text(str(cell)) for cell in (row["team"], row["organisation"], members)))
    Console(highlight=False).print(table)


@teams.command(
    "add",
    help=_("Make a team in an organisation."),
    examples=("marfa teams add 'Family tracing' --site 'Main office'",),
)
@click.argument("name")
@organisation_option
@click.option("--site", help=_("Site of the team; otherwise it works across the organisation."))
@data_option
@json_option
def add(
    name: str, organisation: str | None, site: str | None, data: Path | None, as_json: bool
) -> None:
    """Without members."""
    open_installation(data)
    from marfa.apps.organisations.administration import add_team, by_command
    from marfa.apps.organisations.queries import site_called

    where = the_organisation(organisation)
    team = add_team(
        actor=by_command(),
        organisation=where,
        name=name,
        site=site_called(site, where) if site else None,
    )
    if as_json:
        print_json({"team": team.name, "organisation": where.name, "reference": team.reference})
    else:
        print_message(Message("cli.server:team-added"))


def _membership(
    username: str, team: str, organisation: str | None, data: Path | None, joins: bool
) -> dict[str, object]:
    open_installation(data)
    from marfa.apps.accounts.queries import user_named
    from marfa.apps.organisations import administration
    from marfa.apps.organisations.queries import team_called

    found = team_called(team, the_organisation(organisation))
    user = user_named(username)
    change = administration.add_team_member if joins else administration.remove_team_member
    change(actor=administration.by_command(), team=found, user=user)
    return {"username": user.username, "team": found.name, "member": joins}


@teams.command(
    "join", help=_("Make a user a member of a team."), examples=("marfa teams join samir Tracing",)
)
@click.argument("username")
@click.argument("team")
@organisation_option
@data_option
@json_option
def join(
    username: str, team: str, organisation: str | None, data: Path | None, as_json: bool
) -> None:
    """Being a member gives no role."""
    row = _membership(username, team, organisation, data, joins=True)
    if as_json:
        print_json(row)
    else:
        print_message(Message("cli.server:team-joined"))


@teams.command(
    "leave",
    help=_("End a membership, and the roles that the user holds for the team."),
    examples=("marfa teams leave samir Tracing",),
)
@click.argument("username")
@click.argument("team")
@organisation_option
@data_option
@json_option
def leave(
    username: str, team: str, organisation: str | None, data: Path | None, as_json: bool
) -> None:
    """What the team was shut out of stays shut to those who leave it."""
    row = _membership(username, team, organisation, data, joins=False)
    if as_json:
        print_json(row)
    else:
        print_message(Message("cli.server:team-left"))


@teams.command(
    "end",
    help=_("End a team, its memberships and the roles that hold for it."),
    examples=("marfa teams end Tracing",),
)
@click.argument("team")
@organisation_option
@data_option
@json_option
def end(team: str, organisation: str | None, data: Path | None, as_json: bool) -> None:
    """Its name stays taken, so that the record stays clear."""
    open_installation(data)
    from marfa.apps.organisations.administration import by_command, end_team
    from marfa.apps.organisations.queries import team_called

    found = team_called(team, the_organisation(organisation))
    end_team(actor=by_command(), team=found)
    if as_json:
        print_json({"team": found.name, "ended": True})
    else:
        print_message(Message("cli.server:team-ended"))
