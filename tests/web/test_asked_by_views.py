"""What a view says that it asks the charter is what really decides who gets in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from marfa.apps.access import asked_by, at_desk
from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock
from tests.conftest import Operation, signed_in
from tests.web.matrix import ARGUMENTS, MATRIX

Patterns = list[URLPattern | URLResolver]


def views(patterns: Patterns, namespace: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from views(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern.callback


def unchecked(patterns: Patterns) -> list[str]:
    """Views that ask nothing and that the matrix does not name."""
    return [name for name, view in views(patterns) if not asked_by(view) and name not in MATRIX]


def test_every_view_asks_or_is_in_the_matrix() -> None:
    assert unchecked(get_resolver().url_patterns) == []


def test_a_view_without_a_check_is_found() -> None:
    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse("anybody's")

    planted: Patterns = [
        path("bare/", bare, name="bare"),
        path("open/", login_not_required(bare), name="open"),
        path("asks/", at_desk(Desk.PROTECTION)(bare), name="asks"),
    ]
    assert unchecked(planted) == ["bare", "open"]


def test_who_gets_in_is_who_the_charter_lets_in(operation: Operation) -> None:
    """Everybody at every view that asks: colleagues of each desk, a guest partner, an outsider."""
    asking = [(name, asked_by(view)) for name, view in views(get_resolver().url_patterns)]
    asking = [(name, asked) for name, asked in asking if asked]
    assert len(asking) > len(Desk)
    everybody = list(User.objects.all())
    assert operation.partner in everybody
    assert operation.outsider in everybody
    for user in everybody:
        client, actor = signed_in(user), actor_of(user, stepped_up_at=clock.now())
        for name, asked in asking:
            arguments = ARGUMENTS.get(name, ())
            lets = all(each.allows(actor, *arguments) for each in asked)
            url = reverse(name, args=arguments)
            status = client.get(url).status_code
            if status == 405:
                status = client.post(url).status_code
            # Nobody is kept out for another reason than those that the view says: what does not
            # exist (404) is looked for after them.
            welcome = (200, 302, 404) if arguments else (200, 302)
            expected = welcome if lets else (403,)
            assert status in expected, f"{user.username} at {name}: {status}"
    for name, _asked in asking:
        url = reverse(name, args=ARGUMENTS.get(name, []))
        assert Client().get(url).status_code in (302, 405)
