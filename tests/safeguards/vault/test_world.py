"""The world of the vault holds in any order; and faults planted on purpose are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import models

from marfa.crypto import columns
from marfa.crypto.columns import Column
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.padding import LENGTH_BYTES
from marfa.platform.keys import former_keys, holders, instance
from marfa.safeguards.vault import erasedlist, erasure, fields, key_store, reconciliation, rows
from marfa.safeguards.vault.errors import ErasedError
from marfa.safeguards.vault.models import Erasure, RecordKey
from tests.safeguards.vault.world import World

Patch = pytest.MonkeyPatch
STORIES, STEPS = 12, 40
# A check that fails, or something that does not open although it should.
FINDINGS = (AssertionError, pytest.fail.Exception, NotAuthenticError, ErasedError)


@pytest.fixture
def lived(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[int, int], None]]:
    """Lives some stories of some steps each; every story has a data folder and list of its own."""
    before = settings.FOLDER
    for module in (erasure, reconciliation):
        monkeypatch.setattr(module, "erased_list", erasedlist.erased_list)

    def live(stories: int, steps: int) -> None:
        for seed in range(stories):
            World(tmp_path, seed).live(steps)

    yield live
    settings.FOLDER = before
    instance.forget_keys()


def test_the_world_holds(lived: Callable[[int, int], None]) -> None:
    lived(STORIES, STEPS)


@pytest.mark.slow
def test_the_world_holds_for_long(lived: Callable[[int, int], None]) -> None:
    lived(300, 60)


# What goes wrong.


def no_column(patch: Patch) -> None:
    patch.setattr(rows, "column_of", lambda table, _column: Column(table, "any"))


def no_table(patch: Patch) -> None:
    patch.setattr(rows, "column_of", lambda _table, column: Column("any", "text"))


def no_row(patch: Patch) -> None:
    patch.setattr(Column, "_place", lambda self, _row: self._before + b"0" * 32 + self._after)
    patch.setattr(
        Column,
        "_open",
        lambda self, aead, row, sealed: aead.decrypt(sealed[5:17], sealed[17:], self._place(row)),
    )


def no_key_version(patch: Patch) -> None:
    begin = Column.__init__

    def init(self: Column, table: str, column: str, key_version: int = 1) -> None:
        begin(self, table, column, 1)

    patch.setattr(Column, "__init__", init)
    key_store.wraps_under.cache_clear()


def no_padding(patch: Patch) -> None:
    patch.setattr(
        columns, "pad_value", lambda value: len(value).to_bytes(LENGTH_BYTES, "big") + value
    )


def wrap_stays(patch: Patch) -> None:
    patch.setattr(erasure, "SubjectKey", type("Kept", (), {"objects": Erasure.objects.none()}))


def list_not_written(patch: Patch) -> None:
    patch.setattr(erasure, "list_erasures", lambda: 0)


def list_not_replayed(patch: Patch) -> None:
    patch.setattr(reconciliation, "_replay", lambda listed: 0)


def rotation_skips_a_row(patch: Patch) -> None:
    whole = holders.Rows._rows

    def all_but_one(holder: holders.Rows, below: int | None = None) -> Any:
        found = whole(holder, below)
        last = found.values_list("pk", flat=True).last()
        return found if below is None or last is None else found.exclude(pk=last)

    patch.setattr(holders.Rows, "_rows", all_but_one)


def old_key_stays(patch: Patch) -> None:
    patch.setattr(former_keys, "write_ring", _keeping(former_keys.write_ring))


def _keeping(write: Callable[..., None]) -> Callable[..., None]:
    def kept(keys: Path, present: Any, ring: Any, identifier: str) -> None:
        file = former_keys.file_of(keys, present)
        if not file.exists():
            write(keys, present, ring, identifier)

    return kept


def cache_outlives(patch: Patch) -> None:
    patch.setattr(erasure, "forget_everywhere", lambda subject: None)


def filter_allowed(patch: Patch) -> None:
    patch.setattr(
        fields.VaultField, "get_lookup", lambda self, name: models.BinaryField().get_lookup(name)
    )
    patch.setattr(fields.VaultField, "get_prep_value", lambda self, value: value)
    patch.setattr(
        fields.VaultField,
        "get_db_prep_value",
        lambda self, value, connection, prepared=False: (
            value if value is None else str(value).encode() if isinstance(value, str) else value
        ),
    )


def key_is_made_again(patch: Patch) -> None:
    patch.setattr(key_store, "Erasure", type("Nobody", (), {"objects": Erasure.objects.none()}))


def erasing_one_takes_all(patch: Patch) -> None:
    destroy = erasure.destroy_key

    def all_records(subject: UUID, at: Any, reason: str) -> int:
        RecordKey.objects.filter(wraps__subject=subject).delete()
        return destroy(subject, at, reason)

    patch.setattr(erasure, "destroy_key", all_records)


FAULTS = [
    no_column,
    no_table,
    no_row,
    no_key_version,
    no_padding,
    wrap_stays,
    list_not_written,
    list_not_replayed,
    rotation_skips_a_row,
    old_key_stays,
    cache_outlives,
    filter_allowed,
    key_is_made_again,
    erasing_one_takes_all,
]


@pytest.mark.parametrize("plant", FAULTS, ids=[fault.__name__ for fault in FAULTS])
def test_a_planted_fault_is_found(
    lived: Callable[[int, int], None], plant: Callable[[Patch], None], monkeypatch: Patch
) -> None:
    """By the very stories that hold without it."""
    with monkeypatch.context() as patch:
        plant(patch)
        with pytest.raises(FINDINGS):
            lived(STORIES, STEPS)
    key_store.wraps_under.cache_clear()
    rows.column_of.cache_clear()
