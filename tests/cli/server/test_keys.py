"""``marfa key`` and ``marfa recovery`` as a person uses them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from marfa.platform.occupancy import leave_installation, occupy_installation
from tests.support.installation import environment, marfa, sentence, serving
from tests.support.vault_process import in_installation

WORDS = "lantern orbit kettle mosaic thunder"


def told(*arguments: str, typed: str = "", passphrase: str = "") -> str:
    """Standard output of a command that is given lines, and the passphrase through a pipe."""
    found = run(*arguments, typed=typed, passphrase=passphrase)
    assert found.returncode == 0, found.stderr
    return found.stdout


def run(*arguments: str, typed: str = "", passphrase: str = "") -> subprocess.CompletedProcess[str]:
    reading, writing = os.pipe()
    os.write(writing, passphrase.encode())
    os.close(writing)
    more = {"MARFA_PASSPHRASE_FD": str(reading)} if passphrase else {}
    try:
        return subprocess.run(
            [sys.executable, "-m", "marfa", *arguments],
            env=environment(**more),
            input=typed,
            pass_fds=(reading,),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    finally:
        os.close(reading)


def test_a_key_under_a_passphrase(installation: Path) -> None:
    at = ("--data", str(installation))
    assert json.loads(told("key", "status", *at, "--json"))["provider"] == "file"
    plain = (installation / "keys" / "instance.key").read_text().strip()
    told("key", "protect", "--with", "passphrase", *at, typed=WORDS + "\n")
    assert plain not in (installation / "keys" / "instance.key").read_text()
    assert json.loads(told("key", "status", *at, "--json"))["provider"] == "passphrase"

    assert "no terminal" in sentence(run("users", "list", *at))
    assert "not the passphrase" in sentence(run("users", "list", *at, passphrase="other"))
    assert json.loads(told("users", "list", *at, "--json", passphrase=WORDS))

    told("key", "protect", "--with", "file", *at, passphrase=WORDS)
    assert (installation / "keys" / "instance.key").read_text().strip() == plain
    assert steps(installation) == ["protect", "protect"]


def test_a_key_under_a_command_and_the_setting(installation: Path, tmp_path: Path) -> None:
    at = ("--data", str(installation))
    secret = tmp_path / "secret with space"
    secret.write_text("ab" * 32)
    told("key", "protect", "--with", "command", "--command", f"cat '{secret}'", *at)
    assert json.loads(told("key", "status", *at, "--json"))["command"] == ["cat", str(secret)]
    assert marfa("users", "list", *at, MARFA_INSTANCE_KEY="command").returncode == 0
    refused = sentence(marfa("users", "list", *at, MARFA_INSTANCE_KEY="passphrase"))
    assert "instance_key" in refused
    secret.unlink()
    assert "cat" in sentence(marfa("users", "list", *at))


def test_what_protect_refuses(installation: Path) -> None:
    at = ("--data", str(installation))
    occupy_installation(installation)
    try:
        passphrase = ("key", "protect", "--with", "passphrase", *at)
        assert "Stop them" in sentence(run(*passphrase, typed=WORDS + "\n"))
    finally:
        leave_installation(installation)
    assert steps(installation) == []
    weak = run("key", "protect", "--with", "passphrase", *at, typed="password\n")
    assert "five or more unrelated words" in sentence(weak)
    for empty in ("", "'"):
        found = run("key", "protect", "--with", "command", "--command", empty, *at)
        assert "--command" in sentence(found)
    assert json.loads(told("key", "status", *at, "--json"))["provider"] == "file"


def test_shares_restore_the_key_on_a_new_machine(installation: Path) -> None:
    at = ("--data", str(installation))
    made = json.loads(
        told("recovery", "split", "--shares", "3", "--threshold", "2", *at, "--json")
    )["shares"]
    one, two, three = (share["words"] for share in made)
    told("recovery", "rehearse", *at, typed=f"{one}\n{three}\n")
    status = json.loads(told("key", "status", *at, "--json"))["recovery"]
    assert (status["shares"], status["threshold"]) == (3, 2)
    assert status["rehearsed_at"]

    before = (installation / "keys" / "instance.key").read_text()
    shutil.rmtree(installation / "keys")
    assert "1" in sentence(run("recovery", "restore", *at, typed=f"{two}\n"))
    wrong = two.replace(two.split()[9], "academic", 1)
    assert "Share 2" in sentence(run("recovery", "restore", *at, typed=f"{one}\n{wrong}\n"))
    assert not (installation / "keys").exists()
    told("recovery", "restore", *at, typed=f"{one}\n{two}\n")
    assert (installation / "keys" / "instance.key").read_text() == before
    assert marfa("users", "list", *at).returncode == 0
    assert "already" in sentence(run("recovery", "restore", *at, typed=f"{one}\n{two}\n"))
    assert steps(installation) == ["split", "rehearse", "restore"]


def steps(installation: Path) -> list[str]:
    """What was done with the key, as the log has it."""
    with contextlib.closing(sqlite3.connect(installation / "database.sqlite3")) as connection:
        found = connection.execute(
            "SELECT detail FROM audit_entry WHERE action = 'keys.protect' ORDER BY place"
        )
        return [json.loads(detail)["step"] for (detail,) in found]


def test_shares_of_a_rotated_key_open_what_lies_under_it(installation: Path) -> None:
    """The file with the former keys is gone with the key: its number is known all the same."""
    at = ("--data", str(installation))
    everybody = in_installation(installation, "make", "2")
    told("vault", "rotate", *at)
    split = ("recovery", "split", "--shares", "2", "--threshold", "2", *at, "--json")
    typed = "".join(f"{share['words']}\n" for share in json.loads(told(*split))["shares"])
    shutil.rmtree(installation / "keys")
    told("recovery", "restore", *at, typed=typed)
    assert in_installation(installation, "names") == everybody
    assert json.loads(told("vault", "status", *at, "--json"))["present"] == 2


def test_a_key_is_restored_before_there_is_a_database(installation: Path) -> None:
    at = ("--data", str(installation))
    made = json.loads(told("recovery", "split", "--shares", "2", "--threshold", "2", *at, "--json"))
    typed = "".join(f"{share['words']}\n" for share in made["shares"])
    shutil.rmtree(installation / "keys")
    (installation / "database.sqlite3").unlink()
    found = run("recovery", "restore", *at, typed=typed)
    assert found.returncode == 0
    assert "log" in found.stderr


def test_a_share_is_shown_with_numbered_words_on_a_page_of_its_own(installation: Path) -> None:
    shown = told(
        "recovery", "split", "--shares", "2", "--threshold", "2", "--data", str(installation)
    )
    pages = shown.split("\f")
    assert len(pages) == 3
    for number, page in enumerate(pages[:2], 1):
        assert f"Share {number} of 2" in page
        assert " 33 " in page
    assert "rehearse" in pages[2]


def test_a_server_hands_the_key_to_its_worker(installation: Path) -> None:
    calls = installation.parent / "calls"
    script = installation.parent / "secret.sh"
    script.write_text(f"#!/bin/sh\necho call >> '{calls}'\nprintf 'ab%.0s' $(seq 32)\n")
    script.chmod(0o700)
    told(
        "key", "protect", "--with", "command", "--command", str(script), "--data", f"{installation}"
    )
    calls.unlink()
    with serving("serve", installation) as served:
        wait_for_work(installation / "database.sqlite3")
        assert "worker ended" not in served.log()
    assert calls.read_text().splitlines() == ["call"], "the worker was given the key"


def wait_for_work(database: Path) -> None:
    """Wait until a worker has begun: it writes down when what comes again is due."""
    for _ in range(3000):
        with contextlib.closing(sqlite3.connect(database)) as connection:
            if connection.execute("SELECT count(*) FROM jobs_tick").fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError("no worker works")
