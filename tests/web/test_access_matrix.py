"""Who may open what: every URL of the installation, against everybody.

A URL that is not in the matrix fails the test, so that a new view says who may open it.
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
from marfa.apps.registry import Desk
from tests.conftest import Operation, signed_in

ANYBODY = "anybody"
SIGNED_IN = "signed in"
WORKING = "who works with people themselves"
OFFICERS = "data-protection officers"
ADMINISTRATORS = "administrators"

MATRIX: dict[str, str | Desk] = {
    "home": SIGNED_IN,
    "search": SIGNED_IN,
    "timeline": SIGNED_IN,
    "shortcuts": SIGNED_IN,
    "health": ANYBODY,
    "accounts:sign_in": ANYBODY,
    "accounts:link": ANYBODY,
    "accounts:passkey": ANYBODY,
    "accounts:passkey_options": ANYBODY,
    "accounts:second": ANYBODY,
    "accounts:step_up": SIGNED_IN,
    "accounts:step_up_passkey": SIGNED_IN,
    "accounts:step_up_options": SIGNED_IN,
    "accounts:security": SIGNED_IN,
    "accounts:add_passkey": SIGNED_IN,
    "accounts:add_options": SIGNED_IN,
    "accounts:remove_passkey": SIGNED_IN,
    "accounts:add_app": SIGNED_IN,
    "accounts:remove_app": SIGNED_IN,
    "accounts:recovery": SIGNED_IN,
    "accounts:password": SIGNED_IN,
    "accounts:remove_password": SIGNED_IN,
    "accounts:sessions": SIGNED_IN,
    "accounts:end_others": SIGNED_IN,
    "accounts:end_session": SIGNED_IN,
    "accounts:sign_out": ANYBODY,
    "accounts:language": ANYBODY,
    "files:uploads": SIGNED_IN,
    "files:upload": SIGNED_IN,
    "files:finish": SIGNED_IN,
    "files:download": SIGNED_IN,
    "files:preview": SIGNED_IN,
    **dict.fromkeys(
        (
            *("organisations:sites", "organisations:people", "organisations:ending"),
            *("organisations:person", "organisations:teams", "organisations:team"),
            "organisations:exclusions",
        ),
        Desk.ADMINISTRATION,
    ),
    **dict.fromkeys(
        (
            f"organisations:{name}"
            for name in (
                *("add", "grant", "link", "block", "unblock", "end_grant", "add_guest"),
                *("add_site", "end_guest", "add_team", "member", "end_team"),
            )
        ),
        ADMINISTRATORS,
    ),
    "own_roles:mine": SIGNED_IN,
    "own_roles:lend": SIGNED_IN,
    "own_roles:end_loan": SIGNED_IN,
    "background:work": Desk.ADMINISTRATION,
    "log:search": OFFICERS,
    "log:export": OFFICERS,
    "privacy:requests": OFFICERS,
    "oversight:people": Desk.ADMINISTRATION,
    "oversight:person": Desk.ADMINISTRATION,
    "oversight:end_sessions": Desk.ADMINISTRATION,
    "oversight:reset": Desk.ADMINISTRATION,
    "oversight:keys": ADMINISTRATORS,
    "sealedtier:overview": SIGNED_IN,
    "sealedtier:passphrase": SIGNED_IN,
    "sealedtier:forgotten": SIGNED_IN,
    "sealedtier:unlock": SIGNED_IN,
    "sealedtier:lock": SIGNED_IN,
    "sealedtier:new": WORKING,
    "sealedtier:note": SIGNED_IN,
    "sealedtier:ask": SIGNED_IN,
    "sealedtier:people": SIGNED_IN,
    "sealedtier:request": SIGNED_IN,
    "sealedtier:answer": SIGNED_IN,
    "sealedtier:open": SIGNED_IN,
    "sealedtier:log": OFFICERS,
    "leaflets:first_contact": Desk.RECEPTION,
    "sitecards:all": SIGNED_IN,
    "sitecards:edit": ADMINISTRATORS,
    "incidents:all": Desk.ADMINISTRATION,
    "incidents:one": Desk.ADMINISTRATION,
    "incident:record": SIGNED_IN,
    "demo:enter": ANYBODY,
    "demo:components": ANYBODY,
    **{f"desk-{desk}": desk for desk in Desk},
}
AT_WORK = (Desk.PROTECTION, Desk.INVESTIGATIONS)
NOBODYS_FILE = ["0" * 20]
ARGUMENTS = {
    "sealedtier:note": NOBODYS_FILE,
    "sealedtier:ask": NOBODYS_FILE,
    "sealedtier:people": NOBODYS_FILE,
    "sealedtier:request": NOBODYS_FILE,
    "sealedtier:answer": NOBODYS_FILE,
    "sealedtier:open": NOBODYS_FILE,
    "sitecards:edit": NOBODYS_FILE,
    "accounts:link": ["x" * 43],
    "files:upload": NOBODYS_FILE,
    "files:finish": NOBODYS_FILE,
    "files:download": NOBODYS_FILE,
    "files:preview": NOBODYS_FILE,
    "accounts:remove_passkey": NOBODYS_FILE,
    "accounts:end_session": NOBODYS_FILE,
    "incidents:one": NOBODYS_FILE,
    "oversight:person": NOBODYS_FILE,
    "oversight:end_sessions": NOBODYS_FILE,
    "oversight:reset": NOBODYS_FILE,
    **dict.fromkeys(
        (
            *("organisations:person", "organisations:grant", "organisations:block"),
            *("organisations:link", "organisations:unblock", "organisations:end_grant"),
            *("organisations:add_site", "organisations:end_guest", "organisations:team"),
            *("organisations:member", "organisations:end_team"),
            *("own_roles:lend", "own_roles:end_loan"),
        ),
        NOBODYS_FILE,
    ),
}
POST_ONLY = {
    "sealedtier:lock",
    "sealedtier:answer",
    "sealedtier:open",
    "shortcuts",
    "accounts:sign_out",
    "accounts:language",
    "demo:enter",
    "files:finish",
}
# What a bare request is answered where it is let in, if not 200: a person's own files are asked
# for in tests/platform/files, others' do not exist, and beginning an upload takes a POST.
ANSWER = {
    # Others' notes and requests do not exist; who has no passphrase is led to set one.
    "sealedtier:forgotten": 302,
    "sealedtier:unlock": 302,
    "sealedtier:lock": 302,
    "sealedtier:new": 302,
    "sealedtier:note": 404,
    "sealedtier:ask": 404,
    "sealedtier:people": 404,
    "sealedtier:request": 404,
    "sealedtier:answer": 404,
    "sealedtier:open": 404,
    "sitecards:edit": 404,
    # Of a person, a team or a role that does not exist; those that do exist are opened in
    # tests/apps/organisations. The others take a POST.
    **dict.fromkeys(
        (
            *("organisations:person", "organisations:grant", "organisations:block"),
            *("organisations:add_site", "organisations:end_guest", "organisations:team"),
            "own_roles:lend",
        ),
        404,
    ),
    **dict.fromkeys(
        (
            *("organisations:link", "organisations:unblock", "organisations:end_grant"),
            *("organisations:member", "organisations:end_team", "own_roles:end_loan"),
        ),
        405,
    ),
    "shortcuts": 302,
    "files:uploads": 405,
    "files:upload": 404,
    "files:finish": 404,
    "files:download": 404,
    "files:preview": 404,
    # These take a POST; who has no factor has no recovery codes.
    "accounts:passkey": 405,
    "accounts:passkey_options": 405,
    "accounts:second": 302,
    "accounts:step_up_passkey": 405,
    "accounts:step_up_options": 405,
    "accounts:add_options": 405,
    "accounts:remove_passkey": 405,
    "accounts:remove_app": 405,
    "accounts:remove_password": 405,
    "accounts:recovery": 302,
    "accounts:end_others": 405,
    "accounts:end_session": 405,
    "incidents:one": 404,
    "oversight:person": 404,
    "oversight:end_sessions": 405,
    "oversight:reset": 404,
}
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
    assert unknown(get_resolver()) == set(), "say in MATRIX who may open a new URL"


def may(rule: str | Desk, desk: Desk, user: User, operation: Operation) -> bool:
    """Whether the matrix lets in somebody who works at a desk."""
    administers = user == operation.desks[Desk.ADMINISTRATION]
    by_name = {
        SIGNED_IN: True,
        WORKING: desk in AT_WORK and user != operation.supervisor,
        OFFICERS: user == operation.officer,
        ADMINISTRATORS: administers,
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
