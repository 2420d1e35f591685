"""Keys that may be rolled back yet: what they sealed could not be opened by anybody then.

A row that fails takes the key of its new person back with it, and whoever goes on in the same unit
of work must neither seal with that key again nor save what it sealed.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from marfa.crypto.columns import Cipher


class Doubt:
    """Whether a key that was made in a transaction is stored. key: to open what it sealed."""

    __slots__ = ("_committed", "key")

    def __init__(self, key: Cipher) -> None:
        self.key = key
        self._committed = False

    @classmethod
    def of(cls, key: Cipher) -> Doubt:
        """The doubt about a key that was stored just now; it ends when that is committed."""
        made = cls(key)
        transaction.on_commit(made)
        return made

    def __call__(self) -> None:
        self._committed = True

    def is_lost(self) -> bool:
        """Whether the key was rolled back. Django forgets, with what it rolls back, whatever was
        to be done at the commit; the newest stand last."""
        waiting = reversed(connection.run_on_commit)
        return not self._committed and not any(each[1] is self for each in waiting)

    def __repr__(self) -> str:
        return "Doubt(hidden)"

    def __copy__(self) -> Doubt:
        return self

    def __deepcopy__(self, memo: Any) -> Doubt:
        return self

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        # What it hangs on may be pickled; the key is not.
        return type(None), ()
