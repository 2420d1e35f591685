"""Files for somebody outside, in the age format, which their own program opens.

Source: the age file encryption format, age-encryption.org/v1 (C2SP, ``age.md``): X25519 recipients
(``age1...``) and scrypt passphrases. The library chooses the cost of scrypt.
"""

from __future__ import annotations

import hashlib
import secrets

WORDS = 7
"""Of a passphrase: 70 bits, each word one of the 1,024 of SLIP-0039, which no ear confuses."""

GROUPS, GROUP = 6, 5


def read_age_key(text: str) -> str:
    """A public key as it is written; raises ValueError for what is none."""
    import pyrage  # of the extra "server"

    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip().lower()))
    except (pyrage.RecipientError, ValueError):
        raise ValueError("this is no public key of age") from None


def fingerprint(key: str) -> str:
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


def new_phrase() -> str:
    """A new passphrase of words. It is kept nowhere."""
    from shamir_mnemonic.wordlist import WORDLIST

    return " ".join(secrets.choice(WORDLIST) for _ in range(WORDS))


def is_phrase(text: str) -> bool:
    """Whether a text has the form of what ``new_phrase`` makes."""
    from shamir_mnemonic.wordlist import WORDLIST

    words = text.split(" ")
    return len(words) == WORDS and set(words) <= set(WORDLIST)
