"""``marfa organisations``: the controller, its guest partners, and their sites."""

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


@click.group(
    "organisations",
    cls=Group,
    help=_("The organisation that controls the data, its guest partners, and their sites."),
)
def organisations() -> None:
    """Group of the organisation commands."""


@organisations.command(
    "list",
    help=_("List the organisations and their sites."),
    examples=("marfa organisations list --json",),
)
@data_option
@json_option
def list_organisations(data: Path | None, as_json: bool) -> None:
    """The controller first."""
    open_installation(data)
    from marfa.apps.organisations.queries import organisations_with_sites

    rows = [
        {
            "organisation": found.name,
            "kind": found.kind,
            "sites": [site.name for site in found.sites.all()],
            "ended": found.ended_at is not None,
            "reference": found.reference,
        }
        for found in organisations_with_sites()
    ]
    if as_json:
        print_json(rows)
        return
    kinds = {"controller": _("controller"), "guest": _("guest partner")}
    table = Table(_("Organisation"), _("Kind"), _("Sites"))
    for row in rows:
        kind = _("has left") if row["ended"] else kinds[str(row["kind"])]
        sites = ", ".join(row["sites"])  # type: ignore[arg-type]
        table.add_row(Text(str(row["organisation"])), kind, Text(sites))
    Console(highlight=False).print(table)


@organisations.command(
    "add",
    help=_("Add a guest partner: an organisation whose staff work in this installation."),
    examples=("marfa organisations add 'Lantern House'",),
)
@click.argument("name")
@data_option
@json_option
def add(name: str, data: Path | None, as_json: bool) -> None:
    """It sees what is its own, and what is opened to it."""
    open_installation(data)
    from marfa.apps.organisations.administration import add_guest, by_command

    made = add_guest(actor=by_command(), name=name)
    if as_json:
        print_json({"organisation": made.name, "reference": made.reference})
    else:
        print_message(Message("cli.server:organisation-added"))


@organisations.command(
    "site",
    help=_("Open a site of an organisation."),
    examples=("marfa organisations site 'Harbour office' --time-zone Africa/Tripoli",),
)
@click.argument("name")
@click.option("--time-zone", required=True, help=_("Time zone of the site."))
@click.option(
    "--organisation", help=_("Name or reference of the organisation; else the controller.")
)
@data_option
@json_option
def site(
    name: str, time_zone: str, organisation: str | None, data: Path | None, as_json: bool
) -> None:
    """A place of work with its own clock."""
    open_installation(data)
    from marfa.apps.organisations.administration import add_site, by_command

    where = the_organisation(organisation)
    made = add_site(actor=by_command(), organisation=where, name=name, time_zone=time_zone)
    if as_json:
        print_json({"site": made.name, "time_zone": time_zone, "reference": made.reference})
    else:
        print_message(Message("cli.server:site-opened"))


@organisations.command(
    "end",
    help=_("A guest partner leaves: its roles and teams end, and what was opened to it closes."),
    examples=("marfa organisations end 'Lantern House'",),
)
@click.argument("name")
@data_option
@json_option
def end(name: str, data: Path | None, as_json: bool) -> None:
    """What it recorded stays."""
    open_installation(data)
    from marfa.apps.organisations.administration import by_command, end_guest
    from marfa.apps.organisations.queries import organisation_called

    found = organisation_called(name)
    end_guest(actor=by_command(), organisation=found)
    if as_json:
        print_json({"organisation": found.name, "ended": True})
    else:
        print_message(Message("cli.server:organisation-left"))
