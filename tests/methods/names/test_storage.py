"""The saved file: comes back whole, is refused when changed, is private, executes nothing."""

from __future__ import annotations

import json
import pickle
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.domain.message import InputError
from marfa.methods.names import NameIndex


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    index = NameIndex()
    index.add("1", "محمد علي")
    index.add("1", "Mohamed Ali")
    index.add("2", "李明\nline \u2028 two")
    path = tmp_path / "names"
    index.save(path)
    return path


def reason(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        NameIndex.load(path)
    return refused.value.problems[0].message.key


def test_comes_back_whole(saved: Path) -> None:
    index = NameIndex.load(saved)
    assert sorted(index.names()) == [
        ("1", "Mohamed Ali"),
        ("1", "محمد علي"),
        ("2", "李明\nline \u2028 two"),
    ]
    assert index.search("Mohamed Ali", 1)[0].score == 1.0


@settings(deadline=None, max_examples=30)
@given(pairs=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=20)), max_size=6))
def test_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    index = NameIndex()
    for key, name in pairs:
        index.add(key, name)
    path = tmp_path_factory.mktemp("saved") / "names"
    index.save(path)
    assert sorted(NameIndex.load(path).names()) == sorted(index.names())


def test_only_the_owner_can_read_it(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [entry.name for entry in saved.parent.iterdir()] == ["names"]


def test_a_changed_file_is_refused(saved: Path) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content.replace(b"Mohamed", b"Muhamad"))
    assert reason(saved) == "file-changed"


def test_a_file_cut_short_is_refused(saved: Path) -> None:
    lines = saved.read_bytes().splitlines(keepends=True)
    saved.write_bytes(b"".join(lines[:-1]))
    assert reason(saved) == "file-changed"
    saved.write_bytes(b"".join(lines)[:-3])
    assert reason(saved) == "file-row-broken"


def test_added_rows_are_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes() + b'["9","Someone Else"]\n')
    assert reason(saved) == "file-changed"


def test_another_version_is_refused(saved: Path) -> None:
    first, rest = saved.read_bytes().split(b"\n", 1)
    header = json.loads(first) | {"version": 99}
    saved.write_bytes(json.dumps(header).encode() + b"\n" + rest)
    assert reason(saved) == "file-version"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"[]\n",
        b"{}\n",
        b'{"format":"marfa-names","version":1}\n',
        b'{"format":"marfa-names","version":1,"count":"-1","sha256":"x"}\n',
        b"\xff\xfe\x00",
        b"[" * 90_000,
        b"x" * 1_000_000,
        pickle.dumps({"format": "marfa-names"}),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert reason(path) == "file-not-an-index"


@pytest.mark.parametrize("row", [b"3", b'["1"]', b'["1", 2]', b'["1","a","b"]', b'{"1":"a"}', b"["])
def test_broken_rows_are_refused(saved: Path, row: bytes) -> None:
    lines = saved.read_bytes().splitlines(keepends=True)
    saved.write_bytes(b"".join([lines[0], row + b"\n", *lines[2:]]))
    assert reason(saved) == "file-row-broken"
    with pytest.raises(InputError) as refused:
        NameIndex.load(saved)
    assert refused.value.problems[0].place.row == 2


def test_a_failed_save_leaves_the_old_file(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", stop)
    index = NameIndex()
    index.add("1", "Other")
    with pytest.raises(KeyboardInterrupt):
        index.save(saved)
    assert saved.read_bytes() == before
    assert [entry.name for entry in saved.parent.iterdir()] == ["names"]
