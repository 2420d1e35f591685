"""A model's own rules, with what breaks them said as a sentence at its field."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Model

from marfa.domain.message import InputError, Message, Place, Problem


def clean(row: Model) -> None:
    """Check a row before it is saved; raises InputError with one problem for each wrong field."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise InputError(
            *(
                Problem(Message("apps:field-wrong", {"reason": reason}), Place(field=field))
                for field, reasons in error.message_dict.items()
                for reason in reasons
            )
        ) from None
