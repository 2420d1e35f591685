"""Make, serve and migrate an installation; and what is said when that cannot be."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from marfa.platform.occupancy import leave_installation, occupy_installation
from tests.support.installation import (
    ADMINISTRATOR,
    get,
    hindered,
    init,
    marfa,
    sentence,
    serving,
    snapshot,
)
from tests.support.shared_copies import Once


def test_everything_made_is_private(installation: Path) -> None:
    for entry in (installation, *installation.rglob("*")):
        assert stat.S_IMODE(entry.stat().st_mode) & 0o077 == 0, entry
    assert stat.S_IMODE((installation / "keys" / "signing.key").stat().st_mode) == 0o600


def test_nothing_is_left_beside_it(pristine: Path) -> None:
    assert [entry.name for entry in pristine.parent.iterdir()] == ["data"]
    assert sorted(entry.name for entry in pristine.iterdir()) == [
        "database.sqlite3",
        "files",
        "instance.json",
        "keys",
        "marfa.toml",
    ]


def test_an_absent_desk_has_no_url(installation: Path) -> None:
    with serving("serve", installation) as served:
        assert get(f"{served.origin}/health/") == (200, "ok")
        assert served.sign_in is None, "no link where nobody reads the terminal"
        for desk, expected in (("reception", 200), ("protection", 404), ("finance", 404)):
            status, page = get(f"{served.origin}/desks/{desk}/")
            assert status == expected
            assert ("Sign in" in page) == (expected == 200)
        assert get(f"{served.origin}/demonstration/enter/")[0] == 404


def test_an_administrator_comes_in_by_a_link(installation: Path) -> None:
    with serving("serve", installation) as served:
        port = served.origin.rpartition(":")[2]
        made = marfa(
            "users", "link", ADMINISTRATOR, "--data", str(installation), "--json", MARFA_PORT=port
        )
        link = json.loads(made.stdout)["url"]
        assert link.startswith(f"{served.origin}/sign-in/")
        assert get(link)[0] == 200
        page = get(served.origin)[1]
        assert ADMINISTRATOR not in page


def test_users_are_added_listed_and_blocked(installation: Path) -> None:
    data = ("--data", str(installation))
    assert marfa("users", "add", "samir", "--role", "statistician", *data).returncode == 0
    assert "already has this name" in sentence(
        marfa("users", "add", "SAMIR", "--role", "statistician", *data)
    )
    assert "no desk called finance" in sentence(
        marfa("users", "add", "lina", "--role", "finance_analyst", *data)
    )
    assert marfa("users", "block", "samir", *data).returncode == 0
    listed = json.loads(marfa("users", "list", "--json", *data).stdout)
    assert [(row["username"], row["desks"], row["active"]) for row in listed] == [
        (ADMINISTRATOR, ["administration"], True),
        ("samir", [], False),
    ]
    assert "no user called nobody" in sentence(marfa("users", "link", "nobody", *data))


def test_init_does_not_touch_what_is_there(installation: Path) -> None:
    before = snapshot(installation)
    assert "already holds something" in sentence(init(installation))
    assert snapshot(installation) == before


def test_init_names_unknown_desks_and_writes_nothing(tmp_path: Path) -> None:
    text = sentence(init(tmp_path / "data", "--desks", "reception,treasury,kitchen"))
    assert "treasury" in text
    assert "kitchen" in text
    assert list(tmp_path.iterdir()) == []


def test_init_asks_and_a_missing_answer_writes_nothing(tmp_path: Path) -> None:
    found = marfa("init", "--data", str(tmp_path / "data"))
    assert found.returncode != 0
    assert "Traceback" not in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_time_zone_writes_nothing(tmp_path: Path) -> None:
    text = sentence(init(tmp_path / "data", "--time-zone", "Nowhere/Town"))
    assert "Nowhere/Town is not a time zone" in text
    assert list(tmp_path.iterdir()) == []


def test_a_readable_folder_is_not_opened(installation: Path) -> None:
    installation.chmod(0o755)
    assert "chmod 700" in sentence(marfa("serve", "--data", str(installation)))


def test_a_missing_key_is_not_replaced(installation: Path) -> None:
    (installation / "keys" / "signing.key").unlink()
    before = snapshot(installation)
    text = sentence(marfa("serve", "--data", str(installation)))
    assert "signing.key is missing" in text
    assert snapshot(installation) == before


def test_a_missing_database_is_not_replaced(installation: Path) -> None:
    (installation / "database.sqlite3").unlink()
    assert "is missing" in sentence(marfa("serve", "--data", str(installation)))
    assert not (installation / "database.sqlite3").exists()


def test_a_damaged_database_is_said(installation: Path) -> None:
    (installation / "database.sqlite3").write_bytes(b"not a database at all" * 100)
    assert "cannot be read" in sentence(marfa("serve", "--data", str(installation)))


def test_no_installation(tmp_path: Path) -> None:
    assert "marfa init" in sentence(marfa("serve", "--data", str(tmp_path)))
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_stops_the_start(installation: Path) -> None:
    with (installation / "marfa.toml").open("a") as file:
        file.write("prot = 8080\n")
    text = sentence(marfa("serve", "--data", str(installation)))
    assert "marfa.toml" in text
    assert "prot" in text
    assert "MARFA_THREADS" in sentence(
        marfa("serve", "--data", str(installation), MARFA_THREADS="zero")
    )


def test_two_addresses_of_a_database_are_not_chosen_between(tmp_path: Path) -> None:
    """The variable would win over what was typed, and nobody would notice."""
    typed = ("--database", "postgresql:///typed")
    found = init(tmp_path / "data", *typed, MARFA_DATABASE="postgresql:///exported")
    assert "names another database than --database" in sentence(found)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_database_is_left_alone(installation: Path) -> None:
    with sqlite3.connect(installation / "database.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('accounts', '9999_from_the_future', '2030-01-01')"
        )
    database.close()
    before = snapshot(installation)
    for command in ("serve", "migrate"):
        text = sentence(marfa(command, "--data", str(installation)))
        assert "newer version of Marfa" in text
    assert snapshot(installation) == before


def test_an_older_database_is_migrated_after_a_copy(installation: Path) -> None:
    with sqlite3.connect(installation / "database.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        database.execute("DROP TABLE django_session")
    database.close()
    assert "marfa migrate" in sentence(marfa("serve", "--data", str(installation)))
    occupy_installation(installation)
    try:
        assert "Stop them" in sentence(marfa("migrate", "--data", str(installation)))
        assert not (installation / "backups").exists()
    finally:
        leave_installation(installation)
    found = marfa("migrate", "--data", str(installation), "--json")
    told = json.loads(found.stdout)
    assert told["applied"] == 1
    copy = Path(told["copy"])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as old:
        names = [row[0] for row in old.execute("SELECT name FROM sqlite_master")]
        assert "django_session" not in names
        assert "accounts_user" in names
    old.close()
    again = json.loads(marfa("migrate", "--data", str(installation), "--json").stdout)
    assert again == {"data": str(installation), "applied": 0, "copy": None}


def test_a_migration_that_stops_halfway_names_the_copy(installation: Path) -> None:
    with contextlib.closing(sqlite3.connect(installation / "database.sqlite3")) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        database.commit()
    stop = """
