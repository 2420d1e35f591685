"""An archive against the programs that copy, hash and encrypt, in the same run.

    python benchmarks/archive.py                    2 GiB, 20,000 small files; some minutes
    python benchmarks/archive.py --large            a file of 20 GiB in place of 1 GiB
    python benchmarks/archive.py large list         some parts alone: large, small, entries,
                                                    memory, list

Figures are CPU seconds of children, user and system, the least of some runs, which take turns with
those of the reference; it is given the same files in the same cache. ``verify`` is compared with
``sha512sum`` or ``sha256sum`` over the files that are stored. What it takes to start the command is
in the figures, and printed by itself. Entries are counted by the clock beside SQLite with
``synchronous=FULL`` on the same disk.
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyrage

from marfa.methods.archive import Event, create_archive, open_writer
from marfa.methods.archive.index import Listed

MIB = 1 << 20
QUIET = subprocess.DEVNULL
LARGE_FILES, SMALL_FILES = 256, 20_000
RUNS = 3
MARFA = [sys.executable, "-m", "marfa", "archive"]
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def now() -> datetime:
    return NOW


def spent(*works: Callable[[int], object]) -> list[float]:
    """For each work the least CPU seconds of children that it took; the works take turns."""
    found: list[list[float]] = [[] for _ in works]
    for run in range(RUNS):
        for work, seconds in zip(works, found, strict=True):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            work(run)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return [min(each) for each in found]


def call(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=QUIET, stderr=QUIET)


def sum_files(program: str, files: list[Path]) -> None:
    names = "\0".join(map(str, files)).encode()
    command = ["xargs", "-0", program]
    subprocess.run(command, input=names, check=True, stdout=subprocess.DEVNULL)


def run(command: list[str | Path], _run: int) -> None:
    call(*command)


def run_on(program: str, files: list[Path], _run: int) -> None:
    sum_files(program, files)


def report(name: str, ours: float, reference: float, goal: float) -> None:
    print(f"{name:58}{ours:9.2f}{reference:9.2f}{ours / reference:8.2f}{goal:8.2f}", flush=True)


def make_files(folder: Path, count: int, size: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05d}").write_bytes(os.urandom(size))
    return folder


def stored(archive: Path) -> list[Path]:
    return [path for path in (archive / "objects").rglob("*") if path.is_file()]


def verifying(place: Path, name: str, source: Path, goal: float, *, whole: bool) -> None:
    archive = place / "verified"
    create_archive(archive, [])
    with open_writer(archive, now) as writer:
        writer.add_items([source] if whole else sorted(source.iterdir()))
    files = stored(archive)
    for digest in ("sha512", "sha256"):
        command = [*MARFA, "verify", archive, "--digest", digest, "--json"]
        program = f"{digest}sum"
        ours, theirs = spent(partial(run, command), partial(run_on, program, files))
        report(f"verify, {name}, {digest}", ours, theirs, goal)
    shutil.rmtree(archive)


def adding(place: Path, source: Path, *, sealed: bool) -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())

    for run in range(RUNS):
        create_archive(place / f"added-{run}", [key] if sealed else [])

    def ours(run: int) -> None:
        call(*MARFA, "add", place / f"added-{run}", *sorted(source.iterdir()), "--json")
        shutil.rmtree(place / f"added-{run}")

    def theirs(run: int) -> None:
        copy = place / f"copied-{run}"
        call("cp", "-r", source, copy)
        sum_files("sha256sum", sorted(copy.iterdir()))
        sum_files("sha512sum", sorted(copy.iterdir()))
        if sealed:
            code = (
                "import sys, pyrage\n"
                "to = [pyrage.x25519.Recipient.from_str(sys.argv[1])]\n"
                "for name in sys.argv[2:]:\n"
                "    pyrage.encrypt_file(name, name + '.age', to)\n"
            )
            call(sys.executable, "-c", code, key, *sorted(copy.iterdir()))
        shutil.rmtree(copy)

    name = "add, sealed" if sealed else "add, plain"
    what = "cp, both sums" + (", pyrage" if sealed else "")
    taken, reference = spent(ours, theirs)
    report(f"{name}, against {what}", taken, reference, 1.15)


def entries(place: Path) -> None:
    archive = place / "entries"
    create_archive(archive, [])
    (place / "f").write_bytes(b"x")
    with open_writer(archive, now) as writer:
        writer.add_items([place / "f"], item="A")
        for batch, rounds in ((64, 60), (1, 300)):
            events = [Event("A", "read", "K-1")] * batch
            begun = time.perf_counter()
            for _ in range(rounds):
                writer.record_events(events)
            ours = batch * rounds / (time.perf_counter() - begun)
            theirs = sqlite_rate(place / f"sqlite-{batch}", batch, rounds)
            goal = 5000 if batch > 1 else 200
            name = f"entries a second, in batches of {batch}, beside SQLite FULL"
            print(f"{name:58}{ours:9.0f}{theirs:9.0f}{ours / theirs:8.2f}{goal:8}", flush=True)
    shutil.rmtree(archive)


def sqlite_rate(path: Path, batch: int, rounds: int) -> float:
    with sqlite3.connect(path) as base:
        base.execute("pragma journal_mode=wal")
        base.execute("pragma synchronous=full")
        base.execute("create table entry (body text)")
        base.commit()
        begun = time.perf_counter()
        for _ in range(rounds):
            base.executemany("insert into entry values (?)", [("x" * 400,)] * batch)
            base.commit()
        return batch * rounds / (time.perf_counter() - begun)


def largest_memory(command: list[str]) -> float:
    """MiB that a command held at most."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def memory(place: Path, size: int) -> None:
    path = place / "large"
    with path.open("wb") as file:
        for _ in range(size // (64 * MIB)):
            file.write(os.urandom(MIB) * 64)
    archive = place / "memory"
    create_archive(archive, [])
    add = largest_memory([*MARFA, "add", str(archive), str(path)])
    verify = largest_memory([*MARFA, "verify", str(archive)])
    print(f"a file of {size / 2**30:g} GiB: add {add:.0f} MiB, verify {verify:.0f} MiB (100)")
    path.unlink()
    shutil.rmtree(archive)


def a_million(place: Path) -> None:
    """The list is read from the index; an index of a million is written as a writer does."""
    archive = place / "million"
    create_archive(archive, [])
    with (archive / "index").open("w") as file:
        for number in range(1_000_000):
            file.write(Listed(f"item{number:016d}", number, "2026-03-01T00:00:00Z", 5000).line())
        file.write("# 0\n")
    for options in ((), ("--json",)):
        (seconds,) = spent(partial(run, [*MARFA, "list", archive, *options]))
        print(f"a million items listed{' as JSON' if options else ''}: {seconds:.2f} s (2)")
    shutil.rmtree(archive)


def starting(place: Path) -> None:
    create_archive(place / "empty", [])
    (seconds,) = spent(partial(run, [*MARFA, "verify", place / "empty", "--json"]))
    print(f"to start the command: {seconds:.2f} s of CPU")
    shutil.rmtree(place / "empty")


def large_files(place: Path) -> None:
    source = make_files(place / "source", LARGE_FILES, 8 * MIB)
    name = f"{LARGE_FILES} of 8 MiB"
    verifying(place, name, source, 1.10, whole=False)
    adding(place, source, sealed=False)
    adding(place, source, sealed=True)
    shutil.rmtree(source)


def small_files(place: Path) -> None:
    source = make_files(place / "small", SMALL_FILES, 4096)
    verifying(place, "20,000 of 4 KiB, an item each", source, 2.5, whole=False)
    verifying(place, "20,000 of 4 KiB, one item", source, 2.5, whole=True)
    shutil.rmtree(source)


def one_file(place: Path) -> None:
    memory(place, 20 << 30 if "--large" in sys.argv else 1 << 30)


PARTS = {
    "large": large_files,
    "small": small_files,
    "entries": entries,
    "memory": one_file,
    "list": a_million,
}


def main() -> None:
    wanted = [name for name in sys.argv[1:] if name in PARTS] or list(PARTS)
    print(f"{'':58}{'ours':>9}{'theirs':>9}{'ratio':>8}{'goal':>8}")
    with tempfile.TemporaryDirectory(dir=os.environ.get("MARFA_BENCH")) as folder:
        starting(Path(folder))
        for name in wanted:
            PARTS[name](Path(folder))


if __name__ == "__main__":
    main()
