"""Forms sent by ten devices at once to a server that runs on PostgreSQL and is killed halfway.

    python benchmarks/submissions.py                   2,000 forms
    python benchmarks/submissions.py --count 10000     as the number to hold says

The number to hold: of 10,000 forms, ten at a time, 95 in a hundred are acknowledged within 150 ms
on two cores, and none is lost where the server is killed (SIGKILL) in the middle and started again.
The reference is a bare view of Django under the same gunicorn and cluster, which stores the same
bytes in one row. Commits wait for the disk. In the run with the kill the time in which the server
is away is not counted: what could not be acknowledged was sent again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
AT_ONCE = 10


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--count", type=int, default=2000, help="forms to send")
    asked.add_argument("--threads", type=int, default=4, help="threads of the server")
    given = asked.parse_args()
    from tests.support.postgres import binaries

    if binaries() is None:
        print("PostgreSQL was not found: nothing to measure")
        return
    with tempfile.TemporaryDirectory(prefix="marfa-submissions-") as scratch:
        measure(Path(scratch), given.count, str(given.threads))


def measure(folder: Path, count: int, threads: str) -> None:
    import psycopg
    from tests.contracts.openrosa.devices import Device, Server, drive, inside
    from tests.support.installation import init
    from tests.support.postgres import start_cluster

    control = start_cluster(folder / "postgresql", durable=True)
    host = str(folder / "postgresql")
    with psycopg.connect(control, autocommit=True) as cluster:
        cluster.execute("CREATE DATABASE forms")
        cluster.execute("CREATE DATABASE bare")
    more = {
        "MARFA_DATABASE": f"postgresql:///forms?host={host}&user=marfa",
        "MARFA_THREADS": threads,
    }
    made = init(folder / "data", "--desks", "reception,administration", **more)
    if made.returncode:
        raise SystemExit(made.stderr)
    device = inside(folder / "data", "prepare", **more)
    few = max(count // 5, 50)
    bare = reference(folder, host, few, threads)
    server = Server(folder / "data", **more)

    def posts() -> Device:
        return Device(server.origin, device["username"], device["password"])

    def kill_and_start() -> None:
        server.kill()
        server.start()

    server.start()
    try:
        server.wait()
        drive(posts, 50, AT_ONCE)
        quiet = drive(posts, few, AT_ONCE)
        killed = drive(posts, count, AT_ONCE, halfway=kill_and_start)
    finally:
        server.kill()
    found = inside(folder / "data", "stored", **more)
    lost = [key for key, digest in killed.acknowledged.items() if found.get(key) != digest]
    for name, run in (
        ("a bare view that stores the bytes (reference)", bare),
        ("the server, undisturbed", quiet),
        ("the server, killed halfway", killed),
    ):
        ratio = run.percentile(0.5) / bare.percentile(0.5)
        print(
            f"{name:46} {len(run.latencies):6} forms"
            f" {len(run.latencies) / run.seconds:6.1f} a second"
            f"  p50 {run.percentile(0.5) * 1000:6.1f} ms  p95 {run.percentile(0.95) * 1000:6.1f} ms"
            f"  ratio {ratio:5.2f}"
        )
    print(f"sent again after the kill: {killed.repeated} requests; lost = {len(lost)}")


def reference(folder: Path, host: str, count: int, threads: str):  # type: ignore[no-untyped-def]
    """The same devices against the bare view."""
    import psycopg
    from tests.contracts.openrosa.devices import Device, drive
    from tests.support.installation import free_port

    with psycopg.connect(f"postgresql:///bare?host={host}&user=marfa") as base:
        base.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, content bytea NOT NULL)")
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "submissions_reference:application"),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", threads),
            *("--log-level", "warning", "--chdir", str(ROOT / "benchmarks")),
        ],
        env={**os.environ, "BARE_HOST": host},
        cwd=folder,
    )
    try:
        origin = f"http://127.0.0.1:{port}"
        drive(lambda: Device(origin, "a", "b"), 20, AT_ONCE)
        return drive(lambda: Device(origin, "a", "b"), count, AT_ONCE)
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
