"""The whole database, or the whole folder, put back to what it was: by somebody who wants what was
done since to be forgotten."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.installation import POSTGRESQL, marfa, sentence
from tests.support.shared_copies import Once

pytestmark = pytest.mark.skipif(POSTGRESQL, reason="belongs to the run on SQLite")


def done(*arguments: str, place: Path, **settings: str) -> None:
    found = marfa(*arguments, "--data", str(place), **settings)
    assert found.returncode == 0, found.stderr


def add(name: str, place: Path, **settings: str) -> None:
    """Something that somebody may want forgotten, and a head of the log after it."""
    done("users", "add", name, "--role", "statistician", place=place, **settings)
    done("log", "heads", place=place, **settings)


def test_an_older_database_does_not_start(once: Once, tmp_path: Path) -> None:
    place = once.installation(tmp_path / "data")
    add("before", place)
    older = tmp_path / "older.sqlite3"
    shutil.copy2(place / "database.sqlite3", older)
    add("after", place)
    done("users", "list", place=place)
    for beside in place.glob("database.sqlite3*"):
        beside.unlink()
    shutil.copy2(older, place / "database.sqlite3")
    for command in (("users", "list"), ("serve", "--no-worker", "--no-finder")):
        assert "older" in sentence(marfa(*command, "--data", str(place)))


def test_an_older_folder_is_known_by_what_lies_outside(once: Once, tmp_path: Path) -> None:
    """And without anything outside it is not: the limit that is written down."""
    for outside in (True, False):
        place = once.installation(tmp_path / f"data-{outside}")
        heads = tmp_path / f"heads-{outside}"
        heads.mkdir(mode=0o700)
        settings = {"MARFA_LOG_HEADS_FOLDER": str(heads)} if outside else {}
        add("before", place, **settings)
        older = tmp_path / f"older-{outside}"
        shutil.copytree(place, older)
        add("after", place, **settings)
        shutil.rmtree(place)
        shutil.copytree(older, place)
        place.chmod(0o700)
        found = marfa("users", "list", "--data", str(place), **settings)
        assert (found.returncode != 0) == outside
        assert ("older" in found.stderr) == outside
