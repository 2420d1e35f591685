"""OCFL objects and storage roots, 1.0 and 1.1, held against the specification (ocfl.io/1.1/spec).

Codes are those of its list of validation codes. Where one fault breaks several rules, not all of
their codes are told; a verdict never depends on that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from marfa.methods.archive.foreign.inventories import Inventory, check_inventory
from marfa.methods.archive.foreign.package import Package
from marfa.methods.archive.foreign.trees import FolderTree, digests_in, new_digest, read_small

VERSIONS = ("1.0", "1.1")
INVENTORY = "inventory.json"
_VERSION = re.compile(r"v\d+")


@dataclass
class _Object:
    """An object below a folder of the tree; base ends with / or is empty."""

    tree: FolderTree
    found: Package
    base: str
    spec: str = "1.1"
    wanted: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """For each content file: algorithm, and its digest with the code where it is another."""

    def names(self, folder: str = "") -> tuple[set[str], set[str]]:
        """Files and folders directly in a folder of the object."""
        head = self.base + folder
        files = {n[len(head) :] for n in self.tree.files if n.startswith(head)}
        folders = {n[len(head) :] for n in self.tree.folders if n.startswith(head)}
        return {n for n in files if "/" not in n}, {n for n in folders if n and "/" not in n}

    def add(self, code: str, path: str | None = None) -> None:
        self.found.add(code, self.base + path if path is not None else self.base or None)

    def want(self, path: str, algorithm: str, digest: str, code: str) -> None:
        self.wanted.setdefault(path, {}).setdefault(algorithm, (digest, code))
        if self.wanted[path][algorithm][0] != digest:
            self.add(code, path)


def check_object(tree: FolderTree, found: Package, base: str = "") -> str | None:
    """Add to ``found`` all that does not hold in an object. Returns its identifier."""
    checked = _Object(tree, found, base)
    files, folders = checked.names()
    _declaration(checked, files)
    root = _inventory(checked, "", None)
    if root is None:
        return None
    _root_names(checked, root, files, folders)
    inventories = {root.head: root}
    for version in root.versions:
        if version in folders:
            _version(checked, version, root, inventories)
    specs = [inventories[version].spec for version in root.versions if version in inventories]
    if specs != sorted(specs) or root.spec != checked.spec:
        checked.add("E103", INVENTORY)
    _contents(checked, root, inventories)
    _digests(checked)
    return root.id


def _declaration(checked: _Object, files: set[str]) -> None:
    names = [name for name in files if name.startswith("0=ocfl_object_")]
    if len(names) != 1:
        checked.add("E003", names[0] if names else None)
        return
    checked.spec = names[0].removeprefix("0=ocfl_object_")
    if checked.spec not in VERSIONS:
        checked.add("E004", names[0])
    if read_small(checked.tree, checked.base + names[0]) != f"{names[0][2:]}\n".encode():
        checked.add("E007", names[0])


def _inventory(checked: _Object, folder: str, root: Inventory | None) -> Inventory | None:
    """The inventory in a folder with its sidecar; None where nothing can be read from it."""
    path = folder + INVENTORY
    data = read_small(checked.tree, checked.base + path)
    if data is None:
        if root is None:
            checked.add("E063", path)
        return None
    found = check_inventory(data, checked.spec, lambda code: checked.add(code, path))
    if found is not None:
        _sidecar(checked, path, data, found.algorithm)
    return found


def _sidecar(checked: _Object, path: str, data: bytes, algorithm: str) -> None:
    name = f"{path}.{algorithm}"
    sidecar = read_small(checked.tree, checked.base + name)
    if sidecar is None:
        checked.add("E058", name)
        return
    match = re.fullmatch(rb"([0-9A-Fa-f]+)[ \t]+inventory\.json\s*", sidecar)
    digest = new_digest(algorithm)
    if match is None or digest is None:
        checked.add("E061", name)
        return
    digest.update(data)
    if match[1].decode().lower() != digest.hexdigest():
        checked.add("E060", name)


def _root_names(checked: _Object, root: Inventory, files: set[str], folders: set[str]) -> None:
    allowed = {INVENTORY, f"{INVENTORY}.{root.algorithm}"}
    for name in sorted(files):
        if name not in allowed and not name.startswith("0=ocfl_object_"):
            checked.add("E001", name)
    for name in sorted(folders - set(root.versions) - {"logs", "extensions"}):
        checked.add("E046" if _VERSION.fullmatch(name) else "E001", name)
    for name in sorted(set(root.versions) - folders):
        checked.add("E010", name)
    if "extensions" in folders:
        for name in sorted(checked.names("extensions/")[0]):
            checked.add("E067", f"extensions/{name}")


def _version(
    checked: _Object, version: str, root: Inventory, inventories: dict[str, Inventory]
) -> None:
    """One folder of a version, with the inventory that was kept in it."""
    files, folders = checked.names(f"{version}/")
    found = _inventory(checked, f"{version}/", root)
    algorithm = found.algorithm if found else root.algorithm
    for name in sorted(files - {INVENTORY, f"{INVENTORY}.{algorithm}"}):
        checked.add("E015", f"{version}/{name}")
    for name in sorted(folders - {root.content}):
        # A folder beside the content is advised against; files that the manifest names are not.
        checked.found.warn("W002", f"{checked.base}{version}/{name}")
    if INVENTORY not in files:
        checked.found.warn("W010", f"{checked.base}{version}")
        return
    if version == root.head:
        base = checked.base
        same = read_small(checked.tree, base + INVENTORY) == read_small(
            checked.tree, f"{base}{version}/{INVENTORY}"
        )
        if not same:
            checked.add("E064", f"{version}/{INVENTORY}")
    elif found is not None:
        _compare_earlier(checked, version, found, root)
        inventories[version] = found


def _compare_earlier(checked: _Object, version: str, found: Inventory, root: Inventory) -> None:
    """What an earlier inventory says must be the beginning of what the newest says."""
    path = f"{version}/{INVENTORY}"
    if found.head != version:
        checked.add("E040", path)
    if found.id != root.id:
        checked.add("E037", path)
    if found.content != root.content:
        checked.add("E019", path)
    for name, state in found.versions.items():
        if name not in root.versions or not _same_state(found, state, root, root.versions[name]):
            checked.add("E066", path)
    for name in root.versions:
        number = int(name[1:])
        if number <= int(version[1:]) and name not in found.versions:
            checked.add("E066", path)


def _same_state(
    one: Inventory, state: dict[str, str], two: Inventory, other: dict[str, str]
) -> bool:
    """Whether two states name the same logical files with the same content, though perhaps by
    other digests."""
    if state.keys() != other.keys():
        return False
    return all(
        set(one.manifest.get(digest, ())) & set(two.manifest.get(other[path], ()))
        for path, digest in state.items()
    )


def _contents(checked: _Object, root: Inventory, inventories: dict[str, Inventory]) -> None:
    """Which content files there are, and what each inventory says of them."""
    versions = list(root.versions)
    present = {
        name[len(checked.base) :]
        for name in checked.tree.files
        if name.startswith(tuple(f"{checked.base}{version}/" for version in versions))
    }
    content = {
        path for path in present if path.split("/")[1] == root.content and len(path.split("/")) > 2
    }
    for path in sorted(root.paths() - present):
        checked.add("E092", path)
    for path in sorted(content - root.paths()):
        checked.add("E023", path)
    for folder in sorted(checked.tree.folders):
        place = folder.removeprefix(checked.base)
        inside = place.split("/")
        is_content = len(inside) > 2 and inside[1] == root.content
        if not folder.startswith(checked.base) or not is_content:
            continue
        if not any(path.startswith(place + "/") for path in content):
            checked.add("E024", place)
    for version, inventory in inventories.items():
        _one_inventory(checked, version, inventory, content)


def _one_inventory(checked: _Object, version: str, inventory: Inventory, content: set[str]) -> None:
    until = int(version[1:]) if _VERSION.fullmatch(version) else 0
    own = {path for path in content if int(path.split("/")[0][1:]) <= until}
    for path in sorted(own - inventory.paths()):
        checked.add("E023", path)
    for digest, paths in inventory.manifest.items():
        for path in paths:
            if path in content:
                checked.want(path, inventory.algorithm, digest.lower(), "E092")
            elif version != inventory.head or path not in own:
                checked.add("E092", path)
    for algorithm, block in inventory.fixity.items():
        for digest, paths in block.items():
            for path in paths:
                if path not in content:
                    checked.add("E093", path)
                elif new_digest(algorithm) is not None:
                    checked.want(path, algorithm, digest.lower(), "E093")


def _digests(checked: _Object) -> None:
    for path, wanted in checked.wanted.items():
        found = digests_in(checked.tree, checked.base + path, wanted)
        for algorithm, (digest, code) in wanted.items():
            if found is None or found.get(algorithm) != digest:
                checked.add(code, path)


def check_root(tree: FolderTree, found: Package) -> None:
    """Add to ``found`` all that does not hold in a storage root, and in each of its objects."""
    names = [name for name in tree.files if name.startswith("0=ocfl_") and "/" not in name]
    spec = names[0].removeprefix("0=ocfl_") if names else ""
    if len(names) != 1 or spec not in VERSIONS:
        found.add("E069", names[0] if names else None)
    elif read_small(tree, names[0]) != f"{names[0][2:]}\n".encode():
        found.add("E080", names[0])
    _layout(tree, found)
    bases = _object_bases(tree)
    seen: dict[str, str] = {}
    for base in bases:
        item = check_object(tree, found, base)
        if item is not None and item in seen:
            found.add("E110", base)
        seen[item or base] = base
    _strays(tree, found, bases)


def _layout(tree: FolderTree, found: Package) -> None:
    if "ocfl_layout.json" not in tree.files:
        return
    try:
        value: Any = json.loads(read_small(tree, "ocfl_layout.json") or b"")
        right = isinstance(value["extension"], str) and isinstance(value["description"], str)
    except (ValueError, KeyError, TypeError):
        right = False
    if not right:
        found.add("E070", "ocfl_layout.json")
    for name in tree.files:
        if name.startswith("extensions/") and name.count("/") == 1:
            found.add("E112", name)


def _object_bases(tree: FolderTree) -> list[str]:
    found = [
        name.rpartition("/")[0] + "/"
        for name in sorted(tree.files)
        if name.rpartition("/")[2].startswith("0=ocfl_object_") and "/" in name
    ]
    bases: list[str] = []
    for base in found:
        if not base.startswith("extensions/") and not _is_below(base, bases):
            bases.append(base)
    return bases


def _is_below(path: str, bases: Iterable[str]) -> bool:
    return any(path.startswith(base) for base in bases)


def _strays(tree: FolderTree, found: Package, bases: list[str]) -> None:
    """Files and empty folders on the way to the objects."""
    known = set(bases)
    above = {
        "/".join(base.split("/")[:depth]) + "/"
        for base in bases
        for depth in range(1, base.count("/") + 1)
    }
    for name in tree.files:
        parts = name.split("/")
        if len(parts) == 1 or parts[0] == "extensions":
            continue
        heads = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
        if not any(head in known for head in heads):
            found.add("E072", name)
    for folder in sorted(tree.folders):
        path = folder + "/"
        heads = ("/".join(path.split("/")[:depth]) + "/" for depth in range(1, path.count("/") + 1))
        if (
            path not in above
            and not path.startswith("extensions/")
            and not any(h in known for h in heads)
        ):
            found.add("E073", folder)
