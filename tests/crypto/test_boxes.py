"""Boxes against an HPKE of our own making, which is itself tried on the vector of RFC 9180."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from marfa.crypto import boxes
from marfa.crypto.boxes import close_box, new_private_key, open_box, public_key_of
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.keys import Key

PLACE = Context("sealed", "share", "row")


def _extract(salt: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), material, hashlib.sha256)


def _expand(secret: bytes, info: bytes, length: int) -> bytes:
    out, block, number = b"", b"", 0
    while len(out) < length:
        number += 1
        block = hmac.digest(secret, block + info + bytes([number]), hashlib.sha256)
        out += block
    return out[:length]


def hpke_open(
    private: bytes, enc: bytes, sealed: bytes, info: bytes, aad: bytes, key_bytes: int
) -> bytes:
    """RFC 9180, sections 4.1, 5.1 and 5.2: base mode, first message, AES-128 or AES-256-GCM."""
    own = X25519PrivateKey.from_private_bytes(private)
    shared = own.exchange(X25519PublicKey.from_public_bytes(enc))
    kem = b"KEM" + (0x20).to_bytes(2, "big")
    suite = b"HPKE" + b"".join(
        number.to_bytes(2, "big") for number in (0x20, 1, 1 if key_bytes == 16 else 2)
    )

    def extract(suite_id: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
        return _extract(salt, b"HPKE-v1" + suite_id + label + material)

    def expand(suite_id: bytes, secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        return _expand(
            secret, length.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + context, length
        )

    prk = extract(kem, b"", b"eae_prk", shared)
    secret = expand(kem, prk, b"shared_secret", enc + own.public_key().public_bytes_raw(), 32)
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"")
    context += extract(suite, b"", b"info_hash", info)
    schedule = extract(suite, secret, b"secret", b"")
    key = expand(suite, schedule, b"key", context, key_bytes)
    nonce = expand(suite, schedule, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed, aad)


def test_the_reference_opens_the_vector_of_the_rfc() -> None:
    # RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode.
    opened = hpke_open(
        bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
        bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
        bytes.fromhex(
            "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
            "6d8770ac83d07bea87e13c512a"
        ),
        bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
        b"Count-0",
        16,
    )
    assert opened == b"Beauty is truth, truth beauty"


@given(st.binary(max_size=200), st.binary(min_size=32, max_size=32))
def test_what_is_closed_here_opens_there(content: bytes, secret: bytes) -> None:
    box = close_box(content, to=public_key_of(Key(secret)), context=PLACE)
    assert len(box) == len(content) + boxes.OVERHEAD
    info = boxes.PREFIX + PLACE.encode()
    assert hpke_open(secret, box[1:33], box[33:], info, b"", 32) == content


def test_only_the_private_key_and_the_place_open_it() -> None:
    private = new_private_key()
    box = close_box(b"share", to=public_key_of(private), context=PLACE)
    assert open_box(box, private=private, context=PLACE) == b"share"
    with pytest.raises(NotAuthenticError):
        open_box(box, private=new_private_key(), context=PLACE)
    with pytest.raises(NotAuthenticError):
        open_box(box, private=private, context=Context("sealed", "share", "other row"))


@given(st.data())
def test_a_changed_or_cut_box_does_not_open(data: st.DataObject) -> None:
    private = Key(bytes(range(32)))
    box = bytearray(close_box(b"share", to=public_key_of(private), context=PLACE))
    place = data.draw(st.integers(1, len(box) - 1))
    if data.draw(st.booleans()):
        box[place] ^= data.draw(st.integers(1, 255))
        # The top bit of an X25519 key is ignored (RFC 7748, section 5), but it is bound in here.
    else:
        del box[place:]
    with pytest.raises(NotAuthenticError):
        open_box(bytes(box), private=private, context=PLACE)


def test_a_later_version_is_named() -> None:
    private = new_private_key()
    box = close_box(b"", to=public_key_of(private), context=PLACE)
    with pytest.raises(UnknownVersionError):
        open_box(b"\x02" + box[1:], private=private, context=PLACE)


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33), bytes(32)])
def test_what_is_no_public_key_is_refused(public: bytes) -> None:
    # 32 zeros are a point of small order: everybody could open the box.
    with pytest.raises(ValueError, match=r".*"):
        close_box(b"share", to=public, context=PLACE)
