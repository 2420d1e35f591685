"""Keys as objects that do not show themselves: not in repr, logs, pickles or tracebacks."""

from __future__ import annotations

import hmac
import secrets
from typing import NoReturn

KEY_BYTES = 32


class Key:
    """256 bits of secret. The bytes come out by :meth:`expose` alone, so that it can be found.

    Python cannot promise to wipe memory; a key lives as long as something refers to it.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        """secret: exactly 32 bytes; raises ValueError otherwise, without repeating them."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._secret = bytes(secret)

    @classmethod
    def random(cls) -> Key:
        """A new key from the system's secure source."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_hex(cls, text: str) -> Key:
        """A key from 64 hexadecimal digits, as key files hold it; raises ValueError."""
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            raise ValueError("a key file holds hexadecimal digits") from None
        return cls(secret)

    def expose(self) -> bytes:
        """The secret itself."""
        return self._secret

    def __repr__(self) -> str:
        return "Key(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and hmac.compare_digest(self._secret, other._secret)

    # A hash would be a fingerprint of the secret.
    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled or copied")
