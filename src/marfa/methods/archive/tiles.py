"""The tree of the log in tiles of 256 hashes, as C2SP ``tlog-tiles`` lays it out.

Tiles follow from the leaves and are made anew where they are not as the signed root says.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from marfa.crypto.merkle import HASH_BYTES, leaf_hash, node_hash, subtree_root
from marfa.methods.archive.durable import make_folders, remove_tree, replace_file, write_file
from marfa.methods.archive.layout import CHUNK, beside, tile_file

BUNDLE = "entries"
_LENGTH = 2


def bundle_of(leaves: Iterable[bytes]) -> bytes:
    """Entries with their lengths before them, as a file of ``tile/entries`` holds them."""
    return b"".join(len(leaf).to_bytes(_LENGTH, "big") + leaf for leaf in leaves)


def leaves_of(bundle: bytes) -> list[bytes]:
    """Raises ValueError for a bundle that ends within an entry."""
    found, at = [], 0
    while at < len(bundle):
        end = at + _LENGTH + int.from_bytes(bundle[at : at + _LENGTH], "big")
        if end > len(bundle):
            raise ValueError("a bundle of entries ends too early")
        found.append(bundle[at + _LENGTH : end])
        at = end
    return found


def hashes_of(tile: bytes) -> list[bytes]:
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def tile_widths(size: int) -> list[tuple[int, int]]:
    """For each level of a tree: how many full tiles, and how wide the partial one is (or 0)."""
    found = []
    while size:
        found.append(divmod(size, CHUNK))
        size //= CHUNK
    return found


class Tree:
    """The right edge of a tree that grows: for each level the hashes of its last, partial tile."""

    def __init__(self, size: int = 0, edges: list[list[bytes]] | None = None) -> None:
        self.size = size
        self._edges = edges or []
        self._leaves: list[bytes] = []

    @classmethod
    def load(cls, folder: Path, size: int) -> Tree:
        """From the tiles. Raises OSError and ValueError where they do not have that size."""
        edges = []
        for level, (full, width) in enumerate(tile_widths(size)):
            tile = tile_file(folder, str(level), full, width).read_bytes() if width else b""
            if len(tile) != width * HASH_BYTES:
                raise ValueError("a tile has not the size that its name says")
            edges.append(hashes_of(tile))
        tree = cls(size, edges)
        full, width = divmod(size, CHUNK)
        if width:
            tree._leaves = leaves_of(tile_file(folder, BUNDLE, full, width).read_bytes())
            if [leaf_hash(leaf) for leaf in tree._leaves] != edges[0]:
                raise ValueError("a bundle of entries is not that of its tile")
        return tree

    def root(self) -> bytes:
        """RFC 9162, 2.1.1: the parts of the tree from the right to the left."""
        found = b""
        for edge in self._edges:
            row = [*edge, found] if found else edge
            found = _fold(row) if row else b""
        return found or subtree_root(0, 0, [])

    def grow(self, leaves: list[bytes]) -> list[tuple[str, int, bytes]]:
        """Add leaves. Returns the tiles that became full: level, index, content."""
        full = []
        for leaf in leaves:
            self._leaves.append(leaf)
            self.size += 1
            full += self._push(0, leaf_hash(leaf), self.size - 1)
            if len(self._leaves) == CHUNK:
                full.append((BUNDLE, (self.size - 1) // CHUNK, bundle_of(self._leaves)))
                self._leaves = []
        return full

    def _push(self, level: int, value: bytes, place: int) -> list[tuple[str, int, bytes]]:
        if level == len(self._edges):
            self._edges.append([])
        edge = self._edges[level]
        edge.append(value)
        if len(edge) < CHUNK:
            return []
        index = place // CHUNK
        tile, above = b"".join(edge), subtree_root(0, CHUNK, edge)
        edge.clear()
        return [(str(level), index, tile), *self._push(level + 1, above, index)]

    def partial_tiles(self) -> list[tuple[str, int, int, bytes]]:
        """The last tile of each level: level, index, width, content."""
        found = []
        for level, (full, width) in enumerate(tile_widths(self.size)):
            if width:
                found.append((str(level), full, width, b"".join(self._edges[level])))
        full, width = divmod(self.size, CHUNK)
        if width:
            found.append((BUNDLE, full, width, bundle_of(self._leaves)))
        return found

    def store(self, folder: Path, full: list[tuple[str, int, bytes]]) -> None:
        """Write what became full, to the disk, and the partial tiles, which can be made anew."""
        for level, index, content in full:
            path = tile_file(folder, level, index, CHUNK)
            make_folders(path.parent)
            replace_file(path, content, beside=beside(folder, "tile"))
            remove_tree(path.with_name(path.name + ".p"))
        for level, index, width, content in self.partial_tiles():
            path = tile_file(folder, level, index, width)
            if not path.exists():
                make_folders(path.parent)
                write_file(path, content, sync=False)


def rebuild_tiles(folder: Path, leaves: Iterable[list[bytes]]) -> Tree:
    """All tiles anew from the leaves of each file of entries, in their order."""
    tree = Tree()
    for chunk in leaves:
        full = tree.grow(chunk)
        for level, index, width, _content in tree.partial_tiles():
            tile_file(folder, level, index, width).unlink(missing_ok=True)
        tree.store(folder, full)
    return tree


def _fold(row: list[bytes]) -> bytes:
    """The root over subtrees of equal size, of which the last may be smaller."""
    while len(row) > 1:
        paired = [node_hash(a, b) for a, b in zip(row[::2], row[1::2], strict=False)]
        row = paired + row[len(paired) * 2 :]
    return row[0]
