"""The erased list: who was erased, by key alone, in a file that no backup holds.

``erased.jsonl`` has one line an erasure. Each names the digest of the one before it and carries a
MAC, so that a line that was changed, added or taken out is found. A list that was cut at its end
is found by what the database and ``keys/erased.json`` remember of its length.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from marfa.crypto.macs import compute_mac, mac_fits
from marfa.domain.message import InputError, Message
from marfa.platform.datafolder import check_folder_private, read_private
from marfa.platform.keyproviders import write_key_file
from marfa.platform.keys.instance import current_version, instance_key

FILE = "erased.jsonl"
HEAD = "erased.json"
PURPOSE = "vault/erased-list"
GENESIS = bytes(32)


@dataclass(frozen=True)
class Listed:
    """One erasure. reason: a code. digest: of the list up to and with it."""

    number: int
    subject: UUID
    at: datetime
    reason: str
    digest: bytes


@dataclass(frozen=True)
class ToList:
    """An erasure that is to be listed."""

    subject: UUID
    at: datetime
    reason: str


class ErasedList:
    """The list in a folder. head: a small file beside the keys that remembers how long it was."""

    def __init__(self, folder: Path, head: Path) -> None:
        self.file = folder / FILE
        self.head = head

    def read(self) -> tuple[Listed, ...]:
        """All erasures, in their order; raises InputError where the list is damaged or shorter
        than it was. A last line that a power cut left unfinished does not count."""
        if not self.file.exists() and not self.file.is_symlink():
            found: tuple[Listed, ...] = ()
        else:
            check_folder_private(self.file.parent)
            found = self._parse(read_private(self.file))
        self._check_head(found)
        return found

    def append(self, erasures: Sequence[ToList]) -> tuple[Listed, ...]:
        """List these erasures and return them as listed; on the disk when this returns.

        One who is listed already is not listed twice.
        """
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            known = self.read()
            listed = {each.subject: each for each in known}
            last = known[-1] if known else None
            new: list[Listed] = []
            for erasure in erasures:
                if erasure.subject not in listed:
                    last = listed[erasure.subject] = _after(last, erasure)
                    new.append(last)
            if new:
                self._write_behind(known, new)
                self._write_head(new[-1])
        return tuple(listed[erasure.subject] for erasure in erasures)

    def write_anew(self, erasures: Iterable[ToList]) -> tuple[Listed, ...]:
        """Replace the whole list, its MACs under the present key; the old one stays or the new
        one is there, whenever power fails."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            found: list[Listed] = []
            for erasure in erasures:
                found.append(_after(found[-1] if found else None, erasure))
            # The head goes first: with it a longer list is good, and a shorter one is not.
            self.head.unlink(missing_ok=True)
            write_key_file(self.file, "".join(_line(each) for each in found))
            if found:
                self._write_head(found[-1])
        return tuple(found)

    def versions(self) -> dict[int, int]:
        """How many lines carry a MAC of each version of the instance key."""
        counts: dict[int, int] = {}
        if self.file.exists():
            for line in _whole_lines(read_private(self.file)):
                version = int(json.loads(line)["version"])
                counts[version] = counts.get(version, 0) + 1
        return counts

    def _parse(self, text: str) -> tuple[Listed, ...]:
        found: list[Listed] = []
        try:
            for line in _whole_lines(text):
                found.append(_read_line(line, found[-1] if found else None))
        except InputError:
            # The key of a line is not there: that says itself what to do.
            raise
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._refusal("erased-list-damaged", line=len(found) + 1) from None
        return tuple(found)

    def _check_head(self, found: Sequence[Listed]) -> None:
        if not self.head.exists():
            return
        try:
            head = json.loads(read_private(self.head))
            number, digest = int(head["number"]), bytes.fromhex(head["digest"])
        except (ValueError, KeyError, TypeError):
            raise InputError.at(
                Message("safeguards.vault:erased-head-damaged", {"path": str(self.head)})
            ) from None
        self.check(found, number, digest)

    def check_length(self, found: Sequence[Listed], number: int) -> None:
        """Raise InputError unless the list has at least so many entries."""
        if len(found) < number:
            key = "erased-list-cut" if self.file.exists() else "erased-list-missing"
            raise self._refusal(key, found=len(found), known=number)

    def check(self, found: Sequence[Listed], number: int, digest: bytes) -> None:
        """Raise InputError unless the list has an entry of this number with this digest."""
        self.check_length(found, number)
        if number and found[number - 1].digest != digest:
            raise self._refusal("erased-list-other")

    def _write_behind(self, known: Sequence[Listed], new: Sequence[Listed]) -> None:
        whole = read_private(self.file) if self.file.exists() else ""
        # What a power cut left of a line is taken away first.
        keep = len("".join(line + "\n" for line in _whole_lines(whole)).encode())
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.ftruncate(descriptor, keep)
            os.lseek(descriptor, keep, os.SEEK_SET)
            _write_all(descriptor, "".join(_line(each) for each in new).encode())
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, keep)
            raise
        finally:
            os.close(descriptor)
        # The folder itself may be as new as the file in it.
        for folder in (self.file.parent, self.file.parent.parent):
            _sync_folder(folder)

    def _write_head(self, last: Listed) -> None:
        data = {"number": last.number, "digest": last.digest.hex()}
        write_key_file(self.head, json.dumps(data) + "\n")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        descriptor = os.open(self.file.parent / f".{FILE}.lock", flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _refusal(self, key: str, **values: object) -> InputError:
        return InputError.at(Message(f"safeguards.vault:{key}", {"path": str(self.file), **values}))


def erased_list() -> ErasedList:
    """The list of this installation: in the folder of the setting, or in ``erased/``."""
    data: Path = settings.FOLDER.path
    chosen = getattr(settings, "MARFA", None) and settings.MARFA.erased_folder
    folder = Path(chosen).expanduser() if chosen else data / "erased"
    return ErasedList(folder, data / "keys" / HEAD)


def _after(last: Listed | None, erasure: ToList) -> Listed:
    number = last.number + 1 if last else 1
    made = Listed(number, erasure.subject, erasure.at, erasure.reason, GENESIS)
    return replace(made, digest=_digest(made, last.digest if last else GENESIS))


def _digest(entry: Listed, previous: bytes) -> bytes:
    text = json.dumps(
        [entry.number, entry.subject.hex, entry.at.isoformat(), entry.reason, previous.hex()]
    )
    return hashlib.sha256(b"marfa/erased/1\0" + text.encode()).digest()


def _line(entry: Listed) -> str:
    version = current_version()
    data = {
        "number": entry.number,
        "subject": entry.subject.hex,
        "at": entry.at.isoformat(),
        "reason": entry.reason,
        "digest": entry.digest.hex(),
        "version": version,
        "mac": compute_mac(instance_key(version, PURPOSE), entry.digest).hex(),
    }
    return json.dumps(data) + "\n"


def _read_line(line: str, before: Listed | None) -> Listed:
    data = json.loads(line)
    entry = Listed(
        int(data["number"]),
        UUID(hex=data["subject"]),
        datetime.fromisoformat(data["at"]),
        str(data["reason"]),
        bytes.fromhex(data["digest"]),
    )
    expected = _after(before, ToList(entry.subject, entry.at, entry.reason))
    key = instance_key(int(data["version"]), PURPOSE)
    if entry != expected or not mac_fits(key, entry.digest, bytes.fromhex(data["mac"])):
        raise ValueError("not the line that was written")
    return entry


def _whole_lines(text: str) -> list[str]:
    """The lines that end; what stands after the last end was never finished."""
    return text.split("\n")[:-1]


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
