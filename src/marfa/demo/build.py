"""Fill a new demonstration with what the modules bring, and with a year that was made up."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.conf import settings

from marfa.apps.registry import Desk, Module, modules
from marfa.demo.operation import Scale, make_year
from marfa.demo.operation.making import beginning
from marfa.demo.operation.timeline import at_moment
from marfa.safeguards.acting import together

FOUNDS = "organisations"
"""The module that founds the operation: before the year begins."""


class NotADemonstrationError(RuntimeError):
    """Fictional data must never be mixed with data of real people."""


def build(
    *,
    without: Collection[str] = (),
    scale: Scale | None = None,
    tell: Callable[[float], None] = lambda _done: None,
) -> None:
    """Let every module make its part, in the order of the house.

    without: modules that make none, for tests that bring people of their own.
    scale: how large the year is that lies behind the operation; None: it begins today.
    tell: is given how much of the year is done, from 0 to 1.

    Raises NotADemonstrationError in an installation that was not made as a demonstration: what an
    installation is stands in its folder and cannot be changed afterwards.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstrationError
    parts = [module for module in modules() if module.name not in without]
    if scale is not None:
        first = [module for module in parts if module.name == FOUNDS]
        with at_moment(beginning()):
            _make(first)
        make_year(scale, tell)
        parts = [module for module in parts if module.name != FOUNDS]
    _make(parts)


def _make(parts: Collection[Module]) -> None:
    desks = tuple(Desk(desk) for desk in settings.FOLDER.instance.desks)
    with together():
        for module in parts:
            if module.demonstration is not None:
                module.demonstration(desks)
