"""Whether what is sealed still opens: one value of each kind."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.fields import VaultField


def open_one_of_each() -> int:
    """Open the newest value of each sealed field and forget it; how many there were.

    Raises NotAuthenticError for one that does not open. It is for a copy that nobody works with:
    it puts no reading on the record.
    """
    with every_organisation(), open_vault():
        return sum(
            _opens(model, field.attname)
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, VaultField)
        )


def _opens(model: type[Model], name: str) -> bool:
    row = model._default_manager.filter(**{f"{name}__isnull": False}).order_by("-pk").first()
    return row is not None and getattr(row, name) is not None
