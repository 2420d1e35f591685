"""Bags as BagIt describes them: version 1.0 (RFC 8493) and those before, 0.93 to 0.97."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, field

from marfa.methods.archive.foreign.package import Package
from marfa.methods.archive.foreign.trees import (
    Tree,
    digests_in,
    leads_outside,
    new_digest,
    read_small,
)

_STRICT = re.compile(
    r"BagIt-Version: (\d+)\.(\d+)\r?\nTag-File-Character-Encoding: ([^\s:]+)(?:\r?\n)?"
)
_LENIENT = re.compile(
    r"BagIt-Version\s*:\s*(\d+)\.(\d+)\s*\r?\nTag-File-Character-Encoding\s*:\s*(\S+)\s*"
)
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt", re.IGNORECASE)
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\*?)(.+)")
_FETCH = re.compile(r"(\S+)[ \t]+(-|\d+)[ \t]+(.+)")
_OXUM = re.compile(r"^Payload-Oxum\s*:\s*(\d+)\.(\d+)\s*$", re.MULTILINE)
_ESCAPES = {"%0A": "\n", "%0D": "\r", "%25": "%"}

PAYLOAD = "data/"


@dataclass
class _Bag:
    tree: Tree
    found: Package
    version: tuple[int, int]
    encoding: str
    payload: dict[str, dict[str, str]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    """Per algorithm: path and digest."""

    @property
    def is_final(self) -> bool:
        return self.version >= (1, 0)


def check_bag(tree: Tree, found: Package) -> None:
    """Add to ``found`` all that does not hold."""
    declared = _declaration(tree, found)
    if declared is None:
        return
    version, encoding = declared
    bag = _Bag(tree, found, version, encoding)
    _read_manifests(bag)
    fetched = _fetch(bag)
    _compare_names(bag, fetched)
    _compare_digests(bag)
    _compare_size(bag)


def _declaration(tree: Tree, found: Package) -> tuple[tuple[int, int], str] | None:
    data = read_small(tree, "bagit.txt")
    if data is None or data.startswith(codecs.BOM_UTF8):
        found.add("bagit-txt", "bagit.txt")
        return None
    text = data.decode("utf-8", "replace")
    match = _LENIENT.fullmatch(text)
    if match is None:
        found.add("bagit-txt", "bagit.txt")
        return None
    version = int(match[1]), int(match[2])
    if version >= (1, 0) and not _STRICT.fullmatch(text):
        found.add("bagit-txt", "bagit.txt")
    try:
        codecs.lookup(match[3])
    except LookupError:
        found.add("encoding", "bagit.txt")
        return None
    return version, match[3]


def _read_manifests(bag: _Bag) -> None:
    known = False
    for name in sorted(bag.tree.files):
        match = _MANIFEST.fullmatch(name)
        if match is None:
            continue
        algorithm = match[2].lower()
        known = known or not match[1]
        if new_digest(algorithm) is None:
            bag.found.add("algorithm", name)
            continue
        entries = _manifest(bag, name, is_tag=bool(match[1]))
        (bag.tags if match[1] else bag.payload)[algorithm] = entries
    if not known:
        bag.found.add("manifest", None)


def _manifest(bag: _Bag, name: str, *, is_tag: bool) -> dict[str, str]:
    entries: dict[str, str] = {}
    for line in _lines(bag, name):
        match = _LINE.fullmatch(line)
        if match is None:
            bag.found.add("manifest", name)
            continue
        path, digest = _path(bag, match[3]), match[1].lower()
        if match[2] or match[3].startswith("./"):
            # As md5sum and find write it: RFC 8493, 2.1.3, has neither an asterisk nor ./
            bag.found.warn("odd-form", match[3])
        if leads_outside(path) or path.startswith(PAYLOAD) == is_tag:
            bag.found.add("path-outside", match[3])
        elif path in entries:
            if bag.is_final or entries[path] != digest:
                bag.found.add("listed-twice", path)
            else:
                bag.found.warn("listed-twice", path)
        else:
            entries[path] = digest
    return entries


def _lines(bag: _Bag, name: str) -> list[str]:
    data = read_small(bag.tree, name)
    if data is None:
        bag.found.add("manifest", name)
        return []
    try:
        text = data.decode(bag.encoding)
    except (UnicodeDecodeError, LookupError):
        bag.found.add("encoding", name)
        return []
    return [line for line in re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")) if line.strip()]


def _path(bag: _Bag, text: str) -> str:
    if bag.is_final:
        text = re.sub(
            "%0[AD]|%25", lambda each: _ESCAPES[each[0].upper()], text, flags=re.IGNORECASE
        )
    while text.startswith("./"):
        text = text[2:]
    return text


def _fetch(bag: _Bag) -> set[str]:
    """Paths that are to be fetched from elsewhere. Nothing is fetched."""
    paths: set[str] = set()
    if "fetch.txt" not in bag.tree.files:
        return paths
    for line in _lines(bag, "fetch.txt"):
        match = _FETCH.fullmatch(line)
        path = _path(bag, match[3]) if match else ""
        if leads_outside(path) or not path.startswith(PAYLOAD):
            bag.found.add("path-outside", match[3] if match else "fetch.txt")
            continue
        if not any(path in entries for entries in bag.payload.values()):
            bag.found.add("extra", path)
        paths.add(path)
    return paths


def _compare_names(bag: _Bag, fetched: set[str]) -> None:
    present = {name for name in bag.tree.files if name.startswith(PAYLOAD)}
    listed = set().union(*bag.payload.values()) if bag.payload else set()
    same = {unicodedata.normalize("NFC", name): name for name in present}
    for entries in (*bag.payload.values(), *bag.tags.values()):
        for path in entries:
            if path not in bag.tree.files and same.get(unicodedata.normalize("NFC", path)) is None:
                bag.found.add("not-fetched" if path in fetched else "missing", path)
    normal = {unicodedata.normalize("NFC", path) for path in listed}
    for path in sorted(present):
        if unicodedata.normalize("NFC", path) not in normal:
            bag.found.add("extra", path)
    if bag.is_final:
        # RFC 8493, 2.1.3: every payload manifest lists every payload file.
        for algorithm, entries in bag.payload.items():
            for path in sorted(listed - set(entries)):
                bag.found.add("not-in-all", f"manifest-{algorithm}.txt: {path}")


def _compare_digests(bag: _Bag) -> None:
    wanted: dict[str, dict[str, str]] = {}
    names = {unicodedata.normalize("NFC", name): name for name in bag.tree.files}
    for group in (bag.payload, bag.tags):
        for algorithm, entries in group.items():
            for path, digest in entries.items():
                name = (
                    path
                    if path in bag.tree.files
                    else names.get(unicodedata.normalize("NFC", path))
                )
                if name is not None:
                    if name != path:
                        bag.found.warn("normalization", path)
                    wanted.setdefault(name, {})[algorithm] = digest
    for name, digests in wanted.items():
        if digests_in(bag.tree, name, digests) != digests:
            bag.found.add("changed", name)


def _compare_size(bag: _Bag) -> None:
    for name in ("bag-info.txt", "package-info.txt"):
        if name not in bag.tree.files:
            continue
        match = _OXUM.search("\n".join(_lines(bag, name)))
        if match is None:
            continue
        sizes = [size for path, size in bag.tree.files.items() if path.startswith(PAYLOAD)]
        if (sum(sizes), len(sizes)) != (int(match[1]), int(match[2])):
            bag.found.add("oxum", name)
