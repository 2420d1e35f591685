"""``marfa backup`` and ``marfa restore`` on a real installation, on either database."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import (
    POSTGRESQL,
    environment,
    hindered,
    init,
    marfa,
    sentence,
    serving,
    snapshot,
)
from tests.support.rows import on_postgresql
from tests.support.vault_process import NAME, in_installation

ALL = {"0": f"{NAME} 0", "1": f"{NAME} 1", "2": f"{NAME} 2"}
GONE = {**ALL, "1": None}


def answer(*arguments: str) -> Any:
    found = marfa(*arguments, "--json")
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def new_database(name: str) -> str:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    address = os.environ["MARFA_DATABASE"]
    with psycopg.connect(address, autocommit=True) as control:
        control.execute(f"DROP DATABASE IF EXISTS {name}")
        control.execute(f"CREATE DATABASE {name}")
    parts = conninfo_to_dict(address)
    return f"postgresql:///{name}?host={parts['host']}&user={parts['user']}"


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An installation on the database of this run, with three people and a file."""
    path = tmp_path / "data"
    if POSTGRESQL:
        found = init(path, "--database", new_database("backed_up"))
        assert found.returncode == 0, found.stderr
    else:
        shutil.copytree(request.getfixturevalue("pristine"), path)
        path.chmod(0o700)
    (path / "files" / "ab").mkdir(mode=0o700)
    (path / "files" / "ab" / "blob").write_bytes(b"sealed content" * 50_000)
    assert in_installation(path, "make", "3") == ALL
    return path


def backed_up(place: Path) -> Path:
    target = place.parent / "stick"
    target.mkdir(exist_ok=True)
    return Path(answer("backup", str(target), "--data", str(place))["backup"])


def test_who_was_erased_stays_erased_after_an_older_backup(place: Path) -> None:
    """The end-to-end proof: erase after the backup, restore it in place, and the person is gone."""
    backup = backed_up(place)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]
    assert in_installation(place, "erase", "1") == GONE
    blob = place / "files" / "ab" / "blob"
    blob.unlink()

    assert "add --replace" in sentence(marfa("restore", str(backup), "--data", str(place)))
    with serving("serve", place):
        command = ("restore", str(backup), "--data", str(place), "--replace")
        assert "Stop them" in sentence(marfa(*command))
    restored = answer("restore", str(backup), "--data", str(place), "--replace")
    assert restored["erased_again"] == 1
    assert not restored["older"]
    assert in_installation(place, "names") == GONE
    assert blob.read_bytes() == b"sealed content" * 50_000
    aside = Path(restored["set_aside"])
    assert (aside / "keys" / "instance.key").read_bytes() == (
        place / "keys" / "instance.key"
    ).read_bytes()
    assert not (aside / "files" / "ab" / "blob").exists()
    for folder, names, files in os.walk(place):
        for name in names + files:
            assert not stat.S_IMODE((Path(folder) / name).stat().st_mode) & 0o077, name
    hidden = [path.name for path in place.parent.iterdir() if path.name.startswith(".")]
    assert hidden == []


def test_into_a_new_folder_with_copies_of_keys_and_list(place: Path, tmp_path: Path) -> None:
    backup = backed_up(place)
    in_installation(place, "erase", "1")
    safe, new = tmp_path / "safe", tmp_path / "new"
    shutil.copytree(place / "keys", safe)
    safe.chmod(0o700)
    erased = str(shutil.copy(place / "erased" / "erased.jsonl", tmp_path / "list.jsonl"))
    (tmp_path / "new.people.json").write_bytes((tmp_path / "data.people.json").read_bytes())
    shutil.rmtree(place)
    where = ["--data", str(new)]
    if POSTGRESQL:
        assert "already holds tables" in sentence(
            marfa("restore", str(backup), *where, "--keys", str(safe), "--erased-list", erased)
        )
        where += ["--database", new_database("restored")]
    assert "holds no keys" in sentence(marfa("restore", str(backup), *where))
    # Without the newest list somebody would come back; the copy of the keys remembers it.
    keys = ("--keys", str(safe))
    assert "would come back" in sentence(marfa("restore", str(backup), *where, *keys))
    missing = sentence(marfa("restore", str(backup), *where, *keys, "--nobody-erased"))
    assert "list of erased people is missing" in missing
    assert not new.exists()
    restored = answer("restore", str(backup), *where, "--keys", str(safe), "--erased-list", erased)
    assert (restored["erased_again"], restored["set_aside"]) == (1, None)
    assert in_installation(new, "names") == GONE
    assert answer("users", "list", "--data", str(new))


@on_postgresql
def test_the_database_of_another_installation_is_left_alone(place: Path, tmp_path: Path) -> None:
    """The variable of a shell wins over marfa.toml; what it names may be anybody's."""
    backup, other, url = backed_up(place), tmp_path / "other", new_database("another")
    assert init(other, "--database", url).returncode == 0
    command = ("restore", str(backup), "--data", str(place), "--replace")
    assert "something else" in sentence(marfa(*command, MARFA_DATABASE=url))
    assert "something else" in sentence(marfa(*command, "--database", url))
    assert not (place / "backups").exists(), "nothing of it was copied either"
    assert answer("users", "list", "--data", str(other))
    empty = ("--database", new_database("emptied"))
    assert "names another database" in sentence(marfa(*command, *empty, MARFA_DATABASE=url))
    assert answer(*command, *empty)["set_aside"]
    assert in_installation(place, "names") == ALL


