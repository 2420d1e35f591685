"""What keeps a sealed record shut, other than the charter."""

from __future__ import annotations


class LockedError(Exception):
    """The keys are not unlocked: never, not any more, or not for this person."""
