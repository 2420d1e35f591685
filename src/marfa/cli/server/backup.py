"""``marfa backup`` and ``marfa restore``."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from rich.progress import Progress, TaskID

from marfa import __version__
from marfa.cli.base import (
    Command,
    error_console,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.inputs import OutputFile
from marfa.cli.language import _
from marfa.cli.server.create import (
    holds_tables,
    refuse_two_databases,
    refuse_used_database,
    toml_string,
)
from marfa.cli.server.installation import (
    check_belonging,
    check_register,
    data_option,
    migration_state,
    open_installation,
    place_of,
    quote_path,
    set_up,
    unknown_of,
)
from marfa.domain.message import InputError, Message, Problem
from marfa.platform import clock
from marfa.platform.backups import container, databases, record, restoration, writer
from marfa.platform.datafolder import DATABASE_FILE, DataFolder, look_at
from marfa.platform.occupancy import occupy_alone
from marfa.platform.settings import FILE as SETTINGS_FILE
from marfa.platform.settings import read_settings
from marfa.web.database import Connects, address_of, postgresql_settings

# What a restore in place keeps of the present: how it is set up here, and what the log reached.
# The head of the erased list goes along too: an older copy of the list must not take its place.
CARRIED_OVER = (SETTINGS_FILE, "heads.jsonl", "recovery.json", record.FILE, "keys/erased.json")
OWN_DATABASE = re.compile(r"^(database|database_owner|database_worker)\s*=.*\n?", re.MULTILINE)
OWN_LIST = re.compile(r"^erased_folder\s*=.*\n?", re.MULTILINE)


@click.command(
    "backup",
    cls=Command,
    help=_(
        "Write the database and all files into one sealed file in FOLDER, while the installation "
        "goes on. Keys and the erased list are not in it: keep copies of these elsewhere."
    ),
    examples=("marfa backup /media/stick", "marfa backup /srv/backups --json"),
)
@click.argument("folder", type=OutputFile(dir_okay=True))
@data_option
@json_option
def backup(folder: Path, data: Path | None, as_json: bool) -> None:
    """The file is there whole, or not at all."""
    found = open_installation(data, Connects.OWNER)
    with record.noting_failure(found.path), progress() as show:
        if not folder.is_dir():
            raise InputError.at(Message("cli.server:backup-no-folder", {"path": str(folder)}))
        target, manifest = make_backup(found, folder.absolute(), show)
    size = target.stat().st_size
    record.note_made(found.path, record.Made(clock.now(), str(target.parent), target.name, size))
    if manifest.missing:
        print_warning(Message("cli.server:backup-missing", count=len(manifest.missing)))
    if as_json:
        print_json(
            {
                "backup": str(target),
                "bytes": size,
                "files": len(manifest.members),
                "missing": len(manifest.missing),
            }
        )
        return
    print_message(
        Message("cli.server:backup-made", {"path": str(target)}, count=len(manifest.members))
    )


@click.command(
    "restore",
    cls=Command,
    help=_(
        "Restore an installation from BACKUP into a new data folder, or with --replace in the "
        "place of the present one, which is set aside. Whoever was erased since stays erased."
    ),
    examples=(
        "marfa restore marfa-20270630T120000Z.backup --replace",
        "marfa restore marfa-20270630T120000Z.backup --data /srv/marfa --keys /media/keys "
        "--erased-list /media/keys/erased.jsonl",
        "marfa restore --rehearse",
    ),
)
@click.argument("backup", type=click.Path(path_type=Path), required=False)
@data_option
@click.option(
    "--keys",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Folder with your copy of the keys; otherwise those of the present installation."),
)
@click.option(
    "--erased-list",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Your newest copy of erased.jsonl; otherwise that of the present installation."),
)
@click.option(
    "--nobody-erased",
    is_flag=True,
    help=_("There is no erased list, because nobody was ever erased."),
)
@click.option(
    "--database",
    default="",
    help=_("PostgreSQL address of an empty database, for a backup that comes from PostgreSQL."),
)
@click.option(
    "--replace",
    is_flag=True,
    help=_("Take the place of the installation that is there; it is kept beside it."),
)
@click.option(
    "--rehearse",
    is_flag=True,
    help=_(
        "Only try it, in a folder that is removed again, and note how it went; the newest backup "
        "on record where none is named."
    ),
)
@json_option
def restore(
    backup: Path | None,
    data: Path | None,
    keys: Path | None,
    erased_list: Path | None,
    nobody_erased: bool,
    database: str,
    replace: bool,
    rehearse: bool,
    as_json: bool,
) -> None:
    """Nothing is changed until the backup has been opened and compared as a whole."""
    place = place_of(data)
    if rehearse:
        from marfa.cli.server import rehearsal

        tried = backup or rehearsal.newest_backup(place)
        rehearsal.rehearse(
            Given(tried, keys or place / "keys", erased_list, database), place, as_json
        )
        return
    if backup is None:
        raise click.UsageError(_("Say which backup is to be restored."))
    there = place.exists() and (not place.is_dir() or any(place.iterdir()))
    if there and not replace:
        raise InputError.at(Message("cli.server:restore-taken", {"path": quote_path(place)}))
    if not (keys or place / "keys").is_dir():
        raise InputError.at(Message("cli.server:restore-keys"), field="--keys")
    if not there and erased_list is None and not nobody_erased:
        # Without it somebody who was erased could come back unnoticed.
        raise InputError.at(Message("cli.server:restore-list"), field="--erased-list")
    given = Given(backup, keys or place / "keys", erased_list, database)
    with occupy_alone(place) if there else contextlib.nullcontext():
        restoration.remove_left_over(place)
        done = _restore(given, place, there)
    if as_json:
        print_json(
            {
                "data": str(place),
                "made_at": done.header.made_at,
                "erased_again": done.erased_again,
                "set_aside": str(done.aside) if done.aside else None,
                "older": done.older,
            }
        )
        return
    print_message(Message("cli.server:restored", {"path": str(place)}, count=done.erased_again))
    if done.aside:
        print_message(Message("cli.server:restore-aside", {"path": str(done.aside)}))
    if done.older:
        print_warning(Message("cli.server:restore-older", {"path": quote_path(place)}))


@dataclass(frozen=True)
class Given:
    """What a restore is made of."""

    backup: Path
    keys: Path
    erased_list: Path | None
    database: str


@dataclass(frozen=True)
class Restored:
    """How it went. older: the database belongs to an older version and waits for a migration."""

    header: container.Header
    erased_again: int
    aside: Path | None
    older: bool


def make_backup(
    folder: DataFolder, target: Path, show: writer.Progress
) -> tuple[Path, writer.Manifest]:
    """Write a backup of an installation that Django is set up on; where it is, and its list."""
    from marfa.platform.keys.instance import current_version, instance_keys
    from marfa.safeguards.vault.erasedlist import erased_list
    from marfa.safeguards.vault.models import Erasure

    settings, now = read_settings(folder.path), clock.now()
    address = address_of(settings, Connects.OWNER)
    version, identifier = current_version(), folder.instance.identifier
    apart = erased_list().file.parent
    key, wrapped = container.new_key(instance_keys().version(version), identifier, version)
    header = container.Header(
        identifier=identifier,
        key_version=version,
        made_at=now.isoformat(),
        database="postgresql" if address else "sqlite",
        software=__version__,
        erased=Erasure.objects.filter(number__isnull=False).count(),
        wrapped_key=wrapped,
    )
    file = target / f"marfa-{now:%Y%m%dT%H%M%SZ}.backup"
    with writer.staging_folder(folder.path) as staged:
        if address:
            databases.dump_postgresql(parts_of(address), staged / writer.DUMP)
        else:
            databases.copy_sqlite(
                folder.database, staged / DATABASE_FILE, lambda share: show(DATABASE_FILE, share)
            )
        writer.hold_files(folder.path, staged, without=apart)
        manifest = writer.write_backup(
            file,
            data=folder.path,
            without=apart,
            folder=staged,
            header=header,
            key=key,
            progress=show,
        )
    return file, manifest


def _restore(given: Given, place: Path, there: bool) -> Restored:
    header = restoration.header_of(given.backup)
    place.parent.mkdir(parents=True, exist_ok=True)
    made = restoration.restore_folder_for(place)
    try:
        with progress() as show:
            total = given.backup.stat().st_size
            read = 0

            def seen(more: int) -> None:
                nonlocal read
                read += more
                show(given.backup.name, read / total)

            restoration.unpack_backup(given.backup, made, given.keys, seen)
        _add_what_stays_out(given, made, place if there else None)
        restoration.number_key(header, made / "keys")
        check_database(header, made, given)
        set_up(made, Connects.OWNER)
        check_register()
        check_list(header)
        refuse_newer(header, made)
        with _database_put(header, made, place if there else None):
            erased_again, older = _look_through()
            restoration.write_through(made)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    aside = _aside(place) if there else None
    restoration.put_in_place(made, place, aside)
    return Restored(header, erased_again, aside, older)


def _add_what_stays_out(given: Given, made: Path, present: Path | None) -> None:
    """Keys, the erased list, and how the installation is set up on this machine."""
    restoration.copy_private(given.keys, made / "keys")
    if present is not None:
        for name in CARRIED_OVER:
            if (present / name).is_file():
                restoration.copy_file(present / name, made / name)
        if (present / "erased").is_dir():
            restoration.copy_private(present / "erased", made / "erased")
    settings = made / SETTINGS_FILE
    text = settings.read_text(encoding="utf-8")
    if given.erased_list is not None:
        (made / "erased").mkdir(mode=0o700, exist_ok=True)
        target = made / "erased" / "erased.jsonl"
        restoration.copy_file(given.erased_list, target)
        text = OWN_LIST.sub("", text)
    if given.database:
        text = f"{OWN_DATABASE.sub('', text)}\ndatabase = {toml_string(given.database)}\n"
    settings.write_text(text, encoding="utf-8")


def check_database(header: container.Header, made: Path, given: Given) -> None:
    """The backup's kind of database is the one that the settings name."""
    refuse_two_databases(made, given.database)
    address = address_of(read_settings(made), Connects.OWNER)
    if (header.database == "postgresql") != bool(address):
        key = "restore-needs-postgresql" if header.database == "postgresql" else "restore-is-sqlite"
        raise InputError.at(Message(f"cli.server:{key}"), field="--database")


