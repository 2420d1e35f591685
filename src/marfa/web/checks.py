"""An installation whose desks may not share a database does not start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from marfa.domain.catalogue import render_problem
from marfa.domain.desks import check_desks
from marfa.domain.message import InputError


def desks_may_stand_together(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Django's system check ``marfa.E031``; only the mark of all desks is let through."""
    if settings.EVERY_APP:
        return []
    try:
        check_desks(settings.FOLDER.instance.desks)
    except InputError as error:
        return [Error(render_problem(problem), id="marfa.E031") for problem in error.problems]
    return []
