"""A desk is added by one command and taken away by another, whole or not at all."""

from __future__ import annotations

import json
import signal
import sqlite3
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner

from marfa.cli.server import desks as command
from marfa.cli.server.installation import copy_database
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.datafolder import InstallationKind, Instance, open_folder
from tests.cli.server.test_desk_sets import check_had, check_set
from tests.support.desks import ALL_SETS, is_allowed
from tests.support.installation import ADMINISTRATOR, get, hindered, marfa, sentence, serving
from tests.support.shared_copies import Once

BEFORE = frozenset({"reception", "reporting", "administration"})
AFTER = BEFORE | {"protection"}


class BegunError(Exception):
    """The command has come as far as opening the installation."""


def run(path: Path, *words: str) -> dict[str, Any]:
    """A command about desks that does what it is asked, and what it says."""
    found = marfa("desks", *words, "--data", str(path), "--json")
    assert found.returncode == 0, found.stderr
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def refusal(path: Path, *words: str) -> str:
    return sentence(marfa("desks", *words, "--data", str(path)))


def log_of(path: Path) -> list[tuple[str, str]]:
    """What the log says of desks."""
    with sqlite3.connect(path / "database.sqlite3") as database:
        rows = database.execute(
            "SELECT action, detail FROM audit_entry WHERE action LIKE 'desks.%' ORDER BY place"
        )
        return [(action, json.loads(detail)["desk"]) for action, detail in rows]


def test_the_desks_that_are_here_and_those_that_can_come(installation: Path) -> None:
    told = run(installation, "list")
    assert told["desks"] == ["reception", "reporting", "administration"]
    assert told["can_be_added"] == ["protection", "coordination"]
    said = marfa("desks", "list", "--data", str(installation), MARFA_LANGUAGE="ar").stdout
    assert "مكاتب هذا التثبيت: reception" in said


@pytest.mark.parametrize("which", ["add", "remove"])
def test_both_commands_begin_where_an_allowed_set_comes_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    def opened(*_given: object) -> NoReturn:
        raise BegunError

    monkeypatch.setattr(command, "_alone", opened)
    asked = 0
    for here in filter(is_allowed, ALL_SETS):
        instance = Instance(InstallationKind.LIVE, tuple(sorted(here)), "0" * 16)
        monkeypatch.setattr(command, "look_at", lambda _path, found=instance: found)
        changed = ALL_SETS[-1] - here if which == "add" else here
        for desk in sorted(changed):
            then = here | {desk} if which == "add" else here - {desk}
            found = CliRunner().invoke(command.desks, [which, desk, "--data", str(tmp_path)])
            expected = BegunError if then in ALL_SETS and is_allowed(then) else InputError
            assert isinstance(found.exception, expected), (here, desk)
            asked += 1
    assert asked > 60


def test_a_desk_comes_with_all_it_has_and_goes_without_a_trace(once: Once, tmp_path: Path) -> None:
    path = once.installation(tmp_path / "data", "--desks", "reception,reporting")
    told = run(path, "add", "protection")
    assert "cases" in told["apps"]
    assert Path(told["copy"]).is_file()
    check_set(path, AFTER)
    assert "has the desk protection already" in refusal(path, "add", "protection")
    assert set(run(path, "remove", "protection")["desks"]) == BEFORE
    check_had(path, BEFORE)
    assert "has no desk called protection" in refusal(path, "remove", "protection")
    assert log_of(path) == [("desks.add", "protection"), ("desks.remove", "protection")]
    with sqlite3.connect(path / "database.sqlite3") as database:
        migrations = database.execute("SELECT app FROM django_migrations")
        assert ("cases",) not in migrations.fetchall()
        kinds = database.execute("SELECT app_label FROM django_content_type")
        assert ("cases",) not in kinds.fetchall()


def test_a_desk_that_holds_rows_or_people_stays(once: Once, tmp_path: Path) -> None:
    """What is said names the app and how many; nothing of what is in the rows."""
    path = once.installation(tmp_path / "data", "--desks", "reception,protection")
    data = ("--data", str(path))
    role = ("--role", "case_worker", "--site", "Test site")
    assert marfa("users", "add", "samir", *role, *data).returncode == 0
    with sqlite3.connect(path / "database.sqlite3") as database:
        database.execute(
            "INSERT INTO sealed_records_sealednote"
            " (id, reference, code, kind, made_at, organisation_id, record_id)"
            " VALUES ('1', 'secret-reference', 'K7M2', 'identity', '2027-01-01', '2', '3')"
        )
    was = (path / "instance.json").read_bytes()
    said = refusal(path, "remove", "protection")
    assert "open deadlines of sealed_records: 1." in said
    assert "still given at the desk protection, now or later: 1." in said
    assert "K7M2" not in said
    assert "secret-reference" not in said
    assert (path / "instance.json").read_bytes() == was
    assert log_of(path) == []
    with sqlite3.connect(path / "database.sqlite3") as database:
        database.execute("DELETE FROM sealed_records_sealednote")
    assert "sealed_records" not in refusal(path, "remove", "protection")
    with sqlite3.connect(path / "database.sqlite3") as database:
        database.execute(
            "UPDATE organisations_rolegrant SET ends_at = starts_at, starts_at ="
            " '2020-01-01' WHERE role = 'case_worker'"
        )
    run(path, "remove", "protection")


