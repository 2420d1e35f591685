"""Signatures that anybody can check and only one can make: Ed25519 (RFC 8032)."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from marfa.crypto.keys import Key

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64


def public_key(key: Key) -> bytes:
    """The 32 bytes with which the signatures of a key are checked."""
    return _private(key).public_key().public_bytes_raw()


def sign_message(key: Key, message: bytes) -> bytes:
    """64 bytes over a message; the same for the same message."""
    return _private(key).sign(message)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature over exactly this message was made with the key behind ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key_fingerprint(public: bytes) -> str:
    """A short name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def _private(key: Key) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key.expose())
