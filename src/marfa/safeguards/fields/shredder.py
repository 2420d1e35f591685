"""The shape of a shredder: it destroys one kind of data, wherever that is stored.

Small and of one purpose each, after the data shredders of pretix (``base/shredder.py``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from marfa.safeguards.fields.footprint import Footprint


class Shredder(ABC):
    """Destroys one kind of data, within the transaction of whoever calls it.

    code: what is counted under, in the log as well.
    handles: labels of the tables that it alone destroys; rows of all others are simply deleted.
    redacts: those of them whose rows stay, emptied of what identifies.
    """

    code: ClassVar[str]
    handles: ClassVar[frozenset[str]] = frozenset()
    redacts: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def found(self, footprint: Footprint) -> int:
        """How much there is; changes nothing."""

    @abstractmethod
    def shred(self, footprint: Footprint) -> int:
        """Destroy it; how much there was. Raises InputError where it cannot be done now."""
