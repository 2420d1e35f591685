"""What a request is about, in words: which kinds of record there are, and what they hold.

No value of a record is opened for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marfa.apps.privacy.access import told_columns
from marfa.apps.privacy.action_base import over_all_rows
from marfa.apps.privacy.erasure import holds_on, sorted_rows
from marfa.apps.privacy.models import Hold
from marfa.safeguards.fields.footprint import footprint_of
from marfa.safeguards.fields.register import model_declaration


@dataclass(frozen=True)
class PreviewRow:
    """One kind of record: its name, how many there are, and what they hold by its labels."""

    name: str
    count: int
    holds: list[str]


@dataclass(frozen=True)
class WordsOfPreview:
    """All of it. held: what keeps it from being erased today."""

    rows: list[PreviewRow]
    held: Hold | None


@over_all_rows
def preview_in_words(subject: UUID) -> WordsOfPreview:
    """What is stored about a subject, without any of it; changes nothing."""
    footprint = footprint_of(subject)
    rows = [
        PreviewRow(str(model._meta.verbose_name_plural), len(keys), labels)
        for model, keys in sorted_rows(footprint)
        if keys and (labels := told_columns(model, model_declaration(model)))
    ]
    return WordsOfPreview(sorted(rows, key=lambda row: row.name), holds_on(footprint).first())
