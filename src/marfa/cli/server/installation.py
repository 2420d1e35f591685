"""An installation as the commands see it: its folder, Django set up on it, its database checked."""

from __future__ import annotations

import errno
import os
import shlex
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

import click

from marfa.cli.base import print_warning
from marfa.cli.language import _
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.backups import restoration, writer
from marfa.platform.datafolder import DataFolder, default_folder, full_path, open_folder
from marfa.platform.disk_space import is_full
from marfa.platform.keyproviders import ask_at_terminal
from marfa.platform.occupancy import occupy_installation
from marfa.platform.settings import read_settings
from marfa.web.database import Connects, address_of, connect_as, user_in
from marfa.web.desk_choice import choose_desks

F = TypeVar("F", bound=Callable[..., Any])


def _ask() -> str:
    typed: str = click.prompt(_("Passphrase of the installation"), hide_input=True, err=True)
    return typed


ask_at_terminal(_ask)


def data_option(function: F) -> F:
    """``--data``: where the installation is."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        help=_("Data folder of the installation. Otherwise MARFA_DATA, or ~/.local/share/marfa."),
    )(function)


def place_of(data: Path | None) -> Path:
    """The data folder that a command was given, or the usual one."""
    return full_path(data) if data else default_folder()


def quote_path(path: Path) -> str:
    """A path as it can be typed after a command, also with spaces in it."""
    return shlex.quote(str(path))


def set_up(
    folder: Path,
    who: Connects = Connects.APPLICATION,
    desks: Collection[str] | None = None,
) -> None:
    """Point Django at an installation; raises InputError if its folder or settings are wrong.

    who: which of its roles the process takes in PostgreSQL. desks: with which it works; otherwise
    those of the installation.
    """
    open_folder(folder)
    read_settings(folder)
    connect_as(who)
    if desks is not None:
        choose_desks(desks)
    os.environ["MARFA_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"
    import django

    django.setup()


def open_installation(data: Path | None, who: Connects = Connects.APPLICATION) -> DataFolder:
    """Open an installation for work: its database is there, reachable, of this version, and not
    older than the newest signed head of its log.

    Whoever was erased since the database was backed up is erased again before anything else.
    """
    folder = open_for_work(data, who)
    check_heads(folder)
    settle_erasures()
    return folder


def settle_erasures() -> None:
    """Bring the database up to the erased list; raises InputError where the list is not whole."""
    from marfa.safeguards.vault.reconciliation import settle_at_start

    again = settle_at_start().erased_again
    if again:
        print_warning(Message("cli.server:vault-settled", count=again))


def open_for_work(data: Path | None, who: Connects = Connects.APPLICATION) -> DataFolder:
    """As :func:`enter`, without asking the heads of the log and the erased list."""
    set_up(place_of(data), who)
    from django.conf import settings

    folder: DataFolder = settings.FOLDER
    occupy_installation(folder.path)
    writer.remove_left_over(folder.path)
    restoration.remove_left_over(folder.path)
    check_register()
    check_database_there(folder)
    check_version(folder)
    check_belonging(folder)
    return folder


def check_database_there(folder: DataFolder) -> None:
    """Raise InputError where the database should be a file, and there is none."""
    from django.conf import settings

    if not settings.MARFA.database and not folder.database.is_file():
        raise InputError.at(Message("cli.server:database-missing", {"path": str(folder.database)}))


def check_heads(folder: DataFolder) -> None:
    """Raise InputError when the database is older than the newest signed head of the log."""
    from marfa.safeguards.audit.installation_heads import check_log

    check_log(folder)


def check_belonging(folder: DataFolder) -> None:
    """Raise InputError when the database was made for another data folder.

    A demonstration that is pointed at real data would let anybody in.
    """
    from marfa.apps.organisations.queries import belongs_to

    if not belongs_to(folder.instance.identifier, folder.instance.kind):
        raise InputError.at(Message("cli.server:database-of-another", {"path": str(folder.path)}))


def check_register() -> None:
    """Raise InputError where a field is stored that no ``fields.toml`` declares as it is."""
    from marfa.safeguards.fields.checks import problems_in_register

    if found := problems_in_register():
        raise InputError(*found)


def has_app(name: str) -> bool:
    """Whether the desks of this installation brought an app along."""
    from django.apps import apps

    return apps.is_installed(f"marfa.apps.{name}")


def check_app(name: str) -> None:
    """Raise InputError where no desk of this installation has what a command works with."""
    from marfa.apps.house import read_manifests

    if not has_app(name):
        desks = ", ".join(read_manifests()[name].desks)
        raise InputError.at(Message("cli.server:desk-absent", {"desks": desks}))


def check_version(folder: DataFolder) -> None:
    """Raise InputError when the database is unreachable, newer than this software, or older."""
    unknown, waiting = migration_state()
    if unknown or waiting:
        check_whose(folder)
    if unknown:
        raise InputError.at(Message("cli.server:database-newer", {"path": str(folder.path)}))
    if waiting:
        raise InputError.at(Message("cli.server:database-older", {"path": quote_path(folder.path)}))


def check_whose(folder: DataFolder) -> None:
    """As :func:`check_belonging`, for a database of which it is not known whether it has the table
    that tells. One of another installation has the tables of other desks, and is not older."""
    from django.db import DatabaseError

    with suppress(DatabaseError):
        check_belonging(folder)


def migration_state() -> tuple[set[tuple[str, str]], list[Any]]:
    """Migrations that the database has and this software does not know, and those that wait."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        applied = set(executor.loader.applied_migrations)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, ImproperlyConfigured) as error:
        raise database_error(error) from error
    return unknown_of(applied), waiting