def check_list(header: container.Header) -> None:
    """The erased list is whole, and has at least those who were erased when the backup was made."""
    from marfa.safeguards.vault.erasedlist import erased_list

    found = erased_list()
    found.check_length(found.read(), header.erased)


def refuse_newer(header: container.Header, made: Path) -> None:
    """Raise InputError for a database that a newer version has changed, while it is not put yet."""
    if header.database == "postgresql":
        unknown = unknown_of(databases.migrations_in(made / writer.DUMP))
    else:
        unknown, _waiting = migration_state()
    if unknown:
        raise InputError.at(Message("cli.server:restore-newer", {"software": header.software}))


@contextlib.contextmanager
def _database_put(header: container.Header, made: Path, present: Path | None) -> Iterator[None]:
    """SQLite's lies in the folder already; PostgreSQL's is put in one transaction, and what was
    there is put back where the block fails."""
    if header.database != "postgresql":
        yield
        return
    from django.db import connection

    if present is None:
        refuse_used_database()
    else:
        _refuse_other_database(present)
    connection.close()
    settings = read_settings(made)
    parts = parts_of(address_of(settings, Connects.OWNER))
    before = _keep(parts, present) if present is not None else None
    put = Put(parts, bool(settings.database_owner), before)
    dump = made / writer.DUMP
    # Where its own program says that it failed, the database is as it was.
    with put.back_on_failure(but=InputError):
        databases.restore_postgresql(put.parts, dump, grants=put.grants)
    with put.back_on_failure():
        dump.unlink()
        yield


