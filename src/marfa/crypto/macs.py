"""A short proof that a text was written by whoever has the key: HMAC with SHA-256 (RFC 2104)."""

from __future__ import annotations

import hashlib
import hmac

from marfa.crypto.keys import Key


def compute_mac(key: Key, text: bytes) -> bytes:
    """32 bytes."""
    return hmac.digest(key.expose(), text, hashlib.sha256)


def mac_fits(key: Key, text: bytes, given: bytes) -> bool:
    """Whether ``given`` is the MAC of the text, in a time that tells nothing."""
    return hmac.compare_digest(compute_mac(key, text), given)
