"""The data folder: private, whole or not there at all."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.message import InputError
from marfa.platform.datafolder import InstallationKind, new_folder, open_folder
from tests.support.desks import ALL_SETS, is_allowed


def make(path: Path) -> Path:
    with new_folder(path, kind=InstallationKind.LIVE, desks=("reception", "administration")):
        pass
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        open_folder(path)
    (problem,) = caught.value.problems
    assert all(render_problem(problem, language) for language in LANGUAGES)
    return problem.message.key


def test_what_was_made_opens(tmp_path: Path) -> None:
    folder = open_folder(make(tmp_path / "data"))
    assert folder.instance.kind is InstallationKind.LIVE
    assert folder.instance.desks == ("reception", "administration")
    assert len(bytes.fromhex(folder.signing_key)) == 32
    assert folder.instance_key == open_folder(folder.path).instance_key
    assert folder.instance_key.expose().hex() != folder.signing_key


def test_an_opened_folder_does_not_show_its_keys(tmp_path: Path) -> None:
    folder = open_folder(make(tmp_path / "data"))
    shown = f"{folder!r} {folder}"
    assert folder.signing_key not in shown
    assert folder.instance_key.expose().hex() not in shown
    assert repr(folder.instance_key.expose()) not in shown


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = make(tmp_path / "data")
    for entry in (path, *path.rglob("*")):
        assert stat.S_IMODE(entry.stat().st_mode) & 0o077 == 0, entry


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    first, second = open_folder(make(tmp_path / "a")), open_folder(make(tmp_path / "b"))
    assert first.signing_key != second.signing_key
    assert first.instance_key != second.instance_key
    assert first.instance.identifier != second.instance.identifier


@pytest.mark.parametrize("error", [OSError("disk"), KeyboardInterrupt(), RuntimeError()])
def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    def fail_halfway() -> None:
        with new_folder(
            tmp_path / "data", kind=InstallationKind.LIVE, desks=("reporting", "administration")
        ) as making:
            (making.folder.path / "half").write_text("written")
            raise error

    with pytest.raises(type(error)):
        fail_halfway()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_made_over_something(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.mkdir()
    (path / "notes.txt").write_text("mine")
    with (
        pytest.raises(InputError, match="folder-taken"),
        new_folder(path, kind=InstallationKind.LIVE, desks=("reporting", "administration")),
    ):
        pass
    assert (path / "notes.txt").read_text() == "mine"


def test_what_is_moved_into_place_has_reached_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def record(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", record)
    path = make(tmp_path / "data")
    names = {Path(name).name for name in synced}
    assert {entry.name for entry in path.rglob("*")} <= names
    assert synced[-1] == str(tmp_path), "and so has the folder that it was moved into"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    open_folder(make(tmp_path / "data"))


def test_readable_folder(tmp_path: Path) -> None:
    path = make(tmp_path / "data")
    path.chmod(0o750)
    assert refusal(path) == "folder-readable"
    path.chmod(0o700)
    (path / "keys").chmod(0o701)
    assert refusal(path) == "folder-readable"


@pytest.mark.parametrize("name", ["signing.key", "instance.key"])
def test_missing_readable_and_damaged_key(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / "data")
    key = path / "keys" / name
    text = key.read_text()
    key.chmod(0o640)
    assert refusal(path) == "key-readable"
    key.chmod(0o600)
    key.write_text(text[:20])
    assert refusal(path) == "key-damaged"
    key.unlink()
    assert refusal(path) == "key-missing"
    shutil.rmtree(path / "keys")
    assert refusal(path) == "folder-no-keys"


def test_no_installation(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "folder-none"
    assert refusal(tmp_path / "absent") == "folder-none"


def test_newer_older_or_damaged_description(tmp_path: Path) -> None:
    path = make(tmp_path / "data")
    file = path / "instance.json"
    good = file.read_text()
    file.write_text(good.replace('"format": 2', '"format": 3'))
    assert refusal(path) == "folder-newer"
    file.write_text(good.replace('"format": 2', '"format": 1'))
    assert refusal(path) == "folder-older"
    file.write_text(good.replace('"format": 2,', ""))
    assert refusal(path) == "folder-older"
    file.write_text("{}")
    assert refusal(path) == "folder-damaged"
    file.write_text(good[:-10])
    assert refusal(path) == "folder-damaged"


@pytest.mark.parametrize("desks", ALL_SETS, ids=lambda desks: "-".join(sorted(desks)))
def test_a_folder_whose_desks_may_not_share_a_database_is_neither_made_nor_opened(
    tmp_path: Path, desks: frozenset[str]
) -> None:
    named = tuple(sorted(desks))
    if is_allowed(desks):
        with new_folder(tmp_path / "new", kind=InstallationKind.LIVE, desks=named):
            pass
        assert open_folder(tmp_path / "new").instance.desks == named
        return
    with (
        pytest.raises(InputError, match="domain:desks"),
        new_folder(tmp_path / "new", kind=InstallationKind.LIVE, desks=named),
    ):
        pass
    assert not (tmp_path / "new").exists()
    path = make(tmp_path / "data")
    file = path / "instance.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"desks": named}))
    assert refusal(path) == ("desks-apart" if len(desks) > 1 else "desks-none")
