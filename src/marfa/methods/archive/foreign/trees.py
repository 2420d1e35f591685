"""Files of a package of somebody else, in a folder or a zip, read and never unpacked.

What a name may do on a disk is looked at first: paths that lead outside, links, names that are one
on another system, and files that grow without end are refused.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

from marfa.methods.archive.foreign.package import Finding

BUFFER = 1 << 20
BOMB_RATIO, BOMB_SIZE = 1000, 1 << 26
SMALL = 64 << 20
"""Manifests and the like are read whole up to this."""

UNREADABLE = (OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError)
_DRIVE = re.compile(r"[A-Za-z]:")


class Digest(Protocol):
    """What hashlib makes."""

    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


class Tree(Protocol):
    """Files by their path with ``/`` between parts, and their size."""

    files: dict[str, int]
    findings: list[Finding]

    def open(self, name: str) -> IO[bytes]: ...


class FolderTree:
    """A folder as it stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.folders: set[str] = set()
        self._walk("")
        self.findings += name_findings(self.files)

    def _walk(self, below: str) -> None:
        with os.scandir(self.folder / below) as found:
            for entry in sorted(found, key=lambda each: each.name):
                name = f"{below}/{entry.name}" if below else entry.name
                status = entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    self.folders.add(name)
                    self._walk(name)
                elif stat.S_ISREG(status.st_mode):
                    self.files[name] = status.st_size
                else:
                    self.findings.append(Finding("link", name))

    def open(self, name: str) -> IO[bytes]:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
        return os.fdopen(os.open(self.folder / name, flags), "rb")


class ZipTree:
    """A zip, read where it lies. Raises ValueError for what is none."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise ValueError("this is no zip") from error
        self.files: dict[str, int] = {}
        self.findings: list[Finding] = []
        names = []
        for info in self._zip.infolist():
            if info.is_dir():
                continue
            # zipfile cuts a name at a zero byte and turns signs round; the name as it is counts.
            name = getattr(info, "orig_filename", info.filename)
            names.append(name)
            self.findings += _zip_findings(info, name)
            self.files[info.filename] = info.file_size
        self.findings += name_findings(names)

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(name)


def _zip_findings(info: zipfile.ZipInfo, name: str) -> Iterator[Finding]:
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        yield Finding("link", name)
    if info.file_size > BOMB_SIZE and info.file_size > BOMB_RATIO * max(1, info.compress_size):
        yield Finding("bomb", name)
    if info.flag_bits & 0x1:
        yield Finding("encrypted", name)


def name_findings(names: Iterable[str]) -> list[Finding]:
    """Names that lead outside, and names that are the same on another system."""
    found: list[Finding] = []
    seen: dict[str, str] = {}
    for name in names:
        if leads_outside(name):
            found.append(Finding("path-outside", name))
        same = unicodedata.normalize("NFC", name).casefold()
        if same in seen:
            found.append(Finding("name-collision", name))
        seen[same] = name
    return found


def leads_outside(name: str) -> bool:
    """Whether a path could stand for something outside of its folder, on any system."""
    parts = name.split("/")
    return (
        not name
        or name.startswith(("/", "~"))
        or "\\" in name
        or "\0" in name
        or ".." in parts
        or bool(_DRIVE.match(name))
        or any(part.startswith("%") and part.endswith("%") and len(part) > 1 for part in parts)
    )


def read_small(tree: Tree, name: str) -> bytes | None:
    """A file that is read whole; None where there is none, or it is no small one."""
    if tree.files.get(name, SMALL + 1) > SMALL:
        return None
    try:
        with tree.open(name) as file:
            data = file.read(SMALL + 1)
    except UNREADABLE:
        return None
    return data if len(data) <= SMALL else None


def new_digest(name: str) -> Digest | None:
    """A digest by the name that BagIt or OCFL has for it; None for one that is not known."""
    if name.startswith("blake2b-") and name[8:].isdigit() and int(name[8:]) in range(8, 513, 8):
        return hashlib.blake2b(digest_size=int(name[8:]) // 8)
    name = {"sha512/256": "sha512_256"}.get(name, name)
    if name not in hashlib.algorithms_available or name.startswith("shake"):
        return None
    try:
        return hashlib.new(name, usedforsecurity=False)
    except ValueError:
        return None


def digests_in(tree: Tree, name: str, algorithms: Iterable[str]) -> dict[str, str] | None:
    """Digests of a file from one read; None where it cannot be read to its end, or is longer than
    it says."""
    made = {each: new_digest(each) for each in algorithms}
    found = {each: digest for each, digest in made.items() if digest is not None}
    size = 0
    try:
        with tree.open(name) as file:
            while part := file.read(BUFFER):
                size += len(part)
                if size > tree.files[name]:
                    return None
                for digest in found.values():
                    digest.update(part)
    except UNREADABLE:
        return None
    return {name: digest.hexdigest() for name, digest in found.items()}
