"""``marfa vault`` as a person uses it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.cli.server.test_keys import WORDS, run, told
from tests.support.installation import marfa, sentence, serving
from tests.support.vault_process import NAME, in_installation

ALL = {"0": f"{NAME} 0", "1": f"{NAME} 1", "2": f"{NAME} 2"}


def answer(*arguments: str) -> Any:
    found = marfa(*arguments, "--json")
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_a_rotation_wraps_everything_anew_and_the_old_key_opens_nothing(installation: Path) -> None:
    at = ("--data", str(installation))
    assert in_installation(installation, "make", "3") == ALL
    first = (installation / "keys" / "instance.key").read_text()
    with serving("serve", installation):
        assert "Stop them" in sentence(marfa("vault", "rotate", *at))
    rotated = answer("vault", "rotate", *at)
    assert rotated["version"] == 2
    assert rotated["retired"] == [1]
    assert rotated["wrapped"] >= 3
    assert (installation / "keys" / "instance.key").read_text() != first
    assert in_installation(installation, "names") == ALL
    status = answer("vault", "status", *at)
    assert status["present"] == 2
    assert status["persons"] == 3
    assert [version["under_it"].get("vault.persons", 0) for version in status["versions"]] == [0, 3]
    assert [version["key"] for version in status["versions"]] == [True, True]
    assert "Version 2" in marfa("vault", "status", *at).stdout

    answer("vault", "rotate", "--destroy-old", *at)
    status = answer("vault", "status", *at)
    assert [version["key"] for version in status["versions"]] == [False, False, True]
    assert in_installation(installation, "names") == ALL
    # The very first key, put back, opens nothing.
    (installation / "keys" / "instance.key").write_text(first)
    with sqlite3.connect(installation / "database.sqlite3") as database:
        versions = {row[0] for row in database.execute("SELECT key_version FROM vault_subjectkey")}
    database.close()
    assert versions == {3}


def test_a_rotation_that_was_cut_off_goes_on_beside_a_server(installation: Path) -> None:
    at = ("--data", str(installation))
    in_installation(installation, "make", "3")
    with sqlite3.connect(installation / "database.sqlite3") as database:
        rows = database.execute("SELECT subject, wrapped_key FROM vault_subjectkey").fetchall()
        answer("vault", "rotate", *at)
        # As if it had been cut off before it came to the first of them.
        database.execute(
            "UPDATE vault_subjectkey SET wrapped_key = ?, key_version = 1 WHERE subject = ?",
            (rows[0][1], rows[0][0]),
        )
    database.close()
    assert in_installation(installation, "names") == ALL
    with serving("serve", installation):
        went_on = answer("vault", "rotate", *at)
    assert (went_on["continued"], went_on["version"], went_on["wrapped"]) == (True, 2, 1)
    assert in_installation(installation, "names") == ALL


def test_a_rotation_under_a_passphrase(installation: Path) -> None:
    at = ("--data", str(installation))
    told("key", "protect", "--with", "passphrase", *at, typed=WORDS + "\n")
    other = "harbour violet anchor thimble cedar"
    found = run("vault", "rotate", *at, "--json", typed=other + "\n", passphrase=WORDS)
    assert found.returncode == 0, found.stderr
    assert "not the passphrase" in sentence(run("users", "list", *at, passphrase=WORDS))
    assert told("vault", "status", *at, passphrase=other)


def test_erasing_and_a_list_that_is_lost(installation: Path) -> None:
    at = ("--data", str(installation))
    in_installation(installation, "make", "3")
    old = (installation / "database.sqlite3").read_bytes()
    gone = {**ALL, "1": None}
    assert in_installation(installation, "erase", "1") == gone
    # The database of before is put back.
    for file in installation.glob("database.sqlite3*"):
        file.unlink()
    (installation / "database.sqlite3").write_bytes(old)
    (installation / "database.sqlite3").chmod(0o600)
    found = marfa("users", "list", *at)
    assert "1 person was erased again" in found.stderr
    assert in_installation(installation, "names") == gone
    whole = (installation / "erased" / "erased.jsonl").read_bytes()
    (installation / "erased" / "erased.jsonl").unlink()
    for command in (("users", "list"), ("vault", "status"), ("worker", "--until-empty")):
        assert "list of erased people is missing" in sentence(marfa(*command, *at))
    assert answer("vault", "settle", "--list-lost", *at)["new_list"] == 1
    assert (installation / "erased" / "erased.jsonl").read_bytes() == whole
    assert in_installation(installation, "names") == gone


def test_a_list_is_not_settled_from_a_database_that_is_older_than_the_log(
    installation: Path,
) -> None:
    at = ("--data", str(installation))
    in_installation(installation, "make", "1")
    old = (installation / "database.sqlite3").read_bytes()
    in_installation(installation, "erase", "0")
    answer("log", "show", *at)
    head = answer("log", "heads", *at)["number"]
    list_of_erased = (installation / "erased" / "erased.jsonl").read_bytes()
    for file in installation.glob("database.sqlite3*"):
        file.unlink()
    (installation / "database.sqlite3").write_bytes(old)
    (installation / "database.sqlite3").chmod(0o600)
    for option in ((), ("--list-lost",)):
        refused = marfa("vault", "settle", *option, *at)
        assert refused.returncode == 1
        assert f"head {head}, signed at" in sentence(refused)
    assert (installation / "erased" / "erased.jsonl").read_bytes() == list_of_erased
    assert answer("log", "fork", "--yes", *at)["kind"] == "fork"
    assert answer("vault", "settle", *at)["erased_again"] == 1
