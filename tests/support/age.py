"""Files of age that a passphrase opens, read as their receiver would."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK, TAG = 64 * 1024, 16
COSTLIEST = 20
"""Exponent of the largest cost that OpenSSL works on: it wants less than 2 GiB."""


def cost_of(made: bytes) -> int:
    """The exponent of the cost that its writer chose for this machine."""
    return int(made.split(b"\n", 2)[1].split(b" ")[3])


def open_with_phrase(made: bytes, phrase: str) -> bytes:
    """What is inside, by another program's library; raises pyrage.DecryptError for a wrong phrase.

    The library measures how fast the machine is and refuses what it would work on for long. On a
    machine that is busy just now, the file is read by the published format instead.
    """
    try:
        return bytes(pyrage.passphrase.decrypt(made, phrase))
    except pyrage.DecryptError as error:
        if "Excessive work" not in str(error):
            raise
    try:
        return by_the_format(made, phrase)
    except InvalidTag:
        raise pyrage.DecryptError("another phrase") from None


def by_the_format(made: bytes, phrase: str) -> bytes:
    """Source: age-encryption.org/v1 (C2SP, ``age.md``), of a file with one scrypt stanza."""
    header, _, rest = made.partition(b"\n--- ")
    written_mac, _, payload = rest.partition(b"\n")
    _version, stanza, body = header.decode().split("\n")
    _arrow, kind, salt, cost = stanza.split(" ")
    assert kind == "scrypt"
    wrap = hashlib.scrypt(
        phrase.encode(),
        salt=b"age-encryption.org/v1/scrypt" + unpadded(salt),
        n=1 << int(cost),
        r=8,
        p=1,
        maxmem=min((2 << int(cost)) * 1024, 2**31 - 1),
        dklen=32,
    )
    file_key = ChaCha20Poly1305(wrap).decrypt(bytes(12), unpadded(body), None)
    expected = hmac.digest(derived(file_key, b"", b"header"), header + b"\n---", "sha256")
    assert hmac.compare_digest(unpadded(written_mac.decode()), expected)
    nonce, sealed = payload[:16], payload[16:]
    stream = ChaCha20Poly1305(derived(file_key, nonce, b"payload"))
    step = CHUNK + TAG
    pieces = [sealed[at : at + step] for at in range(0, len(sealed), step)]
    return b"".join(
        stream.decrypt(number.to_bytes(11, "big") + bytes([number == len(pieces) - 1]), piece, None)
        for number, piece in enumerate(pieces)
    )


def derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)


def unpadded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
