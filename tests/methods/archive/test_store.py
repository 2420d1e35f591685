"""What is taken in, how it lies there, and who has it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
from io import BytesIO
from pathlib import Path

import ocfl
import pyrage
import pytest

from marfa.crypto.agefiles import decrypt_stream
from marfa.crypto.merkle import merkle_root
from marfa.crypto.notes import Checkpoint, SignedNote, VerifierKey
from marfa.domain.message import InputError
from marfa.methods.archive import Event, create_archive, list_archive, open_writer, verify_archive
from marfa.methods.archive.entries import Entry, read_chunks
from marfa.methods.archive.foreign import check_package
from marfa.methods.archive.layout import entries_file, numbered, object_path, tile_file
from marfa.methods.archive.tiles import leaves_of
from tests.methods.archive.support import add, files_below, make_plain, now, write

CANARIES = (b"Maryam Haddad", b"statement-of-maryam", b"shelter in the north", b"I was sold")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_plain(tmp_path / "archive")


@pytest.fixture
def identity() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def sealed(tmp_path: Path, identity: pyrage.x25519.Identity) -> Path:
    folder = tmp_path / "sealed"
    create_archive(folder, [str(identity.to_public())])
    return folder


def bodies(archive: Path) -> list[dict[str, object]]:
    return [
        dict(line.body)
        for _chunk, lines in read_chunks(archive)
        for line in lines
        if isinstance(line, Entry) and line.body is not None
    ]


def add_witness(folder: Path, tmp_path: Path) -> str:
    source = write(tmp_path, "statement-of-maryam.txt", b"I was sold twice. " * 200)
    with open_writer(folder, now) as writer:
        about = {"provider": "Maryam Haddad", "description": "shelter in the north"}
        (item,) = writer.add_items([source], about=about)
    return item.id


def test_a_sealed_archive_tells_nothing(sealed: Path, tmp_path: Path) -> None:
    add_witness(sealed, tmp_path)
    digest = hashlib.sha256(b"I was sold twice. " * 200)
    hidden = (*CANARIES, digest.hexdigest().encode(), digest.digest())
    for name, data in files_below(sealed).items():
        for canary in hidden:
            assert canary not in data, name
            assert canary.decode("latin-1") not in name


def test_the_search_for_canaries_finds_them(archive: Path, tmp_path: Path) -> None:
    add_witness(archive, tmp_path)
    held = b"".join(files_below(archive).values())
    assert all(canary in held for canary in CANARIES)


def test_a_sealed_item_is_opened_with_the_key_alone(
    sealed: Path, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    content = sealed / object_path(add_witness(sealed, tmp_path)) / "v1" / "content"
    opened = {}
    for path in content.iterdir():
        target = BytesIO()
        with path.open("rb") as source:
            decrypt_stream(source, target, str(identity))
        opened[path.name] = target.getvalue()
    told = json.loads(opened["item.json.age"])
    assert told["name"] == "statement-of-maryam.txt"
    assert told["provider"] == "Maryam Haddad"
    data = opened["data.age"]
    assert told["files"][0]["sha256"] == hashlib.sha256(data).hexdigest()


def test_the_program_age_opens_it_as_the_page_says(
    sealed: Path, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    program = shutil.which("age")
    if program is None:
        pytest.skip("the program age is not installed")
    item = add_witness(sealed, tmp_path)
    (tmp_path / "key.txt").write_text(f"# a key\n{identity}\n")
    script = f"cd objects/*/{item}/v1/content && " + " && ".join(
        f"{program} --decrypt -i {tmp_path}/key.txt -o {tmp_path}/{to} {source}"
        for source, to in (("item.json.age", "item.json"), ("data.age", "opened"))
    )
    subprocess.run(["sh", "-c", script], cwd=sealed, check=True)
    assert json.loads((tmp_path / "item.json").read_bytes())["name"] == "statement-of-maryam.txt"
    assert (tmp_path / "opened").read_bytes() == b"I was sold twice. " * 200


def test_what_is_stored_is_what_came_in(archive: Path, tmp_path: Path) -> None:
    data = os.urandom(3 << 20)
    (item,) = add(archive, write(tmp_path, "f", data))
    assert (item.size, item.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    base = archive / object_path(item.id)
    inventory = json.loads((base / "inventory.json").read_bytes())
    assert "v1/content/data" in inventory["manifest"][hashlib.sha512(data).hexdigest()]
    assert "v1/content/data" in inventory["fixity"]["sha256"][item.sha256]
    assert (base / "v1/content/data").read_bytes() == data


def test_other_programs_take_what_we_write(archive: Path, sealed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder, "a", b"same")
    write(folder, "b", b"same")
    for each in (archive, sealed):
        add(each, write(tmp_path, "f", b"one"), folder, write(tmp_path, "empty", b""))
        root = ocfl.StorageRoot(root=str(each / "objects"))
        assert root.validate(validate_objects=True, check_digests=True), root.errors
        assert root.good_objects == 3
        found = check_package(each / "objects")
        assert (found.kind, found.problems, found.warnings) == ("ocfl-root", [], [])


def test_a_folder_is_one_item(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    (folder / "deep").mkdir(parents=True)
    write(folder, "proof.json", b"{}")
    write(folder / "deep", "صورة.jpg", b"picture")
    (item,) = add(archive, folder)
    assert item.size == 9
    content = archive / object_path(item.id) / "v1" / "content"
    told = json.loads((content / "item.json").read_text(encoding="utf-8"))
    assert [file["name"] for file in told["files"]] == ["deep/صورة.jpg", "proof.json"]
    assert (content / told["files"][0]["stored"]).read_bytes() == b"picture"
    lines = "".join(f"{file['sha256']}  {file['name']}\n" for file in told["files"])
    assert item.sha256 == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize("where", ["archive", "sealed"])
def test_the_same_again_changes_nothing(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(where)
    source = write(tmp_path, "f", b"once")
    (first,) = add(folder, source, item="A-1")
    before = files_below(folder)
    (again,) = add(folder, source, item="A-1")
    assert (again.existing, again.entry, again.sha256) == (True, first.entry, first.sha256)
    assert files_below(folder) == before
    with pytest.raises(InputError, match="id-taken"):
        add(folder, write(tmp_path, "g", b"other"), item="A-1")
    assert files_below(folder) == before


def test_the_same_bytes_twice_are_two_items(archive: Path, tmp_path: Path) -> None:
    source = write(tmp_path, "f", b"twice")
    one, two = add(archive, source, source)
    assert one.id != two.id
    assert len(bodies(archive)) == 2


def test_an_identifier_is_never_used_again(archive: Path, tmp_path: Path) -> None:
    source = write(tmp_path, "f", b"once")
    add(archive, source, item="A-1")
    with open_writer(archive, now) as writer:
        writer.dispose_item("A-1", reason="retention-over", by=["A", "B"])
    with pytest.raises(InputError, match="id-disposed"):
        add(archive, source, item="A-1")


def test_of_several_files_all_or_none_come_in(archive: Path, tmp_path: Path) -> None:
    before = files_below(archive)
    with pytest.raises(InputError, match="unreadable"):
        add(archive, write(tmp_path, "f", b"x"), tmp_path / "gone")
    assert files_below(archive) == before


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_folder_with_what_is_no_file_is_refused(archive: Path, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder, "f", b"x")
    if kind == "link":
        (folder / "l").symlink_to("/etc/passwd")
    else:
        os.mkfifo(folder / "p")
    with pytest.raises(InputError, match="link-inside"):
        add(archive, folder)
    assert verify_archive(archive).items == 0


def test_plain_must_be_said(tmp_path: Path) -> None:
    """What ``--plain`` asks for at the door is an empty list here, and a wrong key is refused."""
    with pytest.raises(InputError, match="age-key-odd"):
        create_archive(tmp_path / "a", ["age1nonsense"])
    assert not (tmp_path / "a").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "f", b"x")
    with pytest.raises(InputError, match="folder-taken"):
        create_archive(tmp_path, [])
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


@pytest.mark.parametrize("code", ["Maryam Haddad", "", "ب", "a" * 65, "a\nb"])
def test_codes_are_no_sentences(archive: Path, tmp_path: Path, code: str) -> None:
    with pytest.raises(InputError, match="code-odd"):
        add(archive, write(tmp_path, "f", b"x"), actor=code)


@pytest.mark.parametrize("item", ["../x", "a/b", "", ".", "..", "a b", "ب", "a" * 129])
def test_identifiers_lead_nowhere_else(archive: Path, tmp_path: Path, item: str) -> None:
    with pytest.raises(InputError, match="id-odd"):
        add(archive, write(tmp_path, "f", b"x"), item=item)


def test_an_item_passes_on_in_two_entries(archive: Path, tmp_path: Path) -> None:
    add(archive, write(tmp_path, "f", b"x"), item="A", actor="archive")

    def record(kind: str, actor: str, to: str | None = None) -> None:
        with open_writer(archive, now) as writer:
            writer.record_events([Event("A", kind, actor, to)])

    for kind, actor in (("accept", "K-1"), ("release", "K-1")):
        with pytest.raises(InputError, match=f"custody-{kind}"):
            record(kind, actor)
    record("release", "archive", "K-1")
    with pytest.raises(InputError, match="custody-release"):
        record("release", "archive", "K-2")
    with pytest.raises(InputError, match="custody-accept"):
        record("accept", "K-2")
    record("accept", "K-1")
    record("release", "K-1")
    record("accept", "K-3")
    assert verify_archive(archive).valid


def test_every_act_is_an_entry(archive: Path, tmp_path: Path) -> None:
    add(archive, write(tmp_path, "f", b"x"), item="A", actor="K-1")
    with open_writer(archive, now) as writer:
        for kind in ("read", "note"):
            writer.record_events([Event("A", kind, "K-2")])
        writer.hold_item("A", actor="K-1", reason="order-1")
        writer.hold_item("A", actor="K-1", reason="order-2", lift=True)
    found = bodies(archive)
    assert [body["kind"] for body in found] == ["add", "read", "note", "hold", "lift"]
    assert all(body["actor"] and body["at"] == "2026-03-01T08:00:00Z" for body in found)


def test_all_of_several_events_or_none(archive: Path, tmp_path: Path) -> None:
    add(archive, write(tmp_path, "f", b"x"), item="A")
    with open_writer(archive, now) as writer, pytest.raises(InputError):
        writer.record_events([Event("A", "read", "K-1"), Event("B", "read", "K-1")])
    assert len(bodies(archive)) == 1


def test_the_log_is_as_its_formats_say(archive: Path, tmp_path: Path) -> None:
    """Entries through tiles, bundles and checkpoint, against a tree computed by itself."""
    add(archive, write(tmp_path, "f", b"x"), item="A")
    with open_writer(archive, now) as writer:
        for count in (1, 64, 254, 300, 1):
            writer.record_events([Event("A", "read", "K-1")] * count)
    note = SignedNote.read((archive / "checkpoint").read_bytes())
    assert note.is_signed_by(VerifierKey.read((archive / "key").read_text()))
    head = Checkpoint.read(note.text)
    assert head.size == 621
    leaves = []
    for index, width in ((0, 256), (1, 256), (2, 109)):
        bundle = leaves_of(tile_file(archive, "entries", index, width).read_bytes())
        assert len(bundle) == width
        leaves += bundle
    assert merkle_root(leaves) == head.root
    tile = tile_file(archive, "1", 0, 2).read_bytes()
    assert tile == merkle_root(leaves[:256]) + merkle_root(leaves[256:512])
    assert numbered(1234067) == "x001/x234/067"
    assert verify_archive(archive).valid


def test_tiles_that_are_gone_are_made_anew(archive: Path, tmp_path: Path) -> None:
    add(archive, write(tmp_path, "f", b"x"), item="A")
    with open_writer(archive, now) as writer:
        writer.record_events([Event("A", "read", "K-1")] * 300)
    before = files_below(archive / "tile")
    shutil.rmtree(archive / "tile")
    assert not verify_archive(archive).valid
    with open_writer(archive, now):
        pass
    assert verify_archive(archive).valid
    after = files_below(archive / "tile")
    assert after.items() <= before.items()


def test_nobody_writes_into_a_log_that_is_damaged(archive: Path, tmp_path: Path) -> None:
    """What is written after could hide it, and what was told of could be cut away."""
    add(archive, write(tmp_path, "f", b"x"), item="A")
    path = entries_file(archive, 0)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"{")])
    with pytest.raises(InputError, match="log-damaged"):
        add(archive, tmp_path / "f", item="B")
    assert path.read_bytes() == data[: data.rindex(b"{")]


def test_a_copy_is_an_archive(archive: Path, tmp_path: Path) -> None:
    """Without the key that signs it is read and checked, and nobody adds to it."""
    add(archive, write(tmp_path, "f", b"x"), item="A")
    key = VerifierKey.read((archive / "key").read_text())
    shutil.copytree(archive, tmp_path / "copy", ignore=shutil.ignore_patterns("private"))
    assert verify_archive(tmp_path / "copy", key=key).valid
    with pytest.raises(InputError, match="signer-missing"):
        add(tmp_path / "copy", tmp_path / "f", item="B")


def test_only_the_owner_reads_the_key_that_signs(archive: Path) -> None:
    assert stat.S_IMODE((archive / "private" / "signer").stat().st_mode) == 0o600
    assert stat.S_IMODE((archive / "private").stat().st_mode) == 0o700


def test_the_list_comes_from_the_index_and_without_it_from_the_log(
    archive: Path, tmp_path: Path
) -> None:
    add(archive, write(tmp_path, "f", b"x"), write(tmp_path, "g", b"y"))
    add(archive, tmp_path / "f", item="A")
    with open_writer(archive, now) as writer:
        writer.dispose_item("A", reason="retention-over", by=["A", "B"])
    first = "".join(list_archive(archive, as_json=True))
    items = json.loads(first)["items"]
    assert [item["disposed"] for item in items] == [False, False, True]
    (archive / "index").unlink()
    assert "".join(list_archive(archive, as_json=True)) == first
    assert json.loads("".join(list_archive(make_plain(tmp_path / "b"), as_json=True))) == {
        "items": []
    }


def test_an_index_that_stopped_short_is_made_anew(archive: Path, tmp_path: Path) -> None:
    """As after a kill between the log and its index: the next line must not hide the gap."""
    add(archive, write(tmp_path, "f", b"x"), item="A")
    before = (archive / "index").read_bytes()
    add(archive, tmp_path / "f", item="B")
    (archive / "index").write_bytes(before)
    add(archive, tmp_path / "f", item="C")
    items = json.loads("".join(list_archive(archive, as_json=True)))["items"]
    assert [item["id"] for item in items] == ["A", "B", "C"]


def test_two_writers_wait_for_each_other(archive: Path, tmp_path: Path) -> None:
    source = write(tmp_path, "f", b"x")
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            try:
                for count in range(5):
                    add(archive, source, item=f"{number}-{count}")
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)
    ends = [os.waitpid(child, 0)[1] for child in children]
    assert ends == [0] * 4
    report = verify_archive(archive)
    assert (report.valid, report.items, report.entries) == (True, 20, 20)


@pytest.mark.parametrize(
    "where", [".", "archive", "archive/private", "archive/private/signer", "l"]
)
def test_an_archive_does_not_take_in_itself(tmp_path: Path, where: str) -> None:
    """The key that signs would lie among the evidence."""
    archive = make_plain(tmp_path / "archive")
    (tmp_path / "l").symlink_to(archive)
    with pytest.raises(InputError, match="archive-itself"):
        add(archive, tmp_path / where)
    assert verify_archive(archive).items == 0


@pytest.mark.parametrize("item", ["a.", "CON", "nul.txt", "com1", "-a", "..", "a/b", ""])
def test_an_identifier_can_name_a_folder_on_any_system(tmp_path: Path, item: str) -> None:
    archive = make_plain(tmp_path / "archive")
    with pytest.raises(InputError, match="id-odd"):
        add(archive, write(tmp_path, "f", b"x"), item=item)
