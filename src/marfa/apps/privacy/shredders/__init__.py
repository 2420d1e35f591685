"""What destroys data about a person: one small class a kind, in the order in which they run."""

from __future__ import annotations

from marfa.apps import manifest
from marfa.apps.privacy.shredders.files import FileShredder
from marfa.apps.privacy.shredders.history import HistoryShredder
from marfa.apps.privacy.shredders.jobs import JobShredder, ParcelShredder
from marfa.apps.privacy.shredders.rows import RowShredder
from marfa.safeguards.fields.shredder import Shredder

KEYS = frozenset({"vault.SubjectKey", "vault.RecordKey", "vault.RecordWrap"})
"""Destroyed by the vault itself, which writes the erased list."""


def all_shredders() -> tuple[Shredder, ...]:
    """All of them. Rows go first, so that what they referred to is free; apps bring their own."""
    brought = tuple(each() for each in manifest.gather_from_apps("erasure"))
    others = (HistoryShredder(), JobShredder(), ParcelShredder(), FileShredder(), *brought)
    handled = KEYS.union(*(each.handles for each in others))
    return (RowShredder(handled), *others)


def redacted_tables() -> frozenset[str]:
    """Labels of the tables whose rows stay, emptied of what identifies."""
    return frozenset().union(*(each.redacts for each in all_shredders()))
