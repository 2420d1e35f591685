"""Secrets of factors at rest: sealed under a key of the installation, each for its own place."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from marfa.crypto.context import Context
from marfa.crypto.derive import derive
from marfa.crypto.keys import Key
from marfa.crypto.sealing import open_sealed, seal

PURPOSE = "accounts/factors"


def _key() -> Key:
    instance_key: Key = settings.FOLDER.instance_key
    return derive(instance_key, PURPOSE)


def seal_secret(table: str, column: str, row: UUID, secret: bytes) -> bytes:
    """The secret, sealed for one column of one row."""
    return seal(_key(), secret, Context(table, column, str(row)))


def open_secret(table: str, column: str, row: UUID, sealed: bytes | memoryview) -> bytes:
    """What was sealed for this place; raises NotAuthenticError for anything else."""
    return open_sealed(_key(), bytes(sealed), Context(table, column, str(row)))