@dataclass(frozen=True)
class Put:
    """A database that is put in the place of another one.

    grants: whether what other roles may is put too. before: a dump of what it held; None where it
    was empty.
    """

    parts: dict[str, str]
    grants: bool
    before: Path | None

    @contextlib.contextmanager
    def back_on_failure(self, but: type[Exception] | tuple[()] = ()) -> Iterator[None]:
        """Put back what was there where the block fails, but for one kind of error.

        Raises InputError, naming where the dump lies, where even that fails.
        """
        try:
            yield
        except but:
            raise
        except BaseException as error:
            self._back(error)
            raise

    def _back(self, error: BaseException) -> None:
        from django.db import connection

        connection.close()
        try:
            if self.before is None:
                databases.empty_postgresql(self.parts)
            else:
                databases.restore_postgresql(self.parts, self.before, grants=self.grants)
                self.before.unlink()
        except BaseException:
            key = "restore-not-put-back" if self.before else "restore-not-emptied"
            told = Problem(Message(f"cli.server:{key}", {"path": str(self.before)}))
            first = error.problems if isinstance(error, InputError) else ()
            raise InputError(*first, told) from error


def _keep(parts: dict[str, str], present: Path) -> Path:
    """A dump of what the database holds, in the folder of the present installation."""
    folder = present / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"before-restore-{clock.now():%Y%m%dT%H%M%SZ}.dump"
    databases.dump_postgresql(parts, target)
    return target


