"""What leaves proves itself, and of what is withheld nothing leaves."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import bagit
import ocfl
import pyrage
import pytest

from marfa.crypto.keys import Key
from marfa.crypto.merkle import leaf_hash
from marfa.crypto.signatures import public_key, sign_message
from marfa.domain.handling import read_marks
from marfa.domain.message import InputError
from marfa.methods.archive import (
    Event,
    create_archive,
    does_proof_hold,
    export_items,
    open_writer,
    verify_archive,
)
from marfa.methods.archive.entries import read_chunks
from marfa.methods.archive.exports import SCRIPTS
from marfa.methods.archive.foreign import check_package
from marfa.methods.archive.layout import object_path
from tests.methods.archive.support import add, files_below, make_plain, now, write

TEN, WITHHELD = 10, ("W-0", "W-1", "W-2")


@pytest.fixture
def identity() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture(params=["plain", "sealed"])
def archive(
    tmp_path: Path, request: pytest.FixtureRequest, identity: pyrage.x25519.Identity
) -> Path:
    """Ten items, of which three are to be withheld, each with words, codes and times of its own."""
    folder = tmp_path / "archive"
    create_archive(folder, [str(identity.to_public())] if request.param == "sealed" else [])
    for number in range(TEN):
        item = f"W-{number // 3}" if number in (2, 5, 8) else f"I-{number}"
        source = write(tmp_path, f"name-of-{item}.txt", f"words of {item} ".encode() * 100)
        add(folder, source, item=item, actor=f"KEEPER-OF-{item}")
    with open_writer(folder, now) as writer:
        for item in WITHHELD:
            writer.record_events([Event(item, "read", f"READER-OF-{item}")])
    export_items(folder, tmp_path / "before", now)
    return folder


def run(out: Path, archive: Path, *python: str) -> subprocess.CompletedProcess[str]:
    key = (archive / "key").read_text().strip()
    command = [*(python or (sys.executable,)), "-I", "-S", str(out / "verify.py"), str(out)]
    return subprocess.run([*command, "--key", key], capture_output=True, text=True, check=False)


def canaries(archive: Path, out: Path) -> list[bytes]:
    """All that tells of the withheld: identifiers, names, words, codes, digests of every file."""
    found: list[bytes] = []
    for item in WITHHELD:
        texts = (item, f"name-of-{item}", f"words of {item}", f"-OF-{item}")
        found += [text.encode() for text in texts]
        for path in (archive / object_path(item)).rglob("*"):
            if path.is_file() and not path.name.startswith("0="):
                for algorithm in ("sha512", "sha256"):
                    digest = hashlib.new(algorithm, path.read_bytes())
                    found += [digest.hexdigest().encode(), base64.b64encode(digest.digest())]
    for _chunk, lines in read_chunks(archive):
        for line in lines:
            body = getattr(line, "body", None)
            if body and body.get("item") in WITHHELD:
                found.append(line.salt.hex().encode())  # type: ignore[union-attr]
    return found


def test_of_what_is_withheld_nothing_leaves(
    archive: Path, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    outs = [tmp_path / "out"]
    export_items(archive, outs[0], now, withhold=WITHHELD)
    sealed = (archive / object_path("I-0") / "v1/content/data.age").exists()
    if sealed:
        outs.append(tmp_path / "opened")
        export_items(archive, outs[1], now, withhold=WITHHELD, identities=str(identity))
    for out in outs:
        held = files_below(out)
        for canary in canaries(archive, out):
            assert [name for name, data in held.items() if canary in data] == []
            assert [name for name in held if canary.decode() in name] == []
        done = run(out, archive)
        assert (done.returncode, done.stdout, done.stderr) == (0, "It holds.\n", "")


def test_the_search_for_canaries_finds_them(archive: Path, tmp_path: Path) -> None:
    export_items(archive, tmp_path / "all", now)
    held = files_below(tmp_path / "all")
    found = [c for c in canaries(archive, tmp_path / "all") if any(c in d for d in held.values())]
    assert len(found) > 20


def test_other_programs_take_what_leaves(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_items(archive, out, now, withhold=WITHHELD)
    assert bagit.Bag(str(out)).validate()
    for item in (out / "data").iterdir():
        assert ocfl.Object().validate(objdir=str(item))
    found = check_package(out)
    assert (found.kind, found.problems) == ("marfa", [])


def test_what_leaves_says_from_whom_and_what_for(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    create_archive(archive, [], body="help")
    add(archive, write(tmp_path, "f", b"x"), item="A")
    export_items(archive, tmp_path / "out", now)
    (mark,) = read_marks(tmp_path / "out" / "bag-info.txt")
    assert (mark.sender, mark.contents, mark.purpose) == ("help", "evidence", "evidence")
    theirs = make_plain(tmp_path / "theirs")
    add(theirs, tmp_path / "out")
    assert verify_archive(theirs).items == 1


def test_sealed_items_leave_as_they_were_received(
    tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    archive = tmp_path / "archive"
    create_archive(archive, [str(identity.to_public())])
    data = b"as it came " * 1000
    add(archive, write(tmp_path, "photo.jpg", data), item="A")
    out = tmp_path / "out"
    text = f"# created: today\n{identity}\n"
    assert export_items(archive, out, now, identities=text).opened
    assert (out / "data/A/data").read_bytes() == data
    assert json.loads((out / "data/A/item.json").read_bytes())["name"] == "photo.jpg"
    assert run(out, archive).returncode == 0
    assert bagit.Bag(str(out)).validate()
    (out / "data/A/data").write_bytes(b"other")
    assert "data/A/data: changed" in run(out, archive).stdout


def test_another_identity_opens_nothing(tmp_path: Path, identity: pyrage.x25519.Identity) -> None:
    archive = tmp_path / "archive"
    create_archive(archive, [str(identity.to_public())])
    add(archive, write(tmp_path, "f", b"x"), item="A")
    other = str(pyrage.x25519.Identity.generate())
    for text, code in ((other, "identity-other"), ("no key", "identity-odd")):
        with pytest.raises(InputError, match=code):
            export_items(archive, tmp_path / "out", now, identities=text)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"archive", "f"}


def test_a_damaged_item_does_not_leave(tmp_path: Path) -> None:
    archive = make_plain(tmp_path / "archive")
    add(archive, write(tmp_path, "f", b"x"), item="A")
    (archive / object_path("A") / "v1/content/data").write_bytes(b"y")
    with pytest.raises(InputError, match="item-damaged"):
        export_items(archive, tmp_path / "out", now)
    assert not (tmp_path / "out").exists()


def test_identifiers_that_are_one_on_another_system_leave_apart(tmp_path: Path) -> None:
    """A bag with both could not be unpacked everywhere, and ``check`` refuses it rightly."""
    archive = make_plain(tmp_path / "archive")
    for item in ("case-1", "CASE-1", "B"):
        add(archive, write(tmp_path, "f", item.encode()), item=item)
    with pytest.raises(InputError, match="ids-alike"):
        export_items(archive, tmp_path / "out", now)
    for number, other in enumerate(("case-1", "CASE-1")):
        out = tmp_path / f"out-{number}"
        assert len(export_items(archive, out, now, withhold=[other]).items) == 2
        assert check_package(out).valid


def test_nothing_is_exported_into_an_archive(tmp_path: Path) -> None:
    archive = make_plain(tmp_path / "archive")
    add(archive, write(tmp_path, "f", b"x"))
    (tmp_path / "link").symlink_to(archive / "objects")
    for out in (archive / "out", archive / "objects" / "out", tmp_path / "link" / "out"):
        with pytest.raises(InputError, match="inside-archive"):
            export_items(archive, out, now)
        with pytest.raises(InputError, match="inside-archive"):
            create_archive(out, [])
    assert verify_archive(archive).valid


def test_an_entry_can_be_shown_alone(archive: Path, tmp_path: Path) -> None:
    """Line and proof of one entry, and the checkpoint: nothing else of the export is needed."""
    out = tmp_path / "out"
    export_items(archive, out, now, items=["I-0"])
    line = json.loads((out / "log.jsonl").read_text().splitlines()[0])
    proof = json.loads((out / "proofs/0.json").read_bytes())
    assert does_proof_hold((out / "proofs/0.json").read_bytes())
    text = json.dumps(line["body"], sort_keys=True, separators=(",", ":")).encode()
    commitment = hashlib.sha256(bytes.fromhex(line["salt"]) + text).digest()
    assert base64.b64decode(proof["leafHash"]) == leaf_hash(commitment)
    assert proof["root"] == (out / "checkpoint").read_text().split("\n")[2]


def test_it_is_on_the_record_before_it_leaves(archive: Path, tmp_path: Path) -> None:
    before = verify_archive(archive).entries
    with pytest.raises(InputError, match="no-such-item"):
        export_items(archive, tmp_path / "out", now, items=["nobody"])
    assert verify_archive(archive).entries == before
    left = export_items(archive, tmp_path / "out", now, items=["I-0"])
    assert left.entry == before
    with pytest.raises(InputError, match="out-taken"):
        export_items(archive, tmp_path / "out", now)


def test_the_script_writes_nothing_and_needs_no_newer_python(tmp_path: Path) -> None:
    archive, out = make_plain(tmp_path / "archive"), tmp_path / "out"
    add(archive, write(tmp_path, "f", b"x"))
    export_items(archive, out, now)
    before = files_below(out)
    for python in ("python3.9", "python3.10", "python3.12", "python3.13", sys.executable):
        if _runs(python):
            assert run(out, archive, python).returncode == 0
    assert files_below(out) == before
    for name in ("verify.py", "ed25519.py"):
        ast.parse((SCRIPTS / name).read_text(), feature_version=(3, 9))


def _runs(python: str) -> bool:
    if shutil.which(python) is None:
        return False
    return subprocess.run([python, "-V"], capture_output=True, check=False).returncode == 0


def test_a_wrong_use_of_the_script_is_told(archive: Path, tmp_path: Path) -> None:
    export_items(archive, tmp_path / "out", now)
    script = str(tmp_path / "out" / "verify.py")
    done = subprocess.run([sys.executable, "-I", "-S", script], capture_output=True, check=False)
    assert done.returncode == 2
    (tmp_path / "out" / "log.jsonl").write_text("no log")
    found = run(tmp_path / "out", archive)
    assert (found.returncode, found.stderr) == (1, "")


def test_ed25519_as_another_implementation_has_it() -> None:
    """RFC 8032, 7.1, tests 1 and 2; and keys, messages and changes drawn at random."""
    holds = runpy.run_path(str(SCRIPTS / "ed25519.py"))["is_signed"]
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
        "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert holds(key, b"", signature)
    assert not holds(key, b"x", signature)
    for number in range(8):
        private = Key(hashlib.sha256(bytes([number])).digest())
        public, message = public_key(private), bytes([number]) * number
        good = sign_message(private, message)
        assert holds(public, message, good)
        bad = bytearray(good)
        bad[number * 8] ^= 1
        assert not holds(public, message, bytes(bad))
    order = 2**252 + 27742317777372353535851937790883648493
    second = int.from_bytes(good[32:], "little") + order
    assert not holds(public, message, good[:32] + second.to_bytes(32, "little")), "RFC 8032, 5.1.7"
    assert not holds(public, message, good[:-1])
