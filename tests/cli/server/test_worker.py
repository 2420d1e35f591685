"""The worker as people start it: alone, with the server, stopped, killed, orphaned."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marfa.cli.server import companion
from marfa.cli.server.companion import Companion
from marfa.cli.server.serve import processes_of
from marfa.cli.server.worker import stop_on_signals
from marfa.platform.jobs.worker import Worker
from marfa.platform.settings import Settings
from tests.cli.server.conftest import DESKS
from tests.support.installation import environment, free_port, get, marfa, sentence, serving
from tests.support.shared_copies import Once

INSERT = (
    "INSERT INTO jobs_job (id, name, arguments, state, run_at, created_at, attempts,"
    " cancel_requested, progress_done, position, error)"
    " VALUES (?, 'jobs.prune', '{}', 'waiting', '2020-01-01', '2020-01-01', 0, 0, 0, 0, '')"
)
# A job that comes again every minute.
AGAIN = "deadlines.escalate"


@pytest.fixture(scope="module")
def made(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on SQLite."""
    return once.installation(tmp_path_factory.mktemp("worker") / "data", *DESKS)


def query(path: Path, statement: str, *values: str) -> list[tuple[str]]:
    database = sqlite3.connect(path / "database.sqlite3", timeout=300)
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


def done(path: Path) -> int:
    """How many jobs are done: those of a test, and those whose time came while it ran."""
    return int(query(path, "SELECT count(*) FROM jobs_job WHERE state = 'done'")[0][0])


def soon(true: Callable[[], bool], seconds: float = 300) -> None:
    """Wait until something is true; fails where it does not become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_worker_does_what_is_due_and_says_how_much(made: Path) -> None:
    before = done(made)
    job = add_job(made)
    found = marfa("worker", "--until-empty", "--json", "--data", str(made))
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == {"data": str(made), "jobs": done(made) - before}
    assert state(made, job) == "done"


def test_a_worker_that_is_told_to_stop_ends_well(made: Path) -> None:
    query(made, "INSERT OR REPLACE INTO jobs_tick VALUES (?, '2020-01-01', null)", AGAIN)
    before = done(made)
    command = [sys.executable, "-m", "marfa", "worker", "--data", str(made)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "Ctrl-C" in process.stdout.readline()
        job = add_job(made)
        soon(lambda: state(made, job) == "done")
        soon(lambda: done(made) - before >= 2)  # what was added, and what comes again
        process.send_signal(signal.SIGTERM)
        said = process.stdout.read()
    did = done(made) - before
    assert said == f"{did} jobs were done.\n"
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
    assert os.getpgid(first.pid) == first.pid, "Ctrl-C in a terminal does not reach it"
    assert os.getpriority(os.PRIO_PROCESS, first.pid) >= companion.STANDS_BACK
    first.kill()
    soon(lambda: log.read_text() == "xx")
    watched.stop()
    assert watched._process is not None
    assert watched._process is not first
    assert watched._process.returncode == -signal.SIGTERM
    watched._thread.join(300)
    assert not watched._thread.is_alive()


@pytest.fixture
def handlers_kept() -> Iterator[None]:
    """The handlers of signals as they were before."""
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.getsignal(name) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.mark.usefixtures("handlers_kept")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_alone_the_second_signal_rolls_back(number: signal.Signals) -> None:
    worker = Worker()
    stop_on_signals(worker, insist=True)
    signal.raise_signal(number)
    worker.work()  # returns at once
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


@pytest.mark.usefixtures("handlers_kept")
def test_with_its_server_what_runs_comes_to_its_end_although_all_are_told() -> None:
    worker = Worker()
    stop_on_signals(worker, insist=False)
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)
    worker.work()


def test_what_lies_in_the_current_folder_is_not_imported_by_the_worker(
    made: Path, tmp_path: Path
) -> None:
    (tmp_path / "pydantic_settings.py").write_text("raise SystemExit('planted')")
    command = [*Companion(made)._command(), "--until-empty", "--json"]
    found = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


def below(parent: int) -> list[int]:
    """Processes of a parent, and theirs."""
    lists = Path(f"/proc/{parent}/task").glob("*/children")
    found = [int(pid) for each in lists for pid in each.read_text().split()]
    return found + [each for pid in found for each in below(pid)]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_leaves_no_process(made: Path, number: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "-m", "marfa", "serve", "--data", str(made), "--port", str(port)]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)
    try:
        soon(lambda: answers(port))
        soon(lambda: len(below(process.pid)) == 3)
        started = below(process.pid)
        process.send_signal(number)
        process.wait(300)
    finally:
        process.kill()
        process.wait()
    soon(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


def test_a_server_started_with_ctrl_c_ignored_hears_it_once_it_says_where_it_is(
    made: Path,
) -> None:
    """As a shell starts what runs in the background."""
    command = [sys.executable, "-m", "marfa", "serve", "--data", str(made), "--json"]
    # -c: ignored in that process alone; what it becomes keeps it so.
    ignoring = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    process = subprocess.Popen(
        [sys.executable, "-c", f"{ignoring}os.execv(sys.argv[1], sys.argv[1:])", *command],
        env=environment(MARFA_PORT=str(free_port())),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        while process.stdout.readline() not in ("}\n", ""):
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_of_several_processes_one_has_the_worker_and_another_takes_its_place(made: Path) -> None:
    with serving("serve", made, MARFA_PROCESSES="2") as served:

        def led() -> list[int]:
            """Who has the worker and the finder, where the server and its two processes run."""
            own = [pid for pid in below(os.getpid()) if is_command(pid, b"serve", made)]
            found = [leaders(own, name, made) for name in (b"worker", b"finder")]
            return found[0] if len(own) == 3 and found[0] == found[1] else []

        soon(lambda: len(led()) == 1)
        (leader,) = led()
        os.kill(leader, signal.SIGKILL)
        soon(lambda: len(led()) == 1 and led() != [leader])
        assert get(f"{served.origin}/health/") == (200, "ok")
        job = add_job(made)
        soon(lambda: state(made, job) == "done")
        started = below(os.getpid())
    soon(lambda: not any(is_command(pid, b"marfa", made) for pid in started))


def leaders(processes: list[int], command: bytes, data: Path) -> list[int]:
    """Of these processes, those that have one of a command directly below them, once for each."""
    return [
        parent
        for parent in processes
        for task in Path(f"/proc/{parent}/task").glob("*/children")
        for pid in map(int, task.read_text().split())
        if is_command(pid, command, data)
    ]


def is_command(pid: int, command: bytes, data: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return command in words and str(data).encode() in words


@pytest.mark.parametrize(
    ("asked", "database", "processes"),
    [(0, "", 1), (0, "postgresql:///marfa", 2), (3, "", 3), (1, "postgresql:///marfa", 1)],
)
def test_a_server_on_postgresql_keeps_each_core_busy(
    asked: int, database: str, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1})
    assert processes_of(Settings(processes=asked, database=database)) == processes


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_a_port_in_use_leaves_no_worker(made: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = marfa("serve", "--data", str(made), "--port", port)
        assert port in sentence(found)
        workers = [each for each in Path("/proc").glob("[0-9]*/cmdline") if is_worker(each, made)]
        assert workers == []


def is_worker(command: Path, data: Path) -> bool:
    try:
        words = command.read_bytes().split(b"\0")
    except OSError:
        return False
    return b"worker" in words and str(data).encode() in words


def answers(port: int) -> bool:
    try:
        return get(f"http://localhost:{port}/health/") == (200, "ok")
    except OSError:
        return False
