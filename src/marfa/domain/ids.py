"""Identifiers: keys inside the database, random references for what leaves it.

A key tells when it was made, so it never appears in a URL, a file name or an export; a
reference tells nothing.
"""

from __future__ import annotations

import re
import secrets
import uuid
from threading import Lock

from uuid6 import uuid7

REFERENCE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case: no i, l, o (read as digits) and no u."""

REFERENCE_LENGTH = 20
"""Twenty letters of five bits each: 100 bits, not to be guessed or counted through."""

_REFERENCE = re.compile(f"[{REFERENCE_ALPHABET}]{{{REFERENCE_LENGTH}}}")
_lock = Lock()


def new_id() -> uuid.UUID:
    """A new primary key: UUID version 7 (RFC 9562, section 5.7).

    Every key of one process is greater than the one before it, also across threads. A process
    that makes more than one in a millisecond runs ahead of the clock by a millisecond each, so
    the time inside a key is an ordering and not a record of when something happened.
    """
    with _lock:
        return uuid.UUID(int=uuid7().int)


def new_reference() -> str:
    """A new random reference for URLs and exports: 100 bits from the system's secure source."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


def is_reference(text: str) -> bool:
    """Whether the text has exactly the shape that :func:`new_reference` makes."""
    return _REFERENCE.fullmatch(text) is not None
