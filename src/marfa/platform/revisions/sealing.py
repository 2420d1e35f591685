"""How drafts are sealed. The setting ``MARFA_DRAFT_SEALER`` names the class; there is none that
leaves them in clear."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from marfa.crypto.context import Context
from marfa.crypto.derive import derive
from marfa.crypto.padding import pad, unpad
from marfa.crypto.sealing import open_sealed, seal

DEFAULT = "marfa.platform.revisions.sealing.InstanceSealer"
PURPOSE = "revisions/drafts"


class Sealer(Protocol):
    """Seals bytes for one place; opened for another place they give an error."""

    def seal(self, plaintext: bytes, place: Context) -> bytes:
        """The sealed bytes; their length does not tell the plaintext's."""
        ...

    def open(self, sealed: bytes, place: Context) -> bytes:
        """The plaintext. Raises ``crypto.NotAuthenticError`` for anything else."""
        ...


class InstanceSealer:
    """Seals with a key derived from the key of the installation."""

    def __init__(self) -> None:
        self._key = derive(settings.FOLDER.instance_key, PURPOSE)

    def seal(self, plaintext: bytes, place: Context) -> bytes:
        return seal(self._key, pad(plaintext), place)

    def open(self, sealed: bytes, place: Context) -> bytes:
        return unpad(open_sealed(self._key, sealed, place))


def sealer() -> Sealer:
    """The sealer of this installation."""
    made: Sealer = import_string(getattr(settings, "MARFA_DRAFT_SEALER", DEFAULT))()
    return made
