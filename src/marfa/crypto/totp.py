"""One-time codes that a clock makes: TOTP (RFC 6238) over HOTP (RFC 4226)."""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

SEED_BYTES = 20
"""As long as the output of the hash (RFC 4226, 4, R6)."""
DIGITS = 6
STEP_SECONDS = 30
DRIFT = 1
"""Steps by which the clocks of server and phone may differ, either way (RFC 6238, 5.2)."""


def new_seed() -> bytes:
    """160 random bits."""
    return secrets.token_bytes(SEED_BYTES)


def code_at(seed: bytes, step: int) -> str:
    """The code of a time step, six digits. SHA-1 is what every authenticator app knows; HMAC
    does not rest on its resistance to collisions."""
    return HOTP(seed, DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def step_of(seconds: float) -> int:
    """The time step of a moment in seconds since 1970, UTC."""
    return int(seconds // STEP_SECONDS)


def matching_step(seed: bytes, code: str, seconds: float) -> int | None:
    """The time step that a code belongs to, now or one beside it; None where it fits none.

    All steps are compared, so that the time taken does not tell which one fitted. Whoever asks
    sees to it that a step is accepted once (RFC 6238, 5.2).
    """
    now = step_of(seconds)
    found = None
    for step in range(max(0, now - DRIFT), now + DRIFT + 1):
        if hmac.compare_digest(code_at(seed, step).encode(), code.encode()):
            found = step
    return found


def seed_text(seed: bytes) -> str:
    """The seed as people type it into an app: base32 without padding."""
    return base64.b32encode(seed).decode().rstrip("=")


def provisioning_uri(seed: bytes, *, account: str, issuer: str) -> str:
    """What stands in the QR code: the key URI format that authenticator apps read."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    values = {"secret": seed_text(seed), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"
