"""Who may open what: every URL of the installation, against everybody.

A URL that is not in the matrix (``tests/web/matrix``) fails the test, so that a new view says who
may open it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from tests.conftest import Operation, signed_in
from tests.web.matrix import ANSWER, ARGUMENTS, MATRIX, POST_ONLY
from tests.web.matrix.rules import (
    ADMINISTRATORS,
    ANYBODY,
    COUNTERS,
    DEVICES,
    FILLING,
    FINDERS,
    FOCAL_POINTS,
    MANAGERS,
    OFFICERS,
    REGISTERS,
    SIGNED_IN,
    SUPERVISORS,
    WATCHERS,
    WORKING,
)

AT_WORK = (Desk.PROTECTION, Desk.INVESTIGATIONS)
HEADERS = {"Tus-Resumable": "1.0.0"}


def url_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def unknown(resolver: URLResolver) -> set[str]:
    """URLs that stand in the matrix alone, or in the installation alone."""
    return set(url_names(resolver)) ^ set(MATRIX)


def test_every_url_is_in_the_matrix() -> None:
    assert unknown(get_resolver()) == set(), "say in tests/web/matrix who may open a new URL"


def may(rule: str | Desk, desk: Desk, user: User, operation: Operation) -> bool:
    """Whether the matrix lets in somebody who works at a desk."""
    administers = user == operation.desks[Desk.ADMINISTRATION]
    by_name = {
        SIGNED_IN: True,
        WORKING: desk in AT_WORK and user != operation.supervisor,
        OFFICERS: user == operation.officer,
        ADMINISTRATORS: administers,
        MANAGERS: administers or user == operation.supervisor,
        SUPERVISORS: user == operation.supervisor,
        FINDERS: desk in (Desk.RECEPTION, *AT_WORK),
        COUNTERS: desk in (Desk.REPORTING, Desk.COORDINATION) or user == operation.supervisor,
        WATCHERS: user == operation.supervisor,
        FOCAL_POINTS: False,
        REGISTERS: desk in (Desk.ADMINISTRATION, Desk.COORDINATION),
        FILLING: desk in (Desk.RECEPTION, Desk.PROTECTION) and user != operation.partner,
    }
    return by_name.get(rule, rule == desk)


def staff(operation: Operation) -> list[tuple[Desk, User]]:
    """Everybody with a role, and where they work."""
    return [
        *operation.desks.items(),
        (Desk.PROTECTION, operation.colleague),
        (Desk.PROTECTION, operation.supervisor),
        (Desk.PROTECTION, operation.partner),
        (Desk.ADMINISTRATION, operation.officer),
    ]


@pytest.fixture
def operation(operation_of_module: Operation, db: None) -> Operation:
    """One for all of this module: its tests look at pages."""
    return operation_of_module


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_may(operation: Operation, name: str) -> None:
    check(operation, name, MATRIX[name])


def check(operation: Operation, name: str, rule: str | Desk) -> None:
    """Everybody at one URL."""
    url = reverse(name, args=ARGUMENTS.get(name, []))
    post = name in POST_ONLY

    def ask(client: Client) -> Any:
        if name == "files:upload":
            return client.head(url, headers=HEADERS)
        return (client.post if post else client.get)(url, headers=HEADERS)

    visitor = ask(Client())
    if rule == DEVICES:
        everybody = [Client(), *(signed_in(user) for _desk, user in staff(operation))]
        assert {ask(client).status_code for client in everybody} == {401}
        return
    if rule == ANYBODY:
        assert visitor.status_code in (200, 302, 404, 405, 410)
        if visitor.status_code == 302:
            # What is open to anybody leads to where it leads, not to sign-in first.
            assert "next=" not in visitor.headers["Location"]
        return
    assert visitor.status_code == 302
    response = Client().get(url)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("accounts:sign_in"))
    good = ANSWER.get(name, 200)
    outsider = ask(signed_in(operation.outsider)).status_code
    assert outsider == (good if rule == SIGNED_IN else 403)
    for desk, user in staff(operation):
        expected = good if may(rule, desk, user, operation) else 403
        found = ask(signed_in(user)).status_code
        assert found == expected, f"{user.username} at {name}: {found}"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """An installation with two views more, which check nothing."""

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse("whoever comes")

    module = ModuleType("planted_urls")
    vars(module)["urlpatterns"] = [
        *import_module(settings.ROOT_URLCONF).urlpatterns,
        path("bare/", bare, name="bare"),
        path("open/", login_not_required(bare), name="open"),
    ]
    monkeypatch.setitem(sys.modules, "planted_urls", module)
    settings.ROOT_URLCONF = "planted_urls"


@pytest.mark.usefixtures("planted")
def test_an_unknown_url_is_found() -> None:
    assert unknown(get_resolver()) == {"bare", "open"}


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize(
    ("name", "rule"),
    [("open", SIGNED_IN), ("bare", Desk.PROTECTION), ("bare", ADMINISTRATORS), ("bare", OFFICERS)],
)
def test_a_view_without_a_check_is_found(operation: Operation, name: str, rule: str | Desk) -> None:
    with pytest.raises(AssertionError):
        check(operation, name, rule)