def in_database(place: Path, statement: str) -> None:
    if POSTGRESQL:
        import psycopg

        text = (place / "marfa.toml").read_text(encoding="utf-8")
        with psycopg.connect(tomllib.loads(text)["database"]) as control:
            control.execute(statement)
        return
    with contextlib.closing(sqlite3.connect(place / "database.sqlite3")) as file, file:
        file.execute(statement)


def test_a_backup_of_a_newer_version_changes_nothing(place: Path) -> None:
    in_database(
        place,
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('accounts', '9999_from_the_future', '2030-01-01')",
    )
    stick = place.parent / "stick"
    stick.mkdir()
    newer = "from marfa.cli.server import installation; installation.check_version = print"
    assert hindered(newer, "backup", str(stick), "--data", str(place)).returncode == 0
    in_database(place, "DELETE FROM django_migrations WHERE name = '9999_from_the_future'")
    assert in_installation(place, "erase", "1") == GONE
    (backup,) = stick.iterdir()
    found = marfa("restore", str(backup), "--data", str(place), "--replace")
    assert "newer version of Marfa" in sentence(found)
    assert in_installation(place, "names") == GONE
    assert list(place.parent.glob(".*")) == []


FULL = """
from marfa.cli.server import backup
def no_room():
    raise OSError(28, "no space left")
backup._look_through = no_room
"""


@on_postgresql
def test_what_fails_after_the_database_was_put_puts_the_old_one_back(
    place: Path, tmp_path: Path
) -> None:
    backup = backed_up(place)
    assert in_installation(place, "erase", "1") == GONE
    command = ("restore", str(backup), "--data", str(place), "--replace")
    assert "disk is full" in sentence(hindered(FULL, *command))
    assert in_installation(place, "names") == GONE
    assert list((place / "backups").iterdir()) == []

    safe, new = tmp_path / "safe", tmp_path / "new"
    shutil.copytree(place / "keys", safe)
    safe.chmod(0o700)
    where = ("--data", str(new), "--keys", str(safe), "--database", new_database("refilled"))
    erased = ("--erased-list", str(place / "erased" / "erased.jsonl"))
    assert "disk is full" in sentence(hindered(FULL, "restore", str(backup), *where, *erased))
    assert answer("restore", str(backup), *where, *erased)["erased_again"] == 1


@on_postgresql
def test_where_the_old_database_lies_is_said_when_it_cannot_be_put_back(place: Path) -> None:
    backup = backed_up(place)
    assert in_installation(place, "erase", "1") == GONE
    twice = """
put, calls = backup.databases.restore_postgresql, []
def once(*given, **more):
    calls.append(given)
    if len(calls) > 1:
        raise KeyboardInterrupt
    put(*given, **more)
backup.databases.restore_postgresql = once
"""
    command = ("restore", str(backup), "--data", str(place), "--replace")
    told = sentence(hindered(FULL + twice, *command))
    (kept,) = (place / "backups").iterdir()
    assert f"lies in {kept}" in told
    assert "Nothing was changed" not in told
    assert answer(*command)["erased_again"] == 1
    assert in_installation(place, "names") == GONE


@pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")
def test_a_backup_shows_nothing_and_every_change_of_it_is_found(place: Path) -> None:
    backup = backed_up(place)
    whole = backup.read_bytes()
    secret = (place / "keys" / "instance.key").read_bytes().strip()
    for part in (secret, bytes.fromhex(secret.decode()), b"Test organisation", b"amal", b"CREATE"):
        assert part not in whole
    before = snapshot(place)
    header = whole.index(b"\n", 13) + 1
    wrong = {
        "cut": whole[:-1],
        "half": whole[: len(whole) // 2],
        "empty stream": whole[: header + 1],
        "a bit": whole[:-30] + bytes([whole[-30] ^ 1]) + whole[-29:],
        "longer": whole + b"\0",
        "header": whole.replace(b'"erased": 0', b'"erased": 1', 1),
        "a number that is a text": whole.replace(b'"key_version": 1', b'"key_version": "1"', 1),
        "a name that is a number": whole.replace(b'"identifier": "', b'"identifier": 7, "x": "', 1),
    }
    for name, content in wrong.items():
        backup.write_bytes(content)
        found = marfa("restore", str(backup), "--data", str(place), "--replace")
        assert "is damaged" in sentence(found), name
    at = whole.index(b'"wrapped_key": "') + len(b'"wrapped_key": "')
    backup.write_bytes(whole[:at] + b"07" + whole[at + 2 :])
    found = marfa("restore", str(backup), "--data", str(place), "--replace")
    assert "not those that the backup was made with" in sentence(found)
    backup.write_bytes(b"something else")
    found = marfa("restore", str(backup), "--data", str(place), "--replace")
    assert "is not a backup" in sentence(found)
    assert snapshot(place) == before
    assert [path.name for path in place.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")
def test_keys_of_another_installation_do_not_open_it(
    place: Path, pristine: Path, tmp_path: Path
) -> None:
    backup = backed_up(place)
    other = tmp_path / "other"
    shutil.copytree(pristine / "keys", other)
    other.chmod(0o700)
    (other / "instance.key").write_text("ab" * 32)
    command = ("restore", str(backup), "--data", str(tmp_path / "new"), "--keys", str(other))
    found = marfa(*command, "--nobody-erased")
    assert "not those that the backup was made with" in sentence(found)


@pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")
def test_backups_and_rotation(place: Path) -> None:
    """A former key opens the backup until it is destroyed."""
    backup = backed_up(place)
    answer("vault", "rotate", "--data", str(place))
    restored = answer("restore", str(backup), "--data", str(place), "--replace")
    assert restored["erased_again"] == 0
    assert in_installation(place, "names") == ALL
    answer("vault", "rotate", "--destroy-old", "--data", str(place))
    assert in_installation(place, "names") == ALL
    found = marfa("restore", str(backup), "--data", str(place), "--replace")
    assert "version 1 of the key" in sentence(found)


@pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")
def test_a_copy_of_the_key_alone_opens_a_backup_after_a_rotation(
    place: Path, tmp_path: Path
) -> None:
    answer("vault", "rotate", "--data", str(place))
    backup, new, safe = backed_up(place), tmp_path / "new", tmp_path / "safe"
    safe.mkdir(mode=0o700)
    for name in ("instance.key", "signing.key"):
        shutil.copy(place / "keys" / name, safe / name)
    (tmp_path / "new.people.json").write_bytes((tmp_path / "data.people.json").read_bytes())
    answer("restore", str(backup), "--data", str(new), "--keys", str(safe), "--nobody-erased")
    assert in_installation(new, "names") == ALL
    assert answer("vault", "status", "--data", str(new))["present"] == 2


@pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")
def test_older_copies_of_keys_and_list_bring_nobody_back(place: Path, tmp_path: Path) -> None:
    """In place: what is there remembers how long the list was, whatever copies are given."""
    backup = backed_up(place)
    in_installation(place, "erase", "0")
    safe = tmp_path / "safe"
    shutil.copytree(place / "keys", safe)
    safe.chmod(0o700)
    old = str(shutil.copy(place / "erased" / "erased.jsonl", tmp_path / "list.jsonl"))
    in_installation(place, "erase", "1")
    before = snapshot(place)
    command = ("restore", str(backup), "--data", str(place), "--replace", "--keys", str(safe))
    assert "erased people" in sentence(marfa(*command, "--erased-list", old))
    assert snapshot(place) == before
    restored = answer(*command)
    assert restored["erased_again"] == 2
    assert in_installation(place, "names") == {**ALL, "0": None, "1": None}


@pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")
def test_what_stops_a_backup(place: Path, tmp_path: Path) -> None:
    at = ("--data", str(place))
    assert "no folder" in sentence(marfa("backup", str(tmp_path / "nowhere"), *at))
    (tmp_path / "stick").mkdir()
    (place / "files" / "elsewhere").symlink_to(tmp_path)
    assert "is a link" in sentence(marfa("backup", str(tmp_path / "stick"), *at))
    assert list((tmp_path / "stick").iterdir()) == []
    assert not (place / ".backup").exists()


WAITS = """
import sys, time
from marfa.platform.backups import restoration
def wait(made):
    print("unpacked", flush=True)
    time.sleep(600)
restoration.write_through = wait
from marfa.cli.main import main
main(sys.argv[1:])
"""


def test_what_a_killed_restore_left_is_removed_by_the_next_process(place: Path) -> None:
    """And not what one that still runs has: two begin, one is killed, the other is left alone."""
    backup = backed_up(place)
    new = place.with_name("new")
    options = ["--keys", str(place / "keys"), "--nobody-erased"]
    command = ["restore", str(backup), "--data", str(new), *options]
    if POSTGRESQL:
        command += ["--database", new_database("brought_back")]
    running = []
    for _ in range(1 if POSTGRESQL else 2):
        started = [sys.executable, "-c", WAITS, *command]
        process = subprocess.Popen(
            started, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "unpacked"
        running.append(process)
    beside = set(place.parent.glob(".new.*.restore"))
    assert len(beside) == len(running)
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in beside} == {0o700}
    running[0].kill()
    running[0].communicate()
    assert set(place.parent.glob(".new.*.restore")) == beside, "the control: it could not itself"
    if POSTGRESQL:
        new_database("brought_back")
    found = marfa(*command)
    assert found.returncode == 0, found.stderr
    left = set(place.parent.glob(".new.*.restore"))
    assert len(left) == len(running) - 1
    for process in running[1:]:
        process.terminate()
        process.communicate(timeout=60)
    assert list(place.parent.glob(".new.*.restore")) == [], (
        "one that is told to stop leaves nothing"
    )
    (new.parent / "new.people.json").write_bytes((new.parent / "data.people.json").read_bytes())
    assert in_installation(new, "names") == ALL
