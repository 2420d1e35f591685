"""Keys that do not show themselves, and keys derived from them."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import logging
import pickle
import traceback

import pytest

from marfa.crypto.key_derivation import derive_key
from marfa.crypto.keys import Key

SECRET = bytes(range(32))


def test_a_key_shows_itself_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    key = Key(SECRET)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").warning("%s %r %s", key, key, {"key": key})
    try:
        raise RuntimeError(key)
    except RuntimeError:
        trace = traceback.format_exc()
    for shown in (f"{key} {key!r} {[key]}", caplog.text, trace):
        assert "hidden" in shown
        assert SECRET.hex() not in shown
        assert repr(SECRET)[2:10] not in shown


def test_a_key_is_not_carried_off() -> None:
    key = Key(SECRET)
    for carry in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, hash, vars, bytes):
        with pytest.raises(TypeError):
            carry(key)  # type: ignore[call-overload]


def test_what_is_no_key_is_refused_without_repeating_it() -> None:
    for wrong in ("ab" * 31, "zz" * 32, ""):
        with pytest.raises(ValueError, match="key") as caught:
            Key.from_hex(wrong)
        assert not wrong or wrong not in str(caught.value)


def test_equal_by_content() -> None:
    assert Key(SECRET) == Key.from_hex(SECRET.hex())
    assert Key(SECRET) != Key.random()
    assert Key(SECRET) != SECRET


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869, sections 2.2 and 2.3, for one block of SHA-256."""
    extracted = hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def test_the_second_hkdf_is_right() -> None:
    """RFC 5869, A.1: the first 32 bytes of its output."""
    made = hkdf(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)))
    assert made.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


@pytest.mark.parametrize("salt", [None, b"salt"])
def test_derived_keys(salt: bytes | None) -> None:
    key = derive_key(Key(SECRET), "files/wrap", salt=salt)
    assert key.expose() == hkdf(SECRET, salt or b"", b"marfa/1/files/wrap")
    assert key != derive_key(Key(SECRET), "files/wrap2", salt=salt)
    with pytest.raises(ValueError, match="purpose"):
        derive_key(Key(SECRET), "")
