"""A key sealed by another. Whoever destroys the wrap has erased what the key sealed.

Wrapping is sealing (AES-256-GCM) and not AES Key Wrap (RFC 3394), since that binds no place:
a wrap could be moved to another row.
"""

from __future__ import annotations

from marfa.crypto.aead import open_sealed, seal_bytes
from marfa.crypto.context import Context
from marfa.crypto.keys import Key


def wrap_key(key: Key, *, under: Key, context: Context) -> bytes:
    """``key``, sealed by ``under`` for one place."""
    return seal_bytes(under, key.expose(), context)


def unwrap_key(wrapped: bytes, *, under: Key, context: Context) -> Key:
    """The key that was wrapped; raises NotAuthenticError like ``open_sealed``."""
    return Key(open_sealed(under, wrapped, context))
