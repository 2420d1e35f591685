"""Free texts that are stored sealed, and the marks that say that they are made up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps

from marfa.domain.fiction import MARKS
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.fields import VaultTextField

NAMES = {"PersonName.text", "ContactPoint.value"}
"""What the operation calls people, and how they are reached, is shown as it is."""
ARABIC = re.compile("[\u0600-\u06ff]")


def texts() -> Iterator[tuple[str, str]]:
    """Where a free text stands, and the text; codes and numbers are single words."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            where = f"{model.__name__}.{field.name}"
            if isinstance(field, VaultTextField) and where not in NAMES:
                for row in model._base_manager.filter(**{f"{field.name}__isnull": False}):
                    with open_vault():
                        text = getattr(row, field.name)
                    if " " in text.strip():
                        yield where, text


def marked(text: str) -> bool:
    """Whether a text says in its own language that it is made up."""
    parts = text.split(" · ")
    return all(part.startswith(tuple(MARKS.values())) and _in_its_language(part) for part in parts)


def _in_its_language(part: str) -> bool:
    return part.startswith(MARKS["ar"]) == bool(ARABIC.search(part))
