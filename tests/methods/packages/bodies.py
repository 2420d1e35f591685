"""Bodies that exchange packages: key folders whose passphrase costs nothing, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage

from marfa.crypto.passphrases import Cost
from marfa.methods.packages import (
    KeyFolder,
    Made,
    Opened,
    Refusal,
    RefusedError,
    Source,
    Terms,
    accept_keys,
    key_file_of,
    make_key_folder,
    make_package,
    open_key_folder,
    open_package,
    read_key_file,
    write_key_package,
)
from marfa.methods.packages.creation import encrypt_pieces, pack, write_container
from marfa.methods.packages.keys import PublicKeys
from marfa.methods.packages.kinds import KINDS
from marfa.methods.packages.manifest import Manifest

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "orchid lantern velvet cactus trumpet"
NOW = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
TERMS = Terms("MOU-7", "assistance", "consent")
MARK = "marfa_handling:1 from=help what=referral for=assistance by=x at=2026-11-29T08:30Z"
TEXT = "What was agreed with the clinic. "


@dataclass
class Body:
    """A body with its key folder, which one test holds for as long as it likes."""

    path: Path
    name: str
    kind: str = "help"

    def __post_init__(self) -> None:
        make_key_folder(
            self.path, name=self.name, kind=self.kind, passphrase=PASSPHRASE, now=NOW, cost=CHEAP
        )
        with self.held() as folder:
            write_key_package(self.path, folder.own, NOW)

    @contextmanager
    def held(self) -> Iterator[KeyFolder]:
        with open_key_folder(self.path, PASSPHRASE) as folder:
            yield folder

    @property
    def keys(self) -> PublicKeys:
        file = key_file_of(self.path)
        assert file is not None
        return read_key_file(file, NOW)

    def accepts(self, *others: Body) -> None:
        with self.held() as folder:
            for other in others:
                accept_keys(folder, other.keys, fingerprint=other.keys.fingerprint, now=NOW)

    def makes(
        self,
        out: Path,
        *,
        to: Body,
        kind: str = "referral",
        files: dict[str, bytes] | None = None,
        terms: Terms = TERMS,
        now: datetime = NOW,
    ) -> Made:
        with self.held() as folder:
            return make_package(
                folder,
                to=to.name,
                kind=kind,
                terms=terms,
                sources=sources(files),
                out=out,
                now=now,
            )

    def opens(self, file: Path, out: Path, *, now: datetime = NOW) -> Opened:
        with self.held() as folder:
            return open_package(folder, file, out=out, now=now)

    def code_for(self, file: Path, out: Path, *, now: datetime = NOW) -> str:
        """The code with which a package is refused, of which nothing may be left; or ``taken``."""
        with self.held() as folder:
            return code_for(folder, file, out, now=now)


def code_for(folder: KeyFolder, file: Path, out: Path, *, now: datetime = NOW) -> str:
    before = folder.path.joinpath("book").read_bytes()
    code = code_of(lambda: open_package(folder, file, out=out, now=now))
    if code == "done":
        return "taken"
    assert not out.exists(), "of a refused package something is left"
    assert not list((folder.path / "room").iterdir())
    assert folder.path.joinpath("book").read_bytes() == before
    return code


def code_of(work: Callable[[], object]) -> str:
    """The code with which something is refused; ``done`` where it is not."""
    try:
        work()
    except RefusedError as error:
        return str(Refusal(error.code))
    return "done"


def sources(files: dict[str, bytes] | None = None) -> list[Source]:
    files = {"note.txt": TEXT.encode() * 10} if files is None else files
    return [Source(name, data=data) for name, data in files.items()]


def two(place: Path) -> tuple[Body, Body]:
    """Two bodies that know each other."""
    first, second = Body(place / "first", "First"), Body(place / "second", "Second")
    first.accepts(second)
    second.accepts(first)
    return first, second


def decrypted(file: Path, body: Body) -> bytes:
    """What is in the age file, by another program's library."""
    with body.held() as folder:
        identities = [pyrage.x25519.Identity.from_str(pair.age) for pair in folder.own.pairs]
    return bytes(pyrage.decrypt(file.read_bytes(), identities))


def locked(data: bytes, key: str, target: Path) -> Path:
    """Bytes as an age file for a key."""
    target.write_bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(key)]))
    return target


def forged(
    sender: Body,
    to: PublicKeys,
    target: Path,
    *,
    change: Callable[[dict[str, Any]], None] = lambda values: None,
    files: dict[str, bytes] | None = None,
    kind: str = "referral",
    key: str | None = None,
    container: Callable[[bytes], bytes] | None = None,
) -> Path:
    """A package of a sender who has its keys and means ill: what is signed may be anything.

    change: alters the values of ``package.json``, which is signed as it then is.
    container: alters the ZIP file. key: of age, to which it is encrypted in place of the right one.
    """
    packed = pack(KINDS[kind], sources(files))
    with sender.held() as folder:
        own = folder.own
        values: dict[str, Any] = {
            "id": "0123456789abcdefghjk",
            "kind": kind,
            "sender": own.public.body,
            "sender_key": own.public.signing,
            "recipient_key": to.age,
            "agreement": TERMS.agreement,
            "purpose": TERMS.purpose,
            "ground": TERMS.ground,
            "made_at": NOW,
            "valid_until": NOW + TERMS.valid,
            "sequence": 1,
            "previous": None,
            "onward": True,
            "compared": True,
            "handling": MARK,
            "contents": packed.contents,
        }
        change(values)
        manifest = Manifest(**values)
        data = b"".join(write_container(packed, manifest, own.sign(manifest.encode())))
    if container is not None:
        data = container(data)
    return locked(data, key or to.age, target)


def piped(data: bytes, key: str) -> bytes:
    """Bytes encrypted as packages are."""
    import io

    target = io.BytesIO()
    encrypt_pieces(iter([data]), target, key)
    return target.getvalue()
