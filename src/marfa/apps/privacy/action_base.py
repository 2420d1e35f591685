"""What the actions of this app have in common: whom they are about, and how the log is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from marfa.apps.organisations.models import Organisation
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Purpose

P = ParamSpec("P")
R = TypeVar("R")


def over_all_rows(function: Callable[P, R]) -> Callable[P, R]:
    """A function that sees the rows of every organisation: a person's rights end at none of them,
    and what was not seen would not be erased."""

    @wraps(function)
    def seeing(*args: P.args, **kwargs: P.kwargs) -> R:
        with every_organisation():
            return function(*args, **kwargs)

    return seeing


def about_person(actor: Actor, code: str, subject: UUID) -> AbstractContextManager[Act]:
    """One action about one person. Raises DeniedError.

    Whose the person is makes no difference here: their rights are served by the controller.
    """
    nobody: frozenset[UUID] = frozenset()
    facts: dict[str, Value] = {
        "organisation": controller(),
        "protected": False,
        "erased": False,
        "assigned": nobody,
        "granted": nobody,
        "excluded": nobody,
        "excluded_places": nobody,
    }
    resource = Resource("Person", subject, facts)
    return action(actor=actor, code=code, purpose=Purpose.DATA_PROTECTION, resource=resource)


def about_register(actor: Actor, code: str) -> AbstractContextManager[Act]:
    """One action on whatever the register declares."""
    return action(
        actor=actor, code=code, purpose=Purpose.DATA_PROTECTION, resource=register("fields")
    )


def register(name: str) -> Resource:
    """A register of the controller's, such as the one of requests."""
    return Resource("Register", name, {"controller": controller()})


def controller() -> UUID:
    """Key of the organisation that keeps this installation."""
    return Organisation.objects.values_list("pk", flat=True).get(kind=Organisation.Kind.CONTROLLER)
