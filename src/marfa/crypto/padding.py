"""Padding of short values, so that a sealed name does not tell its length.

A value is filled up to a bucket; one time in four it goes into the next larger one, so that
not even the bucket says for certain in which range the length lies. Written many times, the
smallest bucket shows again: padding hides single values, not long observation.
"""

from __future__ import annotations

import secrets

BUCKETS = (32, 64, 128, 256, 512, 1024, 2048, 4096)
LENGTH_BYTES = 4
UP_ONE_IN = 4


def pad_value(value: bytes) -> bytes:
    """The value in a bucket: length (4 bytes), value, zeros. Beyond 4 KiB, multiples of 4 KiB."""
    fitting = _bucket(len(value) + LENGTH_BYTES)
    size = _bucket(fitting + 1) if secrets.randbelow(UP_ONE_IN) == 0 else fitting
    return (len(value).to_bytes(LENGTH_BYTES, "big") + value).ljust(size, b"\0")


def unpad_value(padded: bytes) -> bytes:
    """The value that was padded; raises ValueError for what ``pad_value`` did not make."""
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
    rest = padded[end:]
    # Counting is done in C; whether anything but zeros is there is asked for every name.
    if len(padded) < LENGTH_BYTES or end > len(padded) or rest.count(0) != len(rest):
        raise ValueError("this was not padded")
    return padded[LENGTH_BYTES:end]


def _bucket(size: int) -> int:
    largest = BUCKETS[-1]
    return next((b for b in BUCKETS if size <= b), -(-size // largest) * largest)
