"""Many values of one column, sealed and opened fast: what they share is worked out once.

The bytes are those of :mod:`marfa.crypto.aead`; the row is a UUID, written as its 32
hexadecimal digits.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from marfa.crypto.aead import HEADER_BYTES, NONCE_BYTES, OVERHEAD, VERSION
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.keys import Key
from marfa.crypto.padding import pad_value, unpad_value

ROW_DIGITS = 32
BODY = HEADER_BYTES + NONCE_BYTES


class Cipher:
    """A key that is ready to seal and open; it shows itself as little as ``Key`` does."""

    __slots__ = ("_aead",)

    def __init__(self, key: Key) -> None:
        self._aead = AESGCM(key.expose())

    def __repr__(self) -> str:
        return "Cipher(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled or copied")


class Column:
    """One column of one table, under one version of the keys that seal it."""

    __slots__ = ("_after", "_before", "_header")

    def __init__(self, table: str, column: str, key_version: int = 1) -> None:
        """Raises ValueError for what ``Context`` refuses."""
        whole = Context(table, column, "0" * ROW_DIGITS, key_version).encode()
        self._header = bytes([VERSION]) + key_version.to_bytes(4, "big")
        self._before = self._header + whole[: -ROW_DIGITS - 4]
        self._after = whole[-4:]

    def _place(self, row: str) -> bytes:
        if len(row) != ROW_DIGITS:
            raise ValueError("a row is named by the 32 digits of its key")
        return self._before + row.encode() + self._after

    def seal(self, cipher: Cipher, row: str, plaintext: bytes) -> bytes:
        """The value, padded and sealed for this row. row: the hexadecimal digits of its UUID."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = cipher._aead.encrypt(nonce, pad_value(plaintext), self._place(row))
        return self._header + nonce + sealed

    def open(self, cipher: Cipher, row: str, sealed: bytes) -> bytes:
        """What :meth:`seal` was given; raises NotAuthenticError, UnknownVersionError."""
        try:
            return unpad_value(self._open(cipher._aead, row, sealed))
        except InvalidTag:
            raise NotAuthenticError from None

    def unwrap(self, under: Cipher, row: str, wrapped: bytes) -> Cipher:
        """The key that ``key_wrap.wrap_key`` sealed for this row, ready for use."""
        cipher = Cipher.__new__(Cipher)
        try:
            cipher._aead = AESGCM(self._open(under._aead, row, wrapped))
        except InvalidTag:
            raise NotAuthenticError from None
        return cipher

    def unwrap_key(self, under: Cipher, row: str, wrapped: bytes) -> Key:
        """As :meth:`unwrap`, for a key that is to be wrapped anew."""
        try:
            return Key(self._open(under._aead, row, wrapped))
        except InvalidTag:
            raise NotAuthenticError from None

    def wrap(self, under: Cipher, row: str, key: Key) -> bytes:
        """A key, sealed by another for this row; keys have one length and are not padded."""
        nonce = os.urandom(NONCE_BYTES)
        return self._header + nonce + under._aead.encrypt(nonce, key.expose(), self._place(row))

    def unwrap_many(
        self, under: Cipher, rows: Iterable[tuple[str, bytes]]
    ) -> Iterator[tuple[str, Cipher]]:
        """(row, wrapped key) -> (row, key), in their order; raises as :meth:`unwrap`."""
        decrypt, new, ready = under._aead.decrypt, Cipher.__new__, AESGCM
        before, after = self._before, self._after
        try:
            for row, wrapped in rows:
                self._check(row, wrapped)
                place = before + row.encode() + after
                cipher = new(Cipher)
                cipher._aead = ready(decrypt(wrapped[HEADER_BYTES:BODY], wrapped[BODY:], place))
                yield row, cipher
        except InvalidTag:
            raise NotAuthenticError from None

    def open_many(self, rows: Iterable[tuple[Cipher, str, bytes]]) -> Iterator[bytes]:
        """(key, row, sealed) -> plaintext, in their order; raises as :meth:`open`."""
        before, after, remove = self._before, self._after, unpad_value
        try:
            for cipher, row, sealed in rows:
                self._check(row, sealed)
                place = before + row.encode() + after
                yield remove(cipher._aead.decrypt(sealed[HEADER_BYTES:BODY], sealed[BODY:], place))
        except InvalidTag:
            raise NotAuthenticError from None

    def _open(self, aead: AESGCM, row: str, sealed: bytes) -> bytes:
        self._check(row, sealed)
        place = self._before + row.encode() + self._after
        return aead.decrypt(sealed[HEADER_BYTES:BODY], sealed[BODY:], place)

    def _check(self, row: str, sealed: bytes) -> None:
        """Whether this can be a value of this column at all."""
        if sealed.startswith(self._header) and len(sealed) >= OVERHEAD and len(row) == ROW_DIGITS:
            return
        if len(sealed) >= OVERHEAD and sealed[0] != VERSION:
            raise UnknownVersionError
        raise NotAuthenticError
