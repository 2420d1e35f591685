"""An archive takes no file of which a mark says that its kind of body may not have it."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from marfa.domain import handling
from marfa.domain.doors import CONTENTS, may_send
from marfa.domain.handling import NAME, HandlingMark
from marfa.domain.message import InputError
from marfa.methods.archive import create_archive, marks, verify_archive
from marfa.methods.archive.durable import BUFFER
from tests.methods.archive.support import add, files_below, make_plain, write

WORDS = b"what she said"


def mark(sender: str = "help", contents: str = "cases") -> bytes:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return str(HandlingMark(sender, contents, at, "assistance", "command")).encode()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


@pytest.fixture(params=["plain", "sealed"])
def archive(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path / "archive"
    to = str(pyrage.x25519.Identity.generate().to_public())
    create_archive(folder, [to] if request.param == "sealed" else [])
    return folder


def test_what_protection_keeps_is_refused_and_nothing_of_it_stays(
    archive: Path, tmp_path: Path
) -> None:
    before = files_below(archive)
    harmless = write(tmp_path, "harmless", b"x" * 100)
    cases = write(tmp_path, "cases.csv", WORDS + b"," + mark())
    with pytest.raises(InputError, match="handling-refused"):
        add(archive, harmless, cases)
    assert files_below(archive) == before
    assert not any((archive / "staging").iterdir())
    add(archive, harmless)
    assert verify_archive(archive).items == 1


def test_what_is_given_as_evidence_is_taken(archive: Path, tmp_path: Path) -> None:
    add(archive, write(tmp_path, "given", WORDS + mark(contents="evidence")))
    assert verify_archive(archive).items == 1


@pytest.mark.parametrize("body", ["help", "investigation", "sanctions", "enforcement"])
def test_the_table_of_doors_decides_and_nothing_else(tmp_path: Path, body: str) -> None:
    folder = tmp_path / "archive"
    create_archive(folder, [], body=body)
    taken = set()
    for contents in CONTENTS:
        source = write(tmp_path, contents, mark(contents=contents))
        try:
            add(folder, source)
            taken.add(contents)
        except InputError:
            pass
    assert taken == {each for each in CONTENTS if may_send("help", each, body)}
    assert verify_archive(folder).items == len(taken)


HIDDEN: dict[str, Callable[[], bytes]] = {
    "at the seam of two pieces": lambda: b"x" * (BUFFER - 5) + b" " + mark() + b"\n" * 99,
    "in the last bytes": lambda: b"x" * (2 * BUFFER) + b" " + mark(),
    "in UTF-16": lambda: ("x " * 3000 + mark().decode()).encode("utf-16"),
    "in UTF-16 of the other order": lambda: mark().decode().encode("utf-16-be"),
    "in a zip": lambda: zipped(a=b"x", b=mark()),
    "in a zip in a zip": lambda: zipped(a=zipped(b=mark())),
    "in gzip": lambda: gzip.compress(WORDS + mark()),
    "of which the name is left": lambda: f"a,{NAME}\n1,\n".encode(),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_mark_is_found_wherever_it_is(archive: Path, tmp_path: Path, name: str) -> None:
    source = tmp_path / "folder"
    source.mkdir()
    write(source, "deep", HIDDEN[name]())
    with pytest.raises(InputError, match="handling-"):
        add(archive, source)
    assert verify_archive(archive).items == 0


def test_the_search_of_python_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the C library has none."""
    monkeypatch.setattr(marks, "_search", None)
    archive = make_plain(tmp_path / "archive")
    for number, make in enumerate(HIDDEN.values()):
        with pytest.raises(InputError, match="handling-"):
            add(archive, write(tmp_path, str(number), make()))
    add(archive, write(tmp_path, "none", b"marfa_handlin" * 1000))
    assert verify_archive(archive).items == 1


def test_a_packed_file_of_any_size_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence comes in large containers. What unpacks to too much is left, the rest looked at."""
    monkeypatch.setattr(handling, "MOST_UNPACKED", 10_000)
    archive = make_plain(tmp_path / "archive")
    large = zipped(film=b"x" * 20_000, note=b"y")
    add(archive, write(tmp_path, "large.zip", large))
    add(archive, write(tmp_path, "large.gz", gzip.compress(b"x" * (3 << 20))))
    for made in (zipped(film=b"x" * 20_000, note=mark()), gzip.compress(mark() + b"x" * 5000)):
        with pytest.raises(InputError, match="handling-refused"):
            add(archive, write(tmp_path, "marked", made))
    assert verify_archive(archive).items == 2


def test_the_kind_of_body_is_signed(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    create_archive(folder, [], body="enforcement")
    path = folder / "archive"
    path.write_text(path.read_text().replace("enforcement", "help"))
    (problem,) = verify_archive(folder).problems
    assert (problem.code, problem.path) == ("signature", "archive")
    with pytest.raises(InputError, match="settings-damaged"):
        add(folder, write(tmp_path, "cases", mark()))
