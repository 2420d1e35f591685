"""Opening: within ``open_vault()`` sealed fields can be read; outside they cannot.

The keys that were needed are kept for this unit of work and forgotten at its end. Who may read,
and that it is written down, is decided around it (``safeguards.actions``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from threading import Lock
from uuid import UUID
from weakref import WeakSet

from marfa.crypto.columns import Cipher
from marfa.safeguards.vault import key_store
from marfa.safeguards.vault.errors import ErasedError, VaultClosedError
from marfa.safeguards.vault.pending_keys import Doubt

_open: ContextVar[Vault | None] = ContextVar("vault", default=None)
_all: WeakSet[Vault] = WeakSet()
_lock = Lock()


class Vault:
    """The keys of one unit of work: of persons, and of records about several."""

    def __init__(self) -> None:
        self._subjects: dict[UUID, Cipher] = {}
        self._records: dict[UUID, Cipher] = {}
        self._doubts: dict[UUID, Doubt] = {}

    def __repr__(self) -> str:
        return "Vault(hidden)"

    def load(self, subjects: Iterable[UUID]) -> None:
        """Have the keys of many persons at once; those who are erased are passed over."""
        missing = {subject for subject in subjects if subject not in self._subjects}
        self._subjects.update(key_store.read_subject_keys(missing))

    def key_of_subject(self, subject: UUID) -> Cipher:
        """The key of a person; raises ErasedError where there is none."""
        if subject not in self._subjects:
            self.load([subject])
        try:
            return self._subjects[subject]
        except KeyError:
            raise ErasedError from None

    def key_for_subject(self, subject: UUID) -> Cipher:
        """The key of a person, made now for a new one; raises ErasedError for one erased."""
        self._drop_if_rolled_back(subject)
        if subject not in self._subjects:
            self.load([subject])
        if subject not in self._subjects:
            made = key_store.make_subject_key(subject)
            self._subjects[subject] = self.made(subject, made)
        return self._subjects[subject]

    def key_of_new_subject(self, subject: UUID) -> Cipher:
        """The key of a subject whose identifier was drawn a moment ago, so that nobody else can
        have made or erased it: stored at once, without asking for either.

        Raises IntegrityError where it has a key.
        """
        made = self.made(subject, key_store.store_subject_key(subject))
        self._subjects[subject] = made
        return made

    def key_of_record(self, record: UUID) -> Cipher:
        """The key of a record, by the first of its people who is not erased; raises ErasedError
        when all are, or when the record has no key."""
        self._drop_if_rolled_back(record)
        if record not in self._records:
            self._records[record] = key_store.read_record_key(record, self)
        return self._records[record]

    def made(self, owner: UUID, key: Cipher) -> Cipher:
        """The key of a person or record that was made in this unit of work, to be doubted until
        that is committed."""
        self._doubts[owner] = Doubt.of(key)
        return key

    def doubt_of(self, owner: UUID) -> Doubt | None:
        """The doubt about a key that may be rolled back yet."""
        return self._doubts.get(owner)

    def _drop_if_rolled_back(self, owner: UUID) -> None:
        doubt = self._doubts.get(owner)
        if doubt is not None and doubt.is_lost():
            del self._doubts[owner]
            self.forget(owner)

    def forget(self, subject: UUID) -> None:
        """Drop the key of a person, and the keys of records, which may have come by it."""
        self._subjects.pop(subject, None)
        self._records.clear()

    def clear(self) -> None:
        self._subjects.clear()
        self._records.clear()
        self._doubts.clear()


@contextlib.contextmanager
def open_vault() -> Iterator[Vault]:
    """Sealed fields can be read within the block. An inner block shares the keys of the outer."""
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    vault = Vault()
    with _lock:
        _all.add(vault)
    token = _open.set(vault)
    try:
        yield vault
    finally:
        _open.reset(token)
        vault.clear()


def current_vault() -> Vault:
    """The vault that is open here; raises VaultClosedError."""
    vault = _open.get()
    if vault is None:
        raise VaultClosedError
    return vault


def forget_everywhere(subject: UUID) -> None:
    """Drop a person's key from every vault that is open in this process, in any thread."""
    with _lock:
        vaults = list(_all)
    for vault in vaults:
        vault.forget(subject)
