"""The search finds each kind of leak, and nothing where there is none."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import logging
import os
import random
import sqlite3
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.canary import CANARIES, NAMES, PHONE, STORY, scan_bytes, scan_folder, told

DELETED = "PRAGMA secure_delete = OFF; DELETE FROM t"

Leak = Callable[[Path], None]


def _database(folder: Path, value: object, *, then: str = "", size: int = 512) -> None:
    connection = sqlite3.connect(folder / "database.sqlite3", isolation_level=None)
    connection.execute(f"PRAGMA page_size = {size}")
    connection.execute("CREATE TABLE t (v)")
    connection.execute("INSERT INTO t VALUES (?)", (value,))
    for statement in filter(None, then.split(";")):
        connection.execute(statement)
    connection.close()


def _over_pages(folder: Path) -> None:
    """The name begins a few bytes before the end of an overflow page, wherever that is."""
    name = NAMES["latin"].encode()
    for offset in range(480, 520):
        place = folder / str(offset)
        place.mkdir()
        _database(place, b"\0" * offset + name + b"\0" * 600)


def _journal(folder: Path) -> None:
    """Written, and not yet in the database: a copy is taken while it is open."""
    live = folder.parent / f"{folder.name}-live"
    live.mkdir()
    connection = sqlite3.connect(live / "d", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (v)")
    connection.execute("INSERT INTO t VALUES (?)", (PHONE,))
    (folder / "d-wal").write_bytes((live / "d-wal").read_bytes())
    connection.close()


def _log(folder: Path) -> None:
    handler = logging.FileHandler(folder / "stderr", encoding="utf-8")
    logger = logging.getLogger("canary.test")
    logger.addHandler(handler)
    logger.propagate = False
    logger.error("could not save %r", {"name": NAMES["cyrillic"]})
    logger.removeHandler(handler)
    handler.close()


def _zip(folder: Path) -> None:
    with zipfile.ZipFile(folder / "export.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", f"<c>{NAMES['chinese']}</c>" * 40)


def _backup(folder: Path) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as tar:
        data = STORY.encode() * 30
        member = tarfile.TarInfo("drafts/1")
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    (folder / "backup.tar.gz").write_bytes(gzip.compress(inner.getvalue()))


def _write(folder: Path, text: str | bytes, name: str = "f") -> None:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


LEAKS: dict[str, tuple[Leak, str]] = {
    "a column in clear": (lambda f: _database(f, NAMES["arabic"]), "UTF-8"),
    "a row that was deleted": (lambda f: _database(f, PHONE * 3, then=DELETED), "UTF-8"),
    "a text over two pages": (_over_pages, "UTF-8"),
    "the journal of the database": (_journal, "UTF-8"),
    "a log": (_log, "UTF-8"),
    "another normal form": (
        lambda f: _write(f, unicodedata.normalize("NFD", NAMES["latin"])), "NFD"),
    "capitals": (lambda f: _write(f, NAMES["latin"].upper()), "upper case"),
    "two bytes a letter": (lambda f: _write(f, NAMES["latin"].encode("utf-16")), "UTF-16"),
    "a session": (
        lambda f: _write(f, base64.urlsafe_b64encode(f'{{"n": "{STORY}"}}'.encode())), "base64"),
    "an address": (lambda f: _write(f, f"GET /?q={quote(NAMES['arabic'])} 200"), "percent"),
    "arguments of a job": (lambda f: _write(f, json.dumps({"name": NAMES["chinese"]})), "JSON"),
    "a page of an error": (
        lambda f: _write(f, f"<title>{html.escape(STORY)}</title>"), "UTF-8"),
    "an entity": (
        lambda f: _write(f, NAMES["cyrillic"].encode("ascii", "xmlcharrefreplace")), "HTML"),
    "a dump": (lambda f: _write(f, "\\x" + NAMES["cyrillic"].encode().hex()), "hexadecimal"),
    "an export": (_zip, "UTF-8"),
    "a backup": (_backup, "UTF-8"),
    "the name of a file": (lambda f: _write(f, b"x", f"{NAMES['chinese']}.pdf"), "UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("leak", sorted(LEAKS))
def test_each_kind_of_leak_is_found(leak: str, tmp_path: Path) -> None:
    plant, form = LEAKS[leak]
    place = tmp_path / "folder"
    place.mkdir()
    plant(place)
    found = scan_folder(place)
    assert any(form in each.form for each in found), told(found) or "nothing was found"


def test_a_text_over_two_pages_is_found_wherever_the_cut_is(tmp_path: Path) -> None:
    _over_pages(tmp_path)
    places = {each.where.split("/")[0] for each in scan_folder(tmp_path)}
    assert places == {str(offset) for offset in range(480, 520)}


@pytest.mark.parametrize("canary", sorted(CANARIES))
@pytest.mark.parametrize("offset", [0, 1, 2])
def test_base64_is_found_wherever_it_begins(canary: str, offset: int) -> None:
    data = base64.b64encode(b"x" * offset + CANARIES[canary].encode() + b"y" * offset)
    assert {each.canary for each in scan_bytes("w", data)} == {canary}


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "random").write_bytes(os.urandom(2_000_000))
    words = random.Random(7)
    text = " ".join(str(words.random()) for _ in range(20_000))
    _database(tmp_path, text)
    assert scan_folder(tmp_path) == []
