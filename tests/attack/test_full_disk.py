"""A disk that is full to the last byte, under a server that runs."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.visitor import Visitor
from tests.support.installation import POSTGRESQL, serving
from tests.support.shared_copies import Once

PAGES = (
    "/",
    "/sign-in/",
    "/health/",
    "/timeline/",
    "/desks/reception/",
    "/desks/reception/register/person/",
    "/nothing/",
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    mount = tmp_path / "small"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=60m,mode=700", "tmpfs", str(mount)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small file system can be mounted by root alone")
    yield mount
    subprocess.run(["umount", str(mount)], check=True)


def fill(place: Path) -> Path:
    """Write until there is no room for another byte."""
    filler = place / "filler"
    for size in (1 << 20, 4096, 1):
        with filler.open("ab", buffering=0) as stream, contextlib.suppress(OSError):
            while stream.write(b"x" * size):
                pass
    return filler


@pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")
def test_every_page_says_that_it_is_full_and_none_fails(once: Once, small_disk: Path) -> None:
    # The folder itself, so that the server's output lies on another disk.
    made = once.demonstration(small_disk.parent / "made")
    shutil.copytree(made, small_disk, dirs_exist_ok=True)
    with serving("demo", small_disk) as served:
        visitor = Visitor(served.origin).enter("reception")
        before = {path: visitor.get(path).status for path in PAGES}
        assert before["/desks/reception/register/person/"] == 200, "the control: there is room"
        form = "/desks/reception/register/person/"
        filler = fill(small_disk)
        answers = {path: visitor.get(path) for path in PAGES}
        found = {path: answer.status for path, answer in answers.items()}
        assert 507 in found.values(), "the control: it is full"
        # What is full may still be read, as it was before; nothing else is answered.
        assert all(status in (507, before[path]) for path, status in found.items()), found
        assert all(
            "disk is full" in answer.text for answer in answers.values() if answer.status == 507
        )
        assert "storage is full" in served.log()
        filler.unlink()
        assert {path: visitor.get(path).status for path in PAGES} == before
        sent = visitor.post(form, {"do": "save", "name": "Room Again"}, on=form)
        assert sent.status == 302
