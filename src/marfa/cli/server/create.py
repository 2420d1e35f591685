"""``marfa init``: make an installation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from marfa.cli.base import Command, json_option, print_json, print_message
from marfa.cli.language import _
from marfa.cli.server.installation import (
    all_or_nothing,
    data_option,
    database_error,
    migrate_database,
    place_of,
    quote_path,
    set_up,
)
from marfa.domain.desks import ALWAYS, Desk, check_desks
from marfa.domain.message import InputError, Message, Place
from marfa.platform.datafolder import DataFolder, InstallationKind, Making, new_folder
from marfa.platform.settings import FILE, read_settings
from marfa.web.database import Connects


@click.command(
    "init",
    cls=Command,
    help=_("Make a new installation: its folder, keys, database and first administrator."),
    examples=(
        "marfa init --desks reception,protection,reporting --organisation 'Our organisation' "
        "--site 'Main office' --time-zone Africa/Tripoli --administrator amal",
    ),
)
@data_option
@click.option(
    "--desks",
    default="reception,protection,reporting",
    show_default=True,
    help=_("Desks of this installation, with commas; administration always belongs to it."),
)
@click.option(
    "--organisation",
    prompt=_("Name of the organisation that controls the data"),
    help=_("Name of the organisation that controls the data."),
)
@click.option("--site", prompt=_("Name of the first site"), help=_("Name of the first site."))
@click.option(
    "--time-zone",
    prompt=_("Time zone of the site, such as Africa/Tripoli"),
    help=_("Time zone of the site, such as Africa/Tripoli."),
)
@click.option(
    "--administrator",
    prompt=_("User name of the first administrator"),
    help=_("User name of the first administrator."),
)
@click.option(
    "--database",
    default="",
    help=_("PostgreSQL address, kept in the installation's settings. Otherwise SQLite."),
)
@json_option
def init(
    data: Path | None,
    desks: str,
    organisation: str,
    site: str,
    time_zone: str,
    administrator: str,
    database: str,
    as_json: bool,
) -> None:
    """Everything is made beside its place and moved there at the end, or not at all."""
    path = place_of(data)
    chosen = parse_desks(desks)

    def first_people() -> None:
        _first_people(organisation, site, time_zone, administrator)

    with new_folder(path, kind=InstallationKind.LIVE, desks=chosen) as making:
        prepare_django(making.folder, database)
        fill_installation(making, first_people)
    if as_json:
        print_json({"data": str(path), "desks": list(chosen), "administrator": administrator})
        return
    print_message(
        Message("cli.server:made", {"path": quote_path(path), "desks": ", ".join(chosen)})
    )
    print_message(Message("cli.server:start-it", {"path": quote_path(path)}))


def parse_desks(text: str) -> tuple[str, ...]:
    """Desks in the order of the design; raises InputError where there is none of that name, or
    they may not share a database."""
    asked = {part.strip().lower() for part in text.split(",") if part.strip()} | set(ALWAYS)
    check_desks(asked, Place(field="--desks"))
    return tuple(desk for desk in Desk if desk in asked)


def prepare_django(folder: DataFolder, database: str = "") -> None:
    """Settings and Django for a folder that is being made; its database is still empty."""
    if database:
        file = folder.path / FILE
        file.write_text(
            f"{file.read_text(encoding='utf-8')}database = {toml_string(database)}\n",
            encoding="utf-8",
        )
    refuse_two_databases(folder.path, database)
    if read_settings(folder.path).database == "":
        folder.database.touch(mode=0o600)
    set_up(folder.path, Connects.OWNER)
    refuse_used_database()


def fill_installation(making: Making, fill_in: Callable[[], None]) -> None:
    """Tables and first rows, and the folder in its place, all of it or nothing."""
    from django.db import connection

    with all_or_nothing():
        migrate_database()
        _tie_to_folder(making.folder)
        fill_in()
        if connection.vendor == "postgresql":
            # Before the commit: a database without its folder and keys would be lost.
            making.settle()
    # SQLite folds its log into the one file that is moved.
    connection.close()


def _tie_to_folder(folder: DataFolder) -> None:
    from marfa.apps.organisations.actions import found_installation

    found_installation(identifier=folder.instance.identifier, kind=folder.instance.kind)


def toml_string(text: str) -> str:
    """A TOML string: as in JSON, but for characters that TOML wants as they are or escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def refuse_two_databases(folder: Path, database: str) -> None:
    """Raise InputError where ``--database``, which the settings of a folder hold by now, is not
    what is read: the environment wins over it."""
    if database and read_settings(folder).database != database:
        raise InputError.at(Message("cli.server:database-two"), field="--database")


def refuse_used_database() -> None:
    """Raise InputError for a database that holds tables already."""
    if holds_tables():
        raise InputError.at(Message("cli.server:database-used"))


def holds_tables() -> bool:
    """Whether the database that the settings name is not empty; raises InputError where it does
    not answer."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, connection

    try:
        return bool(connection.introspection.table_names())
    except (DatabaseError, ImproperlyConfigured) as error:
        raise database_error(error) from error


def _first_people(organisation: str, site: str, time_zone: str, administrator: str) -> None:
    from django.db import transaction

    from marfa.apps.accounts.actions import create_user
    from marfa.apps.organisations.actions import create_organisation, grant_role, open_site
    from marfa.apps.organisations.models import Organisation
    from marfa.safeguards.words import Role

    with transaction.atomic():
        controller = create_organisation(name=organisation, kind=Organisation.Kind.CONTROLLER)
        open_site(organisation=controller, name=site, time_zone=time_zone)
        user = create_user(username=administrator, display_name=administrator)
        grant_role(user=user, role=Role.ADMINISTRATOR, organisation=controller)
