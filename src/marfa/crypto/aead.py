"""Sealing one value: AES-256-GCM (NIST SP 800-38D) with its place bound in.

A sealed value is ``version (1) | key version (4) | nonce (12) | ciphertext | tag (16)``; the
header is authenticated too. Nonces are random, so one key seals at most 2**32 values
(SP 800-38D, 8.3); a data key for each person or file stays far below.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.keys import Key

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = 5
OVERHEAD = HEADER_BYTES + NONCE_BYTES + TAG_BYTES


def seal_bytes(key: Key, plaintext: bytes, context: Context) -> bytes:
    """The value, sealed for this place; 33 bytes longer than the plaintext."""
    header = bytes([VERSION]) + context.key_version.to_bytes(4, "big")
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key.expose()).encrypt(nonce, plaintext, header + context.encode())
    return header + nonce + sealed


def open_sealed(key: Key, sealed: bytes, context: Context) -> bytes:
    """What was sealed for this place.

    Raises NotAuthenticError when key, place or content are not what they were,
    UnknownVersionError for a header of a later release.
    """
    if len(sealed) < OVERHEAD:
        raise NotAuthenticError
    if sealed[0] != VERSION:
        raise UnknownVersionError
    header, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
    nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    try:
        return AESGCM(key.expose()).decrypt(nonce, body, header + context.encode())
    except InvalidTag:
        raise NotAuthenticError from None


def key_version_of(sealed: bytes) -> int:
    """The version of the key that the header names, to find that key; not yet authenticated."""
    if len(sealed) < OVERHEAD:
        raise NotAuthenticError
    if sealed[0] != VERSION:
        raise UnknownVersionError
    return int.from_bytes(sealed[1:HEADER_BYTES], "big")
