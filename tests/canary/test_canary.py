"""Nothing that identifies a person stands anywhere in clear: in the database, its journal, logs,
jobs, drafts, files, titles, addresses, errors."""

from __future__ import annotations

import contextlib
import io
import logging
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core import mail

from marfa.apps.manifest import Desk
from tests.canary.canary_data import ask_around, erase, plant
from tests.conftest import Operation
from tests.support.canary import NAMES, scan_database, scan_folder, scan_text, told
from tests.support.installation import POSTGRESQL, environment, marfa, serving
from tests.support.sample.models import Sample
from tests.support.shared_copies import Once


@contextlib.contextmanager
def logged() -> Iterator[io.StringIO]:
    """What an installation would write to its log at its most talkative."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@pytest.mark.django_db(transaction=True)
def test_nothing_in_clear_in_the_database_or_the_folder(operation: Operation) -> None:
    user = operation.desks[Desk.PROTECTION]
    with logged() as log:
        plant(user)
        erase(plant(user))
        found = ask_around(operation.at(Desk.ADMINISTRATION))
        found += ask_around(operation.at(Desk.RECEPTION))
    found += scan_database()
    # The data folder; with SQLite the database of the tests, with PostgreSQL the whole cluster,
    # its journal and its log.
    found += scan_folder(Path(settings.FOLDER.path).parent)
    found += scan_text("log", log.getvalue())
    found += scan_text("mail", *(str(message.message()) for message in mail.outbox))
    assert not found, told(found)
    # The same search finds a name where somebody typed it into a field that is not for it.
    Sample.objects.create(note=f"met {NAMES['arabic']}", sex="female")
    assert {each.where for each in scan_database()} == {"sample_sample.note"}


def sockets(folder: str, names: list[str]) -> list[str]:
    """What holds nothing and cannot be copied."""
    return [name for name in names if Path(folder, name).is_socket()]


@pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")
def test_a_copied_data_folder_of_a_live_installation_has_nothing_in_clear(
    once: Once, tmp_path: Path
) -> None:
    path = once.installation(tmp_path / "data")
    backups = tmp_path / "backups"
    backups.mkdir()
    with serving("serve", path, log_level="debug") as served:
        planted = subprocess.run(
            [sys.executable, "-m", "tests.canary.canary_data", str(backups)],
            env=environment(
                MARFA_DATA=str(path), DJANGO_SETTINGS_MODULE="tests.support.live_settings"
            ),
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
        assert planted.returncode == 0, planted.stderr
        knock(served.origin)
        copy = tmp_path / "copy"
        shutil.copytree(path, copy, ignore=sockets)
        found = scan_folder(copy) + scan_text("log", served.log(), planted.stderr, planted.stdout)
    for command in (("record",), ("retain",), ("requests",)):
        shown = marfa("privacy", *command, "--data", str(path))
        found += scan_text(" ".join(command), shown.stdout, shown.stderr)
    stays, goes = planted.stdout.split()
    [backup] = backups.iterdir()
    back = marfa("restore", str(backup), "--replace", "--data", str(path))
    assert back.returncode == 0, back.stderr
    # The backup had both of them; who was erased after it stays erased.
    with contextlib.closing(sqlite3.connect(path / "database.sqlite3")) as database:
        kept = {row[0] for row in database.execute("SELECT subject FROM vault_subjectkey")}
    assert (stays in kept, goes in kept) == (True, False)
    # Everything there is by now: both folders, the backup, the erased list, logs.
    found += scan_folder(tmp_path)
    found += scan_text("commands", served.log(), back.stdout, back.stderr)
    assert not found, told(found)
    assert list(copy.glob("database.sqlite3-wal")), "it was copied while it was open"
    # The same search finds it when it is there.
    with (copy / "database.sqlite3").open("ab") as database:
        database.write(NAMES["arabic"].encode())
    assert [each.where for each in scan_folder(copy)] == ["database.sqlite3"] * len(
        scan_folder(copy)
    )
    assert scan_folder(copy)


def knock(origin: str) -> None:
    """What a stranger types into the address."""
    for path in (f"/{quote(NAMES['latin'])}/", f"/search/?q={quote(NAMES['chinese'])}"):
        try:
            urllib.request.urlopen(origin + path, timeout=300).close()
        except urllib.error.HTTPError as error:
            error.close()
