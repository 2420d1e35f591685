"""``marfa package`` from the door: keys, packages, refusals, answers, and what they tell nobody."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result

from marfa.cli.package import package
from marfa.cli.package.options import KINDS
from marfa.crypto.passphrases import Cost
from marfa.methods.packages import BY_HAND, folder
from marfa.methods.packages.keys import new_key_folder_text

CANARY = "Zahrat-al-Sabbar-7731"
PASSPHRASE = "orchid lantern velvet cactus trumpet"
TERMS = ("--agreement", "MOU-7", "--purpose", "assistance", "--ground", "consent")


@pytest.fixture(autouse=True)
def cheap() -> Any:
    """A passphrase costs its tenth of a second in one test alone."""
    made: Callable[..., Any] = new_key_folder_text
    with patch.object(
        folder,
        "new_key_folder_text",
        lambda **values: made(**{**values, "cost": Cost(8, 1, 1)}),
    ):
        yield


@dataclass
class Desk:
    """A folder in which commands are called."""

    place: Path

    def run(self, *arguments: str, code: int = 0, word: bool = True) -> Result:
        words = ("--passphrase-file", str(self.place / "pw")) if word else ()
        done = CliRunner().invoke(package, [*arguments, *words])
        assert done.exit_code == code, (done.output, done.exception)
        return done

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        done = self.run(*arguments, "--json", code=code)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def body(self, name: str, kind: str = "help") -> Path:
        path = self.place / name
        self.run("key", "new", "--out", str(path), "--kind", kind)
        return path

    def accept(self, ours: Path, theirs: Path) -> None:
        shown = self.json("key", "show", str(theirs))
        self.run("key", "accept", str(ours), shown["file"], "--fingerprint", shown["fingerprint"])

    def make(self, ours: Path, to: str, *paths: Path, **changed: str) -> dict[str, Any]:
        kind = changed.get("kind", "referral")
        out = changed.get("out", str(self.place / "out"))
        return self.json(
            "make",
            str(ours),
            "--to",
            to,
            "--kind",
            kind,
            *TERMS,
            *map(str, paths),
            "--out",
            out,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "pw").write_text(PASSPHRASE + "\n")
    return Desk(tmp_path)


@pytest.fixture
def pair(desk: Desk) -> tuple[Path, Path]:
    north, south = desk.body("north"), desk.body("south")
    desk.accept(north, south)
    desk.accept(south, north)
    return north, south


def test_from_keys_to_an_answer(desk: Desk, pair: tuple[Path, Path]) -> None:
    north, south = pair
    folder = desk.place / "papers"
    folder.mkdir()
    (folder / "رسالة.txt").write_text("سلام", encoding="utf-8")
    (desk.place / "list.csv").write_text("a,b\n1,2\n")
    made = desk.make(north, "south", folder, desk.place / "list.csv")
    assert made["sequence"] == 1
    assert [each["path"] for each in made["contents"]] == ["list.csv", "papers/رسالة.txt"]
    assert Path(made["file"]).stat().st_size == made["size"]
    assert desk.json("show", made["file"]) == {"size": made["size"]}
    opened = desk.json("open", str(south), made["file"], "--out", str(desk.place / "came"))
    assert {key: opened[key] for key in ("id", "kind", "sender", "purpose", "agreement")} == {
        "id": made["id"],
        "kind": "referral",
        "sender": "north",
        "purpose": "assistance",
        "agreement": "MOU-7",
    }
    assert opened["contents"] == made["contents"]
    assert opened["warnings"] == []
    assert (desk.place / "came" / "papers" / "رسالة.txt").read_text(encoding="utf-8") == "سلام"
    again = desk.json(
        "open", str(south), made["file"], "--out", str(desk.place / "x"), code=1
    )  # fmt: skip
    assert again["code"] == "replay"
    assert not (desk.place / "x").exists()

    answer = desk.json("receipt", str(south), made["id"], "--out", str(desk.place / "r.age"))
    desk.json("open", str(north), answer["file"], "--out", str(desk.place / "r"))
    assert desk.json("list", str(north))["sent"][0]["receipt_at"]
    recall = desk.json(
        "recall", str(north), made["id"], "--reason", "consent_withdrawn", "--out",
        str(desk.place / "back.age"),
    )  # fmt: skip
    told = desk.json("open", str(south), recall["file"], "--out", str(desk.place / "back"))
    assert (told["kind"], told["package"]) == ("recall", made["id"])
    done = desk.json(
        "receipt", str(south), told["id"], "--answer", "deleted", "--out", str(desk.place / "d.age")
    )
    desk.json("open", str(north), done["file"], "--out", str(desk.place / "d"))
    sent = {each["id"]: each for each in desk.json("list", str(north))["sent"]}
    assert (sent[made["id"]]["recalled"], sent[made["id"]]["answer"]) == (True, "deleted")
    assert desk.json("list", str(south))["received"][0]["recalled"] is True
    for command in (["list", str(north)], ["key", "show", str(north)], ["show", made["file"]]):
        assert desk.run(*command).stdout


def test_what_is_lost_is_said(desk: Desk, pair: tuple[Path, Path]) -> None:
    north, south = pair
    (desk.place / "a.txt").write_text("a")
    made = [desk.make(north, "south", desk.place / "a.txt") for _ in range(3)]
    opened = desk.json("open", str(south), made[2]["file"], "--out", str(desk.place / "c"))
    assert opened["warnings"] == [{"code": "gap", "missing": [1, 2]}]
    assert desk.json("list", str(south))["missing"] == [{"sender": "north", "sequences": [1, 2]}]
    opened = desk.json("open", str(south), made[0]["file"], "--out", str(desk.place / "d"))
    assert opened["warnings"] == [{"code": "gap", "missing": [2]}]


def test_a_recalled_package_is_not_opened_any_more(desk: Desk, pair: tuple[Path, Path]) -> None:
    north, south = pair
    (desk.place / "a.txt").write_text("a")
    made = desk.make(north, "south", desk.place / "a.txt")
    desk.run(
        "recall", str(north), made["id"], "--reason", "sent_in_error", "--out",
        str(desk.place / "back.age"),
    )  # fmt: skip
    desk.run("open", str(south), str(desk.place / "back.age"), "--out", str(desk.place / "b"))
    refused = desk.json(
        "open", str(south), made["file"], "--out", str(desk.place / "c"), code=1
    )  # fmt: skip
    assert refused["code"] == "expired"


def test_keys_are_compared_before_they_are_taken(desk: Desk) -> None:
    north, south = desk.body("north"), desk.body("south")
    shown = desk.json("key", "show", str(south))
    assert re.fullmatch(r"(\d{5} ){5}\d{5}", shown["fingerprint"])
    accept = ("key", "accept", str(north), shown["file"])
    assert desk.json(*accept, code=1)["code"] == "fingerprint"
    wrong = shown["fingerprint"].translate(str.maketrans("0123456789", "1234567890"))
    assert desk.json(*accept, "--fingerprint", wrong, code=1)["code"] == "fingerprint"
    assert desk.json("list", str(north))["bodies"] == []
    arabic = shown["fingerprint"].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert desk.json(*accept, "--fingerprint", arabic)["compared"] is True
    # What is printed can be handed over as well as the file.
    (desk.place / "printed.json").write_text(json.dumps(shown))
    third = desk.body("third")
    printed = str(desk.place / "printed.json")
    taken = desk.json("key", "accept", str(third), printed, "--fingerprint", shown["fingerprint"])
    assert taken == {"name": "south", "kind": "help", "compared": True} | {
        "fingerprint": shown["fingerprint"]
    }


def test_another_kind_of_body_has_other_digits(desk: Desk) -> None:
    """Nobody passes for a clinic with the keys of somebody else, or with other words of its own."""
    north, south = desk.body("north"), desk.body("south", "enforcement")
    shown = desk.json("key", "show", str(south))
    for change in ({"kind": "help"}, {"name": "Clinic"}, {"age": desk.json(
        "key", "show", str(north))["age"]}):  # fmt: skip
        (desk.place / "false.json").write_text(json.dumps(shown | change))
        found = desk.json(
            "key", "accept", str(desk.place / "north"), str(desk.place / "false.json"),
            "--fingerprint", shown["fingerprint"], code=1,
        )  # fmt: skip
        assert found["code"] in {"fingerprint", "keys"}


def test_a_first_use_without_comparing_is_said_everywhere(desk: Desk) -> None:
    north, south = desk.body("north"), desk.body("south")
    theirs = desk.json("key", "show", str(south))["file"]
    taken = desk.json("key", "accept", str(north), theirs, "--without-comparing")
    assert taken["compared"] is False
    desk.accept(south, north)
    (desk.place / "a.txt").write_text("a")
    made = desk.make(north, "south", desk.place / "a.txt")
    opened = desk.json("open", str(south), made["file"], "--out", str(desk.place / "c"))
    assert [each["code"] for each in opened["warnings"]] == ["sender-did-not-compare"]


def test_rotated_keys_are_handed_over_and_lost_ones_ended(
    desk: Desk, pair: tuple[Path, Path]
) -> None:
    north, south = pair
    (desk.place / "a.txt").write_text("a")
    before = desk.make(north, "south", desk.place / "a.txt")
    fresh = desk.json("key", "rotate", str(north))
    after = desk.make(north, "south", desk.place / "a.txt")
    refused = desk.json(
        "open", str(south), after["file"], "--out", str(desk.place / "c"), code=1
    )  # fmt: skip
    assert refused["code"] == "unknown-sender"
    assert desk.json("key", "accept", str(south), fresh["file"])["compared"] is True
    desk.json("open", str(south), before["file"], "--out", str(desk.place / "b"))
    desk.json("open", str(south), after["file"], "--out", str(desk.place / "c"))
    desk.run("key", "end", str(south), "north")
    last = desk.make(north, "south", desk.place / "a.txt")
    refused = desk.json(
        "open", str(south), last["file"], "--out", str(desk.place / "e"), code=1
    )  # fmt: skip
    assert refused["code"] == "unknown-sender"
    assert desk.json("key", "accept", str(south), fresh["file"], code=1)["code"] == "fingerprint"


def test_nothing_goes_from_protection_to_enforcement(desk: Desk) -> None:
    north, police = desk.body("north"), desk.body("police", "enforcement")
    desk.accept(north, police)
    (desk.place / "a.txt").write_text("a")
    for kind in BY_HAND:
        refused = desk.json(
            "make", str(north), "--to", "police", "--kind", kind, *TERMS,
            str(desk.place / "a.txt"), "--out", str(desk.place / "out"), code=1,
        )  # fmt: skip
        assert refused["code"] == "kind"
    assert not (desk.place / "out").exists()


def test_what_is_marked_as_not_for_them_does_not_go(desk: Desk) -> None:
    """A file that says that its maker may not give it there, renamed or not."""
    help_, judge = desk.body("help"), desk.body("judge", "investigation")
    desk.accept(help_, judge)
    mark = "marfa_handling:1 from=help what=screenings for=screening by=x at=2026-11-29T08:30Z"
    (desk.place / "a.txt").write_text(f"id,marfa_handling\n1,{mark}\n")
    arguments = (
        "make", str(help_), "--to", "judge", "--kind", "evidence", *TERMS,
        str(desk.place / "a.txt"), "--out", str(desk.place / "out"),
    )  # fmt: skip
    assert desk.json(*arguments, code=1)["code"] == "kind"
    (desk.place / "a.txt").write_text("id\n1\n")
    assert desk.json(*arguments)["kind"] == "evidence"


def test_the_passphrase_is_needed_and_has_a_floor(desk: Desk) -> None:
    north = desk.body("north")
    (desk.place / "pw").write_text("correct horse battery staple\n")
    refused = desk.json("key", "new", "--out", str(desk.place / "weak"), code=1)
    assert refused["code"] == "passphrase"
    assert not (desk.place / "weak").exists()
    assert desk.json("key", "rotate", str(north), code=1)["code"] == "passphrase"
    done = CliRunner().invoke(package, ["key", "rotate", str(north)], input="")
    assert done.exit_code == 2
    done = CliRunner().invoke(package, ["key", "rotate", str(north)], input=PASSPHRASE + "\n")
    assert done.exit_code == 0, done.output


def test_what_is_secret_lies_under_the_passphrase(desk: Desk) -> None:
    north = desk.body("north")
    identity = desk.run("key", "show", str(north), "--identity").stdout.strip()
    assert identity.startswith("AGE-SECRET-KEY-1")
    everything = b"".join(path.read_bytes() for path in north.rglob("*") if path.is_file())
    assert identity.encode() not in everything
    assert all(path.stat().st_mode & 0o077 == 0 for path in [north, *north.rglob("*")])
    # Public keys that somebody else wrote in are not handed out as ours.
    text = (north / "keys.json").read_text()
    other = desk.json("key", "show", str(desk.body("other")))["age"]
    mine = desk.json("key", "show", str(north))["age"]
    (north / "keys.json").write_text(text.replace(mine, other))
    assert desk.json("key", "show", str(north), code=1)["code"] == "keys"


def test_nobody_without_the_passphrase_changes_what_is_remembered(
    desk: Desk, pair: tuple[Path, Path]
) -> None:
    north, south = pair
    (desk.place / "a.txt").write_text("a")
    book = (north / "book").read_bytes()
    theirs = desk.json("key", "show", str(south))["age"]
    other = desk.json("key", "show", str(desk.body("other")))["age"]
    (north / "book").write_bytes(book.replace(theirs.encode(), other.encode()))
    refused = desk.json(
        "make", str(north), "--to", "south", "--kind", "referral", *TERMS,
        str(desk.place / "a.txt"), "--out", str(desk.place / "out"), code=1,
    )  # fmt: skip
    assert refused["code"] == "keys"


@pytest.mark.parametrize(
    "arguments",
    [
        ("key", "new"),
        ("make", "KEYS", "--to", "south"),
        ("make", "KEYS", "--to", "south", "--kind", "dossier", *TERMS, "A", "--out", "O"),
        ("make", "KEYS", "--to", "south", "--kind", "referral", *TERMS, "gone", "--out", "O"),
        ("make", "KEYS", "--to", "south", "--kind", "referral", *TERMS, "A", "--out", "O",
         "--valid", "soon"),
        ("make", "KEYS", "--to", "south", "--kind", "referral", *TERMS[:-1], "whim", "A", "--out",
         "O"),
        ("open", "KEYS", "gone", "--out", "O"),
        ("open", "KEYS", "A", "--out", "KEYS"),
        ("recall", "KEYS", "x", "--reason", "Amina asked", "--out", "O"),
        ("list", "gone"),
    ],
)  # fmt: skip
def test_wrong_use_is_said(desk: Desk, pair: tuple[Path, Path], arguments: tuple[str, ...]) -> None:
    (desk.place / "a.txt").write_text("a")
    names = {"KEYS": str(pair[0]), "A": str(desk.place / "a.txt"), "O": str(desk.place / "out")}
    desk.run(*(names.get(each, each) for each in arguments), code=2)
    assert not (desk.place / "out").exists()


def test_who_or_what_is_not_known_is_said(desk: Desk, pair: tuple[Path, Path]) -> None:
    north, _south = pair
    (desk.place / "a.txt").write_text("a")
    out = str(desk.place / "out")
    refused = desk.json(
        "make", str(north), "--to", "nobody", "--kind", "referral", *TERMS,
        str(desk.place / "a.txt"), "--out", out, code=1,
    )  # fmt: skip
    assert refused["code"] == "unknown-body"
    for command in ("receipt", "recall"):
        reason = ("--reason", "sent_in_error") if command == "recall" else ()
        found = desk.json(command, str(north), "0" * 20, *reason, "--out", out, code=1)
        assert found["code"] == "unknown-package"
    (desk.place / "there").write_text("")
    made = desk.make(north, "south", desk.place / "a.txt")
    refused = desk.json(
        "recall", str(north), made["id"], "--reason", "sent_in_error", "--out",
        str(desk.place / "there"), code=1,
    )  # fmt: skip
    assert refused["code"] == "there"


def test_nothing_tells_of_what_is_inside(desk: Desk, pair: tuple[Path, Path]) -> None:
    """Not the name of the file, its size, the frame, the folders beside, the book, or an error."""
    north, south = pair
    paper = desk.place / f"{CANARY}.txt"
    paper.write_text(CANARY * 9)
    made = desk.make(north, "south", paper)
    file = Path(made["file"])
    assert CANARY not in file.name
    assert CANARY.encode() not in file.read_bytes()
    kept = [path for body in pair for path in body.rglob("*")]
    assert not [path for path in kept if CANARY in path.name]
    cut = desk.place / "cut.age"
    cut.write_bytes(file.read_bytes()[:-9])
    said = desk.run("open", str(south), str(cut), "--out", str(desk.place / "c"), code=1)
    assert CANARY not in said.output
    desk.run("open", str(south), str(file), "--out", str(desk.place / "came"))
    assert (desk.place / "came" / paper.name).read_text() == CANARY * 9, "the control"
    everything = b"".join(path.read_bytes() for body in pair for path in body.iterdir()
                          if path.is_file())  # fmt: skip
    assert CANARY.encode() not in everything
    # Also the ZIP file inside, and what is signed, name nobody.
    identity = desk.run("key", "show", str(south), "--identity").stdout.split()
    data = _decrypted(file, identity)
    head = data[: data.index(b"package.sig")]
    tail = data[data.index(b"PK\x01\x02") :]
    assert CANARY.encode() not in head + tail
    assert CANARY.encode() in data


def _decrypted(file: Path, identities: list[str]) -> bytes:
    import pyrage

    keys = [pyrage.x25519.Identity.from_str(each) for each in identities]
    return bytes(pyrage.decrypt(file.read_bytes(), keys))


def test_sizes_in_a_row_tell_little(desk: Desk, pair: tuple[Path, Path]) -> None:
    north, south = pair
    sizes = set()
    for size in range(0, 1600, 200):
        (desk.place / "a.txt").write_text("x" * size)
        made = desk.make(north, "south", desk.place / "a.txt")
        identity = desk.run("key", "show", str(south), "--identity").stdout.split()
        sizes.add(len(_decrypted(Path(made["file"]), identity)))
    assert sizes == {4096}
    (desk.place / "a.txt").write_text("x" * 9000)
    made = desk.make(north, "south", desk.place / "a.txt")
    assert len(_decrypted(Path(made["file"]), identity)) > 4096, "the control"


def test_the_temporary_folder_stays_empty(
    desk: Desk, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    north, south = pair
    (desk.place / "a.txt").write_text(CANARY)
    empty = tmp_path / "temporary"
    empty.mkdir(mode=0o500)
    monkeypatch.setenv("TMPDIR", str(empty))
    monkeypatch.setattr("tempfile.tempdir", None)
    made = desk.make(north, "south", desk.place / "a.txt")
    desk.run("open", str(south), made["file"], "--out", str(desk.place / "came"))
    assert not list(os.scandir(empty))


def test_the_kinds_of_the_command_are_those_of_the_library() -> None:
    assert KINDS == BY_HAND
