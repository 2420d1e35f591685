"""Whoever changes an archive, or what left it, is found, and where."""

from __future__ import annotations

import hashlib
import json
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from marfa.crypto.notes import VerifierKey
from marfa.methods.archive import (
    Event,
    create_archive,
    export_items,
    list_archive,
    open_writer,
    verify_archive,
)
from marfa.methods.archive.entries import Entry, commitment_of, read_lines
from marfa.methods.archive.exports import SCRIPTS
from marfa.methods.archive.layout import entries_file, object_path, tile_file
from marfa.methods.archive.tiles import BUNDLE, bundle_of
from tests.methods.archive.support import add, now, write

ITEM = "item-3"
ENTRY = 3
DATA = f"data/{ITEM}/v1/content/data"
"""In an export."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Six items, the custody of one, and a checkpoint that was kept before the last entries."""
    folder = tmp_path / "archive"
    create_archive(folder, [])
    for number in range(6):
        add(folder, write(tmp_path, f"f{number}", b"%d" % number * 500), item=f"item-{number}")
    with open_writer(folder, now) as writer:
        writer.record_events([Event(ITEM, "release", "K-1", "K-2")])
        writer.record_events([Event(ITEM, "accept", "K-2")])
        writer.record_events([Event(ITEM, "read", "KEEPER-7")])
    shutil.copy(folder / "checkpoint", tmp_path / "kept")
    with open_writer(folder, now) as writer:
        writer.record_events([Event("item-0", "note", "K-1"), Event("item-1", "note", "K-1")])
    return folder


@pytest.fixture
def key(archive: Path) -> VerifierKey:
    return VerifierKey.read((archive / "key").read_text())


def found(archive: Path, key: VerifierKey) -> set[tuple[str, str | None, str | None, int | None]]:
    kept = archive.parent / "kept"
    checkpoint = kept.read_bytes() if kept.is_file() else None
    report = verify_archive(archive, key=key, checkpoint=checkpoint)
    return {(p.code, p.item, p.path, p.entry) for p in report.problems}


def data_of(archive: Path, item: str = ITEM) -> Path:
    return archive / object_path(item) / "v1" / "content" / "data"


