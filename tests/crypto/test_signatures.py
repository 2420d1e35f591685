"""Ed25519 against the vectors of RFC 8032, section 7.1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.crypto.keys import Key
from marfa.crypto.signatures import is_signed, public_key, public_key_fingerprint, sign_message

VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
        "f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc(secret: str, public: str, message: str, signature: str) -> None:
    key = Key.from_hex(secret)
    assert public_key(key).hex() == public
    assert sign_message(key, bytes.fromhex(message)).hex() == signature
    assert is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


@given(st.binary(max_size=40), st.integers(0, 511))
def test_a_signature_holds_for_its_message_and_key_alone(message: bytes, bit: int) -> None:
    key = Key(bytes(range(32)))
    signature = sign_message(key, message)
    assert is_signed(public_key(key), message, signature)
    assert not is_signed(public_key(Key(bytes(32))), message, signature)
    assert not is_signed(public_key(key), message + b"x", signature)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_signed(public_key(key), message, bytes(changed))


def test_what_is_no_key_signs_nothing() -> None:
    assert not is_signed(b"short", b"", bytes(64))
    assert not is_signed(public_key(Key(bytes(32))), b"", b"short")
    assert public_key_fingerprint(public_key(Key(bytes(32)))) == "139e3940e64b5491"
