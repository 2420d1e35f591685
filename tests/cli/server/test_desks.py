"""An installation whose desks may not share a database is neither made nor started."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from marfa.cli.server import create, serve
from marfa.domain.desks import check_desks
from marfa.domain.message import InputError
from tests.support.desks import ALL_SETS, ALLOWED_SETS, is_allowed
from tests.support.installation import init, marfa, sentence


class BegunError(Exception):
    """The command has come as far as making a folder."""


def begun(*_place: Path, **_more: object) -> NoReturn:
    raise BegunError


def asked(path: Path, desks: frozenset[str]) -> BaseException | None:
    """How ``marfa init`` ends for these desks, where making a folder is already the end."""
    words = ("--organisation", "One", "--site", "One", "--time-zone", "UTC", "--administrator", "a")
    given = ("--data", str(path / "data"), "--desks", ",".join(sorted(desks)), *words)
    return CliRunner().invoke(create.init, given).exception


def test_init_begins_with_the_allowed_sets_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(create, "new_folder", begun)
    for desks in ALL_SETS:
        expected = BegunError if is_allowed(desks) else InputError
        assert isinstance(asked(tmp_path, desks), expected), desks
        # Administration belongs to it whether it is named or not.
        assert isinstance(asked(tmp_path, desks - {"administration"}), expected), desks
    assert len(ALLOWED_SETS) == 27


def test_init_says_which_desks_and_why_and_writes_nothing(tmp_path: Path) -> None:
    found = init(tmp_path / "data", "--desks", "finance,reception,reporting")
    assert "cannot share a database: reception, finance." in sentence(found)
    found = init(tmp_path / "data", "--desks", "administration")
    assert "alone is no installation" in sentence(found)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_such_desks_is_opened_by_no_command(installation: Path) -> None:
    file = installation / "instance.json"
    desks = ["protection", "sanctions", "administration"]
    file.write_text(json.dumps(json.loads(file.read_text()) | {"desks": desks}))
    data = ("--data", str(installation))
    for command in (("serve",), ("worker",), ("migrate",), ("users", "list"), ("backup", "x")):
        said = sentence(marfa(*command, *data))
        assert "cannot share a database: protection, sanctions." in said, command


def test_the_demonstration_is_an_installation_like_any_other() -> None:
    check_desks(serve.DEMONSTRATED)