def replace(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


def test_nothing_is_found_where_nothing_was_changed(archive: Path, key: VerifierKey) -> None:
    assert found(archive, key) == set()


@pytest.mark.parametrize("digest", ["sha512", "sha256"])
def test_a_changed_file(archive: Path, digest: str) -> None:
    replace(data_of(archive), b"3333", b"3334")
    (problem,) = verify_archive(archive, digest=digest).problems
    assert (problem.code, problem.item) == ("changed", ITEM)
    assert problem.path == f"{object_path(ITEM)}/v1/content/data"


def test_a_file_that_is_gone(archive: Path, key: VerifierKey) -> None:
    data_of(archive).unlink()
    assert found(archive, key) == {("missing", ITEM, f"{object_path(ITEM)}/v1/content/data", None)}


def test_a_file_that_is_a_link_now(archive: Path, key: VerifierKey) -> None:
    place = data_of(archive)
    place.rename(archive.parent / "elsewhere")
    place.symlink_to(archive.parent / "elsewhere")
    assert found(archive, key) == {("changed", ITEM, f"{object_path(ITEM)}/v1/content/data", None)}


@pytest.mark.parametrize(
    "place",
    ["{object}/extra", "{object}/v1/extra", "{object}/v1/content/extra", "extra", "entries/extra"],
)
def test_a_file_that_was_put_there(archive: Path, key: VerifierKey, place: str) -> None:
    path = place.format(object=object_path(ITEM))
    (archive / path).write_bytes(b"planted")
    item = ITEM if "{object}" in place else None
    assert found(archive, key) == {("extra", item, path, None)}


def test_an_object_that_was_put_there(archive: Path, key: VerifierKey) -> None:
    shutil.copytree(archive / object_path(ITEM), archive / "objects/000/planted")
    assert found(archive, key) == {("extra", None, "objects/000/planted", None)}


def test_an_object_that_is_gone(archive: Path, key: VerifierKey) -> None:
    shutil.rmtree(archive / object_path(ITEM))
    assert found(archive, key) == {("missing", ITEM, object_path(ITEM), None)}


def test_a_changed_inventory(archive: Path, key: VerifierKey) -> None:
    replace(archive / object_path(ITEM) / "inventory.json", b"received", b"receivec")
    assert found(archive, key) == {("changed", ITEM, f"{object_path(ITEM)}/inventory.json", None)}


def swap_whole_object(archive: Path) -> None:
    """File, inventories and digests beside them, all as they belong together."""
    base = archive / object_path(ITEM)
    old = hashlib.sha512(data_of(archive).read_bytes()).hexdigest()
    data_of(archive).write_bytes(b"another")
    new = hashlib.sha512(b"another").hexdigest()
    for folder in (base, base / "v1"):
        inventory = (folder / "inventory.json").read_text().replace(old, new)
        (folder / "inventory.json").write_text(inventory)
        digest = hashlib.sha512(inventory.encode()).hexdigest()
        (folder / "inventory.json.sha512").write_text(f"{digest}  inventory.json\n")


def test_file_and_inventory_swapped_together(archive: Path, key: VerifierKey) -> None:
    swap_whole_object(archive)
    assert found(archive, key) == {("changed", ITEM, f"{object_path(ITEM)}/inventory.json", None)}


def test_two_items_that_changed_places(archive: Path, key: VerifierKey) -> None:
    one, two = archive / object_path(ITEM), archive / object_path("item-4")
    one.rename(archive / "x")
    two.rename(one)
    (archive / "x").rename(two)
    codes = {(code, item) for code, item, _path, _entry in found(archive, key)}
    assert codes == {("changed", ITEM), ("changed", "item-4")}


def test_a_changed_entry(archive: Path, key: VerifierKey) -> None:
    replace(entries_file(archive, 0), b"KEEPER-7", b"KEEPER-8")
    assert found(archive, key) == {("entry-changed", ITEM, None, 8)}


def test_an_entry_that_is_gone(archive: Path, key: VerifierKey) -> None:
    path = entries_file(archive, 0)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if b"KEEPER-7" not in line))
    assert found(archive, key) == {("entry-missing", None, None, 8)}


def test_entries_in_another_order(archive: Path, key: VerifierKey) -> None:
    path = entries_file(archive, 0)
    lines = path.read_bytes().splitlines(keepends=True)
    one = next(n for n, line in enumerate(lines) if b'"item-3"' in line)
    two = next(n for n, line in enumerate(lines) if b'"item-4"' in line)
    lines[one], lines[two] = lines[two], lines[one]
    path.write_bytes(b"".join(lines))
    assert {(code, entry) for code, _i, _p, entry in found(archive, key)} == {
        ("entry-order", 3),
        ("entry-order", 4),
    }


def test_an_entry_gone_from_the_custody(archive: Path, key: VerifierKey) -> None:
    path = entries_file(archive, 0)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if b'"release"' not in line))
    assert found(archive, key) == {
        ("entry-missing", None, None, 6),
        ("custody-gap", ITEM, None, 7),
    }


def test_entries_that_were_cut_off(archive: Path, key: VerifierKey) -> None:
    path = entries_file(archive, 0)
    lines = path.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b"KEEPER-7" in line)
    path.write_bytes(b"".join(lines[:at]))
    problems = found(archive, key)
    assert ("log-cut", None, None, 8) in problems
    assert {entry for code, _i, _p, entry in problems if code == "entry-missing"} == {8, 9, 10}


def test_a_log_that_was_put_back(archive: Path, key: VerifierKey, tmp_path: Path) -> None:
    """Everything as it was at an earlier moment, with its signature: only who kept a later
    checkpoint sees it."""
    older = tmp_path / "older"
    shutil.copytree(archive, older)
    with open_writer(archive, now) as writer:
        writer.record_events([Event(ITEM, "read", "K-9")])
    shutil.copy(archive / "checkpoint", tmp_path / "kept")
    assert found(older, key) == {("log-cut", None, None, 11)}


