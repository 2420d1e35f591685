"""Who may open a view: the charter decides, and the view says what it asks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse

from marfa.apps.accounts.models import User
from marfa.apps.accounts.step_up import step_up_first, stepped_up_at
from marfa.apps.manifest import Desk
from marfa.apps.organisations.policy_facts import of_the_installation, the_controller
from marfa.apps.organisations.queries import actor_of, roles_known
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Purpose

View = Callable[..., HttpResponseBase]

VISITOR = UUID(int=0)
"""Key of whoever has not signed in: there is nothing to tell them apart by."""


def current_user(request: HttpRequest) -> User:
    """The person who is signed in; raises PermissionDenied where nobody is."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def actor_in(request: HttpRequest) -> Actor:
    """Who asks in a request: the person signed in with their roles now, or a visitor.

    Asked once for each request, so that a role that ended bites at the next.
    """
    known = getattr(request, "actor", None)
    if isinstance(known, Actor):
        return known
    if not isinstance(request.user, User):
        return Actor(VISITOR, ActorKind.VISITOR)
    return actor_of(request.user, stepped_up_at=stepped_up_at(request))


def as_known(request: HttpRequest) -> contextlib.AbstractContextManager[None]:
    """For a page that gathers what the apps bring: each of them asks for the roles of whoever
    looks, and within the block has those of the request."""
    return roles_known(actor_in(request))


@dataclass(frozen=True)
class CharterQuestion:
    """What a view asks the charter before it answers.

    resource: makes the thing that is asked about from the arguments in the address.
    purpose: what for, where the action is one that stands in the log.
    """

    action: str
    resource: Callable[..., Resource]
    purpose: Purpose | None = None

    def allows(self, actor: Actor, *args: Any, **kwargs: Any) -> bool:
        """Whether the charter lets this actor open the view with these arguments."""
        return decide(actor, self.action, self.resource(*args, **kwargs), self.context()).allowed

    def context(self) -> dict[str, Value]:
        """What is said with the question."""
        return {"on_record": True, "purpose": self.purpose} if self.purpose is not None else {}


def require_permission(
    action: str, resource: Callable[..., Resource], purpose: Purpose | None = None
) -> Callable[[View], View]:
    """A view that only opens for whom the charter allows this action.

    Being refused here leaves no entry in the log. What is done in the view, if it belongs there,
    is asked again in ``action``, which writes it.
    The view remembers what it asks: the access matrix compares it with who really gets in.
    """
    asked = CharterQuestion(action, resource, purpose)

    def protect(view: View) -> View:
        @wraps(view)
        def protected(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            current_user(request)
            if not asked.allows(actor_in(request), *args, **kwargs):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _remember(protected, asked)

    return protect


@dataclass(frozen=True)
class AskedSomewhere(CharterQuestion):
    """What a view asks that shows whatever of several things somebody may see.

    places: those things, for who asks; it opens where the charter allows one of them.
    """

    places: Callable[[Actor], Iterable[Resource]] = field(default=lambda _actor: ())

    def allows(self, actor: Actor, *args: Any, **kwargs: Any) -> bool:
        context = self.context()
        places = self.places(actor)
        return any(decide(actor, self.action, each, context).allowed for each in places)


def require_permission_somewhere(
    action: str, places: Callable[[Actor], Iterable[Resource]], purpose: Purpose | None = None
) -> Callable[[View], View]:
    """A view that opens for whom the charter allows this action at one place at least."""
    asked = AskedSomewhere(action, _nowhere, purpose, places=places)

    def protect(view: View) -> View:
        @wraps(view)
        def protected(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            current_user(request)
            if not asked.allows(actor_in(request)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _remember(protected, asked)

    return protect


def _nowhere(*_args: object, **_kwargs: object) -> Resource:
    raise TypeError("it is asked about several places")


def declare_permission(
    action: str, resource: Callable[..., Resource], purpose: Purpose
) -> Callable[[View], View]:
    """A view that asks this itself in ``action``, so that a refusal stands in the log too. Here it
    only says so, for its menu and for the access matrix."""

    def declare(view: View) -> View:
        @wraps(view)
        def declared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        return _remember(declared, CharterQuestion(action, resource, purpose))

    return declare


def _remember(view: View, asked: CharterQuestion) -> View:
    vars(view)["asked"] = (asked, *asked_by(view))
    return view


def proved_again(view: View) -> View:
    """A view that lets somebody in or lets them do more: it opens after a fresh proof of one's own
    second factor. In a demonstration nobody has one, and everything is fictional."""
    guarded = step_up_first(view)

    @wraps(view)
    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (view if settings.DEMONSTRATION else guarded)(request, *args, **kwargs)

    return chosen


def asked_by(view: Callable[..., Any]) -> tuple[CharterQuestion, ...]:
    """What a view asks; empty for one that declares nothing."""
    found: tuple[CharterQuestion, ...] = getattr(view, "asked", ())
    return found


def at_desk(desk: Desk) -> Callable[[View], View]:
    """A view that only people with a role at this desk may open."""
    return require_permission("desks.open", lambda *_args, **_kwargs: Resource("Desk", desk.value))


administrators_only = require_permission(
    "organisations.manage", the_controller, Purpose.ADMINISTRATION
)
"""A view for those who look after accounts; data-protection officers share their desk."""

log_readers_only = declare_permission(
    "log.read", lambda *_args, **_kwargs: of_the_installation("Log"), Purpose.DATA_PROTECTION
)
"""A view that shows the log, to those who may read it."""


def may_open(actor: Actor, url_name: str) -> bool:
    """Whether the charter lets an actor open the page of this name, by what its view asks."""
    view = resolve(reverse(url_name)).func
    return all(asked.allows(actor) for asked in asked_by(view))
