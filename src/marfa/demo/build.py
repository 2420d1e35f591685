"""Fill a new demonstration with what the modules bring."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings

from marfa.apps.registry import Desk, modules
from marfa.safeguards.acting import together


class NotADemonstrationError(RuntimeError):
    """Fictional data must never be mixed with data of real people."""


def build(*, without: Collection[str] = ()) -> None:
    """Let every module make its part, in the order of the house.

    without: modules that make none, for tests that bring people of their own.

    Raises NotADemonstrationError in an installation that was not made as a demonstration: what an
    installation is stands in its folder and cannot be changed afterwards.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstrationError
    desks = tuple(Desk(desk) for desk in settings.FOLDER.instance.desks)
    with together():
        for module in modules():
            if module.demonstration is not None and module.name not in without:
                module.demonstration(desks)