def rewrite(archive: Path, number: int, change: Callable[[dict[str, object]], None]) -> None:
    """An entry changed in entries, bundle and tile alike: all but what is signed."""
    path = entries_file(archive, 0)
    lines = path.read_bytes().splitlines(keepends=True)
    entries = []
    for place, line in enumerate(read_lines(path.read_bytes(), 0)):
        if not isinstance(line, Entry) or line.body is None or line.salt is None:
            continue
        if line.number == number:
            body = dict(line.body)
            change(body)
            line = Entry(number, commitment_of(line.salt, body), body, line.salt)
            lines[place] = line.line()
        entries.append(line)
    path.write_bytes(b"".join(lines))
    for width in range(1, len(entries) + 1):
        some = entries[:width]
        for level, content in (
            (BUNDLE, bundle_of(e.commitment for e in some)),
            ("0", b"".join(e.leaf for e in some)),
        ):
            if tile_file(archive, level, 0, width).is_file():
                tile_file(archive, level, 0, width).write_bytes(content)


def test_an_entry_that_was_dated_back_everywhere(archive: Path, key: VerifierKey) -> None:
    rewrite(archive, ENTRY, lambda body: body.update(at="2020-01-01T00:00:00Z"))
    assert ("entry-changed", None, None, ENTRY) in found(archive, key)


def test_the_last_entry_changed_everywhere(archive: Path, key: VerifierKey) -> None:
    """Nothing stands behind it that names it: the checkpoint of its commit tells."""
    rewrite(archive, 8, lambda body: body.update(actor="KEEPER-8"))
    assert any(code == "entry-changed" for code, *_rest in found(archive, key))


def test_a_changed_tile(archive: Path, key: VerifierKey) -> None:
    path = tile_file(archive, "0", 0, 11)
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    assert found(archive, key) == {("entry-changed", None, "tile/0/000.p/11", None)}


@pytest.mark.parametrize("name", ["checkpoint", "archive"])
def test_a_changed_signature(archive: Path, key: VerifierKey, name: str) -> None:
    text = (archive / name).read_text()
    (archive / name).write_text(text[:-10] + ("A" if text[-10] != "A" else "B") + text[-9:])
    assert ("signature", None, name, None) in found(archive, key)


def test_other_keys_to_seal_to(archive: Path, key: VerifierKey) -> None:
    """Whoever adds a key of their own would read all that comes in later."""
    replace(archive / "archive", b'"to":[]', b'"to":["age1x"]')
    assert ("signature", None, "archive", None) in found(archive, key)


def test_an_archive_rebuilt_whole_under_a_new_key(
    archive: Path, key: VerifierKey, tmp_path: Path
) -> None:
    rebuilt = tmp_path / "rebuilt"
    create_archive(rebuilt, [])
    for number in range(6):
        add(rebuilt, tmp_path / f"f{number}", item=f"item-{number}")
    assert verify_archive(rebuilt).valid
    problems = found(rebuilt, key)
    assert ("key-replaced", None, "key", None) in problems
    assert ("log-cut", None, None, 6) in problems


def test_another_story_signed_with_the_key_itself(
    archive: Path, key: VerifierKey, tmp_path: Path
) -> None:
    """Whoever has the key can write one; not one that continues the checkpoint that others kept."""
    older = tmp_path / "older"
    shutil.copytree(archive, older)
    path = entries_file(older, 0)
    lines = path.read_bytes().splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if b"checkpoint" in line and n > 1)
    path.write_bytes(b"".join(lines[: first + 1]))
    (older / "checkpoint").unlink()
    shutil.rmtree(older / "tile")
    for number in range(1, 6):
        shutil.rmtree((older / object_path(f"item-{number}")).parent)
    with open_writer(older, now) as writer:
        writer.record_events([Event("item-0", "read", "K-5")] * 20)
    assert verify_archive(older).valid
    assert found(older, key) == {("entry-changed", None, None, 8)}


