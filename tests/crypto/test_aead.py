"""A sealed value opens with its key in its place, and otherwise not at all."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from marfa.crypto.aead import OVERHEAD, key_version_of, open_sealed, seal_bytes
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.key_wrap import unwrap_key, wrap_key
from marfa.crypto.keys import Key

KEY = Key(bytes(range(32)))
HERE = Context("people", "name", "0190", 3)
texts = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable())
contexts = st.builds(Context, texts, texts, texts, st.integers(1, 2**32 - 1))


@given(st.binary(max_size=300), contexts)
def test_what_was_sealed_opens_in_its_place_alone(value: bytes, context: Context) -> None:
    sealed = seal_bytes(KEY, value, context)
    assert len(sealed) == len(value) + OVERHEAD
    assert open_sealed(KEY, sealed, context) == value
    for other in (
        Context(context.table + "x", context.column, context.row, context.key_version),
        Context(context.table, context.column + "x", context.row, context.key_version),
        Context(context.table, context.column, context.row + "x", context.key_version),
        Context(context.table, context.column, context.row, context.key_version % 7 + 100),
    ):
        if other != context:
            with pytest.raises(NotAuthenticError):
                open_sealed(KEY, sealed, other)
    with pytest.raises(NotAuthenticError):
        open_sealed(Key.random(), sealed, context)


@given(contexts, contexts)
def test_two_places_never_look_the_same(first: Context, second: Context) -> None:
    assert (first.encode() == second.encode()) == (first == second)


def test_a_border_between_parts_cannot_be_moved() -> None:
    assert Context("ab", "c", "d").encode() != Context("a", "bc", "d").encode()


@given(st.binary(max_size=60), st.data())
def test_any_changed_bit_is_found(value: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal_bytes(KEY, value, HERE))
    bit = data.draw(st.integers(8, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NotAuthenticError):
        open_sealed(KEY, bytes(sealed), HERE)


@given(st.binary(max_size=60), st.data())
def test_any_cut_is_found(value: bytes, data: st.DataObject) -> None:
    sealed = seal_bytes(KEY, value, HERE)
    end = data.draw(st.integers(0, len(sealed) - 1))
    with pytest.raises(NotAuthenticError):
        open_sealed(KEY, sealed[:end], HERE)


def test_the_written_form_is_the_documented_one() -> None:
    """Taken apart with the cipher alone: version, key version, nonce, ciphertext with tag."""
    sealed = seal_bytes(KEY, b"value", HERE)
    assert sealed[:5] == b"\x01\x00\x00\x00\x03"
    place = b"\x00\x06people\x00\x04name\x00\x040190\x00\x00\x00\x03"
    cipher = AESGCM(bytes(range(32)))
    assert cipher.decrypt(sealed[5:17], sealed[17:], sealed[:5] + place) == b"value"
    assert key_version_of(sealed) == 3


def test_a_later_version_is_named_and_not_guessed() -> None:
    later = b"\x02" + seal_bytes(KEY, b"value", HERE)[1:]
    with pytest.raises(UnknownVersionError):
        open_sealed(KEY, later, HERE)
    with pytest.raises(UnknownVersionError):
        key_version_of(later)


def test_sealing_twice_shows_nothing_of_the_value() -> None:
    assert len({seal_bytes(KEY, b"same", HERE)[5:] for _ in range(100)}) == 100


def test_a_wrapped_key_opens_in_its_row_alone() -> None:
    key = Key.random()
    wrapped = wrap_key(key, under=KEY, context=HERE)
    assert unwrap_key(wrapped, under=KEY, context=HERE) == key
    with pytest.raises(NotAuthenticError):
        unwrap_key(wrapped, under=KEY, context=Context("people", "name", "0191", 3))
    with pytest.raises(NotAuthenticError):
        unwrap_key(wrapped, under=key, context=HERE)


@pytest.mark.parametrize(
    "wrong", [("", "c", "r", 1), ("t", "c", "r", 0), ("t", "c", "r" * 65536, 1)]
)
def test_a_place_has_all_its_parts(wrong: tuple[str, str, str, int]) -> None:
    with pytest.raises(ValueError, match=r"between|bytes"):
        Context(*wrong)
