"""Merkle trees as in RFC 6962, section 2.1: one hash for many rows, and a proof for each.

An entry about a bulk action holds the root. Whoever has the rows can show that one of them was
among them without showing the others, and cannot show it of a row that was not. A log that only
grows shows by a consistency proof that what it was before is the beginning of what it is now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

LEAF = b"\x00"
NODE = b"\x01"
HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of a leaf. Its mark keeps a leaf from being taken for a node."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over the leaves in their order; of none, SHA-256 of nothing. Memory: logarithmic."""
    peaks: list[tuple[int, bytes]] = []
    for data in leaves:
        size, top = 1, leaf_hash(data)
        while peaks and peaks[-1][0] == size:
            top = node_hash(peaks.pop()[1], top)
            size *= 2
        peaks.append((size, top))
    if not peaks:
        return hashlib.sha256().digest()
    found = peaks.pop()[1]
    while peaks:
        found = node_hash(peaks.pop()[1], found)
    return found


def audit_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of one leaf (RFC 6962, 2.1.1), from the leaf upward.

    Raises IndexError where there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return [*audit_path(leaves[:half], index), merkle_root(leaves[half:])]
    return [*audit_path(leaves[half:], index - half), merkle_root(leaves[:half])]


def verify_path(data: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether a path shows that a leaf stands at ``index`` of ``size`` (RFC 9162, 2.1.3.2)."""
    return verify_inclusion(leaf_hash(data), index, size, path, expected)


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes
) -> bool:
    """As ``verify_path``, of the hash of a leaf."""
    if not 0 <= index < size or not _are_hashes(leaf, expected, *path):
        return False
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == expected


def verify_consistency(
    before: int, after: int, root_before: bytes, root_after: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a tree of ``after`` leaves begins with one of ``before`` (RFC 9162, 2.1.4.2).

    Nothing is proved of an empty tree: every tree begins with it.
    """
    if not 0 < before <= after:
        return False
    if before == after:
        # The same text twice is the same, also where it is no hash: the published cases have it so.
        return not proof and root_before == root_after
    if not _are_hashes(root_before, root_after, *proof):
        return False
    steps = [root_before, *proof] if before & (before - 1) == 0 else list(proof)
    if not steps:
        return False
    place, last = before - 1, after - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == root_before and second == root_after


Subtree = Callable[[int, int], bytes]
"""The root over the leaves from one place to before another, as whoever keeps a tree has it."""


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The audit path of a leaf among ``size``, from the leaf upward (RFC 9162, 2.1.3.1).

    Raises IndexError where there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError("no such leaf")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(before: int, after: int, subtree: Subtree) -> list[bytes]:
    """What shows that a tree of ``after`` leaves begins with one of ``before`` (RFC 9162,
    2.1.4.1). Raises IndexError unless 0 < before <= after."""
    if not 0 < before <= after:
        raise IndexError("no such tree")
    start, end, whole, path = 0, after, True, []
    while before != end:
        middle = start + _split(end - start)
        if before <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def subtree_root(start: int, end: int, hashes: Sequence[bytes]) -> bytes:
    """The root over hashes of leaves from ``start`` to before ``end``."""
    row = list(hashes[start:end])
    if not row:
        return hashlib.sha256().digest()
    while len(row) > 1:
        paired = [node_hash(a, b) for a, b in zip(row[::2], row[1::2], strict=False)]
        row = paired + row[len(paired) * 2 :]
    return row[0]


class Rows:
    """The rows of a tree, leaves first: each root below it is looked up and not hashed again."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._rows = [list(hashes)]
        while len(self._rows[-1]) > 1:
            row = self._rows[-1]
            pairs = zip(row[::2], row[1::2], strict=False)
            self._rows.append([node_hash(left, right) for left, right in pairs])

    def __len__(self) -> int:
        return len(self._rows[0])

    def root(self, start: int, end: int) -> bytes:
        """The root over the leaves from ``start`` to before ``end``."""
        size = end - start
        if size <= 0:
            return hashlib.sha256().digest()
        level = size.bit_length() - 1
        if size == 1 << level and start % size == 0:
            return self._rows[level][start >> level]
        middle = start + _split(size)
        return node_hash(self.root(start, middle), self.root(middle, end))


def _split(leaves: int) -> int:
    """The largest power of two below a number of leaves, at least two."""
    return 1 << (leaves - 1).bit_length() - 1


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
