"""``marfa restore --rehearse``: whether a backup would come back, tried in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import ExitStack
from pathlib import Path

from marfa.cli.base import print_json, print_message
from marfa.cli.server import backup as backups
from marfa.cli.server.create import refuse_used_database, toml_string
from marfa.cli.server.installation import (
    all_or_nothing,
    check_belonging,
    check_register,
    migrate_database,
    migration_state,
    set_up,
)
from marfa.crypto.errors import NotAuthenticError
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.backups import container, databases, record, restoration, writer
from marfa.platform.datafolder import FILES, look_at
from marfa.platform.settings import FILE as SETTINGS_FILE
from marfa.platform.settings import PREFIX, read_settings
from marfa.web.database import Connects, address_of

OUTSIDE = ("erased_folder", "log_heads_folder", "backup_folder")
"""Settings that lead out of the data folder: a rehearsal touches nothing there."""
OWN = ("database", "database_owner", "database_worker", *OUTSIDE)


def rehearse(given: backups.Given, place: Path, as_json: bool) -> None:
    """Restore a backup into a folder within the data folder, look through all of it, remove it and
    note how it went. The installation goes on meanwhile."""
    look_at(place)
    beside = place / "rehearsal"
    restoration.remove_left_over(beside)
    with record.noting_failure(place, rehearsal=True):
        found = _tried(given, place, restoration.restore_folder_for(beside))
    record.note_rehearsed(place, found)
    if as_json:
        print_json(
            {
                "backup": str(given.backup),
                "made_at": found.made_at.isoformat(),
                "rows": found.rows,
                "files": found.files,
                "entries": found.entries,
                "opened": found.opened,
            }
        )
        return
    values = {
        "rows": found.rows,
        "files": found.files,
        "entries": found.entries,
        "opened": found.opened,
    }
    print_message(Message("cli.server:rehearsed", {"path": str(given.backup), **values}))


def newest_backup(place: Path) -> Path:
    """The newest that is on record; raises InputError where there is none."""
    newest = record.read_record(place).newest
    if newest is None:
        raise InputError.at(Message("cli.server:rehearse-none"), field="BACKUP")
    return newest.path


def _tried(given: backups.Given, place: Path, made: Path) -> record.Rehearsed:
    header = restoration.header_of(given.backup)
    try:
        with backups.progress() as show:
            total, read = given.backup.stat().st_size, 0

            def seen(more: int) -> None:
                nonlocal read
                read += more
                show(given.backup.name, read / total)

            restoration.unpack_backup(given.backup, made, given.keys, seen)
        _complete(given, place, made, header)
        set_up(made, Connects.OWNER)
        check_register()
        backups.check_list(header)
        backups.refuse_newer(header, made)
        with ExitStack() as stack:
            if header.database == "postgresql":
                _put_database(made, stack)
            return _looked_through(header, made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _complete(given: backups.Given, place: Path, made: Path, header: container.Header) -> None:
    """Keys, the erased list and settings, so that nothing leads out of the folder."""
    present = read_settings(place)
    restoration.copy_private(given.keys, made / "keys")
    restoration.number_key(header, made / "keys")
    apart = Path(present.erased_folder or place / "erased")
    (made / "erased").mkdir(mode=0o700, exist_ok=True)
    if given.erased_list is not None:
        restoration.copy_file(given.erased_list, made / "erased" / "erased.jsonl")
    elif apart.is_dir():
        restoration.copy_private(apart, made / "erased")
    for name in OWN:
        os.environ.pop(f"{PREFIX}{name.upper()}", None)
    settings = made / SETTINGS_FILE
    text = re.sub(rf"(?m)^({'|'.join(OWN)})\s*=.*\n?", "", settings.read_text(encoding="utf-8"))
    if given.database:
        text = f"{text}\ndatabase = {toml_string(given.database)}\n"
    settings.write_text(text, encoding="utf-8")
    backups.check_database(header, made, given)


def _put_database(made: Path, stack: ExitStack) -> None:
    """Into an empty database, which is empty again in the end."""
    from django.db import connection

    refuse_used_database()
    connection.close()
    parts = backups.parts_of(address_of(read_settings(made), Connects.OWNER))
    stack.callback(databases.empty_postgresql, parts)
    stack.callback(connection.close)
    databases.restore_postgresql(parts, made / writer.DUMP, grants=False)


def _looked_through(header: container.Header, made: Path) -> record.Rehearsed:
    """All that a restore does and more: the log's chain, every file, a value of each kind."""
    from datetime import datetime

    from django.conf import settings
    from django.db import connection

    from marfa.safeguards.vault.reconciliation import settle_at_start
    from marfa.safeguards.vault.samples import open_one_of_each

    _unknown, waiting = migration_state()
    if waiting:
        with all_or_nothing():
            migrate_database()
    check_belonging(settings.FOLDER)
    settle_at_start()
    try:
        opened = open_one_of_each()
    except NotAuthenticError:
        raise InputError.at(Message("cli.server:rehearse-sealed")) from None
    found = record.Rehearsed(
        at=clock.now(),
        made_at=datetime.fromisoformat(header.made_at),
        rows=_rows(),
        files=_files(made),
        entries=_entries(made),
        opened=opened,
    )
    connection.close()
    return found


def _rows() -> int:
    from django.apps import apps

    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        return sum(model._default_manager.count() for model in apps.get_models())


def _files(made: Path) -> int:
    """How many contents are there; raises InputError where one is missing."""
    from marfa.platform.files.models import Derivative, StoredFile
    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        wanted = {
            blob
            for model in (StoredFile, Derivative)
            for blob in model.objects.values_list("blob", flat=True)
        }
    there = {file.name for file in (made / FILES).glob("*/*")}
    if missing := wanted - there:
        raise InputError.at(Message("cli.server:rehearse-files", {"missing": len(missing)}))
    return len(wanted)


def _entries(made: Path) -> int:
    """How many entries the log has, each following the one before, and as the heads signed them.

    Heads that were signed after the copy of the database are newer than its log.
    """
    from django.conf import settings

    from marfa.crypto.signatures import public_key
    from marfa.safeguards.audit import headfile
    from marfa.safeguards.audit.export import export_lines
    from marfa.safeguards.audit.heads import HeadError, read_heads
    from marfa.safeguards.audit.installation_heads import (
        inner_heads_file,
        is_reached,
        log_key,
    )
    from marfa.safeguards.audit.verification import verify_export

    lines = headfile.read_lines(inner_heads_file(settings.FOLDER))
    try:
        heads = list(read_heads(lines, public_key(log_key(settings.FOLDER)))) if lines else []
    except HeadError:
        raise InputError.at(Message("cli.server:rehearse-log")) from None
    report = verify_export(export_lines(), [head for head in heads if is_reached(head)])
    if not report.whole or (heads and not report.heads):
        raise InputError.at(Message("cli.server:rehearse-log"))
    return report.entries