def test_an_installation_that_others_have_open_keeps_its_desks(installation: Path) -> None:
    with serving("serve", installation, "--no-worker", "--no-finder") as served:
        for words in (("add", "protection"), ("remove", "reporting")):
            assert "Stop them" in refusal(installation, *words)
        assert get(f"{served.origin}/health/") == (200, "ok")
    assert log_of(installation) == []


def test_copies_made_within_one_second_are_files_of_their_own(
    once: Once, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = once.installation(tmp_path / "data")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    copies = [copy_database(open_folder(path)) for _ in range(3)]
    assert len(set(copies)) == 3
    for copy in copies:
        assert copy is not None
        with sqlite3.connect(copy) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.stat().st_mode & 0o777 == 0o600


DYING = """
import os, signal
from django.db.migrations.executor import MigrationExecutor
from marfa.cli.server import desks

def dying(place, name, calls):
    real = getattr(place, name)
    left = [calls]
    def called(*given, **more):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **more)
    setattr(place, name, called)

dying({place}, {name!r}, {calls})
"""


def killed(path: Path, words: tuple[str, ...], place: str, name: str, calls: int) -> None:
    """Give a command that ends as if the power had failed, before a call of a function."""
    script = DYING.format(place=place, name=name, calls=calls)
    found = hindered(script, "desks", *words, "--data", str(path))
    assert found.returncode == -signal.SIGKILL, found.stderr


def starts_with(path: Path, desks: frozenset[str]) -> None:
    """It opens as the server opens it, and has these desks."""
    found = marfa("users", "list", "--data", str(path), "--json")
    assert found.returncode == 0, found.stderr
    assert ADMINISTRATOR in found.stdout
    assert set(json.loads((path / "instance.json").read_text())["desks"]) == desks


def test_whenever_power_fails_it_starts_as_before_or_as_after(installation: Path) -> None:
    """One folder goes through all of it, so that each attempt finds what the last one left."""
    add, remove = ("add", "protection"), ("remove", "protection")
    for place, name, calls in (
        ("desks", "copy_database", 1),
        ("desks", "write_instance", 1),
        ("desks", "migrate_database", 1),
        ("MigrationExecutor", "apply_migration", 3),
        ("desks", "_tell_log", 1),
        ("desks", "write_instance", 2),
    ):
        killed(installation, add, place, name, calls)
        starts_with(installation, BEFORE)
    assert "cases" in run(installation, "list")["unfinished"]
    run(installation, *add)
    check_had(installation, AFTER)
    for name, calls, then in (
        ("_tell_log", 1, AFTER),
        ("write_instance", 1, AFTER),
        ("_clear", 1, BEFORE),
        ("write_instance", 1, BEFORE),
    ):
        killed(installation, remove, "desks", name, calls)
        starts_with(installation, then)
    run(installation, *remove)
    check_had(installation, BEFORE)
    assert run(installation, "list")["unfinished"] == []


def test_what_was_cut_off_can_be_taken_back_or_left_for_another_desk(
    once: Once, tmp_path: Path
) -> None:
    path = once.installation(tmp_path / "data", "--desks", "reporting")
    killed(path, ("add", "protection"), "desks", "write_instance", 2)
    said = marfa("desks", "list", "--data", str(path)).stderr
    assert "empty tables are left of" in said
    run(path, "add", "investigations")
    told = check_had(path, frozenset({"reporting", "investigations", "administration"}))
    assert "registry" not in told["apps"]
    killed(path, ("remove", "investigations"), "desks", "_clear", 1)
    run(path, "remove", "investigations")
    check_had(path, frozenset({"reporting", "administration"}))


def test_tables_that_no_unfinished_change_explains_are_refused(installation: Path) -> None:
    """An edit of the file does not hide what an absent desk has stored."""
    run(installation, "add", "protection")
    file = installation / "instance.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, "desks": ["reception", "administration"]}))
    assert "newer version" in sentence(marfa("users", "list", "--data", str(installation)))
