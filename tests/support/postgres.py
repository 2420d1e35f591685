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


def start_cluster(folder: Path, *, durable: bool = False) -> str:
    """Start a cluster in ``folder`` and return its address; it stops when the process ends.

    durable: commits wait for the disk, as in real use; benchmarks want that.
    """
    programs = binaries()
    if programs is None:
        raise RuntimeError("No PostgreSQL server was found: apt install postgresql")
    user = unprivileged_user()
    folder.mkdir(parents=True)
    if user is not None:
        _open_way(folder)
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, env=_clean()
        )

    data = folder / "data"
    run(
        str(programs / "initdb"),
        f"--pgdata={data}",
        "--username=marfa",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=40"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    control = [str(programs / "pg_ctl"), f"--pgdata={data}", "--silent"]
    atexit.register(
        subprocess.run,
        [*control, "--mode=immediate", "stop"],
        user=user,
        cwd="/",
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    run(*control, f"--options={options}", f"--log={folder / 'server.log'}", "--wait", "start")
    return f"postgresql:///postgres?host={folder}&user=marfa"


def _open_way(folder: Path) -> None:
    """Let another user walk to the folder; what lies beside it keeps its own mode."""
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)


def _clean() -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**keep, "LC_ALL": "C.UTF-8"}
