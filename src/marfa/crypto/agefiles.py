"""Files for somebody outside, in the age format, which their own program opens.

Source: the age file encryption format, age-encryption.org/v1 (C2SP, ``age.md``): X25519 recipients
(``age1...``) and scrypt passphrases. The library chooses the cost of scrypt.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import BinaryIO

WORDS = 7
"""Of a passphrase: 70 bits, each word one of the 1,024 of SLIP-0039, which no ear confuses."""

GROUPS, GROUP = 6, 5


def read_age_key(text: str) -> str:
    """A public key as it is written; raises ValueError for what is none."""
    import pyrage  # of the extra "exchange"

    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip().lower()))
    except (pyrage.RecipientError, ValueError):
        raise ValueError("this is no public key of age") from None


def age_key_fingerprint(key: str) -> str:
    """Thirty digits in groups of five by which two people compare a public key by voice: the first
    of SHA-256 over its text, about 99 bits."""
    digest = int.from_bytes(hashlib.sha256(read_age_key(key).encode()).digest(), "big")
    digits = f"{digest % 10 ** (GROUPS * GROUP):0{GROUPS * GROUP}d}"
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))


def lock_to_key(content: bytes, key: str) -> bytes:
    """The content, to be opened with the private key that belongs to a public one. Raises
    ValueError for what is no public key."""
    import pyrage

    recipient = pyrage.x25519.Recipient.from_str(read_age_key(key))
    return bytes(pyrage.encrypt(content, [recipient]))


def lock_to_phrase(content: bytes, phrase: str) -> bytes:
    """The content, to be opened with a passphrase. Raises ValueError for one that ``new_phrase``
    did not make: nobody chooses a weaker one."""
    import pyrage

    if not is_phrase(phrase):
        raise ValueError("this passphrase was not made here")
    return bytes(pyrage.passphrase.encrypt(content, phrase))


def encrypt_stream(source: BinaryIO, target: BinaryIO, keys: Iterable[str]) -> None:
    """Encrypt what ``source`` holds to everybody whose public key is named, in bounded memory.

    Raises ValueError for what is no public key, and where there is none.
    """
    import pyrage

    recipients = [pyrage.x25519.Recipient.from_str(read_age_key(key)) for key in keys]
    if not recipients:
        raise ValueError("a file is encrypted to somebody")
    pyrage.encrypt_io(source, target, recipients)


def decrypt_stream(source: BinaryIO, target: BinaryIO, private_key: str) -> None:
    """Decrypt a file with a private key (``AGE-SECRET-KEY-1...``), in bounded memory.

    What was written before a damaged place was found stands in ``target``: whoever calls throws
    it away. Raises ValueError for a key that is none, does not open the file, or a damaged file.
    """
    import pyrage

    try:
        identity = pyrage.x25519.Identity.from_str(private_key.strip().upper())
    except (pyrage.IdentityError, ValueError):
        raise ValueError("this is no private key of age") from None
    try:
        pyrage.decrypt_io(source, target, [identity])
    except (pyrage.DecryptError, OSError) as error:
        raise ValueError("this key does not open the file, or the file is damaged") from error


def new_phrase() -> str:
    """A new passphrase of words. It is kept nowhere."""
    from shamir_mnemonic.wordlist import WORDLIST

    return " ".join(secrets.choice(WORDLIST) for _ in range(WORDS))


def is_phrase(text: str) -> bool:
    """Whether a text has the form of what ``new_phrase`` makes."""
    from shamir_mnemonic.wordlist import WORDLIST

    words = text.split(" ")
    return len(words) == WORDS and set(words) <= set(WORDLIST)
