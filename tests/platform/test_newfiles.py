"""A new file is there whole or not at all, and takes nobody's place."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from marfa.platform.newfiles import new_file


def test_it_appears_when_it_is_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "answer.txt"
    with new_file(target) as file:
        file.write("سمير")
        assert not target.exists()
        (part,) = tmp_path.iterdir()
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_text(encoding="utf-8") == "سمير"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_nothing_is_left_of_what_fails(tmp_path: Path, error: BaseException) -> None:
    def fail() -> None:
        with new_file(tmp_path / "answer.txt") as file:
            file.write("half of it")
            file.flush()
            raise error

    with pytest.raises(type(error)):
        fail()
    assert list(tmp_path.iterdir()) == []


def without_second_names(*_given: object) -> None:
    raise PermissionError(errno.EPERM, "no links here")


@pytest.mark.parametrize("links", [True, False])
def test_what_came_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", without_second_names)
    target = tmp_path / "answer.txt"

    def lose() -> None:
        with new_file(target) as file:
            file.write("late")
            target.write_text("first")

    with pytest.raises(FileExistsError):
        lose()
    assert target.read_text() == "first"
    assert list(tmp_path.iterdir()) == [target]


def test_a_disk_without_second_names_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", without_second_names)
    target = tmp_path / "answer.txt"
    with new_file(target) as file:
        file.write("whole")
    assert target.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_name_that_a_link_has_is_taken(tmp_path: Path) -> None:
    target = tmp_path / "answer.txt"
    target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError), new_file(target):
        pass
    assert not (tmp_path / "elsewhere").exists()
