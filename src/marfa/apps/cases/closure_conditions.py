"""Conditions of closure, which the apps above bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from marfa.apps.cases.models import Case
from marfa.apps.manifest import gather_from_apps
from marfa.domain.message import Message


def _never(_case: Case) -> bool:
    return False


@dataclass(frozen=True)
class ClosureCondition:
    """What one app says.

    goes_on: what keeps a case open, as a sentence; None where nothing does. referred: whether
    others took up the protection of the child whose case it is.
    """

    goes_on: Callable[[Case], Message | None]
    referred: Callable[[Case], bool] = _never


def closure_conditions() -> tuple[ClosureCondition, ...]:
    """Those of all apps, in the order of the house."""
    return gather_from_apps("case_closure")


def find_what_goes_on(case: Case) -> Message | None:
    """The first that keeps a case open; None where it may end."""
    said = (each.goes_on(case) for each in closure_conditions())
    return next((message for message in said if message is not None), None)


def was_referred(case: Case) -> bool:
    """Whether any app knows of others who took up the protection of a child. Where none is asked,
    nobody did: a child's case then stays open."""
    return any(each.referred(case) for each in closure_conditions())