def _refuse_other_database(present: Path) -> None:
    """Raise InputError for a database that is neither empty nor that of the installation in whose
    place the backup is put: the settings may name anybody's."""
    from django.db import DatabaseError

    from marfa.apps.organisations.queries import belongs_to

    if not holds_tables():
        return
    with contextlib.suppress(InputError, DatabaseError):
        instance = look_at(present)
        if belongs_to(instance.identifier, instance.kind):
            return
    raise InputError.at(Message("cli.server:restore-other-database", {"path": str(present)}))


def _look_through() -> tuple[int, bool]:
    """Whoever was erased since is erased again before anybody can look; and whether the database
    is older. Raises InputError for another installation's."""
    from django.conf import settings
    from django.db import connection

    from marfa.safeguards.vault.reconciliation import settle_at_start

    _unknown, waiting = migration_state()
    erased_again = 0
    if not waiting:
        check_belonging(settings.FOLDER)
        _tell_log()
        erased_again = settle_at_start().erased_again
    connection.close()
    return erased_again, bool(waiting)


def _tell_log() -> None:
    """Say, signed, that the database is an older one on purpose, where the log had come further."""
    from marfa.domain.ids import new_id
    from marfa.safeguards import actions
    from marfa.safeguards.actor import Actor, ActorKind
    from marfa.safeguards.audit import installation_heads

    try:
        head = installation_heads.sign_fork()
    except InputError as error:
        if error.problems[0].message.key != "fork-needless":
            raise
        return
    actions.log_events(installation_heads.event_of(head, Actor(new_id(), ActorKind.COMMAND)))


def _aside(place: Path) -> Path:
    return place.with_name(f"{place.name}.before-restore-{clock.now():%Y%m%dT%H%M%SZ}")


def parts_of(address: str) -> dict[str, str]:
    """An address as libpq's own words."""
    found = postgresql_settings(address)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    parts = {theirs: str(found[ours]) for theirs, ours in names.items()}
    return {**parts, "port": str(found["PORT"]), **found["OPTIONS"]}


@contextlib.contextmanager
def progress() -> Iterator[writer.Progress]:
    with Progress(console=error_console(), transient=True) as bar:
        task: TaskID = bar.add_task("", total=1.0)
        yield lambda name, share: bar.update(task, description=name, completed=share)
