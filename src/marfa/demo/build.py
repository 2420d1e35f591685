"""Fill a new demonstration with what the modules bring, and with a year that was made up."""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum

from django.conf import settings

from marfa.apps.manifest import Module, installed_modules
from marfa.apps.paths import resolve_path
from marfa.demo.operation import Scale, make_year
from marfa.demo.operation.timeline import at_moment
from marfa.demo.operation.year import start_of_operation
from marfa.safeguards.actions import together

FOUNDS = "organisations"
"""The module that founds the operation: before the year begins."""


class Stage(StrEnum):
    """What is being made, in the order in which it is.

    FOUNDING: organisations, sites and accounts. PEOPLE: who came in the year, and their families.
    YEAR: the talks and cases of the year. BY_HAND: people in every state, for the desks.
    """

    FOUNDING = "founding"
    PEOPLE = "people"
    YEAR = "year"
    BY_HAND = "by-hand"


Tell = Callable[[Stage, float], None]
"""Is given what is being made, and how much of it is done, from 0 to 1."""


def _silent(_stage: Stage, _done: float) -> None:
    """Nobody waits."""


class NotADemonstrationError(RuntimeError):
    """Fictional data must never be mixed with data of real people."""


def build_demo(
    *,
    without: Collection[str] = (),
    scale: Scale | None = None,
    tell: Tell = _silent,
) -> None:
    """Let every module make its part, in the order of the house.

    without: modules that make none, for tests that bring people of their own.
    scale: how large the year is that lies behind the operation; None: it begins today.
    tell: is given what is being made, and how much of it is done.

    Raises NotADemonstrationError in an installation that was not made as a demonstration: what an
    installation is stands in its folder and cannot be changed afterwards.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstrationError
    parts = [module for module in installed_modules() if module.name not in without]
    if scale is not None:
        first = [module for module in parts if module.name == FOUNDS]
        tell(Stage.FOUNDING, 0)
        with at_moment(start_of_operation()):
            _make(first)
        make_year(
            scale,
            tell_people=lambda done: tell(Stage.PEOPLE, done),
            tell_year=lambda done: tell(Stage.YEAR, done),
        )
        parts = [module for module in parts if module.name != FOUNDS]
    tell(Stage.BY_HAND, 0)
    _make(parts)


def _make(parts: Collection[Module]) -> None:
    with together():
        for module in parts:
            if module.demonstration:
                resolve_path(module.demonstration)(settings.DESKS)
