"""Merkle trees as in RFC 6962, section 2.1: one hash for many rows, and a proof for each.

An entry about a bulk action holds the root. Whoever has the rows can show that one of them was
among them without showing the others, and cannot show it of a row that was not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

LEAF = b"\x00"
NODE = b"\x01"


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
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf_hash(data)
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
