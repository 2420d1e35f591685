"""Rows that are kept longer than others of their table.

The register names the classes that count for such rows (``longer``); the app that knows which rows
they are says so in its manifest, of its own tables or of those of apps below it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, Q


@dataclass(frozen=True)
class Longer:
    """retention: the class that counts for these rows where it keeps them longer; ``with_record``:
    they go with the person whom they are about. rows: the condition that they meet."""

    retention: str
    rows: Callable[[], Q]


@dataclass(frozen=True)
class Kept:
    """Rows of a table that meet a condition, kept by another class than the table's."""

    model: type[Model]
    retention: str
    rows: Callable[[], Q]


_kept: dict[type[Model], dict[Longer, None]] = {}


def keep_longer(kept: Kept) -> None:
    """Have rows kept longer, from now on; again changes nothing."""
    _kept.setdefault(kept.model, {})[Longer(kept.retention, kept.rows)] = None


def kept_longer(model: type[Model]) -> tuple[Longer, ...]:
    """What keeps rows of a table longer."""
    return tuple(_kept.get(model, ()))