def unknown_of(applied: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of some migrations that this software does not know: a newer one made them.

    Of a desk that was just coming or going when that was cut off, tables may be there.
    """
    from django.conf import settings
    from django.db.migrations.loader import MigrationLoader

    from marfa.apps.house import migrations_of, read_manifests

    left = [app for app in settings.FOLDER.instance.unfinished if app in read_manifests()]
    known = set(MigrationLoader(None).disk_migrations or {})
    return applied - known.union(*(migrations_of(app) for app in left))


def database_error(error: Exception) -> Exception:
    """What to raise when the database failed at its first question.

    The error's own text stays out of the sentence: it may hold the address with its password.
    """
    from django.conf import settings

    if is_full(error, settings.FOLDER.path):
        return OSError(errno.ENOSPC, "no room for the database")
    if settings.MARFA.database:
        values = {"reason": type(error).__name__}
        return InputError.at(Message("cli.server:database-unreachable", values))
    path = str(settings.FOLDER.database)
    return InputError.at(Message("cli.server:database-damaged", {"path": path}))


def all_or_nothing() -> AbstractContextManager[Any]:
    """On PostgreSQL one transaction, migrations included, in which the owner of the tables sees
    all rows. SQLite cannot migrate inside one: there a new folder is thrown away, and an old
    database has its copy."""
    from django.db import connection

    return _whole_database() if connection.vendor == "postgresql" else nullcontext()


@contextmanager
def _whole_database() -> Iterator[None]:
    from django.db import connection

    from marfa.platform.rowsecurity.context import EVERYTHING_ON
    from marfa.platform.units import around_units

    with around_units():
        with connection.cursor() as cursor:
            cursor.execute(EVERYTHING_ON)
        yield


def migrate_database() -> None:
    """Bring the database to this version."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    grant_roles()


def grant_roles() -> None:
    """Give the roles of the application and the worker their rights, where there is an owner apart.

    Raises InputError where an address names no role.
    """
    from django.conf import settings

    from marfa.platform.rowsecurity.grants import grant_to

    if not settings.MARFA.database_owner:
        return
    names = [user_in(address_of(settings.MARFA, who)) for who in Connects]
    if not all(names):
        raise InputError.at(Message("cli.server:database-role-unnamed"), field="database")
    owner = user_in(settings.MARFA.database_owner)
    grant_to([name for name in names if name != owner])


def check_role() -> None:
    """Say where row-level security does not bind the role of this process.

    Raises InputError where an owner of the tables is set, and this role could pass over it too.
    """
    from django.conf import settings

    from marfa.platform.rowsecurity.grants import owns_tables, passes_over_rows

    unbound = passes_over_rows()
    if settings.MARFA.database_owner and (unbound or owns_tables()):
        raise InputError.at(Message("cli.server:database-role-too-strong"), field="database")
    if unbound:
        print_warning(Message("cli.server:database-role-unbound"))


def _create_empty(path: Path) -> bool:
    """Whether the file is new; one that is there stays as it is."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True


def copy_database(folder: DataFolder) -> Path | None:
    """A copy of the SQLite database in ``backups/`` before it is changed; None on PostgreSQL."""
    from django.conf import settings

    if settings.MARFA.database:
        return None
    backups = folder.path / "backups"
    backups.mkdir(mode=0o700, exist_ok=True)
    name = f"before-migration-{clock.now():%Y%m%dT%H%M%SZ}"
    target = backups / f"{name}.sqlite3"
    number = 1
    while not _create_empty(target):
        # Two changes within one second each have a copy of their own.
        number += 1
        target = backups / f"{name}-{number}.sqlite3"
    try:
        with sqlite3.connect(folder.database) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target
