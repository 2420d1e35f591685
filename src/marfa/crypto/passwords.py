"""What is stored of a password: Argon2id (RFC 9106), slow on purpose and costly in memory."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SALT_BYTES = 16
HASH_BYTES = 32


@dataclass(frozen=True)
class Costs:
    """memory: KiB; passes over it; lanes that work at once."""

    memory: int
    passes: int
    lanes: int

    @property
    def text(self) -> str:
        """As they stand in a digest."""
        return f"$argon2id$v=19$m={self.memory},t={self.passes},p={self.lanes}$"


COSTS = Costs(memory=64 * 1024, passes=3, lanes=1)
"""64 MiB and three passes: the second choice of RFC 9106, section 4, on one lane, since the
server answers several people at once on a small machine."""


def normalise_password(password: str) -> bytes:
    """The password as bytes that do not depend on the keyboard: NFKC (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode()


def password_digest(password: str) -> str:
    """The digest with its salt and costs, in the usual ``$argon2id$`` form."""
    argon = Argon2id(
        salt=os.urandom(SALT_BYTES),
        length=HASH_BYTES,
        iterations=COSTS.passes,
        lanes=COSTS.lanes,
        memory_cost=COSTS.memory,
    )
    return argon.derive_phc_encoded(normalise_password(password))


def password_fits(digest: str, password: str) -> bool:
    """Whether a password gave this digest; takes as long where it did not."""
    try:
        Argon2id.verify_phc_encoded(normalise_password(password), digest)
    except InvalidKey:
        return False
    return True


def digest_is_old(digest: str) -> bool:
    """Whether it was made with other costs than today's, and should be made anew."""
    return not digest.startswith(COSTS.text)
