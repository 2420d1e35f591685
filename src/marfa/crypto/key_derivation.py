"""One key for each purpose from one secret: HKDF with SHA-256 (RFC 5869)."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from marfa.crypto.keys import KEY_BYTES, Key

PREFIX = b"marfa/1/"


def derive_key(key: Key, purpose: str, *, salt: bytes | None = None) -> Key:
    """The key for a purpose.

    purpose: a constant of the program such as ``"files/wrap"`` (``info`` in RFC 5869, 2.3).
    salt: RFC 5869, 3.1; not needed where ``key`` is uniformly random already.
    Raises ValueError for an empty purpose.
    """
    if not purpose:
        raise ValueError("a derived key has a purpose")
    hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=PREFIX + purpose.encode())
    return Key(hkdf.derive(key.expose()))
