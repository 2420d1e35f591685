"""Packages against SHA-256 and pyrage alone, in the same run.

    python benchmarks/packages.py            1 GiB, 1,000 of 20 kB, and a sparse file of 20 GiB
    python benchmarks/packages.py 256        so many MiB instead

CPU seconds of this process, user and system. The reference reads the same file, hashes it with
hashlib, and has pyrage encrypt or decrypt it from file to file. What is made is on the disk (fsync)
in both.
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyrage

from marfa.crypto.passphrases import Cost
from marfa.methods.packages import (
    Made,
    Terms,
    accept_keys,
    key_file_of,
    make_key_folder,
    make_package,
    open_key_folder,
    open_package,
    read_key_file,
    sources_of,
    write_key_package,
)

BAR, MEMORY_MB, SMALL_SECONDS = 1.25, 60, 5.0
NOW = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
TERMS = Terms("MOU-7", "assistance", "consent")
MIB = 1 << 20


def spent(work: Callable[[], object]) -> tuple[float, float, object]:
    """CPU seconds, seconds on the wall, and what came of it."""
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    found = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, time.perf_counter() - begun, found


CHEAP = Cost(8, 1, 1)


def folders(place: Path) -> tuple[Path, Path]:
    """Two bodies that know each other; the passphrase costs nothing, since it is paid once."""
    paths = place / "north", place / "south"
    for path in paths:
        name = path.name
        make_key_folder(path, name=name, kind="help", passphrase=name, now=NOW, cost=CHEAP)
        with open_key_folder(path, path.name) as folder:
            write_key_package(path, folder.own, NOW)
    for ours, theirs in (paths, paths[::-1]):
        file = key_file_of(theirs)
        assert file is not None
        keys = read_key_file(file, NOW)
        with open_key_folder(ours, ours.name) as folder:
            accept_keys(folder, keys, fingerprint=keys.fingerprint, now=NOW)
    return paths


def make(path: Path, out: Path, *files: Path) -> list[Made]:
    with open_key_folder(path, path.name) as folder:
        return [
            make_package(
                folder,
                to="south",
                kind="referral",
                terms=TERMS,
                sources=sources_of([file]),
                out=out,
                now=NOW,
            )
            for file in files
        ]


def open_all(path: Path, place: Path, made: list[Made]) -> None:
    with open_key_folder(path, path.name) as folder:
        for each in made:
            open_package(folder, each.file, out=place / each.manifest.id, now=NOW)


def written(path: Path, work: Callable[[object], None]) -> None:
    with path.open("wb") as stream:
        work(stream)
        stream.flush()
        os.fsync(stream.fileno())


def hashed(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def large(place: Path, mebibytes: int) -> None:
    north, south = folders(place)
    plain, locked = place / "plain", place / "locked"
    block = os.urandom(MIB)
    with plain.open("wb") as stream:
        for _ in range(mebibytes):
            stream.write(block)
    key = pyrage.x25519.Identity.generate()

    def encrypt() -> None:
        hashed(plain)
        with plain.open("rb") as source:
            written(locked, lambda t: pyrage.encrypt_io(source, t, [key.to_public()]))

    def decrypt() -> None:
        with locked.open("rb") as source:
            written(place / "again", lambda t: pyrage.decrypt_io(source, t, [key]))
        hashed(place / "again")

    reference, _wall, _found = spent(encrypt)
    cpu, wall, found = spent(lambda: make(north, place / "out", plain))
    told("make", mebibytes, cpu, wall, reference)
    reference, _wall, _none = spent(decrypt)
    assert isinstance(found, list)
    cpu, wall, _none = spent(lambda: open_all(south, place / "came", found))
    told("open", mebibytes, cpu, wall, reference)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {memory:.0f} MB of {MEMORY_MB}, with the interpreter")


def told(what: str, mebibytes: int, cpu: float, wall: float, reference: float) -> None:
    speed = mebibytes / cpu
    print(
        f"{what} {mebibytes} MiB: {cpu:.2f} s CPU ({speed:.0f} MiB/s), {wall:.2f} s on the wall; "
        f"SHA-256 and pyrage {reference:.2f} s; ratio {cpu / reference:.2f} of {BAR}"
    )


def small(place: Path, count: int) -> None:
    north, south = folders(place)
    files = [place / f"{number}.bin" for number in range(count)]
    for file in files:
        file.write_bytes(os.urandom(20_000))
    cpu, wall, made = spent(lambda: make(north, place / "out", *files))
    print(f"make {count} of 20 kB: {cpu:.2f} s CPU of {SMALL_SECONDS}, {wall:.2f} s on the wall")
    assert isinstance(made, list)
    cpu, wall, _none = spent(lambda: open_all(south, place / "came", made))
    print(f"open {count} of 20 kB: {cpu:.2f} s CPU of {SMALL_SECONDS}, {wall:.2f} s on the wall")


def show(place: Path) -> None:
    file = place / "sparse.age"
    with file.open("wb") as stream:
        stream.write(b"age-encryption.org/v1\n")
        stream.truncate(20 << 30)
    begun = time.perf_counter()
    command = [sys.executable, "-m", "marfa", "package", "show", str(file), "--json"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(f"show of 20 GiB: {time.perf_counter() - begun:.2f} s with the start: {said.split()}")


def main() -> None:
    mebibytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    for work in (lambda p: large(p, mebibytes), lambda p: small(p, 1000), show):
        with tempfile.TemporaryDirectory() as place:
            work(Path(place))


if __name__ == "__main__":
    main()
