"""Where everything stands in the folder of an archive.

archive, key, README.txt     what it is, signed; the key that checks it; how to read it
checkpoint, tile/            the log as C2SP tlog-tiles has it: leaves are commitments
entries/                     what was committed to, in files of 256 entries, in clear codes
objects/                     an OCFL 1.1 storage root, one object an item
stamps/, witnesses/          foreign time and foreign signatures
private/                     the key that signs; left out of copies
staging/                     what is being written; nothing there is part of the archive
lock, index                  for one writer, and for a fast list
"""

from __future__ import annotations

import hashlib
from pathlib import Path

ARCHIVE, KEY, README, CHECKPOINT, LOCK, INDEX = (
    "archive",
    "key",
    "README.txt",
    "checkpoint",
    "lock",
    "index",
)
OBJECTS, ENTRIES, TILES, STAGING, PRIVATE, STAMPS, WITNESSES = (
    "objects",
    "entries",
    "tile",
    "staging",
    "private",
    "stamps",
    "witnesses",
)
SIGNER = f"{PRIVATE}/signer"
PENDING = f"{STAGING}/pending"

FILES = frozenset({ARCHIVE, KEY, README, CHECKPOINT, LOCK, INDEX})
FOLDERS = frozenset({OBJECTS, ENTRIES, TILES, STAGING, PRIVATE, STAMPS, WITNESSES})

CHUNK = 256
"""Entries in a full tile, and in a file of entries."""

TUPLE = 3
LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"
LAYOUT_CONFIG = {
    "extensionName": LAYOUT,
    "digestAlgorithm": "sha256",
    "tupleSize": TUPLE,
    "numberOfTuples": 1,
}
"""OCFL extension 0003: 4,096 folders by the digest of the identifier, objects named by it."""

LONGEST_NAME = 100


def beside(folder: Path, name: str) -> Path:
    """Where a file is made that then takes its place: whatever is left there is thrown away."""
    return folder / STAGING / f"new-{name}"


def object_path(item: str) -> str:
    """Where the object of an item stands below the folder of the archive."""
    digest = hashlib.sha256(item.encode("ascii")).hexdigest()
    name = item.replace(".", "%2e")
    if len(name) > LONGEST_NAME:
        name = f"{name[:LONGEST_NAME]}-{digest}"
    return f"{OBJECTS}/{digest[:TUPLE]}/{name}"


def numbered(index: int) -> str:
    """The path of a tile within its level: 1234067 is ``x001/x234/067`` (C2SP tlog-tiles)."""
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts))


def entries_file(folder: Path, chunk: int) -> Path:
    return folder / ENTRIES / f"{numbered(chunk)}.jsonl"


def tile_file(folder: Path, level: str, index: int, width: int) -> Path:
    """A tile of so many hashes; level: a number, or ``entries``."""
    name = numbered(index) + ("" if width == CHUNK else f".p/{width}")
    return folder / TILES / level / name
