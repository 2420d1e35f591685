"""Objects as OCFL 1.1 lays them out (ocfl.io/1.1/spec), for one item each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marfa.methods.archive.durable import Digests, write_file

NAMASTE, NAMASTE_TEXT = "0=ocfl_object_1.1", b"ocfl_object_1.1\n"
ROOT_NAMASTE, ROOT_NAMASTE_TEXT = "0=ocfl_1.1", b"ocfl_1.1\n"
INVENTORY, SIDECAR = "inventory.json", "inventory.json.sha512"
TYPE = "https://ocfl.io/1.1/spec/#inventory"
CONTENT = "content"


@dataclass(frozen=True)
class Stored:
    """A content file: its path in the object's state, and what its stored bytes are."""

    name: str
    digests: Digests


def first_inventory(item: str, files: list[Stored], created: str) -> bytes:
    """The inventory of version 1. created: RFC 3339."""
    state = _by_digest((file.digests.sha512, file.name) for file in files)
    inventory = {
        "id": item,
        "type": TYPE,
        "digestAlgorithm": "sha512",
        "contentDirectory": CONTENT,
        "head": "v1",
        "manifest": _by_digest((f.digests.sha512, _content("v1", f.name)) for f in files),
        "fixity": {"sha256": _by_digest((f.digests.sha256, _content("v1", f.name)) for f in files)},
        "versions": {"v1": _version(state, created, "received")},
    }
    return _written(inventory)


def next_inventory(before: Mapping[str, Any], files: list[Stored], created: str) -> bytes:
    """The inventory with one version more, which keeps all that was there and adds files."""
    number = int(before["head"][1:]) + 1
    version = f"v{number}"
    state = {k: list(v) for k, v in before["versions"][before["head"]]["state"].items()}
    manifest = {k: list(v) for k, v in before["manifest"].items()}
    fixity = {k: list(v) for k, v in before["fixity"]["sha256"].items()}
    for file in files:
        state.setdefault(file.digests.sha512, []).append(file.name)
        manifest.setdefault(file.digests.sha512, []).append(_content(version, file.name))
        fixity.setdefault(file.digests.sha256, []).append(_content(version, file.name))
    versions = {**before["versions"], version: _version(state, created, "derived")}
    changed = {"head": version, "manifest": manifest, "fixity": {"sha256": fixity}}
    return _written({**before, **changed, "versions": versions})


def write_inventory(folder: Path, inventory: bytes) -> None:
    """An inventory with its digest beside it; whoever calls syncs the folder's tree."""
    write_file(folder / INVENTORY, inventory, sync=False)
    sidecar = f"{hashlib.sha512(inventory).hexdigest()}  {INVENTORY}\n"
    write_file(folder / SIDECAR, sidecar.encode(), sync=False)


def _version(state: dict[str, list[str]], created: str, message: str) -> dict[str, object]:
    return {"created": created, "message": message, "state": state, "user": {"name": "marfa"}}


def _content(version: str, name: str) -> str:
    return f"{version}/{CONTENT}/{name}"


def _by_digest(pairs: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for digest, name in pairs:
        found.setdefault(digest, []).append(name)
    return found


def _written(inventory: Mapping[str, Any]) -> bytes:
    return json.dumps(inventory, separators=(",", ":")).encode("ascii") + b"\n"
