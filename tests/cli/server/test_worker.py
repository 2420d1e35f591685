"""The worker as people start it: alone, with the server, stopped, killed, orphaned."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from marfa.cli.server import companion
from marfa.cli.server.companion import Companion
from tests.support.installation import environment, init, marfa, sentence, serving

INSERT = (
    "INSERT INTO jobs_job (id, name, arguments, state, run_at, created_at, attempts,"
    " cancel_requested, progress_done, position, error)"
    " VALUES (?, 'jobs.prune', '{}', 'waiting', '2020-01-01', '2020-01-01', 0, 0, 0, 0, '')"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on SQLite."""
    path = tmp_path_factory.mktemp("worker") / "data"
    found = init(path)
    assert found.returncode == 0, found.stderr
    return path


def query(path: Path, statement: str, *values: str) -> list[tuple[str]]:
    database = sqlite3.connect(path / "database.sqlite3", timeout=20)
    try:
        with database:
            return database.execute(statement, values).fetchall()
    finally:
        database.close()


def add_job(path: Path) -> str:
    name = uuid.uuid4().hex
    query(path, INSERT, name)
    return name


def state(path: Path, job: str) -> str:
    return query(path, "SELECT state FROM jobs_job WHERE id = ?", job)[0][0]


def soon(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is true; fails where it does not become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_worker_does_what_is_due_and_says_how_much(made: Path) -> None:
    job = add_job(made)
    found = marfa("worker", "--until-empty", "--json", "--data", str(made))
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == {"data": str(made), "jobs": 1}
    assert state(made, job) == "done"


def test_a_worker_that_is_told_to_stop_ends_well(made: Path) -> None:
    command = [sys.executable, "-m", "marfa", "worker", "--data", str(made)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "Ctrl-C" in process.stdout.readline()
        job = add_job(made)
        soon(lambda: state(made, job) == "done")
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "1 job was done.\n"
    assert process.returncode == 0


def test_a_worker_without_its_server_ends(made: Path) -> None:
    found = marfa("worker", "--data", str(made), "--parent", "1", "--json")
    assert found.returncode == 0, found.stderr


def test_a_worker_needs_an_installation(tmp_path: Path) -> None:
    assert "marfa init" in sentence(marfa("worker", "--data", str(tmp_path)))


def test_a_server_brings_its_worker_along_and_takes_it_away(made: Path) -> None:
    with serving("serve", made):
        job = add_job(made)
        soon(lambda: state(made, job) == "done")
    job = add_job(made)
    time.sleep(1.5)
    assert state(made, job) == "waiting"


def test_a_worker_that_is_killed_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "RESTART_SECONDS", 0.05)
    log = tmp_path / "starts"
    code = f"import time; open({str(log)!r}, 'a').write('x'); time.sleep(60)"
    monkeypatch.setattr(Companion, "_command", lambda self: [sys.executable, "-c", code])
    watched = Companion(tmp_path)
    watched.start()
    soon(lambda: log.exists() and log.read_text() == "x")
    first = watched._process
    assert first is not None
    first.kill()
    soon(lambda: log.read_text() == "xx")
    watched.stop()
    assert watched._process is not None
    assert watched._process is not first
    assert watched._process.returncode == -signal.SIGTERM
    watched._thread.join(5)
    assert not watched._thread.is_alive()
