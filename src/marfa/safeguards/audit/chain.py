"""How entries hang together: lanes, each a chain of hashes.

One chain alone would let one writer at a time commit. Entries are therefore written into lanes;
a writer takes the lowest lane that is free. Each lane is a chain of its own, from sequence 0 on,
and a signed head (``heads``) names the last entry of every lane. Where nobody writes at the same
time, and on SQLite always, there is one lane.
"""

from __future__ import annotations

import hashlib

LANES = 16
LANE_SHIFT = 48
GENESIS = bytes(32)
"""What stands before the first entry of a lane."""
DOMAIN = b"marfa/log/link/1\0"


def entry_place(lane: int, sequence: int) -> int:
    """Lane and sequence as one number, which orders entries by lane, then by sequence."""
    if not (0 <= lane < LANES and 0 <= sequence < 1 << LANE_SHIFT):
        raise ValueError("no such place in the log")
    return lane << LANE_SHIFT | sequence


def lane_of(place: int) -> int:
    return place >> LANE_SHIFT


def sequence_of(place: int) -> int:
    return place & ((1 << LANE_SHIFT) - 1)


def link_hash(place: int, previous: bytes, digest: bytes) -> bytes:
    """The hash of an entry: over its place, the hash before it, and the digest of its content."""
    return hashlib.sha256(DOMAIN + place.to_bytes(8, "big") + previous + digest).digest()
