"""What takes long to make is made once in a run of the tests; who needs one takes a copy."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.support import templates
from tests.support.installation import init, serving


class Once:
    """Folders that all processes and steps of a run share, each made by the process that first
    asks."""

    def __init__(self) -> None:
        self.folder = templates.folder() / "once"
        self.folder.mkdir(exist_ok=True)

    def installation(self, target: Path, *options: str) -> Path:
        """An installation on SQLite at ``target``, as ``marfa init`` makes it."""
        return _copied(self.original(*options), target)

    def original(self, *options: str) -> Path:
        """The one that is copied, alone in its folder; it is to be left as it is."""

        def make(path: Path) -> None:
            made = init(path, *options)
            assert made.returncode == 0, made.stderr

        return self._made("_".join(["init", *options]), make)

    def demonstration(self, target: Path) -> Path:
        """A demonstration in ``target``, as ``marfa demo`` leaves it when it is stopped."""

        def make(path: Path) -> None:
            with serving("demo", path):
                pass

        return _copied(self._made("demo", make), target)

    def _made(self, name: str, make: Callable[[Path], None]) -> Path:
        place = self.folder / name
        place.mkdir(exist_ok=True)
        data = place / "alone" / "data"
        with (place / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (place / "made").exists():
                shutil.rmtree(data.parent, ignore_errors=True)
                data.parent.mkdir()
                make(data)
                (place / "made").touch()
        return data


def _copied(source: Path, target: Path) -> Path:
    # A process that was killed leaves its socket, which is nothing to copy.
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.socket"))
    target.chmod(0o700)
    return target
