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

PYTHON = [sys.executable, "-m", "marfa", "archive"]


@pytest.fixture
def place() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def marfa(place: Path, *arguments: str, code: int = 0, language: str = "en") -> str:
    done = subprocess.run(
        [*PYTHON, *arguments],
        cwd=place,
        env={**os.environ, "MARFA_LANGUAGE": language},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, (arguments, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stdout if code != 2 else done.stderr


def told(place: Path, *arguments: str, code: int = 0) -> Any:
    return json.loads(marfa(place, *arguments, "--json", code=code))


def test_from_intake_to_court(place: Path) -> None:
    """One item through everything, as somebody at a terminal does it."""
    (place / "photo.jpg").write_bytes(b"picture")
    (place / "two.txt").write_bytes(b"two")
    identity = pyrage.x25519.Identity.generate()
    (place / "id.txt").write_text(f"{identity}\n")
    key = told(place, "init", "a", "--to", str(identity.to_public()))["key"]
    (item,) = told(place, "add", "a", "photo.jpg", "--actor", "K-1")["items"]
    assert set(item) == {"id", "size", "sha256", "entry", "existing"}
    (other,) = told(place, "add", "a", "two.txt", "--id", "T-2")["items"]
    assert (other["id"], other["entry"], other["existing"]) == ("T-2", 1, False)
    assert told(place, "add", "a", "two.txt", "--id", "T-2")["items"][0]["existing"]
    event = ("event", "a", item["id"], "--kind")
    marfa(place, *event, "release", "--actor", "K-1", "--to", "K-2")
    assert told(place, *event, "accept", "--actor", "K-2")["entry"] == 3
    marfa(place, *event, "accept", "--actor", "K-2", code=1)
    found = told(place, "verify", "a", "--key", key, "--checkpoint", "a/checkpoint")
    figures = {name: found[name] for name in ("valid", "items", "entries", "problems")}
    assert figures == {"valid": True, "items": 2, "entries": 4, "problems": []}
    left = told(place, "export", "a", "out", "--all", "--withhold", "T-2", "--identity", "id.txt")
    assert left["items"] == [item["id"]]
    command = [sys.executable, "-I", "-S", "out/verify.py", "out", "--key", key]
    assert subprocess.run(command, cwd=place, check=False).returncode == 0
    (result,) = told(place, "check", "out")["results"]
    assert (result["kind"], result["valid"]) == ("marfa", True)
    proof = told(place, "check-proof", "out/proofs/0.json")["results"]
    assert proof == [{"file": "out/proofs/0.json", "holds": True}]
    gone = told(place, "dispose", "a", item["id"], "--reason", "x", "--by", "A", "--by", "B")
    assert [each["export"] for each in gone["not_reached"]["exports"]] == [left["export"]]
    assert told(place, "verify", "a")["disposed"] == [item["id"]]
    listed = told(place, "list", "a")["items"]
    assert {each["id"]: each["disposed"] for each in listed} == {item["id"]: True, "T-2": False}


def test_what_does_not_hold_ends_with_one_and_wrong_use_with_two(place: Path) -> None:
    (place / "f").write_bytes(b"x")
    marfa(place, "init", "a", code=2)
    marfa(place, "init", "a", "--plain", "--to", "age1x", code=2)
    marfa(place, "init", "a", "--to", "age1x", code=1)
    assert not (place / "a").exists()
    marfa(place, "init", "a", "--plain")
    marfa(place, "init", "a", "--plain", code=1)
    marfa(place, "add", "a", "gone", code=1)
    marfa(place, "add", "a", "f", "f", "--id", "A", code=2)
    marfa(place, "add", "nowhere", "f", code=2)
    marfa(place, "add", ".", "f", code=1)
    marfa(place, "add", "a", "f", "--id", "A")
    marfa(place, "event", "a", "B", "--kind", "read", "--actor", "K", code=1)
    marfa(place, "event", "a", "A", "--kind", "theft", "--actor", "K", code=2)
    marfa(place, "dispose", "a", "A", "--reason", "x", "--by", "K", code=2)
    marfa(place, "hold", "a", "A", "--reason", "x", "--actor", "K")
    marfa(place, "dispose", "a", "A", "--reason", "x", "--by", "K", "--by", "L", code=1)
    marfa(place, "export", "a", "out", code=2)
    marfa(place, "export", "a", "out", "--items", "B", code=1)
    marfa(place, "verify", "a", "--key", "no key", code=2)
    other = told(place, "init", "b", "--plain")["key"]
    found = told(place, "verify", "a", "--key", other, code=1)
    assert [problem["code"] for problem in found["problems"]] == ["key-replaced"]
    assert set(found["problems"][0]) == {"code", "item", "path", "entry"}
    marfa(place, "check", "f", code=1)
    marfa(place, "check-proof", "f", code=1)
    marfa(place, "timestamp", "check", "f", "--request", "f", code=2)
    marfa(place, "timestamp", "check", "f", "--request", "f", "--roots", "f", code=1)
    marfa(place, "witness", "a", code=2)
    marfa(place, "witness", "a", "--note", "f", code=1)


def test_it_speaks_arabic(place: Path) -> None:
    marfa(place, "init", "a", "--plain")
    assert "سليم" in marfa(place, "verify", "a", language="ar")


@pytest.mark.parametrize("sizes", [(0, 0), (0, 1)])
def test_of_an_empty_tree_nothing_is_proved(place: Path, sizes: tuple[int, int]) -> None:
    empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    proof = {"size1": sizes[0], "size2": sizes[1], "root1": empty, "root2": empty, "proof": []}
    (place / "p.json").write_text(json.dumps(proof))
    assert told(place, "check-proof", "p.json", code=1)["results"][0]["holds"] is False
