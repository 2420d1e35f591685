"""What every reader gives."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.methods.watchlists.entries import Entry


@dataclass
class Listing:
    """A file of a list.

    dated: the day or moment that the file itself gives (ISO 8601), empty where it gives none.
    stated: how many entries it says to have; None where it does not say. Both are there before the
    first entry is taken. entries: each read when it is asked for; raises InputError.
    """

    source: Path
    layout: str
    dated: str
    stated: int | None
    entries: Iterator[Entry]


def refusal(source: Path, key: str, row: int | None = None, **params: object) -> InputError:
    """An error about a file of a list."""
    message = Message(f"methods.watchlists:{key}", params)
    return InputError.at(message, file=os.path.basename(source), row=row)