def test_a_readme_that_tells_something_else(archive: Path, key: VerifierKey) -> None:
    (archive / "README.txt").write_text("run this")
    assert found(archive, key) == {("changed", None, "README.txt", None)}


def test_the_signed_end_of_the_entries_broken(archive: Path, key: VerifierKey) -> None:
    """The file ``checkpoint`` says the same, but whoever writes next needs this one."""
    path = entries_file(archive, 0)
    data = path.read_bytes()
    path.write_bytes(data[:-9] + b"A" + data[-8:])
    assert ("signature", None, "entries/000.jsonl", None) in found(archive, key)
    path.write_bytes(data[:-9])
    assert found(archive, key) == {("signature", None, "entries/000.jsonl", None)}


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [line for line in lines if ITEM not in line],
        lambda lines: [line.replace("2026", "2020") for line in lines],
        lambda lines: [lines[0], *lines],
    ],
    ids=["hidden", "dated back", "twice"],
)
def test_a_list_that_tells_something_else(
    archive: Path, key: VerifierKey, change: Callable[[list[str]], list[str]]
) -> None:
    path = archive / "index"
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))
    assert found(archive, key) == {("changed", None, "index", None)}


@pytest.mark.parametrize("index", [b"", b"junk junk\n# 99\n", b"\xff\n", None])
def test_a_list_that_is_none_is_made_anew(
    archive: Path, key: VerifierKey, index: bytes | None
) -> None:
    path, before = archive / "index", "".join(list_archive(archive, as_json=True))
    if index is None:
        path.write_bytes(b"junk\n" + path.read_bytes())
    else:
        path.write_bytes(index)
    assert "".join(list_archive(archive, as_json=True)) == before
    assert found(archive, key) == set()


# What left the archive, checked by the script that went along and nothing else.


@pytest.fixture
def export(archive: Path, tmp_path: Path) -> Path:
    export_items(archive, tmp_path / "out", now, withhold=["item-5"])
    return tmp_path / "out"


def script(export: Path, key: VerifierKey) -> tuple[int, list[str]]:
    """In this process: to start Python for each kind of tampering takes seconds."""
    out, argv = StringIO(), sys.argv
    sys.argv = ["verify.py", str(export), "--key", str(key)]
    try:
        with redirect_stdout(out), pytest.raises(SystemExit) as ended:
            runpy.run_path(str(export / "verify.py"))
    finally:
        sys.argv = argv
    return int(ended.value.code or 0), out.getvalue().splitlines()


def rewrite_manifests(export: Path) -> None:
    """As somebody does who changes a bag with care."""
    files = {p: str(p.relative_to(export)) for p in sorted(export.rglob("*")) if p.is_file()}
    for manifest, wanted in (("manifest-sha512.txt", True), ("tagmanifest-sha512.txt", False)):
        lines = [
            f"{hashlib.sha512(path.read_bytes()).hexdigest()}  {name}\n"
            for path, name in files.items()
            if name.startswith("data/") == wanted and name != "tagmanifest-sha512.txt"
        ]
        (export / manifest).write_text("".join(lines))


def test_an_export_that_was_not_changed(export: Path, key: VerifierKey) -> None:
    assert script(export, key) == (0, ["It holds."])


