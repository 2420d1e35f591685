"""Packages of others, checked as they are: BagIt, OCFL, WACZ, and archives and exports of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from marfa.methods.archive.exports import SCRIPTS
from marfa.methods.archive.foreign.bags import check_bag
from marfa.methods.archive.foreign.ocfl import check_object, check_root
from marfa.methods.archive.foreign.package import Finding, Package
from marfa.methods.archive.foreign.trees import FolderTree, Tree, ZipTree
from marfa.methods.archive.foreign.wacz import PACKAGE, check_wacz
from marfa.methods.archive.layout import KEY
from marfa.methods.archive.store import is_archive
from marfa.methods.archive.verification import verify_archive

__all__ = ["Finding", "Package", "check_package"]

UNSAFE = frozenset({"path-outside", "link", "bomb", "name-collision", "encrypted"})


def check_package(path: Path, *, roots: bytes | None = None) -> Package:
    """What a path holds, and what is wrong with it. Nothing is written, and nothing fetched.

    roots: certificates that are trusted for signed web archives, in PEM.
    """
    if path.is_dir():
        return _check_folder(path, roots)
    if not path.is_file():
        return _odd(path, "unreadable")
    try:
        tree = ZipTree(path)
    except ValueError:
        return _odd(path, "unknown-kind")
    return _check_zip(path, tree, roots)


def _odd(path: Path, code: str) -> Package:
    return Package(str(path), None, [Finding(code)])


def _check_folder(path: Path, roots: bytes | None) -> Package:
    if is_archive(path):
        return _check_archive(path)
    tree = FolderTree(path)
    names = {name for name in tree.files if "/" not in name}
    found = Package(str(path), _kind_of(names))
    if found.kind == "bagit" and {"log.jsonl", "verify.py", KEY} <= names:
        found.kind = "marfa"
    found.problems += tree.findings
    if found.kind in ("bagit", "marfa"):
        check_bag(tree, found)
        if found.kind == "marfa":
            _check_export(path, found)
    elif found.kind == "ocfl-object":
        check_object(tree, found)
    elif found.kind == "ocfl-root":
        check_root(tree, found)
    elif PACKAGE in names:
        found.kind = "wacz"
        check_wacz(tree, found, roots)
    else:
        found.add("unknown-kind")
    return found


def _kind_of(names: set[str]) -> str | None:
    if "bagit.txt" in names or ("manifest-md5.txt" in names or "manifest-sha256.txt" in names):
        return "bagit"
    if any(name.startswith("0=ocfl_object_") for name in names):
        return "ocfl-object"
    if any(name.startswith("0=ocfl_") for name in names):
        return "ocfl-root"
    return "ocfl-object" if "inventory.json" in names else None


def _check_zip(path: Path, tree: ZipTree, roots: bytes | None) -> Package:
    tops = {name.partition("/")[0] for name in tree.files}
    found = Package(str(path), None)
    found.problems += tree.findings
    if PACKAGE in tree.files or path.suffix.lower() == ".wacz":
        found.kind = "wacz"
        if not any(each.code in UNSAFE for each in tree.findings):
            check_wacz(tree, found, roots)
    elif len(tops) == 1 and f"{next(iter(tops))}/bagit.txt" in tree.files:
        found.kind = "bagit"
        if not any(each.code in UNSAFE for each in tree.findings):
            check_bag(_Below(tree, next(iter(tops))), found)
    else:
        found.add("unknown-kind")
    return found


class _Below:
    """A tree seen from its one folder, as a bag in a zip has it (RFC 8493, 4.2)."""

    def __init__(self, tree: Tree, top: str) -> None:
        self._tree, self._top = tree, top
        self.files = {name[len(top) + 1 :]: size for name, size in tree.files.items()}
        self.findings = tree.findings
        self.open = lambda name: tree.open(f"{top}/{name}")


def _check_archive(path: Path) -> Package:
    report = verify_archive(path)
    found = Package(str(path), "marfa")
    for problem in report.problems:
        place = problem.path
        if place is None and problem.entry is not None:
            place = f"entry {problem.entry}"
        found.add(problem.code, place)
    return found


def _check_export(path: Path, found: Package) -> None:
    """By the script that goes along with exports: our own copy of it, on their files."""
    key = (path / KEY).read_text(encoding="utf-8", errors="replace").strip()
    command = [sys.executable, "-I", "-S", str(SCRIPTS / "verify.py"), str(path), "--key", key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    for line in done.stdout.splitlines() or ["log.jsonl: changed"]:
        place, _colon, what = line.partition(": ")
        if what in ("changed", "missing", "extra"):
            found.add(what, place)
        else:
            found.add("signature" if place == "checkpoint" else "changed", place)
