"""Two of several people: any two points give the key, one fits every key."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic.shamir import RawShare, _interpolate

from marfa.crypto.keys import Key
from marfa.crypto.lines import Point, _inverse, _times, key_between, points_of

KEYS = st.binary(min_size=32, max_size=32)
PLACES = st.lists(st.integers(1, 255), min_size=2, max_size=5, unique=True)


@given(KEYS, PLACES)
def test_any_two_give_the_key_here_and_in_another_implementation(
    secret: bytes, places: list[int]
) -> None:
    points = points_of(Key(secret), places)
    for one, other in itertools.permutations(points, 2):
        assert key_between(one, other) == Key(secret)
    first, second = points[:2]
    shares = [RawShare(first.at, first.height), RawShare(second.at, second.height)]
    assert _interpolate(shares, 0) == secret


@given(KEYS, KEYS, st.integers(1, 255), st.integers(1, 255))
def test_one_point_fits_every_key(height: bytes, any_key: bytes, at: int, elsewhere: int) -> None:
    """For each point and each key there is a second point: one share tells nothing."""
    if at == elsewhere:
        return
    one = Point(at, height)
    # The line through (0, key) and the point, at the other place.
    ratio = _times(elsewhere, _inverse(at))
    other = Point(
        elsewhere,
        bytes(k ^ _times(ratio, h ^ k) for h, k in zip(height, any_key, strict=True)),
    )
    assert key_between(one, other) == Key(any_key)


def test_the_field_is_that_of_aes() -> None:
    # FIPS 197, section 4.2: {57} x {83} = {c1}; every inverse undoes.
    assert _times(0x57, 0x83) == 0xC1
    assert all(_times(a, _inverse(a)) == 1 for a in range(1, 256))


def test_two_lines_through_one_key_differ() -> None:
    key = Key.random()
    assert points_of(key, (1, 2)) != points_of(key, (1, 2))


@pytest.mark.parametrize("places", [(), (1,), (1, 1), (0, 1), (1, 256)])
def test_places_that_make_no_sense(places: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"two|1 to 255"):
        points_of(Key.random(), places)
    point = Point(7, bytes(32))
    with pytest.raises(ValueError, match="two places"):
        key_between(point, point)


def test_a_point_is_written_and_read_and_does_not_show_itself() -> None:
    point = points_of(Key.random(), (3, 9))[1]
    assert Point.decode(point.encode()) == point
    assert point.height.hex() not in repr(point)
    for wrong in (b"", b"\0" + bytes(32), bytes([1]) + bytes(31)):
        with pytest.raises(ValueError, match="point"):
            Point.decode(wrong)
