"""What was there before an upgrade opens whole after it, or is refused with a sentence."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from marfa.cli.main import SERVER_COMMANDS, marfa
from marfa.domain.message import InputError
from tests.cli.server.test_desk_sets import asked
from tests.support import docs
from tests.support.brought import brought_by_apps, expected_for
from tests.support.installation import environment, sentence
from tests.support.installation import marfa as run
from tests.support.version_before import LEFT_EMPTY, clear_beside

ROOT = Path(__file__).parents[3]
DESKS = frozenset({"reception", "protection", "reporting", "coordination", "administration"})


def ask(*arguments: str) -> str:
    """The script that makes and reads it, in a process of its own."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.support.version_before", *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the version before left it."""
    folder = tmp_path_factory.mktemp("before") / "data"
    ask("make", str(folder))
    return folder


@pytest.fixture
def folder(before: Path, tmp_path: Path) -> Path:
    shutil.copytree(before, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    return tmp_path / "data"


def test_it_opens_whole_after_the_upgrade(before: Path, folder: Path) -> None:
    """Every row is there, and every sealed value opens to what was sealed."""
    left: dict[str, Any] = json.loads(clear_beside(before).read_text(encoding="utf-8"))
    found = run("migrate", "--data", str(folder))
    assert found.returncode == 0, found.stderr
    assert json.loads(ask("read", str(folder))) == left
    told = asked(folder)
    assert told["checks"] == []
    assert set(told["tables"]) == expected_for(DESKS).tables
    export = folder.with_name("log.jsonl")
    for words in (("export", str(export), "--data", str(folder)), ("verify", str(export))):
        assert run("log", *words).returncode == 0, words
    # Each thing that the key of the installation seals is opened and sealed anew.
    turned = run("vault", "rotate", "--data", str(folder))
    assert turned.returncode == 0, turned.stderr
    assert json.loads(ask("read", str(folder)))["sealed"] == left["sealed"]


def test_it_has_a_row_in_each_table_of_each_app_and_something_in_each_sealed_field(
    before: Path,
) -> None:
    left = json.loads(clear_beside(before).read_text(encoding="utf-8"))
    empty = {label.replace(".", "_").lower() for label in LEFT_EMPTY}
    tables = {table for each in brought_by_apps().values() for table in each.tables}
    assert {table for table in tables if not left["rows"][table]} == empty
    unsealed = {name for name, values in left["sealed"].items() if not values}
    assert {name.rsplit(".", 1)[0] for name in unsealed} <= LEFT_EMPTY
    assert len(left["sealed"]) > 50


def test_a_value_that_does_not_open_is_noticed(folder: Path) -> None:
    """The control: what was sealed for one row, put into another."""
    with sqlite3.connect(folder / "database.sqlite3") as database:
        (one, other) = database.execute(
            "SELECT id FROM registry_contactpoint WHERE value IS NOT NULL LIMIT 2"
        ).fetchall()
        database.execute(
            "UPDATE registry_contactpoint SET value ="
            " (SELECT value FROM registry_contactpoint WHERE id = ?) WHERE id = ?",
            (*one, *other),
        )
    with pytest.raises(AssertionError, match="NotAuthenticError"):
        ask("read", str(folder))


def server_commands() -> Iterator[tuple[str, click.Command]]:
    """Each command that opens an installation that is there."""
    for path, command in docs.commands(marfa):
        names = {option for each in command.params for option in each.opts}
        if path.split()[1:2] and path.split()[1] in SERVER_COMMANDS and "--data" in names:
            yield path, command


def filled(command: click.Command, file: Path) -> list[str]:
    """Something for each argument and option that a command must be given."""
    words = []
    for each in command.params:
        if not each.required:
            continue
        value = "3"
        if isinstance(each.type, click.Choice):
            value = str(each.type.choices[0])
        elif isinstance(each.type, click.Path):
            value = str(file)
        words += [each.opts[0], value] if isinstance(each, click.Option) else [value]
    return words


OTHERWISE = {"marfa init", "marfa restore"}
"""They make a folder, and refuse one that is there for that."""


def test_a_folder_from_before_is_refused_by_every_command(tmp_path: Path) -> None:
    path, file = tmp_path / "data", tmp_path / "file"
    path.mkdir(mode=0o700)
    (path / "keys").mkdir(mode=0o700)
    file.touch()
    old = {"kind": "live", "desks": ["reception", "administration"], "identifier": "0" * 16}
    (path / "instance.json").write_text(json.dumps({**old, "format": 1}))
    refused = set()
    for name, command in server_commands():
        words = [*name.split()[1:], *filled(command, file), "--data", str(path)]
        error = CliRunner().invoke(marfa, words).exception
        if isinstance(error, InputError) and error.problems[0].message.key == "folder-older":
            refused.add(name)
    assert {name for name, _command in server_commands()} - refused == OTHERWISE
    assert len(refused) > 40
    assert "never released" in sentence(run("serve", "--data", str(path)))
    said = sentence(run("users", "list", "--data", str(path), MARFA_LANGUAGE="ar"))
    assert "لم يُنشر قط" in said
