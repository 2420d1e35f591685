"""The process that holds the names, as people start it: with the server, alone, orphaned."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from marfa.apps.name_search.protocol import SOCKET
from tests.cli.server.test_worker import soon
from tests.support.installation import environment, marfa, sentence, serving
from tests.support.shared_copies import Once


@pytest.fixture(scope="module")
def made(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on SQLite."""
    return once.installation(tmp_path_factory.mktemp("finder") / "data")


def asked(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return marfa("finder", "--data", str(path), *more)


def is_warm(path: Path) -> bool:
    found = asked(path, "--state", "--json")
    return found.returncode == 0 and bool(json.loads(found.stdout)["warm"])


def test_a_server_brings_it_along_and_takes_it_away(made: Path) -> None:
    assert "marfa serve" in sentence(asked(made, "--state"))
    with serving("serve", made):
        soon(lambda: is_warm(made))
        mode = (made / SOCKET).lstat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600
        assert asked(made, "--state").stdout.strip() == "The index of names is ready."
        assert asked(made, "--rebuild").returncode == 0
        assert "already" in sentence(asked(made))
    soon(lambda: not (made / SOCKET).exists())


def test_alone_it_runs_until_it_is_told_to_stop(made: Path) -> None:
    command = [sys.executable, "-m", "marfa", "finder", "--data", str(made), "--json"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        soon(lambda: is_warm(made))
        status = Path(f"/proc/{process.pid}/limits").read_text()
        core = next(line for line in status.splitlines() if line.startswith("Max core"))
        assert core.split()[4:6] == ["0", "0"]
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        locked = json.loads(process.stdout.read())["locked"]
    assert process.returncode == 0
    assert isinstance(locked, bool)


def test_it_ends_with_whoever_started_it(made: Path) -> None:
    found = asked(made, "--parent", "1")
    assert found.returncode == 0, found.stderr


def test_a_server_may_leave_it_to_another(made: Path) -> None:
    with serving("serve", made, "--no-finder"):
        assert asked(made, "--state").returncode == 1


def test_where_it_cannot_lock_its_memory_it_says_so(made: Path) -> None:
    code = (
        "import ctypes, os, resource, sys;"
        "resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536));"
        "ctypes.CDLL(None).prctl(24, 14, 0, 0, 0);"  # PR_CAPBSET_DROP, CAP_IPC_LOCK
        "os.execv(sys.executable, [sys.executable, '-m', 'marfa', *sys.argv[1:]])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, "finder", "--data", str(made), "--parent", "1"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0
    assert "LimitMEMLOCK" in found.stderr
