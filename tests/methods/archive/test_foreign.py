"""Packages of others, well made and ill meant."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import bagit
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from marfa.methods.archive.foreign import Package, check_package
from tests.methods.archive.support import add, files_below, make_plain, write


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """As another implementation makes it."""
    folder = tmp_path / "bag"
    folder.mkdir()
    write(folder, "one", b"1" * 100)
    write(folder, "two", b"2" * 100)
    bagit.make_bag(str(folder), checksums=["sha256", "sha512"])
    return folder


def codes(found: Package) -> set[tuple[str, str | None]]:
    return {(problem.code, problem.path) for problem in found.problems}


def test_a_bag_of_another_program_holds(bag: Path) -> None:
    found = check_package(bag)
    assert (found.kind, found.valid, found.problems) == ("bagit", True, [])


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda bag: (bag / "data/one").write_bytes(b"x" * 100), ("changed", "data/one")),
        (lambda bag: (bag / "data/one").unlink(), ("missing", "data/one")),
        (lambda bag: (bag / "data/three").write_bytes(b""), ("extra", "data/three")),
        (lambda bag: (bag / "bag-info.txt").write_bytes(b"A: b\n"), ("changed", "bag-info.txt")),
        (lambda bag: (bag / "data/l").symlink_to("/etc/passwd"), ("link", "data/l")),
        (lambda bag: os.mkfifo(bag / "data/p"), ("link", "data/p")),
        (lambda bag: (bag / "data/ONE").write_bytes(b"1" * 100), ("name-collision", "data/one")),
        (
            lambda bag: append(bag / "manifest-sha512.txt", f"{'0' * 128}  data/../../x\n"),
            ("path-outside", "data/../../x"),
        ),
        (
            lambda bag: (bag / "fetch.txt").write_text("http://localhost/x - data/gone\n"),
            ("extra", "data/gone"),
        ),
    ],
)
def test_what_is_wrong_with_a_bag_is_told(
    bag: Path, spoil: Callable[[Path], object], expected: tuple[str, str]
) -> None:
    spoil(bag)
    found = check_package(bag)
    assert not found.valid
    assert expected in codes(found)


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def zipped(folder: Path, out: Path, top: str = "") -> Path:
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files_below(folder).items():
            archive.writestr(top + name, data)
    return out


def test_a_bag_in_a_zip_is_read_where_it_lies(bag: Path, tmp_path: Path) -> None:
    path = zipped(bag, tmp_path / "bag.zip", "bag/")
    assert check_package(path).as_json()["valid"]
    (bag / "data/one").write_bytes(b"x" * 100)
    assert ("changed", "data/one") in codes(check_package(zipped(bag, tmp_path / "b.zip", "bag/")))


DOMAIN = "archive.example"


def make_wacz(
    path: Path,
    *,
    files: dict[str, bytes] | None = None,
    signed: Callable[[str], dict[str, object]] | None = None,
    extra: dict[str, bytes] | None = None,
) -> Path:
    files = files or {"archive/data.warc": b"WARC/1.0\r\n", "pages/pages.jsonl": b"{}\n"}
    resources = [
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
            "bytes": len(data),
        }
        for name, data in files.items()
    ]
    package = json.dumps({"profile": "data-package", "resources": resources}).encode()
    own = f"sha256:{hashlib.sha256(package).hexdigest()}"
    digest: dict[str, object] = {"path": "datapackage.json", "hash": own}
    if signed is not None:
        digest["signedData"] = signed(own)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**files, **(extra or {}), "datapackage.json": package}.items():
            archive.writestr(name, data)
        archive.writestr("datapackage-digest.json", json.dumps(digest))
    return path


def by_browser(message: Callable[[str], str] = str) -> Callable[[str], dict[str, object]]:
    """As the extension of a browser signs: ECDSA, the two numbers one after the other."""
    key = ec.generate_private_key(ec.SECP384R1())

    def sign(own: str) -> dict[str, object]:
        signature = key.sign(message(own).encode(), ec.ECDSA(hashes.SHA256()))
        numbers = b"".join(n.to_bytes(48, "big") for n in decode_dss_signature(signature))
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return {
            "hash": own,
            "created": "2026-03-01T08:00:00Z",
            "software": "x",
            "signature": base64.b64encode(numbers).decode(),
            "publicKey": base64.b64encode(public).decode(),
        }

    return sign


def test_a_web_archive_holds_signed_and_not(tmp_path: Path) -> None:
    for signed in (None, by_browser()):
        found = check_package(make_wacz(tmp_path / "a.wacz", signed=signed))
        assert (found.kind, found.problems) == ("wacz", [])


def test_a_web_archive_with_another_signature_is_refused(tmp_path: Path) -> None:
    path = make_wacz(tmp_path / "a.wacz", signed=by_browser(lambda own: own + "x"))
    assert codes(check_package(path)) == {("signature", "datapackage-digest.json")}


@pytest.mark.parametrize("odd", [{}, {"hash": 3}, {"signature": "!"}, [], "x", 3])
def test_an_odd_signature_is_refused(tmp_path: Path, odd: object) -> None:
    def sign(own: str) -> dict[str, object]:
        whole = by_browser()(own)
        return {**whole, **odd} if isinstance(odd, dict) and odd else odd  # type: ignore[return-value]

    path = make_wacz(tmp_path / "a.wacz", signed=sign)
    assert codes(check_package(path)) == {("signature", "datapackage-digest.json")}


def test_a_changed_web_archive_is_refused(tmp_path: Path) -> None:
    path = make_wacz(tmp_path / "a.wacz", extra={"archive/planted.warc": b"x"})
    assert codes(check_package(path)) == {("extra", "archive/planted.warc")}
    files = {"archive/data.warc": b"one"}
    make_wacz(path, files=files)
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(tmp_path / "b.wacz", "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, b"two" if name == "archive/data.warc" else data)
    assert codes(check_package(tmp_path / "b.wacz")) == {("changed", "archive/data.warc")}


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "C:/x", "a\\..\\..\\x", "~/x"])
def test_paths_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    path = make_wacz(tmp_path / "a.wacz", extra={name: b"x"})
    assert "path-outside" in {code for code, _path in codes(check_package(path))}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.wacz"]


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = make_wacz(tmp_path / "a.wacz")
    info = zipfile.ZipInfo("archive/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    assert ("link", "archive/link") in codes(check_package(path))


def test_a_file_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    make_wacz(path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("archive/bomb", "w", force_zip64=True) as file,
    ):
        for _ in range(100):
            file.write(bytes(1 << 20))
    assert ("bomb", "archive/bomb") in codes(check_package(path))


def test_one_name_twice_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = make_wacz(tmp_path / "a.wacz")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("archive/data.warc", b"another")
    assert ("name-collision", "archive/data.warc") in codes(check_package(path))


def test_a_spoilt_zip_is_a_problem_and_no_fault(tmp_path: Path) -> None:
    path = make_wacz(tmp_path / "a.wacz")
    data = bytearray(path.read_bytes())
    at = data.index(b"WARC/1.0")
    data[at] ^= 1
    path.write_bytes(data)
    assert codes(check_package(path)) == {("changed", "archive/data.warc")}
    path.write_bytes(data[: len(data) // 2])
    found = check_package(path)
    assert (found.kind, codes(found)) == (None, {("unknown-kind", None)})


def test_what_is_none_of_these_is_said(tmp_path: Path) -> None:
    assert codes(check_package(write(tmp_path, "f", b"x"))) == {("unknown-kind", None)}
    assert codes(check_package(tmp_path / "gone")) == {("unreadable", None)}
    (tmp_path / "empty").mkdir()
    assert codes(check_package(tmp_path / "empty")) == {("unknown-kind", None)}


def test_objects_are_checked_as_the_specification_says(tmp_path: Path) -> None:
    archive = make_plain(tmp_path / "archive")
    add(archive, write(tmp_path, "f", b"x"), item="A")
    (place,) = (archive / "objects").glob("???/A")
    spoils: list[tuple[str, Callable[[Path], object]]] = [
        ("E092", lambda o: (o / "v1/content/data").write_bytes(b"y")),
        ("E092", lambda o: (o / "v1/content/data").unlink()),
        ("E023", lambda o: (o / "v1/content/more").write_bytes(b"y")),
        ("E001", lambda o: (o / "more").write_bytes(b"y")),
        ("E015", lambda o: (o / "v1/more").write_bytes(b"y")),
        ("E060", lambda o: append(o / "inventory.json", " ")),
        ("E058", lambda o: (o / "inventory.json.sha512").unlink()),
        ("E061", lambda o: (o / "inventory.json.sha512").write_text("x")),
        ("E063", lambda o: (o / "inventory.json").unlink()),
        ("E033", lambda o: (o / "inventory.json").write_text("{")),
        ("E007", lambda o: (o / "0=ocfl_object_1.1").write_text("x")),
        ("E003", lambda o: (o / "0=ocfl_object_1.1").unlink()),
        ("E010", lambda o: shutil.rmtree(o / "v1")),
        ("E046", lambda o: shutil.copytree(o / "v1", o / "v2")),
        ("E024", lambda o: (o / "v1/content/empty").mkdir()),
        ("link", lambda o: (o / "v1/content/l").symlink_to("data")),
    ]
    for number, (code, spoil) in enumerate(spoils):
        spoilt = tmp_path / f"spoilt-{number}"
        shutil.copytree(place, spoilt)
        spoil(spoilt)
        found = check_package(spoilt)
        assert code in {problem.code for problem in found.problems}, (code, found.problems)
    (archive / "objects/stray").write_bytes(b"")
    (archive / "objects/0ff").mkdir()
    assert {("E073", "0ff")} <= codes(check_package(archive / "objects"))


def test_nothing_is_asked_of_the_network(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bag that wants something fetched, and a signed web archive: no socket is opened."""

    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    with pytest.raises(AssertionError):
        socket.create_connection(("127.0.0.1", 9))
    (bag / "fetch.txt").write_text("http://127.0.0.1:9/x - data/one\n")
    check_package(bag)
    assert check_package(make_wacz(tmp_path / "a.wacz", signed=by_browser())).valid


def test_nothing_is_written(bag: Path, tmp_path: Path) -> None:
    before = files_below(tmp_path)
    check_package(bag)
    assert files_below(tmp_path) == before
