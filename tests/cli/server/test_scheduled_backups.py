"""Backups that the worker makes, and a restore that is only tried."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import environment, marfa, sentence, serving, snapshot
from tests.support.shared_copies import Once

LOOK = """
import sys
from pathlib import Path
from marfa.cli.server.installation import open_installation
open_installation(Path(sys.argv[1]))
from marfa.apps.upkeep.jobs import back_up
back_up.enqueue()
"""


@pytest.fixture
def place(once: Once, tmp_path: Path) -> Path:
    """With people, whose names are sealed, and files."""
    return once.demonstration(tmp_path / "data")


def look(place: Path, **given: str) -> dict[str, Any]:
    """The time comes at which the worker looks; what is on record then."""
    subprocess.run([sys.executable, "-c", LOOK, str(place)], env=environment(**given), check=True)
    found = marfa("worker", "--until-empty", "--data", str(place), **given)
    assert found.returncode == 0, found.stderr
    record: dict[str, Any] = json.loads((place / "backups.json").read_text())
    return record


def rehearse(place: Path, *more: str, **given: str) -> dict[str, Any]:
    found = marfa("restore", "--rehearse", "--json", "--data", str(place), *more, **given)
    assert found.returncode == 0, found.stderr
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def test_the_worker_makes_them_when_their_time_has_come(place: Path, tmp_path: Path) -> None:
    target = tmp_path / "disk"
    given = {"MARFA_BACKUP_FOLDER": str(target), "MARFA_BACKUP_KEEP": "1"}
    failed = look(place, **given)["failed"]
    assert failed["code"] == "cli.server:backup-no-folder", "the disk is not there"
    target.mkdir()
    foreign = target / "marfa-20200101T000000Z.backup"
    foreign.write_bytes(b"of somebody else")
    first = look(place, **given)
    assert first["failed"] is None
    (made,) = set(target.iterdir()) - {foreign}
    assert made.name == first["newest"]["name"]
    assert look(place, **given)["newest"] == first["newest"], "a day has not passed"
    older = json.loads((place / "backups.json").read_text())
    older["newest"]["at"] = "2026-01-01T00:00:00+00:00"
    (place / "backups.json").write_text(json.dumps(older))
    second = look(place, **given)["newest"]["name"]
    assert {file.name for file in target.iterdir()} == {foreign.name, second}


def test_a_rehearsal_looks_through_all_and_leaves_nothing(place: Path, tmp_path: Path) -> None:
    stick, outside = tmp_path / "stick", tmp_path / "heads"
    stick.mkdir()
    outside.mkdir()
    data = ("--data", str(place))
    given = {"MARFA_LOG_HEADS_FOLDER": str(outside)}
    assert "No backup is on record" in sentence(marfa("restore", "--rehearse", *data))
    made = json.loads(marfa("backup", str(stick), "--json", *data).stdout)
    with serving("demo", place):
        told = rehearse(place, **given)
    assert told["backup"] == made["backup"]
    assert told["rows"] > 1000
    assert told["entries"] > 100
    assert told["opened"] > 20
    before = snapshot(place)
    rehearse(place, **given)
    after = snapshot(place)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {"backups.json"}
    assert not list(outside.iterdir())
    noted = json.loads((place / "backups.json").read_text())
    assert noted["rehearsed"]["rows"] == told["rows"]
    assert noted["rehearsal_failed"] is None


def test_a_rehearsal_that_fails_says_so_and_is_on_record(place: Path, tmp_path: Path) -> None:
    """With the keys of another installation, a byte that was changed, a log that was changed."""
    data = ("--data", str(place))
    (tmp_path / "stick").mkdir()
    made = Path(
        json.loads(marfa("backup", str(tmp_path / "stick"), "--json", *data).stdout)["backup"]
    )
    keys = tmp_path / "keys"
    shutil.copytree(place / "keys", keys)
    keys.chmod(0o700)
    (keys / "instance.key").write_text("0" * 64 + "\n")
    wrong = sentence(marfa("restore", "--rehearse", "--keys", str(keys), *data))
    assert "are not those that the backup was made with" in wrong
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    assert "is damaged" in sentence(marfa("restore", "--rehearse", *data))
    noted = json.loads((place / "backups.json").read_text())
    assert noted["rehearsal_failed"]["code"] == "platform:backup-damaged"
    assert noted["rehearsed"] is None
    with sqlite3.connect(place / "database.sqlite3") as database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute(
            "UPDATE audit_entry SET outcome = 'denied' WHERE rowid ="
            " (SELECT min(rowid) FROM audit_entry WHERE outcome = 'done')"
        )
    assert marfa("backup", str(tmp_path / "stick"), *data).returncode == 0
    assert "The log in the backup is not whole" in sentence(marfa("restore", "--rehearse", *data))
    assert not list(place.glob(".rehearsal*"))
