"""Sealing to a person: whoever has the public key closes a box, and the private key alone opens it.

HPKE (RFC 9180) in base mode, one message a box, with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256
and AES-256-GCM. The place is the ``info`` of the RFC, so that a box opens nowhere else. A box does
not tell who closed it: that is for the log.

A box is ``version (1) | encapsulated key (32) | ciphertext | tag (16)``.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.keys import KEY_BYTES, Key

VERSION = 1
OVERHEAD = 1 + 32 + 16
PREFIX = b"marfa/box/1/"

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def new_private_key() -> Key:
    """A new private key; every 32 bytes are one (RFC 7748, section 5)."""
    return Key.random()


def public_key_of(private: Key) -> bytes:
    """The public key, 32 bytes."""
    return _private(private).public_key().public_bytes_raw()


def close_box(content: bytes, *, to: bytes, context: Context) -> bytes:
    """The content, sealed for one place to whoever holds the private key of ``to``.

    to: a public key of 32 bytes; raises ValueError for one that is none.
    """
    if len(to) != KEY_BYTES:
        raise ValueError("a public key has 32 bytes")
    public = X25519PublicKey.from_public_bytes(to)
    return bytes([VERSION]) + _SUITE.encrypt(content, public, PREFIX + context.encode())


def open_box(box: bytes, *, private: Key, context: Context) -> bytes:
    """The content of a box.

    Raises NotAuthenticError where the box is for another key or place or was changed,
    UnknownVersionError for one of a later release.
    """
    if len(box) < OVERHEAD:
        raise NotAuthenticError
    if box[0] != VERSION:
        raise UnknownVersionError
    try:
        return _SUITE.decrypt(box[1:], _private(private), PREFIX + context.encode())
    except (InvalidTag, ValueError):
        raise NotAuthenticError from None


def _private(key: Key) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(key.expose())
