"""Padding comes off again and hides the length."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.crypto.padding import BUCKETS, pad_value, unpad_value


@given(st.binary(max_size=10_000))
def test_padding_comes_off(value: bytes) -> None:
    padded = pad_value(value)
    assert unpad_value(padded) == value
    assert len(padded) in BUCKETS or len(padded) % BUCKETS[-1] == 0


def test_lengths_in_a_bucket_look_alike_and_sometimes_like_the_next() -> None:
    seen = Counter(len(pad_value(b"x" * length)) for length in range(29) for _ in range(100))
    assert set(seen) == {32, 64}
    assert 0.18 < seen[64] / seen.total() < 0.32  # one in four; beyond eight standard deviations


@pytest.mark.parametrize(
    "wrong", [b"", b"\0\0", b"\0\0\0\x05abc", b"\0\0\0\x01ab", b"\0\0\0\x01a\0\x01"]
)
def test_what_was_not_padded_is_refused(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="padded"):
        unpad_value(wrong)
