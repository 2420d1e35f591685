"""A key between any two of several people: a line over GF(256), byte by byte.

Shamir, "How to share a secret", Communications of the ACM 22 (1979), with threshold two: the key is
where the line crosses zero, a share is one of its other points. One point lies on a line to every
key, so one share alone tells nothing; two points give the line.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

from marfa.crypto.keys import KEY_BYTES, Key

MOST = 255


@dataclass(frozen=True)
class Point:
    """A share: where on the line (1 to 255), and 32 bytes of its height."""

    at: int
    height: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not 0 < self.at <= MOST or len(self.height) != KEY_BYTES:
            raise ValueError("a point stands at 1 to 255 and has 32 bytes")

    def encode(self) -> bytes:
        return bytes([self.at]) + self.height

    @classmethod
    def decode(cls, data: bytes) -> Point:
        """Raises ValueError for what is no point."""
        return cls(data[0] if data else 0, data[1:])


def points_of(key: Key, places: Collection[int]) -> tuple[Point, ...]:
    """Points of a new line through the key, one for each place; raises ValueError for fewer than
    two places, for one that occurs twice, and outside 1 to 255."""
    if len(places) < 2 or len(set(places)) != len(places):
        raise ValueError("a key is shared between at least two")
    if not all(0 < at <= MOST for at in places):
        raise ValueError("a point stands at 1 to 255")
    secret, slope = key.expose(), secrets.token_bytes(KEY_BYTES)
    return tuple(
        Point(at, bytes(s ^ _times(at, a) for s, a in zip(secret, slope, strict=True)))
        for at in places
    )


def key_between(one: Point, other: Point) -> Key:
    """The key that two points give. Any two do; whether it is the right one shows when it opens
    something. Raises ValueError for the same place twice."""
    if one.at == other.at:
        raise ValueError("two points of a line stand at two places")
    # Lagrange at zero; in this field minus is plus.
    weight = _times(other.at, _inverse(one.at ^ other.at))
    weight_other = _times(one.at, _inverse(one.at ^ other.at))
    return Key(
        bytes(
            _times(weight, a) ^ _times(weight_other, b)
            for a, b in zip(one.height, other.height, strict=True)
        )
    )


def _times(a: int, b: int) -> int:
    """Product in GF(256) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197, section 4.2)."""
    product = 0
    for _ in range(8):
        product ^= a * (b & 1)
        a = (a << 1) ^ (0x11B * (a >> 7))
        b >>= 1
    return product


def _inverse(a: int) -> int:
    """a to the 254th power: all but zero have 255 powers."""
    result, power = 1, a
    for _ in range(7):
        power = _times(power, power)
        result = _times(result, power)
    return result
