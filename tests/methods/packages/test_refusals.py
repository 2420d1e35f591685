"""What is refused, with which code, and that nothing of it is left."""

from __future__ import annotations

import dataclasses
import io
import random
import struct
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from marfa.domain.canonical import canonical_json
from marfa.domain.doors import BODIES, may_send
from marfa.methods.packages import (
    BY_HAND,
    RefusedError,
    Terms,
    end_keys,
    open_package,
    sources_of,
)
from marfa.methods.packages.manifest import Content
from tests.methods.packages.bodies import (
    MARK,
    NOW,
    TERMS,
    Body,
    code_for,
    code_of,
    decrypted,
    forged,
    locked,
    sources,
    two,
)

UNREADABLE = {"changed", "cut", "not-for-us"}
"""What can be said of a file that does not decrypt: its beginning tells for whom it is, its size
whether it ends early."""


def test_the_control_is_taken(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    file = forged(first, second.keys, tmp_path / "f")
    assert second.code_for(file, tmp_path / "out") == "taken"
    assert (tmp_path / "out" / "note.txt").is_file()


def flips(body: Body, file: Path, place: Path, bits: range | list[int]) -> dict[str, int]:
    data, wrong, found = file.read_bytes(), place / "wrong", dict[str, int]()
    with body.held() as folder:
        for bit in bits:
            changed = bytearray(data)
            changed[bit // 8] ^= 1 << bit % 8
            wrong.write_bytes(changed)
            code = code_for(folder, wrong, place / "out")
            found[code] = found.get(code, 0) + 1
    return found


def test_a_bit_that_is_another_is_seen(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    made = first.makes(tmp_path, to=second)
    bits = random.Random(46).sample(range(made.size * 8), 400)
    found = flips(second, made.file, tmp_path, bits)
    assert set(found) <= UNREADABLE
    assert found["changed"] > 340
    assert second.code_for(made.file, tmp_path / "out") == "taken"


@pytest.mark.slow
def test_each_bit_that_is_another_is_seen(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    made = first.makes(tmp_path, to=second, files={"a.txt": b"harbour " * 400})
    assert 4_900 < made.size < 6_000
    found = flips(second, made.file, tmp_path, range(made.size * 8))
    assert set(found) <= UNREADABLE
    assert sum(found.values()) == made.size * 8
    assert second.code_for(made.file, tmp_path / "out") == "taken"


@pytest.mark.parametrize("size", [0, 200_000])
def test_each_cut_is_seen(tmp_path: Path, size: int) -> None:
    first, second = two(tmp_path)
    rare = random.Random(46)
    made = first.makes(tmp_path, to=second, files={"a.bin": rare.randbytes(size)})
    data, found = made.file.read_bytes(), list[str]()
    step = 29 if size == 0 else 4001
    with second.held() as folder:
        for at in [*range(0, len(data), step), len(data) - 1]:
            (tmp_path / "cut").write_bytes(data[:at])
            found.append(code_for(folder, tmp_path / "cut", tmp_path / "out"))
        (tmp_path / "cut").write_bytes(data + b"x")
        assert code_for(folder, tmp_path / "cut", tmp_path / "out") in {"changed", "cut"}
    # Some lengths are also those of a whole package that was changed.
    assert set(found) <= {"cut", "changed"}
    assert found.count("cut") > 0.97 * len(found)


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    odd = {
        "empty": b"",
        "text": b"Dear colleagues,\n",
        "zeros": bytes(10_000),
        "header": b"age-encryption.org/v1\n-> X25519 ",
        "later": b"age-encryption.org/v9\n-> X25519 aaaa\nbbbb\n--- cccc\n" + bytes(200),
    }
    for name, data in odd.items():
        (tmp_path / name).write_bytes(data)
        assert second.code_for(tmp_path / name, tmp_path / "out") in UNREADABLE, name
    junk = locked(b"no package at all, but for us " * 50, second.keys.age, tmp_path / "junk")
    assert second.code_for(junk, tmp_path / "out") == "schema"
    key = next(first.path.glob("*.key"))
    assert second.code_for(key, tmp_path / "out") == "kind"


def test_parts_of_two_packages_do_not_make_a_third(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    rare = random.Random(46)
    one, other = (
        first.makes(tmp_path, to=second, files={"a.bin": rare.randbytes(150_000)}) for _ in range(2)
    )
    assert one.size == pytest.approx(other.size, abs=200)
    datas = [each.file.read_bytes() for each in (one, other)]
    for at in (len(datas[0]) // 2, len(datas[0]) - 70_000, len(datas[0]) - 20):
        back = len(datas[0]) - at
        (tmp_path / "mixed").write_bytes(datas[0][:at] + datas[1][-back:])
        assert second.code_for(tmp_path / "mixed", tmp_path / "out") in {"changed", "cut"}
    # By somebody who can open both, such as the recipient's own clerk.
    opened = [decrypted(each.file, second) for each in (one, other)]
    start = opened[0].index(b"contents/00001.bin", 3000)
    mixed = opened[0][:start] + opened[1][start:]
    file = locked(mixed, second.keys.age, tmp_path / "again")
    assert second.code_for(file, tmp_path / "out") == "changed"
    # The frame of one, in which contents of the same size from the other stand.
    body = opened[1][start : start + 100_000]
    file = locked(
        opened[0][:start] + body + opened[0][start + 100_000 :], second.keys.age, tmp_path / "x"
    )
    assert second.code_for(file, tmp_path / "out") == "changed"


@pytest.mark.parametrize("kind", ["receipt", "recall", "watchlist"])
def test_a_document_is_read_under_its_own_name_alone(tmp_path: Path, kind: str) -> None:
    """Another file that the list of names calls so is none."""
    first, second = two(tmp_path)

    def as_kind(values: dict[str, Any]) -> None:
        values["kind"] = kind

    file = forged(first, second.keys, tmp_path / "f", change=as_kind, files={f"{kind}.json": b"{}"})
    assert second.code_for(file, tmp_path / "out") in {"schema", "kind"}


def test_a_package_handed_on_to_a_third_is_refused(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    third = Body(tmp_path / "third", "Third")
    third.accepts(first, second)
    made = first.makes(tmp_path, to=second)
    assert third.code_for(made.file, tmp_path / "out") == "not-for-us"
    again = locked(decrypted(made.file, second), third.keys.age, tmp_path / "again")
    assert third.code_for(again, tmp_path / "out") == "not-for-us"
    # And nobody sends it back as if it were new.
    assert second.code_for(made.file, tmp_path / "out") == "taken"
    back = locked(decrypted(made.file, second), second.keys.age, tmp_path / "back")
    assert second.code_for(back, tmp_path / "out2") == "replay"


def test_anothers_signature_over_the_same_contents_is_refused(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    thief = Body(tmp_path / "thief", "Thief")
    second.accepts(thief)

    def as_first(values: dict[str, Any]) -> None:
        values["sender"], values["sender_key"] = first.keys.body, first.keys.signing

    file = forged(thief, second.keys, tmp_path / "a", change=as_first)
    assert second.code_for(file, tmp_path / "out") == "signature"
    file = forged(
        thief,
        second.keys,
        tmp_path / "b",
        change=lambda values: values.update(sender=first.keys.body),
    )
    assert second.code_for(file, tmp_path / "out") == "unknown-sender"

    def broken(data: bytes) -> bytes:
        at = data.index(b"package.sig") + len(b"package.sig")
        return data[:at] + bytes(64) + data[at + 64 :]

    file = forged(first, second.keys, tmp_path / "c", container=broken)
    assert second.code_for(file, tmp_path / "out") == "signature"


def test_who_was_never_accepted_or_was_ended_is_unknown(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    stranger = Body(tmp_path / "stranger", "Stranger")
    file = forged(stranger, second.keys, tmp_path / "a")
    assert second.code_for(file, tmp_path / "out") == "unknown-sender"
    file = forged(first, second.keys, tmp_path / "b")
    with second.held() as folder:
        end_keys(folder, "First", NOW)
    assert second.code_for(file, tmp_path / "out") == "unknown-sender"
    second.accepts(first)
    assert second.code_for(file, tmp_path / "out") == "taken"


def test_what_is_past_its_time_is_refused(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    made = first.makes(tmp_path, to=second, terms=Terms("A", "assistance", "consent", timedelta(1)))
    late = NOW + timedelta(days=1, seconds=1)
    assert second.code_for(made.file, tmp_path / "out", now=late) == "expired"
    assert second.code_for(made.file, tmp_path / "out", now=NOW + timedelta(days=1)) == "taken"


ODD: dict[str, tuple[str, dict[str, Any]]] = {
    "a purpose of no list": ("schema", {"purpose": "vetting"}),
    "a ground of no list": ("schema", {"ground": "because"}),
    "a sentence as agreement": ("schema", {"agreement": "Amina Hassan, 7"}),
    "a name as id": ("schema", {"id": "statement-of-amina"}),
    "no number": ("schema", {"sequence": 0}),
    "a number that is none": ("schema", {"sequence": True}),
    "an end before the beginning": ("schema", {"valid_until": NOW - timedelta(days=1)}),
    "no contents": ("schema", {"contents": ()}),
    "words for a truth value": ("schema", {"onward": "yes"}),
    "an unknown kind": ("kind", {"kind": "dossier"}),
    "a key of age that is none": ("schema", {"recipient_key": "age1"}),
    "nobody": ("not-for-us", {"recipient_key": None}),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_signed_must_be_in_form(tmp_path: Path, name: str) -> None:
    first, second = two(tmp_path)
    code, values = ODD[name]
    file = forged(first, second.keys, tmp_path / "f", change=lambda found: found.update(values))
    assert second.code_for(file, tmp_path / "out") == code


def rewritten(change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    """Another ``package.json`` in the same ZIP file, unsigned."""

    def alter(data: bytes) -> bytes:
        import json

        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        values = json.loads(files["package.json"])
        change(values)
        files["package.json"] = canonical_json(values).encode()
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name), content)
        return made.getvalue()

    return alter


def test_a_later_version_is_refused_by_name_and_not_remembered(tmp_path: Path) -> None:
    first, second = two(tmp_path)

    def later(values: dict[str, Any]) -> None:
        values.update(version=2, something_new={"a": 1})
        del values["kind"]

    file = forged(first, second.keys, tmp_path / "f", container=rewritten(later))
    with second.held() as folder, pytest.raises(RefusedError) as caught:
        open_package(folder, file, out=tmp_path / "out", now=NOW)
    assert caught.value.as_json() == {
        "code": "version",
        "message": {"code": "methods.packages:version", "params": {"version": 2, "known": 1}},
    }
    assert file.exists(), "what could not be opened is kept"


PATHS = {
    "../out.txt": "path",
    "/etc/passwd": "path",
    "a/../../b": "path",
    "a//b": "path",
    "./a": "path",
    "a\\b": "path",
    "C:evil": "path",
    "nul.txt": "path",
    "con": "path",
    "tail. ": "path",
    "tail.": "path",
    "package.json": "path",
    "PACKAGE.SIG": "path",
    "padding": "path",
    "x" * 300: "path",
    "/".join("a" * 20): "path",
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    first, second = two(tmp_path)

    def change(values: dict[str, Any]) -> None:
        values["contents"] = tuple(
            dataclasses.replace(content, path=path) if content.path != "names.json" else content
            for content in values["contents"]
        )

    file = forged(first, second.keys, tmp_path / "f", change=change)
    assert second.code_for(file, tmp_path / "out") in {PATHS[path], "schema"}
    assert not (tmp_path / "out.txt").exists()


NAMES = [
    {"contents/00001.txt": "../out.txt"},
    {"contents/00001.txt": "/var/out.txt"},
    {"contents/00001.txt": "a\u202etxt.exe"},
    {"contents/00001.txt": "a\x00b"},
    {"contents/00001.txt": "e\u0301.txt"},
    {"contents/00001.txt": "a/b", "contents/00002.txt": "a"},
    {"contents/00001.txt": "Note.txt", "contents/00002.txt": "note.TXT"},
    {"contents/00001.txt": "ﬁle", "contents/00002.txt": "file"},
    {"contents/00001.txt": "no\u200cte", "contents/00002.txt": "note"},
]


@pytest.mark.parametrize("names", NAMES)
def test_names_that_lead_elsewhere_or_meet_are_refused(
    tmp_path: Path, names: dict[str, str]
) -> None:
    import json

    first, second = two(tmp_path)
    files = {"1.txt": b"one", "2.txt": b"two"}
    control = json.dumps({"contents/00001.txt": "a", "contents/00002.txt": "b"}).encode()
    for text, code in ((json.dumps(names).encode(), "path"), (control, "taken")):
        file = signed_as_written(first, second, tmp_path / "f", files, text)
        assert second.code_for(file, tmp_path / "out") == code


def signed_as_written(
    sender: Body, to: Body, target: Path, files: dict[str, bytes], names: bytes
) -> Path:
    """A package whose ``names.json`` says something of the sender's own choice."""
    from marfa.methods.packages.creation import Packed, pack, write_container
    from marfa.methods.packages.kinds import KINDS
    from marfa.methods.packages.manifest import Manifest
    from marfa.methods.packages.sources import Source, measure

    packed = pack(KINDS["referral"], sources(files))
    other = measure(Source("names.json", data=names), 1)
    contents = (
        Content("names.json", other.size, other.sha256, other.media_type),
        *packed.contents[1:],
    )
    packed = Packed((other, *packed.files[1:]), contents, packed.names)
    with sender.held() as folder:
        own = folder.own
        manifest = Manifest(
            id="0123456789abcdefghjk",
            kind="referral",
            sender=own.public.body,
            sender_key=own.public.signing,
            recipient_key=to.keys.age,
            agreement="A",
            purpose="assistance",
            ground="consent",
            made_at=NOW,
            valid_until=NOW + TERMS.valid,
            sequence=1,
            previous=None,
            onward=True,
            compared=True,
            handling=MARK,
            contents=contents,
        )
        data = b"".join(write_container(packed, manifest, own.sign(manifest.encode())))
    return locked(data, to.keys.age, target)


def as_link(data: bytes) -> bytes:
    """The first content is a link, as far as the directory says."""
    at = data.rindex(b"contents/00001.txt") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    return data[: at + 38] + struct.pack("<I", 0o120777 << 16) + data[at + 42 :]


def as_compressed(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(made, "w") as other:
        for name in archive.namelist():
            way = zipfile.ZIP_DEFLATED if name.startswith("contents") else zipfile.ZIP_STORED
            other.writestr(zipfile.ZipInfo(name), archive.read(name), way)
        # As long as it was, or its size would say already that it is another.
        other.comment = bytes(len(data) - len(made.getvalue()) - 500)
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = bytes(len(archive.comment) + len(data) - len(made.getvalue()))
    assert len(made.getvalue()) == len(data)
    return made.getvalue()


def with_one_more(data: bytes) -> bytes:
    made = io.BytesIO(data)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(zipfile.ZipInfo("../../evil"), b"evil")
    return made.getvalue()


FRAMES: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "link": (as_link, {"path"}),
    "compressed": (as_compressed, {"bomb"}),
    "one more file": (with_one_more, {"changed"}),
    "longer": (lambda data: data + bytes(256), {"changed"}),
    "something in the padding": (
        lambda data: data.replace(bytes(64), b"hidden  " * 8, 1),
        {"changed", "signature"},
    ),
    "another name in the frame": (
        lambda data: data.replace(b"contents/00001.txt", b"contents/99999.txt"),
        {"path", "signature"},
    ),
    "another name in the directory alone": (
        lambda data: data[:-2000] + data[-2000:].replace(b"contents/00001", b"contents/77777"),
        {"path"},
    ),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_zip_file_put_together_otherwise_is_refused(tmp_path: Path, name: str) -> None:
    first, second = two(tmp_path)
    alter, codes = FRAMES[name]
    file = forged(first, second.keys, tmp_path / "f", container=alter)
    assert second.code_for(file, tmp_path / "out") in codes
    assert not (tmp_path / "evil").exists()


def bomb(times: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(times):
            archive.writestr(f"{number}", bytes(1_000_000))
    return made.getvalue()


def test_a_bomb_is_refused_on_both_sides(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    with pytest.raises(RefusedError) as caught:
        first.makes(tmp_path, to=second, files={"a.zip": bomb(40)})
    assert caught.value.code == "bomb"
    # A sender who does not look: the same bytes are declared as what they are.
    data, harmless = bomb(40), bomb(2)
    made = first.makes(tmp_path, to=second, files={"a.zip": harmless})
    assert made.size < 20_000
    file = unlooked(first, second, data, tmp_path / "f")
    assert second.code_for(file, tmp_path / "out") == "bomb"


def unlooked(first: Body, second: Body, data: bytes, target: Path) -> Path:
    from unittest.mock import patch

    with patch("marfa.methods.packages.sources.check_archive"):
        return forged(first, second.keys, target, files={"a.zip": data})


def test_a_document_that_is_read_whole_has_a_bound(tmp_path: Path) -> None:
    first, second = two(tmp_path)

    def large(values: dict[str, Any]) -> None:
        values["contents"] = tuple(
            dataclasses.replace(content, size=9_000_000) for content in values["contents"]
        )

    for name in ("a.txt", "referral.json"):
        files = {name: GOOD if name == "referral.json" else b"a"}
        file = forged(first, second.keys, tmp_path / "f", change=large, files=files)
        assert second.code_for(file, tmp_path / "out") == "bomb"


def test_a_declared_size_costs_nothing_before_it_is_there(tmp_path: Path) -> None:
    first, second = two(tmp_path)

    def huge(values: dict[str, Any]) -> None:
        values["contents"] = tuple(
            dataclasses.replace(content, size=1 << 45) if content.path != "names.json" else content
            for content in values["contents"]
        )

    file = forged(first, second.keys, tmp_path / "f", change=huge)
    assert second.code_for(file, tmp_path / "out") == "cut"


@pytest.mark.parametrize(
    ("declared", "data"),
    [
        ("application/pdf", b"just text"),
        ("text/plain", b"%PDF-1.7\n"),
        ("image/png", b"\xff\xd8\xff\xe0"),
        ("application/octet-stream", b"\x89PNG\r\n\x1a\n"),
        ("text/csv", b"MZ\x90\0"),
        ("text/plain", b"\0\0\0\0"),
    ],
)
def test_what_is_declared_must_be_there(tmp_path: Path, declared: str, data: bytes) -> None:
    first, second = two(tmp_path)

    def lie(values: dict[str, Any]) -> None:
        values["contents"] = tuple(
            dataclasses.replace(content, media_type=declared, root=None)
            if content.path != "names.json"
            else content
            for content in values["contents"]
        )

    file = forged(first, second.keys, tmp_path / "f", change=lie, files={"a": data})
    assert second.code_for(file, tmp_path / "out") == "schema"
    file = forged(first, second.keys, tmp_path / "g", files={"a": data})
    assert second.code_for(file, tmp_path / "out") == "taken"


def test_rows_are_those_of_the_signed_tree(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    rows = b"id,count\n1,20\n2,30\n"

    def lie(values: dict[str, Any]) -> None:
        values["contents"] = tuple(
            dataclasses.replace(content, root="0" * 64) if content.root else content
            for content in values["contents"]
        )

    file = forged(first, second.keys, tmp_path / "f", change=lie, files={"a.csv": rows})
    assert second.code_for(file, tmp_path / "out") == "changed"
    file = forged(first, second.keys, tmp_path / "g", files={"a.csv": rows})
    assert second.code_for(file, tmp_path / "out") == "taken"


@pytest.mark.parametrize("sender", BODIES)
def test_nothing_goes_where_the_table_does_not_say(tmp_path: Path, sender: str) -> None:
    """Asked on both sides: a sender whose program does not ask meets the recipient's."""
    ours = Body(tmp_path / "ours", "Ours", sender)
    for recipient in BODIES:
        theirs = Body(tmp_path / recipient, f"Theirs {recipient}", recipient)
        keys = may_send(sender, "key", recipient), may_send(recipient, "key", sender)
        code = code_of(lambda theirs=theirs: ours.accepts(theirs))  # type: ignore[misc]
        assert code == ("done" if any(keys) else "kind")
        if not any(keys):
            continue
        theirs.accepts(ours)
        for kind in BY_HAND:
            _check_door(tmp_path, ours, theirs, kind)


def _check_door(place: Path, ours: Body, theirs: Body, kind: str) -> None:
    allowed = may_send(ours.kind, kind, theirs.kind)
    files = {"watchlist.json": WATCHLIST} if kind == "watchlist" else None
    out = place / f"{theirs.kind}-{kind}"
    made = code_of(lambda: ours.makes(out, to=theirs, kind=kind, files=files))
    assert (made, out.exists()) == (("done", True) if allowed else ("kind", False))
    file = forged(ours, theirs.keys, place / "forged", files=files, kind=kind)
    code = theirs.code_for(file, place / f"opened-{theirs.kind}-{kind}")
    assert code in ({"taken", "replay"} if allowed else {"kind"}), (ours.kind, kind, theirs.kind)


GOOD = b'{"format":"marfa.referral","version":1,"reference":"r","kind":"k","purpose":"tracing"}'
WATCHLIST = (
    b'{"format": "marfa.watchlist", "version": 1, "publisher": "UN", "list": "1267", '
    b'"published_at": "2026-11-01", "source": "https://example.org/list.xml"}'
)


def test_what_must_be_in_a_kind_is_in_it(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    for kind, files in {
        "referral": {"referral.json": b'{"format": "marfa.referral"}'},
        "agreement": {"agreement.json": b"[]"},
    }.items():
        with pytest.raises(RefusedError) as caught:
            first.makes(tmp_path, to=second, kind=kind, files=files)
        assert caught.value.code == "schema"
    made = first.makes(tmp_path, to=second, files={"referral.json": GOOD, "x.txt": b"x"})
    assert second.code_for(made.file, tmp_path / "out") == "taken"
    assert (tmp_path / "out" / "referral.json").read_bytes() == GOOD


def test_evidence_goes_item_by_item(tmp_path: Path) -> None:
    helper = Body(tmp_path / "helper", "Helper")
    police = Body(tmp_path / "police", "Police", "investigation")
    helper.accepts(police)
    police.accepts(helper)
    made = helper.makes(tmp_path, to=police, kind="evidence", files={"statement.txt": b"x"})
    assert police.code_for(made.file, tmp_path / "out") == "taken"
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "one.txt").write_text("x")
    with pytest.raises(RefusedError) as caught:
        sources_of([tmp_path / "all"], folders=False)
    assert caught.value.code == "schema"
    file = forged(
        helper, police.keys, tmp_path / "f", kind="evidence", files={"all/one.txt": b"x"},
        change=lambda values: values.update(sequence=2),
    )  # fmt: skip
    assert police.code_for(file, tmp_path / "out2") == "schema"


def test_links_pipes_and_meeting_names_do_not_go_in(tmp_path: Path) -> None:
    import os

    place = tmp_path / "files"
    place.mkdir()
    (place / "a.txt").write_text("a")
    (tmp_path / "link").symlink_to(place / "a.txt")
    os.mkfifo(tmp_path / "pipe")
    assert code_of(lambda: sources_of([tmp_path / "link"])) == "path"
    [pipe] = sources_of([tmp_path / "pipe"])
    assert code_of(pipe.open) == "path"
    (place / "linked").symlink_to("/etc")
    with pytest.raises(RefusedError):
        sources_of([place])
    (place / "linked").unlink()
    (place / "A.TXT").write_text("b")
    with pytest.raises(RefusedError) as caught:
        sources_of([place])
    assert caught.value.code == "path"
    (place / "A.TXT").unlink()
    assert [source.name for source in sources_of([place])] == ["files/a.txt"]
