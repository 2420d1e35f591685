"""An installation whose policies do not fit their schema does not start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from marfa.safeguards.charter.engine import charter_engine


@register
def charter_is_sound(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """marfa.E010: the charter's policies or its schema cannot be used."""
    try:
        charter_engine()
    except ValueError as error:
        return [Error(f"The charter cannot be used: {error}", id="marfa.E010")]
    return []
