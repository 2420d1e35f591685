"""``marfa log`` on a real installation, from the first entry to a restore."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.support.installation import hindered, marfa, sentence

pytestmark = pytest.mark.skipif(
    os.environ.get("MARFA_TEST_DATABASE") == "postgresql",
    reason="an installation of its own, on SQLite",
)


def log(path: Path, *arguments: str) -> dict[str, object]:
    """A command about the log, and its JSON."""
    found = marfa("log", *arguments, "--data", str(path), "--json")
    assert found.returncode == 0, found.stderr
    data: dict[str, object] = json.loads(found.stdout)
    return data


def verified(path: Path, elsewhere: Path) -> dict[str, object]:
    """What verifying says of an export, its heads and its key, put elsewhere."""
    elsewhere.mkdir()
    log(path, "export", str(elsewhere / "log.jsonl"))
    shutil.copy(path / "heads.jsonl", elsewhere)
    found = marfa(
        "log",
        "verify",
        str(elsewhere / "log.jsonl"),
        "--heads",
        str(elsewhere / "heads.jsonl"),
        "--key",
        str(log(path, "key")["key"]),
        "--json",
    )
    assert found.returncode == 0, found.stderr
    data: dict[str, object] = json.loads(found.stdout)
    return data


def test_from_the_first_entry_to_the_restore(installation: Path, tmp_path: Path) -> None:
    """What commands do stands in the log; it verifies elsewhere; an old database is refused."""
    assert marfa("log", "show", "--data", str(installation)).returncode == 0
    log(installation, "heads")
    assert verified(installation, tmp_path / "kept")["whole"] is True
    refused = marfa("log", "export", str(tmp_path / "kept/log.jsonl"), "--data", str(installation))
    assert "Choose another name" in sentence(refused)

    backup = tmp_path / "backup.sqlite3"
    shutil.copy(installation / "database.sqlite3", backup)
    shown = marfa("log", "show", "--json", "--data", str(installation))
    assert {"log.read", "log.export"} <= {entry["action"] for entry in json.loads(shown.stdout)}
    second = log(installation, "heads")
    shutil.copy(backup, installation / "database.sqlite3")
    for file in installation.glob("database.sqlite3-*"):
        file.unlink()
    old = marfa("users", "list", "--data", str(installation))
    assert old.returncode == 1
    assert f"head {second['number']}, signed at" in sentence(old)
    assert "marfa log fork" in sentence(old)
    stopped = marfa("log", "fork", "--data", str(installation))
    assert stopped.returncode == 1, "nobody is there to say yes"
    assert log(installation, "fork", "--yes")["kind"] == "fork"
    assert marfa("users", "list", "--data", str(installation)).returncode == 0
    again = verified(installation, tmp_path / "again")
    assert (again["whole"], again["forks"], again["lost"]) == (True, 1, 1)


SILENT = """
from marfa.cli.server import log
opened = log.open_for_work
def silent(data):
    opened(data)
    from marfa.safeguards import acting
    acting.append_events = None
log.open_for_work = silent
"""


def test_no_export_appears_that_the_log_was_not_told_of(installation: Path, tmp_path: Path) -> None:
    target = tmp_path / "kept" / "log.jsonl"
    target.parent.mkdir()
    command = ("log", "export", str(target), "--data", str(installation))
    sentence(hindered(SILENT, *command))
    assert list(target.parent.iterdir()) == []
    assert marfa(*command).returncode == 0
