"""The objects of an archive held against the log, file by file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marfa.methods.archive.durable import digest_of_file
from marfa.methods.archive.inventory import (
    CONTENT,
    INVENTORY,
    NAMASTE,
    NAMASTE_TEXT,
    SIDECAR,
)
from marfa.methods.archive.problems import Report

ROOT_NAMES = frozenset({NAMASTE, INVENTORY, SIDECAR})
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass(frozen=True)
class ObjectCheck:
    """How objects are held against what the log says. algorithm: by which digest of the inventory
    content files are compared, sha512 or sha256."""

    folder: Path
    report: Report
    algorithm: str = "sha512"

    def check(self, item: str, place: str, inventory_digest: str) -> None:
        """One object. place: below the folder of the archive."""
        base = f"{self.folder}/{place}"
        try:
            found = _names(base)
        except OSError:
            self.report.add("missing", item=item, path=place)
            return
        trusted = self._trusted(item, place, inventory_digest, found)
        if trusted is None:
            return
        versions = _versions(trusted)
        self._compare_names(item, place, found, ROOT_NAMES | versions)
        self._small(item, place, NAMASTE, NAMASTE_TEXT)
        expected = _expected(trusted, self.algorithm)
        for version in sorted(versions & found):
            self._version(item, f"{place}/{version}", version, trusted, expected, inventory_digest)
        for path in expected:
            self.report.add("missing", item=item, path=f"{place}/{path}")

    def _trusted(
        self, item: str, place: str, digest: str, found: set[str]
    ) -> dict[str, Any] | None:
        """The inventory that the log knows: the one in the root, or its copy in a version."""
        inventory = _read(f"{self.folder}/{place}/{INVENTORY}")
        if inventory is not None and hashlib.sha512(inventory).hexdigest() == digest:
            self._small(item, place, SIDECAR, f"{digest}  {INVENTORY}\n".encode())
            return _parsed(inventory)
        code = "missing" if inventory is None else "changed"
        self.report.add(code, item=item, path=f"{place}/{INVENTORY}")
        for version in sorted(found):
            copy = _read(f"{self.folder}/{place}/{version}/{INVENTORY}")
            if copy is not None and hashlib.sha512(copy).hexdigest() == digest:
                return _parsed(copy)
        return None

    def _version(
        self,
        item: str,
        place: str,
        version: str,
        trusted: dict[str, Any],
        expected: dict[str, str],
        known: str,
    ) -> None:
        base = f"{self.folder}/{place}"
        self._compare_names(item, place, _names(base), {INVENTORY, SIDECAR, CONTENT})
        self._copy(item, place, version, trusted, known)
        for path in _files(base, CONTENT):
            wanted = expected.pop(f"{version}/{path}", None)
            if wanted is None:
                self.report.add("extra", item=item, path=f"{place}/{path}")
                continue
            try:
                digest, size = digest_of_file(f"{base}/{path}", self.algorithm)
            except OSError:
                self.report.add("changed", item=item, path=f"{place}/{path}")
                continue
            self.report.bytes += size
            if digest != wanted:
                self.report.add("changed", item=item, path=f"{place}/{path}")

    def _copy(
        self, item: str, place: str, version: str, trusted: dict[str, Any], known: str
    ) -> None:
        """The inventory that was kept with a version: that of the head is the root's own."""
        copy = _read(f"{self.folder}/{place}/{INVENTORY}")
        if copy is None:
            self.report.add("missing", item=item, path=f"{place}/{INVENTORY}")
            return
        digest = hashlib.sha512(copy).hexdigest()
        self._small(item, place, SIDECAR, f"{digest}  {INVENTORY}\n".encode())
        if digest != known and not _begins(trusted, _parsed(copy), version):
            self.report.add("changed", item=item, path=f"{place}/{INVENTORY}")

    def _small(self, item: str, place: str, name: str, content: bytes) -> None:
        found = _read(f"{self.folder}/{place}/{name}")
        if found is None:
            self.report.add("missing", item=item, path=f"{place}/{name}")
        elif found != content:
            self.report.add("changed", item=item, path=f"{place}/{name}")

    def _compare_names(
        self, item: str, place: str, found: set[str], wanted: set[str] | frozenset[str]
    ) -> None:
        for name in sorted(found - wanted):
            self.report.add("extra", item=item, path=f"{place}/{name}")


def _versions(inventory: dict[str, Any]) -> set[str]:
    return set(inventory["versions"])


def _expected(inventory: dict[str, Any], algorithm: str) -> dict[str, str]:
    """Path of each content file and its digest."""
    block = inventory["manifest"] if algorithm == "sha512" else inventory["fixity"]["sha256"]
    return {path: digest for digest, paths in block.items() for path in paths}


def _begins(trusted: dict[str, Any], copy: dict[str, Any] | None, version: str) -> bool:
    """Whether an earlier inventory is the beginning of the one that the log knows."""
    if copy is None or copy.get("head") != version or copy.get("id") != trusted["id"]:
        return False
    if version == trusted["head"]:
        return False
    versions = copy.get("versions")
    return isinstance(versions, dict) and all(
        trusted["versions"].get(name) == state for name, state in versions.items()
    )


def _parsed(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _names(path: str) -> set[str]:
    with os.scandir(path) as found:
        return {entry.name for entry in found}


def _files(base: str, below: str) -> Iterator[str]:
    """All files below a folder; what is neither file nor folder is a file too: it cannot be one."""
    folders = [below]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(f"{base}/{folder}") as found:
                for entry in found:
                    place = f"{folder}/{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(place)
                    else:
                        yield place
        except OSError:
            continue


def _read(path: str) -> bytes | None:
    """A small file, or None; a link or a folder is none."""
    try:
        handle = os.open(path, _READ)
    except OSError:
        return None
    try:
        data = os.read(handle, 1 << 16)
        if len(data) < 1 << 16:
            return data
        parts = [data]
        while part := os.read(handle, 1 << 20):
            parts.append(part)
        return b"".join(parts)
    except OSError:
        return None
    finally:
        os.close(handle)
