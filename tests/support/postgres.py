"""A PostgreSQL cluster for one test run: unix socket only, gone when the run ends."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
from pathlib import Path

ROOTS = (Path("/usr/lib/postgresql"), Path("/usr/pgsql"), Path("/opt/homebrew/opt"))


def binaries() -> Path | None:
    """The folder of the newest server binaries, or None where there is no server."""
    found = [initdb.parent for root in ROOTS for initdb in root.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: _version(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _version(name: str) -> tuple[int, ...]:
    digits = [part for part in name.replace("@", ".").replace("postgresql", "").split(".") if part]
    return tuple(int(part) for part in digits if part.isdigit())


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; then the user ``postgres``, else ``nobody``, runs it."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Cluster:
    """A cluster in a folder, reached by a socket there."""

    def __init__(self, folder: Path) -> None:
        programs = binaries()
        if programs is None:
            raise RuntimeError("No PostgreSQL server was found: apt install postgresql")
        self.folder, self.data = folder, folder / "data"
        self.address = f"postgresql:///postgres?host={folder}&user=marfa"
        self._programs, self._user = programs, unprivileged_user()

    def make(self) -> None:
        """An empty one."""
        self._prepare()
        self._run(
            str(self._programs / "initdb"),
            f"--pgdata={self.data}",
            "--username=marfa",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )

    def make_like(self, other: Cluster) -> None:
        """A copy of one that was stopped."""
        self._prepare()
        self._run("cp", "-a", str(other.data), str(self.data))

    def start(self, *, durable: bool = False) -> None:
        """Start it; it stops when the process ends, if not before.

        durable: commits wait for the disk, as in real use; benchmarks want that.
        """
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
            " -c max_connections=40 -c max_locks_per_transaction=256"
        )
        if not durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        atexit.register(self._control, "--mode=immediate", "stop", check=False)
        log = f"--log={self.folder / 'server.log'}"
        self._control(f"--options={options}", log, "--wait", "start")

    def stop(self) -> None:
        """Stop it in good order, so that it can be copied."""
        self._control("--mode=fast", "--wait", "stop")

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True)
        if self._user is not None:
            _open_way(self.folder)
            shutil.chown(self.folder, self._user)

    def _control(self, *arguments: str, check: bool = True) -> None:
        control = [str(self._programs / "pg_ctl"), f"--pgdata={self.data}", "--silent"]
        self._run(*control, *arguments, check=check)

    def _run(self, *command: str, check: bool = True) -> None:
        quiet = None if check else subprocess.DEVNULL
        subprocess.run(
            command,
            check=check,
            user=self._user,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=quiet,
            env=_clean(),
        )


def start_cluster(folder: Path, *, durable: bool = False) -> str:
    """Start a new cluster in ``folder`` and return its address; it stops when the process ends."""
    cluster = Cluster(folder)
    cluster.make()
    cluster.start(durable=durable)
    return cluster.address


def _open_way(folder: Path) -> None:
    """Let another user walk to the folder; what lies beside it keeps its own mode."""
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)


def _clean() -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**keep, "LC_ALL": "C.UTF-8"}
