"""What the actions of this app have in common: whom they are about, and how the log is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from marfa.apps.manifest import PERSON
from marfa.apps.organisations.models import Organisation
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards import subjects
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Purpose

P = ParamSpec("P")
R = TypeVar("R")

PLACES = ("site", "team")
"""Where a subject stands within its organisation: who serves rights serves those of all places."""

NOBODYS: Mapping[str, Value] = {
    "protected": False,
    "erased": False,
    **dict.fromkeys(("assigned", "granted", "excluded", "excluded_places"), frozenset[UUID]()),
}
"""The facts of somebody of whom there is no row of a kind: a colleague, or a key alone."""


def over_all_rows(function: Callable[P, R]) -> Callable[P, R]:
    """A function that sees the rows of every organisation: a subject's rights end at none of them,
    and what was not seen would not be erased."""

    @wraps(function)
    def seeing(*args: P.args, **kwargs: P.kwargs) -> R:
        with every_organisation():
            return function(*args, **kwargs)

    return seeing


def about_subject(
    actor: Actor, code: str, subject: UUID, context: Mapping[str, Value] | None = None
) -> AbstractContextManager[Act]:
    """One action about one subject, of its kind or of none as a colleague. Raises DeniedError.

    Whose the subject is makes no difference here: rights are served by the controller. The log
    names people alone under "about whom".
    """
    kind = subjects.kind_of(subject)
    with every_organisation():
        resource = kind.record(subject) if kind is not None else None
    if resource is None:
        resource = Resource(PERSON, subject, NOBODYS)
    own = {name: fact for name, fact in resource.facts.items() if name not in PLACES}
    served = Resource(resource.kind, subject, {**own, "organisation": controller_key()})
    return action(
        actor=actor, code=code, purpose=Purpose.DATA_PROTECTION, resource=served, context=context
    )


def about_register(actor: Actor, code: str) -> AbstractContextManager[Act]:
    """One action on whatever the register declares."""
    return action(
        actor=actor,
        code=code,
        purpose=Purpose.DATA_PROTECTION,
        resource=resource_of_register("fields"),
    )


def resource_of_register(name: str) -> Resource:
    """A register of the controller's, such as the one of requests."""
    return Resource("Register", name, {"controller": controller_key()})


def controller_key() -> UUID:
    """Key of the organisation that keeps this installation."""
    return Organisation.objects.values_list("pk", flat=True).get(kind=Organisation.Kind.CONTROLLER)
