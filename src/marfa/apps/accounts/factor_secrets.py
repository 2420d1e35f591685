"""Secrets of factors at rest: sealed under a key of the installation, each for its own place."""

from __future__ import annotations

from uuid import UUID

from marfa.crypto.aead import key_version_of, open_sealed, seal_bytes
from marfa.crypto.context import Context
from marfa.platform.keys.instance import current_version, instance_key

PURPOSE = "accounts/factors"


def seal_secret(
    table: str, column: str, row: UUID, secret: bytes, version: int | None = None
) -> bytes:
    """The secret, sealed for one column of one row. version: of the key; None is the present."""
    version = version or current_version()
    return seal_bytes(
        instance_key(version, PURPOSE), secret, Context(table, column, str(row), version)
    )


def open_secret(table: str, column: str, row: UUID, sealed: bytes | memoryview) -> bytes:
    """What was sealed for this place; raises NotAuthenticError for anything else."""
    version = key_version_of(bytes(sealed))
    place = Context(table, column, str(row), version)
    return open_sealed(instance_key(version, PURPOSE), bytes(sealed), place)


def reseal_secret(
    table: str, column: str, row: UUID, sealed: bytes, version: int
) -> dict[str, object]:
    """The column, sealed by another version of the key."""
    secret = open_secret(table, column, row, sealed)
    return {column: seal_secret(table, column, row, secret, version)}
