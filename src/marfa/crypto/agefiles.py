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


class NotForThisKeyError(ValueError):
    """Nothing in the beginning of the file opens with the key: it is for somebody else, or the part
    that is for this key was changed, which cannot be told apart."""


class CutShortError(ValueError):
    """The file ends within its beginning."""


class DamagedError(ValueError):
    """The file is no file of age, or not as it was written: changed, cut or lengthened."""


def decrypt_stream(source: BinaryIO, target: BinaryIO, *private_keys: str) -> None:
    """Decrypt a file with the one of some private keys (``AGE-SECRET-KEY-1...``) that opens it, in
    bounded memory.

    What was written before a damaged place was found stands in ``target``: whoever calls throws
    it away. Raises ValueError for a key that is none; NotForThisKeyError, CutShortError or
    DamagedError, which are ValueError too; and what ``target`` raises as it is.
    """
    import pyrage

    try:
        identities = [pyrage.x25519.Identity.from_str(key.strip().upper()) for key in private_keys]
    except (pyrage.IdentityError, ValueError):
        raise ValueError("this is no private key of age") from None
    try:
        pyrage.decrypt_io(source, target, identities)
    except pyrage.DecryptError as error:
        raise _why_closed(str(error)) from error
    except OSError as error:
        if error.errno is not None:
            raise  # of the disk, and not of the file
        raise DamagedError("the file is damaged") from error


def _why_closed(said: str) -> ValueError:
    """By the words of the library, which has one exception for all of it."""
    if "No matching keys" in said:
        return NotForThisKeyError("this key does not open the file")
    if "failed to fill" in said or "Incomplete" in said:
        return CutShortError("the file is damaged: it was cut")
    return DamagedError("the file is damaged, or no file of age")


def new_age_key() -> tuple[str, str]:
    """A new private key, and the public one that belongs to it, as text."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def read_identities(text: str) -> list[str]:
    """The private keys of an identity file, as ``age-keygen`` writes it: one a line, comments
    behind #. Raises ValueError for a file that holds none."""
    found = [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]
    if not found or not all(line.upper().startswith("AGE-SECRET-KEY-1") for line in found):
        raise ValueError("this file holds no private key of age")
    return found


def new_phrase() -> str:
    """A new passphrase of words. It is kept nowhere."""
    from shamir_mnemonic.wordlist import WORDLIST

    return " ".join(secrets.choice(WORDLIST) for _ in range(WORDS))


def is_phrase(text: str) -> bool:
    """Whether a text has the form of what ``new_phrase`` makes."""
    from shamir_mnemonic.wordlist import WORDLIST

    words = text.split(" ")
    return len(words) == WORDS and set(words) <= set(WORDLIST)