from marfa.cli.server import serve
def halfway():
    raise {error}
serve.migrate_database = halfway
"""
    told = []
    for error in ("OSError(28, 'no space left')", "KeyboardInterrupt"):
        found = hindered(stop.format(error=error), "migrate", "--data", str(installation))
        told.append(sentence(found))
        (copy,) = (installation / "backups").iterdir()
        assert "between two versions. Give marfa migrate again" in told[-1]
        assert str(copy) in told[-1]
        copy.unlink()
    assert "disk is full" in told[0]
    assert "Nothing was changed" not in told[0]
    assert "Stopped" in told[1]


def test_a_port_in_use_is_said(installation: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        text = sentence(marfa("serve", "--data", str(installation), "--port", port))
    assert f"Port {port} is in use" in text


def test_demonstration_and_live_are_never_mixed(
    installation: Path, once: Once, tmp_path: Path
) -> None:
    before = snapshot(installation)
    assert "real installation" in sentence(marfa("demo", "--data", str(installation)))
    assert snapshot(installation) == before
    demonstration = once.demonstration(tmp_path / "demonstration")
    with serving("demo", demonstration) as served:
        assert served.sign_in is not None
        assert get(served.sign_in)[0] == 200
    assert "is a demonstration" in sentence(marfa("serve", "--data", str(demonstration)))


def test_a_demonstration_is_made_once_with_the_people_asked_for(tmp_path: Path) -> None:
    """A later start opens what is there, whatever it asks for, and says so."""
    found: list[set[str]] = []
    for people in ("12", "500"):
        with serving("demo", tmp_path / "data", "--people", people) as served:
            assert served.sign_in is not None
            assert get(served.sign_in)[0] == 200
            assert ("is opened as it is" in served.log()) == bool(found)
            stages = (
                "Making the tables (about 10 seconds)",
                "Making up who came",
                "Letting the year",
            )
            assert [served.log().count(each) for each in stages] == [not found] * 3
            assert "\r" not in served.log(), "a file gets a line for each stage and no more"
        with contextlib.closing(sqlite3.connect(tmp_path / "data" / "database.sqlite3")) as opened:
            codes = {code for (code,) in opened.execute("SELECT code FROM registry_person")}
        found.append(codes)
    assert found[0] == found[1]
    assert "482019352" in found[0], "whose story can be followed"
    assert 12 < len(found[0]) < 100


def test_sentences_come_in_arabic(installation: Path) -> None:
    installation.chmod(0o755)
    found = marfa("serve", "--data", str(installation), MARFA_LANGUAGE="ar")
    assert "خطأ" in sentence(found)
    assert "قراءة" in found.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 160 kB: less than a database needs, more than the keys do."""
    mount = tmp_path / "small"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=160k,mode=700", "tmpfs", str(mount)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small file system can be mounted by root alone")
    yield mount
    subprocess.run(["umount", str(mount)], check=True)


def test_a_full_disk_is_said_and_leaves_nothing(small_disk: Path) -> None:
    text = sentence(init(small_disk / "data"))
    assert "disk is full" in text
    assert list(small_disk.iterdir()) == []


def test_a_full_disk_while_serving_is_said(installation: Path, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=6m", str(small_disk)], check=True)
    data = small_disk / "data"
    shutil.copytree(installation, data)
    data.chmod(0o700)
    with serving("serve", data) as served:
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
            while stream.write(b"x" * 4096):
                pass
        found = marfa("users", "add", "samir", "--role", "statistician", "--data", str(data))
        assert "disk is full" in sentence(found)
        # Without room even reading may need what is not there; then that is what is said.
        status, page = get(f"{served.origin}/health/")
        assert (status, page) == (200, "ok") or (status == 507 and "disk is full" in page)
        filler.unlink()
        assert get(f"{served.origin}/health/") == (200, "ok")
        again = marfa("users", "add", "samir", "--role", "statistician", "--data", str(data))
        assert again.returncode == 0, again.stderr
