"""Large content in chunks, each of which opens alone and only in its place.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizar, "Online Authenticated-Encryption
and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015, section 7): the number of a chunk and
whether it is the last are bound into it, so a stream that was cut, reordered, lengthened or
spliced does not open. In the paper both stand in the nonce. Here they stand in the associated
data and every chunk has a random nonce of its own, because an interrupted upload writes the same
chunk twice, perhaps with other content, and GCM must never meet a nonce again.

    stream = header (1: version) | chunk 0 | chunk 1 | ...
    chunk  = nonce (12) | ciphertext (CHUNK bytes, fewer in the last) | tag (16)

An empty stream has one empty chunk. One key serves one stream.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from marfa.crypto.aead import NONCE_BYTES, TAG_BYTES
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.keys import Key

VERSION = 1
HEADER = bytes([VERSION])
CHUNK = 256 * 1024
SEALED_CHUNK = NONCE_BYTES + CHUNK + TAG_BYTES

NONCES_AT_ONCE = 64

Buffer = bytes | bytearray | memoryview


def chunks_of(size: int) -> int:
    """How many chunks a content of ``size`` bytes has."""
    return max(1, -(-size // CHUNK))


def sealed_size(size: int) -> int:
    """Bytes of the whole stream for a content of ``size`` bytes."""
    return len(HEADER) + size + chunks_of(size) * (NONCE_BYTES + TAG_BYTES)


def place_of(number: int) -> int:
    """Where in the stream a chunk begins."""
    return len(HEADER) + number * SEALED_CHUNK


class StreamSealer:
    """Seals the chunks of one stream, in any order."""

    def __init__(self, key: Key, context: bytes) -> None:
        """context: what the stream belongs to (``Context.encode()``)."""
        self._cipher = AESGCM(key.expose())
        self._context = HEADER + context
        self._nonces = b""

    def _nonce(self) -> bytes:
        """Fresh random bytes, fetched for many chunks at once: each call gives up the lock of
        the interpreter, and beside a busy thread waits long to have it back."""
        if not self._nonces:
            self._nonces = os.urandom(NONCE_BYTES * NONCES_AT_ONCE)
        nonce, self._nonces = self._nonces[:NONCE_BYTES], self._nonces[NONCE_BYTES:]
        return nonce

    def seal_into(self, number: int, chunk: Buffer, *, last: bool, out: memoryview) -> int:
        """Seal a chunk into ``out`` and return how many bytes that took.

        Raises ValueError for a chunk that is not full and not the last.
        """
        if len(chunk) > CHUNK or (len(chunk) < CHUNK and not last):
            raise ValueError("all chunks but the last are full")
        nonce = self._nonce()
        end = NONCE_BYTES + len(chunk) + TAG_BYTES
        out[:NONCE_BYTES] = nonce
        associated = _associated(self._context, number, last)
        self._cipher.encrypt_into(nonce, chunk, associated, out[NONCE_BYTES:end])
        return end

    def seal(self, number: int, chunk: Buffer, *, last: bool) -> bytes:
        """The sealed chunk."""
        out = bytearray(NONCE_BYTES + len(chunk) + TAG_BYTES)
        self.seal_into(number, chunk, last=last, out=memoryview(out))
        return bytes(out)


class StreamOpener:
    """Opens the chunks of one stream, in any order."""

    def __init__(self, key: Key, context: bytes) -> None:
        self._cipher = AESGCM(key.expose())
        self._context = HEADER + context

    @staticmethod
    def check_header(header: bytes) -> None:
        """Raises NotAuthenticError for an empty stream, UnknownVersionError for a later one."""
        if not header:
            raise NotAuthenticError
        if header != HEADER:
            raise UnknownVersionError

    def open(self, number: int, sealed: Buffer, *, last: bool) -> bytes:
        """The chunk; raises NotAuthenticError unless it stands here in this stream, last or not."""
        if len(sealed) < NONCE_BYTES + TAG_BYTES:
            raise NotAuthenticError
        nonce, body = bytes(sealed[:NONCE_BYTES]), sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, body, _associated(self._context, number, last))
        except InvalidTag:
            raise NotAuthenticError from None


def _associated(context: bytes, number: int, last: bool) -> bytes:
    return number.to_bytes(8, "big") + bytes([last]) + context
