"""Running the worker: without network and away from all files where the system can do that.

With bubblewrap the process sees Python and the system's libraries, read-only, and nothing of
the data folder. Without it (other systems, or a kernel that forbids it) the limits on memory,
time and files still hold, and what was made is marked as not isolated.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Thread, Timer
from typing import IO, Protocol, cast

from django.conf import settings

log = logging.getLogger("marfa.files")

WORKER = Path(__file__).with_name("worker.py")
INSIDE = "/worker.py"
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives")
TRIAL_SECONDS = 20
HIGHEST_ANSWER = 32 * 1024 * 1024


class Chunked(Protocol):
    """A content, piece by piece."""

    def chunks(self) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class SandboxResult:
    """What the worker wrote; None where it was ended for going beyond its limits."""

    output: bytes | None
    isolated: bool


def run_in_sandbox(arguments: list[str], contents: Chunked, *, seconds: int) -> SandboxResult:
    """Run the worker on a content. seconds: of the clock on the wall, after which it is killed."""
    isolated = isolation_works()
    command = [*(_walls() if isolated else ()), *_python(isolated), *arguments]
    output: list[bytes] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    ) as process:
        too_long = Timer(seconds, process.kill)
        reading = Thread(target=_collect, args=(process.stdout, output), daemon=True)
        too_long.start()
        reading.start()
        try:
            _feed(process.stdin, contents)
            reading.join()
            process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            too_long.cancel()
    return SandboxResult(output[0] if process.returncode == 0 and output else None, isolated)


def _feed(pipe: IO[bytes] | None, contents: Chunked) -> None:
    # A worker that has ended reads no further.
    with suppress(BrokenPipeError), closing(cast(IO[bytes], pipe)) as into:
        for chunk in contents.chunks():
            into.write(chunk)


def _collect(pipe: IO[bytes], output: list[bytes]) -> None:
    with pipe:
        data = pipe.read(HIGHEST_ANSWER + 1)
    if len(data) <= HIGHEST_ANSWER:
        output.append(data)


@lru_cache(maxsize=1)
def isolation_works() -> bool:
    """Whether bubblewrap is there and may do its work; tried once, and said if not."""
    works = False
    if shutil.which("bwrap") is not None:
        trial = [*_walls(), sys.executable, "-I", "-c", "import PIL.Image"]
        with suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(trial, timeout=TRIAL_SECONDS, capture_output=True, check=False)
            works = done.returncode == 0
    if not works:
        log.warning(
            "bubblewrap is absent or may not run: previews are made with limits on memory and "
            "time, but not away from the network and other files"
        )
    return works


def _python(isolated: bool) -> list[str]:
    return [sys.executable, "-I", INSIDE if isolated else str(WORKER)]


def _walls() -> list[str]:
    found = find_spec("PIL")
    library = str(Path(found.origin).parents[1]) if found and found.origin else sys.prefix
    shown = dict.fromkeys((*SYSTEM, sys.base_prefix, sys.prefix, library))
    binds = [part for path in shown if Path(path).exists() for part in ("--ro-bind", path, path)]
    data: Path = settings.FOLDER.path
    # Where the data folder lies below one of these, an empty one is seen in its place.
    covered = any(data.is_relative_to(path) for path in shown)
    return [
        *(
            shutil.which("bwrap") or "bwrap",
            "--unshare-all",
            "--die-with-parent",
            "--new-session",
            "--clearenv",
        ),
        *("--cap-drop", "ALL"),
        *binds,
        *(("--tmpfs", str(data)) if covered else ()),
        *("--ro-bind", str(WORKER), INSIDE),
        *("--proc", "/proc", "--dev", "/dev", "--chdir", "/"),
        "--",
    ]
