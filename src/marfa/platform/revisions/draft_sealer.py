"""How drafts are sealed. The setting ``MARFA_DRAFT_SEALER`` names the class; there is none that
leaves them in clear."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from marfa.crypto.aead import key_version_of, open_sealed, seal_bytes
from marfa.crypto.context import Context
from marfa.crypto.padding import pad_value, unpad_value
from marfa.platform.keys.instance import current_version, instance_key

DEFAULT = "marfa.platform.revisions.draft_sealer.InstanceSealer"
PURPOSE = "revisions/drafts"


class Sealer(Protocol):
    """Seals bytes for one place; opened for another place they give an error."""

    def seal(self, plaintext: bytes, place: Context) -> bytes:
        """The sealed bytes; their length does not tell the plaintext's."""
        ...

    def seal_under(self, version: int, plaintext: bytes, place: Context) -> bytes:
        """As :meth:`seal`, with a given version of the instance key."""
        ...

    def open(self, sealed: bytes, place: Context) -> bytes:
        """The plaintext. Raises ``crypto.NotAuthenticError`` for anything else."""
        ...


class InstanceSealer:
    """Seals with a key derived from a version of the instance key, which the sealed bytes name."""

    def seal(self, plaintext: bytes, place: Context) -> bytes:
        return self.seal_under(current_version(), plaintext, place)

    def seal_under(self, version: int, plaintext: bytes, place: Context) -> bytes:
        """Seal with a given version of the instance key."""
        key = instance_key(version, PURPOSE)
        return seal_bytes(key, pad_value(plaintext), replace(place, key_version=version))

    def open(self, sealed: bytes, place: Context) -> bytes:
        version = key_version_of(sealed)
        key = instance_key(version, PURPOSE)
        return unpad_value(open_sealed(key, sealed, replace(place, key_version=version)))


def load_sealer() -> Sealer:
    """The sealer of this installation."""
    made: Sealer = import_string(getattr(settings, "MARFA_DRAFT_SEALER", DEFAULT))()
    return made