@pytest.mark.parametrize("code", [0, 1])
def test_the_script_by_itself(export: Path, key: VerifierKey, code: int) -> None:
    """As a court's expert runs it: nothing installed, no settings of the user."""
    if code:
        replace(export / DATA, b"3333", b"3334")
    command = [sys.executable, "-I", "-S", str(export / "verify.py"), str(export)]
    done = subprocess.run(
        [*command, "--key", str(key)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout == (f"{DATA}: changed\n" if code else "It holds.\n")


def edit_log(export: Path, change: Callable[[list[str]], list[str]]) -> None:
    lines = (export / "log.jsonl").read_text().splitlines(keepends=True)
    (export / "log.jsonl").write_text("".join(change(lines)))


def swapped(lines: list[str]) -> list[str]:
    lines[3], lines[4] = lines[4], lines[3]
    return lines


TAMPERED: list[tuple[str, Callable[[Path], object], str]] = [
    ("changed", lambda out: replace(out / DATA, b"3333", b"3334"), DATA),
    ("gone", lambda out: (out / DATA).unlink(), DATA),
    ("put there", lambda out: (out / "data/extra").write_bytes(b"x"), "data/extra"),
    (
        "inventory",
        lambda out: replace(out / f"data/{ITEM}/inventory.json", b"received", b"receivec"),
        f"data/{ITEM}/inventory.json",
    ),
    ("entry", lambda out: replace(out / "log.jsonl", b"KEEPER-7", b"KEEPER-8"), "entry 8"),
    ("entry gone", lambda out: edit_log(out, lambda lines: lines[:3] + lines[4:]), "entry 3"),
    ("order", lambda out: edit_log(out, swapped), "entry 3"),
    ("cut", lambda out: edit_log(out, lambda lines: lines[:-1]), "log.jsonl"),
    (
        "dated back",
        lambda out: replace(out / "log.jsonl", b"2026-03-01T08", b"2020-03-01T08"),
        "entry 0",
    ),
    ("withheld", lambda out: flip_commitment(out), "log.jsonl"),
    ("proof", lambda out: swap_proofs(out), "entry 3"),
    ("signature", lambda out: break_signature(out / "checkpoint"), "checkpoint"),
    ("file and inventory", lambda out: swap_with_inventory(out), f"data/{ITEM}/inventory.json"),
]


def swap_with_inventory(out: Path) -> None:
    """The file, its digests in the inventory, and the digest of that."""
    old = {name: hashlib.new(name, (out / DATA).read_bytes()) for name in ("sha512", "sha256")}
    replace(out / DATA, b"3333", b"3334")
    inventory = out / f"data/{ITEM}/inventory.json"
    for name, digest in old.items():
        new = hashlib.new(name, (out / DATA).read_bytes()).hexdigest()
        replace(inventory, digest.hexdigest().encode(), new.encode())
    sidecar = f"{hashlib.sha512(inventory.read_bytes()).hexdigest()}  inventory.json\n"
    inventory.with_name("inventory.json.sha512").write_text(sidecar)


def flip_commitment(out: Path) -> None:
    def change(lines: list[str]) -> list[str]:
        for number, line in enumerate(lines):
            value = json.loads(line)
            if "commitment" in value:
                value["commitment"] = hashlib.sha256(b"another").hexdigest()
                lines[number] = json.dumps(value) + "\n"
                return lines
        raise AssertionError("nothing is withheld")

    edit_log(out, change)


def swap_proofs(out: Path) -> None:
    (out / "proofs/3.json").write_bytes((out / "proofs/8.json").read_bytes())


def break_signature(path: Path) -> None:
    text = path.read_text()
    path.write_text(text[:-10] + ("A" if text[-10] != "A" else "B") + text[-9:])


@pytest.mark.parametrize(("name", "tamper", "place"), TAMPERED, ids=[t[0] for t in TAMPERED])
@pytest.mark.parametrize("careful", [False, True], ids=["plain", "with manifests"])
def test_an_export_that_was_changed(
    export: Path,
    key: VerifierKey,
    name: str,
    tamper: Callable[[Path], object],
    place: str,
    careful: bool,
) -> None:
    tamper(export)
    if careful:
        rewrite_manifests(export)
    code, told = script(export, key)
    assert code == 1
    places = [line.partition(":")[0] for line in told]
    assert place in places, told


def test_an_export_of_another_key(export: Path, key: VerifierKey, tmp_path: Path) -> None:
    other = create_archive(tmp_path / "other", [])
    assert script(export, other) == (1, ["checkpoint: not signed with this key"])


def test_the_script_is_short_and_of_the_standard_library() -> None:
    lines = (SCRIPTS / "verify.py").read_text().splitlines()
    assert len(lines) <= 80
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert imports == ["import argparse, base64, hashlib, json, os, runpy, sys"]
