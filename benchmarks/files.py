"""An upload against hashing and encrypting the same bytes, which no upload can do without.

python benchmarks/files.py           256 MiB, under a minute
python benchmarks/files.py --full    2 GiB; 5 GiB for memory

Reference 1: SHA-256 and AES-256-GCM of the bytes in memory, one after the other.
Reference 2: the same, with the result written to the disk and synced as an upload must.
The upload is begun, received, checked and accepted; its source makes the bytes as they are
asked for, and the time for making them is measured and given to the references as well.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

sys.path.insert(0, str(Path(__file__).parents[1]))

from marfa.platform.datafolder import InstallationKind, new_folder
from marfa.platform.rowsecurity.ownership import INSTALLATION

MIB = 1 << 20
CHUNK = 256 * 1024
PIECE = 4 * MIB
BLOCK = bytes(range(256)) * (PIECE // 256)
HEAD = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"


class Source:
    """Bytes as they come from a sender: one block again and again, behind a head."""

    def __init__(self, size: int) -> None:
        self._left, self._begun = size, False

    def read(self, size: int, /) -> bytes:
        count = min(size, self._left)
        self._left -= count
        if self._begun:
            return BLOCK[:count]
        self._begun = True
        return (HEAD + BLOCK)[:count]


def hash_and_encrypt(size: int, target: Path | None = None) -> None:
    """Reference 1, and 2 where there is a file to write to."""
    digest, cipher, source = hashlib.sha256(), AESGCM(os.urandom(32)), Source(size)
    out = bytearray(CHUNK + 28)
    view = memoryview(out)
    number = 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT) if target else None
    while piece := source.read(PIECE):
        digest.update(piece)
        for start in range(0, len(piece), CHUNK):
            chunk = memoryview(piece)[start : start + CHUNK]
            nonce = number.to_bytes(12, "big")
            end = len(chunk) + 28
            cipher.encrypt_into(nonce, chunk, b"", view[12:end])
            number += 1
            if descriptor is not None:
                os.write(descriptor, view[:end])
    if descriptor is not None:
        os.fdatasync(descriptor)
        os.close(descriptor)


def upload(size: int) -> None:
    """Start, receive, settle; the file is deleted outside the measure."""
    from marfa.apps.accounts.models import User
    from marfa.platform.files.actions import append_to_upload, settle_upload, start_upload

    user = User.objects.get()
    file = start_upload(
        uploader_id=user.pk, size=size, name="", media_type="video/webm", owner=INSTALLATION
    )
    append_to_upload(file=file, offset=0, source=Source(size))
    assert settle_upload(file=file).state == "accepted"


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the wall, and of the processor in all threads."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(size: int, rounds: int, scratch: Path) -> None:
    from marfa.platform.files.actions import delete_file
    from marfa.platform.files.models import StoredFile

    target = scratch / "reference"
    runs: dict[str, list[tuple[float, float]]] = {
        "hash, encrypt": [],
        "and write": [],
        "upload": [],
    }
    for _ in range(rounds):
        runs["hash, encrypt"].append(timed(lambda: hash_and_encrypt(size)))
        runs["and write"].append(timed(lambda: hash_and_encrypt(size, target)))
        target.unlink()
        runs["upload"].append(timed(lambda: upload(size)))
        for file in StoredFile.objects.all():
            delete_file(file=file)
    print(f"upload of {size // MIB} MiB, {rounds} rounds in turn")
    for name, times in runs.items():
        each = ", ".join(f"{wall:.2f}" for wall, _ in times)
        print(
            f"  {name:<14} {best(times):6.2f} s at best, {middle(times):6.2f} s median   ({each})"
        )
    for name in ("hash, encrypt", "and write"):
        ratios = [pick(runs["upload"]) / pick(runs[name]) for pick in (best, middle, processor)]
        print(
            f"  upload / ({name}): {ratios[0]:.2f} best to best, {ratios[1]:.2f} median to median,"
            f" {ratios[2]:.2f} in processor time"
        )


def best(times: list[tuple[float, float]]) -> float:
    """The round that other work on the machine disturbed least."""
    return min(wall for wall, _ in times)


def middle(times: list[tuple[float, float]]) -> float:
    return statistics.median(wall for wall, _ in times)


def processor(times: list[tuple[float, float]]) -> float:
    return min(cpu for _, cpu in times)


def peak(size: int) -> int:
    """Peak memory in KiB of a process that uploads this much."""
    command = [sys.executable, __file__, "--peak-of", str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


def prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from marfa.apps.accounts.actions import create_user
    from marfa.apps.accounts.models import User

    if not User.objects.exists():
        create_user(username="sender", display_name="Sender")


def main() -> None:
    if "--peak-of" in sys.argv:
        prepare()
        upload(int(sys.argv[-1]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    full = "--full" in sys.argv[1:]
    size, large = (2048 * MIB, 5120 * MIB) if full else (256 * MIB, 512 * MIB)
    # On a real disk: a temporary folder is often memory.
    scratch = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path(__file__).parents[1]))
    try:
        with new_folder(
            scratch / "data", kind=InstallationKind.LIVE, desks=("reporting", "administration")
        ):
            pass
        os.environ["MARFA_DATA"] = str(scratch / "data")
        os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"
        if shutil.disk_usage(scratch).free < 3 * large:
            print(f"skipped: needs {3 * large // MIB} MiB on the disk")
            return
        prepare()
        measure(size, 5, scratch)
        small = peak(16 * MIB)
        print(f"peak memory: {small / 1024:.0f} MiB for 16 MiB", end="")
        print(f", {peak(large) / 1024:.0f} MiB for {large // MIB} MiB")
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
