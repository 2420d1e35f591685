"""Where a role holds and until when, as the commands are told it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from marfa.cli.language import _
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    from marfa.apps.organisations.models import Organisation, RoleGrant, Site, Team
    from marfa.platform.datafolder import DataFolder
    from marfa.safeguards.words import Role

F = TypeVar("F", bound=Callable[..., Any])

ROLES = codelist("roles").codes


def role_option(several: bool = False) -> Callable[[F], F]:
    """``--role``, of those that Marfa knows."""
    text = _("Role of the person; may be given more than once.") if several else _("The role.")
    name = "roles" if several else "role"
    return click.option(
        "--role", name, multiple=several, required=True, type=click.Choice(ROLES), help=text
    )


def place_options(function: F) -> F:
    """``--organisation``, ``--site`` and ``--team``."""
    for option in (
        click.option("--team", help=_("Team for which the role holds.")),
        click.option("--site", help=_("Site at which the role holds.")),
        click.option(
            "--organisation", help=_("Name or reference of the organisation; else the controller.")
        ),
    ):
        function = option(function)
    return function


def until_option(help_text: str, *, required: bool = False) -> Callable[[F], F]:
    """``--until``, a day that is included."""
    return click.option("--until", metavar="DAY", required=required, help=help_text)


def end_of(text: str | None, option: str = "--until") -> datetime | None:
    """The end of a day in UTC; raises InputError for what is no day."""
    if text is None:
        return None
    return datetime.combine(_day(text, option) + timedelta(days=1), time(), UTC)


def start_of(text: str | None, option: str = "--from") -> datetime | None:
    """The beginning of a day in UTC; raises InputError for what is no day."""
    return None if text is None else datetime.combine(_day(text, option), time(), UTC)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.at(Message("cli.server:day"), field=option) from None


def the_organisation(name: str | None) -> Organisation:
    """The organisation that was named, or else the controller."""
    from marfa.apps.organisations.queries import data_controller, organisation_called

    return organisation_called(name) if name else data_controller()


class Named(TypedDict):
    """Where a role holds, as the actions take it."""

    organisation: Organisation
    site: Site | None
    team: Team | None


def the_place(organisation: str | None, site: str | None, team: str | None) -> Named:
    """The place that was named; raises InputError where there is none of that name."""
    from marfa.apps.organisations.queries import site_called, team_called

    where = the_organisation(organisation)
    return {
        "organisation": where,
        "site": site_called(site, where) if site else None,
        "team": team_called(team, where) if team else None,
    }


def check_desks(folder: DataFolder, roles: Iterable[Role]) -> None:
    """Raise InputError for a role whose desk this installation does not have, naming its desks."""
    from marfa.apps.organisations.roles import DESK_OF

    for role in roles:
        if DESK_OF[role] not in folder.instance.desks:
            here = ", ".join(folder.instance.desks)
            message = Message("cli.server:desk-not-here", {"desk": DESK_OF[role], "desks": here})
            raise InputError.at(message, field="--role")


def as_row(grant: RoleGrant) -> dict[str, object]:
    """A grant as the commands print it."""
    return {
        "username": grant.user.username,
        "role": grant.role,
        "organisation": grant.organisation.name,
        "site": grant.site.name if grant.site else None,
        "team": grant.team.name if grant.team else None,
        "until": grant.ends_at.isoformat() if grant.ends_at else None,
        "reference": grant.reference,
    }
