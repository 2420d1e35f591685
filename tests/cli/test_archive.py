"""``marfa archive`` at its door: commands, JSON, exit codes, and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest

from marfa.cli.main import main


class Door:
    """The command in a folder, run in this process: to start one for each call takes seconds."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        try:
            main(["archive", *arguments])
            ended: object = 0
        except SystemExit as stopped:
            ended = stopped.code or 0
        out, err = self._capsys.readouterr()
        assert ended == code, (arguments, out, err)
        assert "Traceback" not in err
        return out if code != 2 else err

    def told(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        monkeypatch.chdir(folder)
        yield Path(folder)


@pytest.fixture
def marfa(place: Path, capsys: pytest.CaptureFixture[str]) -> Door:
    return Door(capsys)


def test_from_intake_to_court(place: Path, marfa: Door) -> None:
    """One item through everything, as somebody at a terminal does it."""
    (place / "photo.jpg").write_bytes(b"picture")
    (place / "two.txt").write_bytes(b"two")
    identity = pyrage.x25519.Identity.generate()
    (place / "id.txt").write_text(f"{identity}\n")
    key = marfa.told("init", "a", "--to", str(identity.to_public()))["key"]
    (item,) = marfa.told("add", "a", "photo.jpg", "--actor", "K-1")["items"]
    assert set(item) == {"id", "size", "sha256", "entry", "existing"}
    (other,) = marfa.told("add", "a", "two.txt", "--id", "T-2")["items"]
    assert (other["id"], other["entry"], other["existing"]) == ("T-2", 1, False)
    assert marfa.told("add", "a", "two.txt", "--id", "T-2")["items"][0]["existing"]
    event = ("event", "a", item["id"], "--kind")
    marfa(*event, "release", "--actor", "K-1", "--to", "K-2")
    assert marfa.told(*event, "accept", "--actor", "K-2")["entry"] == 3
    marfa(*event, "accept", "--actor", "K-2", code=1)
    found = marfa.told("verify", "a", "--key", key, "--checkpoint", "a/checkpoint")
    figures = {name: found[name] for name in ("valid", "items", "entries", "problems")}
    assert figures == {"valid": True, "items": 2, "entries": 4, "problems": []}
    left = marfa.told("export", "a", "out", "--all", "--withhold", "T-2", "--identity", "id.txt")
    assert left["items"] == [item["id"]]
    command = [sys.executable, "-I", "-S", "out/verify.py", "out", "--key", key]
    assert subprocess.run(command, cwd=place, check=False).returncode == 0
    (result,) = marfa.told("check", "out")["results"]
    assert (result["kind"], result["valid"]) == ("marfa", True)
    proof = marfa.told("check-proof", "out/proofs/0.json")["results"]
    assert proof == [{"file": "out/proofs/0.json", "holds": True}]
    gone = marfa.told("dispose", "a", item["id"], "--reason", "x", "--by", "A", "--by", "B")
    assert [each["export"] for each in gone["not_reached"]["exports"]] == [left["export"]]
    assert marfa.told("verify", "a")["disposed"] == [item["id"]]
    listed = marfa.told("list", "a")["items"]
    assert {each["id"]: each["disposed"] for each in listed} == {item["id"]: True, "T-2": False}


def test_what_does_not_hold_ends_with_one_and_wrong_use_with_two(place: Path, marfa: Door) -> None:
    (place / "f").write_bytes(b"x")
    marfa("init", "a", code=2)
    marfa("init", "a", "--plain", "--to", "age1x", code=2)
    marfa("init", "a", "--to", "age1x", code=1)
    assert not (place / "a").exists()
    marfa("init", "a", "--plain")
    marfa("init", "a", "--plain", code=1)
    marfa("add", "a", "gone", code=1)
    marfa("add", "a", "f", "f", "--id", "A", code=2)
    marfa("add", "nowhere", "f", code=2)
    marfa("add", ".", "f", code=1)
    marfa("add", "a", "f", "--id", "A")
    marfa("event", "a", "B", "--kind", "read", "--actor", "K", code=1)
    marfa("event", "a", "A", "--kind", "theft", "--actor", "K", code=2)
    marfa("dispose", "a", "A", "--reason", "x", "--by", "K", code=2)
    marfa("hold", "a", "A", "--reason", "x", "--actor", "K")
    marfa("dispose", "a", "A", "--reason", "x", "--by", "K", "--by", "L", code=1)
    marfa("export", "a", "out", code=2)
    marfa("export", "a", "out", "--items", "B", code=1)
    marfa("verify", "a", "--key", "no key", code=2)
    other = marfa.told("init", "b", "--plain")["key"]
    found = marfa.told("verify", "a", "--key", other, code=1)
    assert [problem["code"] for problem in found["problems"]] == ["key-replaced"]
    assert set(found["problems"][0]) == {"code", "item", "path", "entry"}
    marfa("check", "f", code=1)
    marfa("check-proof", "f", code=1)
    marfa("timestamp", "check", "f", "--request", "f", code=2)
    marfa("timestamp", "check", "f", "--request", "f", "--roots", "f", code=1)
    marfa("witness", "a", code=2)
    marfa("witness", "a", "--note", "f", code=1)


def test_it_speaks_arabic(place: Path, marfa: Door) -> None:
    """And in a process of its own."""
    marfa("init", "a", "--plain")
    done = subprocess.run(
        [sys.executable, "-m", "marfa", "archive", "verify", "a"],
        env={**os.environ, "MARFA_LANGUAGE": "ar"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "سليم" in done.stdout


@pytest.mark.parametrize("sizes", [(0, 0), (0, 1)])
def test_of_an_empty_tree_nothing_is_proved(
    place: Path, marfa: Door, sizes: tuple[int, int]
) -> None:
    empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    proof = {"size1": sizes[0], "size2": sizes[1], "root1": empty, "root2": empty, "proof": []}
    (place / "p.json").write_text(json.dumps(proof))
    assert marfa.told("check-proof", "p.json", code=1)["results"][0]["holds"] is False
