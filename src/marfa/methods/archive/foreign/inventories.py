"""An inventory of an OCFL object held against its rules (ocfl.io/1.1/spec, section 3.5)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Add = Callable[[str], None]
Block = dict[str, list[str]]

_VERSION = re.compile(r"v(0*)([1-9]\d*)")
_CREATED = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)"
)
_LENGTHS = {"sha512": 128, "sha256": 64}
_KEYS = frozenset(
    {"id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity"}
)


@dataclass(frozen=True)
class Inventory:
    """What an inventory says. versions: for each, the digest of each logical path."""

    id: str
    spec: str
    algorithm: str
    head: str
    content: str
    manifest: Block
    fixity: dict[str, Block]
    versions: dict[str, dict[str, str]]

    def paths(self) -> set[str]:
        return {path for paths in self.manifest.values() for path in paths}


def check_inventory(data: bytes, spec: str, add: Add) -> Inventory | None:
    """Call ``add`` with the code of each rule that does not hold; None where too little is right.

    spec: the version of OCFL that the object declares.
    """
    value = _object(data)
    if value is None:
        add("E033")
        return None
    for key in ("id", "type", "digestAlgorithm", "head"):
        if not isinstance(value.get(key), str) or not value[key]:
            add("E036" if key not in value else "E037" if key == "id" else "E040")
    if set(value) - _KEYS:
        add("E102")
    kind = _kind(value, spec, add)
    algorithm = str(value.get("digestAlgorithm", ""))
    if algorithm not in _LENGTHS:
        add("E025")
        return None
    content = _content(value, add)
    manifest = _block(value.get("manifest"), add, "E041", "E096", "E100")
    versions = _versions(value, add)
    if manifest is None or versions is None:
        return None
    _check_manifest(manifest, versions, content, _LENGTHS[algorithm], add)
    _check_use(manifest, versions, spec, add)
    head = value.get("head")
    if not versions or head != max(versions, key=lambda name: int(name[1:])):
        add("E040")
    fixity = _fixity(value.get("fixity", {}), manifest, add)
    identity = value["id"] if isinstance(value.get("id"), str) else ""
    return Inventory(identity, kind, algorithm, str(head), content, manifest, fixity, versions)


def _object(data: bytes) -> dict[str, Any] | None:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        value = json.loads(data, object_pairs_hook=unique)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _kind(value: dict[str, Any], spec: str, add: Add) -> str:
    match = re.fullmatch(r"https://ocfl\.io/(1\.[01])/spec/#inventory", str(value.get("type", "")))
    if match is None or match[1] > spec:
        add("E038")
        return spec
    return match[1]


def _content(value: dict[str, Any], add: Add) -> str:
    name = value.get("contentDirectory", "content")
    if not isinstance(name, str) or "/" in name or name in ("", ".", ".."):
        add("E018" if name in (".", "..") else "E017")
        return "content"
    return name


def _block(value: Any, add: Add, odd: str, twice: str, path_odd: str) -> Block | None:
    """Digests with the paths they stand for."""
    right = isinstance(value, dict) and all(
        isinstance(paths, list) and all(isinstance(path, str) for path in paths)
        for paths in value.values()
    )
    if not right:
        add(odd)
        return None
    if len({digest.lower() for digest in value}) != len(value):
        add(twice)
    for paths in value.values():
        for path in paths:
            if path.startswith("/") or path.endswith("/"):
                add(path_odd)
            elif any(part in ("", ".", "..") for part in path.split("/")):
                add("E099" if path_odd == "E100" else "E052")
    return dict(value)


def _versions(value: dict[str, Any], add: Add) -> dict[str, dict[str, str]] | None:
    versions = value.get("versions")
    if not isinstance(versions, dict):
        add("E041" if "versions" not in value else "E044")
        return None
    if not versions:
        add("E008")
    matches = {name: _VERSION.fullmatch(name) for name in versions}
    if not all(matches.values()):
        add("E046")
        return None
    found = {name: match for name, match in matches.items() if match is not None}
    _check_numbers(found, add)
    states = {}
    for name in sorted(found, key=lambda each: int(each[1:])):
        states[name] = _version(versions[name], add)
    return states


def _check_numbers(found: dict[str, re.Match[str]], add: Add) -> None:
    numbers = sorted(int(match[2]) for match in found.values())
    if numbers != list(range(1, len(numbers) + 1)):
        add("E010")
    padded = {len(name) for name, match in found.items() if match[1]}
    if padded and len({len(name) for name in found}) > 1:
        add("E012")


def _version(value: Any, add: Add) -> dict[str, str]:
    if not isinstance(value, dict) or "created" not in value or "state" not in value:
        add("E048")
        return {}
    if not isinstance(value["created"], str) or not _CREATED.fullmatch(value["created"]):
        add("E049")
    if "message" in value and not isinstance(value["message"], str):
        add("E094")
    if "user" in value:
        user = value["user"]
        if not isinstance(user, dict) or not isinstance(user.get("name"), str) or not user["name"]:
            add("E054")
    state = _block(value["state"], add, "E050", "E050", "E053")
    paths = {path: digest for digest, found in (state or {}).items() for path in found}
    if sum(map(len, (state or {}).values())) != len(paths) or _conflict(paths):
        add("E095")
    return paths


def _conflict(paths: Iterable[str]) -> bool:
    """Whether a path is a folder of another."""
    known = set(paths)
    return any(
        "/".join(path.split("/")[:depth]) in known
        for path in known
        for depth in range(1, path.count("/") + 1)
    )


def _check_manifest(
    manifest: Block, versions: dict[str, dict[str, str]], content: str, length: int, add: Add
) -> None:
    paths = [path for found in manifest.values() for path in found]
    if len(set(paths)) != len(paths) or _conflict(paths):
        add("E101")
    if not all(re.fullmatch(f"[0-9A-Fa-f]{{{length}}}", digest) for digest in manifest):
        add("E096")
    for path in paths:
        parts = path.split("/")
        if parts[0] not in versions or len(parts) < 3 or parts[1] != content:
            add("E042")


def _check_use(manifest: Block, versions: dict[str, dict[str, str]], spec: str, add: Add) -> None:
    used = {digest for state in versions.values() for digest in state.values()}
    if used - set(manifest):
        add("E050")
    if set(manifest) - used and spec != "1.0":
        add("E107")


def _fixity(value: Any, manifest: Block, add: Add) -> dict[str, Block]:
    if not isinstance(value, dict):
        add("E111")
        return {}
    found = {}
    for algorithm, block in value.items():
        read = _block(block, add, "E057", "E097", "E100")
        if read is not None:
            found[algorithm] = read
    return found
