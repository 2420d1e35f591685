"""What can go wrong with what is sealed. No text of these holds anything that was sealed."""

from __future__ import annotations


class VaultError(Exception):
    """Something of the vault was used in a way that it is not meant for."""


class VaultClosedError(VaultError):
    """A sealed value was read outside ``open_vault()``."""


class ErasedError(VaultError):
    """The person was erased: the key is destroyed and none is made again."""


class NoOwnerError(VaultError):
    """A row says neither whose it is nor to which record it belongs."""


class MovedError(VaultError):
    """A sealed value is where it was not sealed for: the row was copied or given to another
    person. It is opened and assigned anew."""
