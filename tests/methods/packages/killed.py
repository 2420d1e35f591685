"""Making and opening, killed (``kill -9``) before or after each call that touches the disk.

    python -m tests.methods.packages.killed FOLDER KILLS [FAULT]

Run as a process of its own, with one thread, since it forks. It prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marfa.methods.packages import KeyFolder, RefusedError
from tests.methods.packages.bodies import two

CALLS = (
    "open",
    "fsync",
    "rename",
    "mkdir",
    "rmdir",
    "unlink",
    "pwrite",
    "ftruncate",
    "write",
    "close",
)
TEXT = b"harbour " * 30_000
MANY = 200


def arm(point: int) -> Callable[[], int]:
    """From now on this process dies at its nth touch of the disk. Returns a counter of those."""
    seen = 0

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == point:
                os.kill(os.getpid(), signal.SIGKILL)
            found = real(*args, **kwargs)
            seen += 1
            if seen == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        return call

    for name in CALLS:
        setattr(os, name, watched(getattr(os, name)))
    return lambda: seen


def killed_at(point: int, work: Callable[[], object]) -> bool:
    """Whether a child that does the work was killed at the point, or came to its end."""
    child = os.fork()
    if child == 0:
        arm(point)
        try:
            work()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


class Story:
    """A sender and a recipient, killed again and again."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.sender, self.recipient = two(place)
        self.out = place / "out"
        self.numbers: list[int] = []
        self.checked: set[str] = set()
        self.half: list[str] = []
        self.lost = 0

    def make(self, point: int) -> bool:
        killed = killed_at(
            point,
            lambda: self.sender.makes(self.out, to=self.recipient, files={"a.bin": TEXT}),
        )
        for file in sorted(self.out.glob("*")) if self.out.exists() else []:
            if file.name not in self.checked:
                self.checked.add(file.name)
                self._check_made(file)
        return killed

    def _check_made(self, file: Path) -> None:
        try:
            opened = self.recipient.opens(file, self.place / "look")
        except RefusedError as error:
            self.half.append(f"{file.name}: {error.code}")
            return
        self.numbers.append(opened.manifest.sequence)
        remove(self.place / "look")

    def open(self, point: int) -> bool:
        made = self.sender.makes(self.place / "road", to=self.recipient, files={"a.bin": TEXT})
        came = self.place / f"came-{made.manifest.id}"
        killed = killed_at(point, lambda: self.recipient.opens(made.file, came))
        whole = came.exists()
        content = came / "a.bin"
        if whole and (not content.is_file() or content.read_bytes() != TEXT):
            self.half.append(str(came))
        again = "taken"
        try:
            self.recipient.opens(made.file, self.place / "again")
            remove(self.place / "again")
        except RefusedError as error:
            again = str(error.code)
        if (again == "taken") == whole:
            self.half.append(f"{made.manifest.id}: there {whole}, again {again}")
        self.numbers.append(made.manifest.sequence)
        for path in (self.sender.path, self.recipient.path):
            self.half += [str(left) for left in (path / "room").iterdir()]
        if whole:
            remove(came)
        made.file.unlink()
        return killed


def remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@contextmanager
def in_place(_folder: KeyFolder, target: Path) -> Iterator[Path]:
    """A fault: what is made is made where it will lie."""
    target.parent.mkdir(parents=True, exist_ok=True)
    yield target


def written_down_late(folder: KeyFolder, ready: Path, target: Path) -> None:
    """A fault: the book hears of a package after it was given its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.rename(ready, target)
    folder.file.add(*LATE)
    LATE.clear()


LATE: list[Any] = []


def plant(fault: str) -> None:
    if fault == "in place":
        KeyFolder.room_for = in_place  # type: ignore[method-assign,assignment]
        KeyFolder.place = lambda *_: None  # type: ignore[method-assign]
    if fault == "late":
        KeyFolder.write_down = lambda _folder, entry: LATE.append(entry)  # type: ignore[method-assign,assignment]
        KeyFolder.place = written_down_late  # type: ignore[method-assign,assignment]


def main(place: Path, kills: int, fault: str = "") -> None:
    story = Story(place)
    plant(fault)
    seen = {"make": 0, "open": 0}
    for name, work in (("make", story.make), ("open", story.open)):
        # Few kills are spread over all of the work, the beginning of each round another.
        stride, begun = (1 if kills >= MANY else 5), 1
        point = begun
        while seen[name] < kills // 2:
            if work(point):
                seen[name] += 1
                point += stride
            else:
                begun += 1
                point = begun
    doubled = len(story.numbers) - len(set(story.numbers))
    print(json.dumps({"kills": seen, "half": story.half, "doubled": doubled}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
