"""What is wrong with what somebody typed, said as a sentence at its field."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Model

from marfa.domain.message import InputError, Message, Place, Problem


def clean_row(row: Model) -> None:
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


def required_text(text: str, *, field: str) -> str:
    """What somebody wrote, without the blanks around it. Raises InputError where that is
    nothing."""
    if not text.strip():
        raise InputError.at(Message("apps:nothing-written"), field=field)
    return text.strip()
