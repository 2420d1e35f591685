"""A stream that was cut, reordered, lengthened, spliced or changed does not open."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.keys import Key
from marfa.crypto.stream import (
    CHUNK,
    HEADER,
    SEALED_CHUNK,
    StreamOpener,
    StreamSealer,
    chunks_of,
    place_of,
    sealed_size,
)

KEY = Key(bytes(range(32)))
CONTEXT = b"here"


def sealed_chunks(content: bytes, key: Key = KEY, context: bytes = CONTEXT) -> list[bytes]:
    sealer = StreamSealer(key, context)
    count = chunks_of(len(content))
    return [
        sealer.seal(n, content[n * CHUNK : (n + 1) * CHUNK], last=n == count - 1)
        for n in range(count)
    ]


def opened(chunks: list[bytes], key: Key = KEY, context: bytes = CONTEXT) -> bytes:
    opener = StreamOpener(key, context)
    last = len(chunks) - 1
    return b"".join(opener.open(n, chunk, last=n == last) for n, chunk in enumerate(chunks))


CONTENT = random.Random(1).randbytes(4 * CHUNK + 77)
SEALED = sealed_chunks(CONTENT)
OTHER = sealed_chunks(CONTENT, key=Key(bytes(32)))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_every_size_comes_back(size: int) -> None:
    chunks = sealed_chunks(CONTENT[:size])
    assert opened(chunks) == CONTENT[:size]
    assert sealed_size(size) == len(HEADER) + sum(map(len, chunks))
    assert place_of(len(chunks) - 1) == len(HEADER) + SEALED_CHUNK * (len(chunks) - 1)


@settings(max_examples=60)
@given(st.lists(st.integers(0, len(SEALED) - 1), max_size=7))
def test_only_all_chunks_in_their_order_open(order: list[int]) -> None:
    """Cut, reordered, repeated or left out: every list of chunks but the right one."""
    if order == list(range(len(SEALED))):
        assert opened([SEALED[n] for n in order]) == CONTENT
    elif order:
        with pytest.raises(NotAuthenticError):
            opened([SEALED[n] for n in order])


@settings(max_examples=30)
@given(st.integers(0, len(SEALED) - 1))
def test_a_chunk_of_another_file_does_not_open(number: int) -> None:
    """Not even the chunk of the same content in the same place."""
    spliced = [OTHER[n] if n == number else chunk for n, chunk in enumerate(SEALED)]
    with pytest.raises(NotAuthenticError):
        opened(spliced)


@settings(max_examples=40)
@given(st.integers(0, len(SEALED) - 1), st.integers(0, 2**40))
def test_any_changed_bit_is_found(number: int, draw: int) -> None:
    chunk = bytearray(SEALED[number])
    bit = draw % (len(chunk) * 8)
    chunk[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NotAuthenticError):
        StreamOpener(KEY, CONTEXT).open(number, bytes(chunk), last=number == len(SEALED) - 1)


def test_the_place_of_the_stream_is_bound_in() -> None:
    with pytest.raises(NotAuthenticError):
        opened(SEALED, context=b"elsewhere")


def test_a_chunk_written_twice_never_repeats_its_nonce() -> None:
    sealer = StreamSealer(KEY, CONTEXT)
    assert len({sealer.seal(0, b"same", last=True)[:12] for _ in range(200)}) == 200


def test_a_short_chunk_in_the_middle_is_not_written() -> None:
    sealer = StreamSealer(KEY, CONTEXT)
    for wrong, last in ((b"short", False), (bytes(CHUNK + 1), True)):
        with pytest.raises(ValueError, match="full"):
            sealer.seal(0, wrong, last=last)


def test_the_header_is_checked() -> None:
    StreamOpener.check_header(HEADER)
    with pytest.raises(NotAuthenticError):
        StreamOpener.check_header(b"")
    with pytest.raises(UnknownVersionError):
        StreamOpener.check_header(b"\x02")
