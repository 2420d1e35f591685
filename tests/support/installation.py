"""A real installation in a folder of its own, driven by the real command."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.commands import run_command

ADMINISTRATOR = "amal"


@dataclass(frozen=True)
class Served:
    """A server that runs: where it is, and the one-time link that it printed."""

    origin: str
    sign_in: str | None
    errors: Path

    def log(self) -> str:
        """What the server wrote to its standard error."""
        return self.errors.read_text(encoding="utf-8")


def environment(**more: str) -> dict[str, str]:
    """The environment of a command, without this run's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARFA_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def marfa(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user does; settings as keyword arguments: ``MARFA_PORT="8001"``."""
    return run_command(list(arguments), environment(**more))


def hindered(script: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process in which a script was run before, such as one that lets a step
    of it fail; settings as for ``marfa``."""
    return run_command(list(arguments), environment(**more), script)


def init(path: Path, *more: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """``marfa init`` with all it would ask for."""
    return marfa(
        "init",
        "--data",
        str(path),
        "--organisation",
        "Test organisation",
        "--site",
        "Test site",
        "--time-zone",
        "Asia/Damascus",
        "--administrator",
        ADMINISTRATOR,
        *more,
        **settings,
    )


def sentence(found: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The sentence a command ended with; fails where it ended otherwise or with a traceback."""
    assert found.returncode == code, (found.returncode, found.stdout, found.stderr)
    assert "Traceback" not in found.stderr, found.stderr
    assert found.stderr.strip(), "an error is said"
    return found.stderr


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(
    command: str, path: Path, *more: str, port: int | None = None, **settings: str
) -> Iterator[Served]:
    """Run ``marfa serve`` or ``marfa demo`` for the length of the block; a demonstration that is
    made for it has those people alone who are written by hand, unless ``more`` says otherwise."""
    if command == "demo" and "--people" not in more and not (path / "instance.json").exists():
        more = (*more, "--people", "0")
    port = port or free_port()
    log = path.with_name(f"{path.name}.log")
    errors = log.open("w", encoding="utf-8")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "marfa",
            command,
            "--data",
            str(path),
            "--port",
            str(port),
            "--json",
            *more,
        ],
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    try:
        assert process.stdout is not None
        text = ""
        while not re.search(r"^\}", text, re.MULTILINE):
            line = process.stdout.readline()
            assert line, f"the server ended before it served: {text}{log.read_text()}"
            text += line
        told = json.loads(text)
        yield Served(origin=told["url"], sign_in=told["sign_in"], errors=log)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the server did not stop") from None
        if process.stdout is not None:
            process.stdout.close()
        errors.close()


POSTGRESQL = os.environ.get("MARFA_TEST_DATABASE") == "postgresql"


def snapshot(path: Path) -> dict[str, bytes]:
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=300) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


PATIENCE = 240


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until a server that was started says that it is well; fails where it ends before."""
    end = time.monotonic() + PATIENCE
    while not is_well(port):
        assert process.poll() is None, "it ended"
        assert time.monotonic() < end, "it does not answer"
        time.sleep(0.3)


def is_well(port: int) -> bool:
    """Whether a server on this machine answers and reaches its database."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/health/", timeout=10) as answer:
            return bool(answer.read() == b"ok")
    except (urllib.error.URLError, ConnectionError):
        return False
