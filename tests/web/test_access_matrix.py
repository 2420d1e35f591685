"""Who may open what: every URL of the installation, against everybody.

A URL that is not in the matrix fails the test, so that a new view says who may open it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from marfa.apps.registry import Desk
from tests.conftest import Operation, signed_in

ANYBODY = "anybody"
SIGNED_IN = "signed in"
WORKING = "who works with people"
OFFICERS = "data-protection officers"

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
    "organisations:sites": Desk.ADMINISTRATION,
    **dict.fromkeys(
        (
            f"organisations:{name}"
            for name in (
                *("people", "add", "ending", "person", "grant", "link", "block", "unblock"),
                *("end_grant", "add_guest", "add_site", "end_guest", "teams", "add_team", "team"),
                *("member", "end_team", "exclusions"),
            )
        ),
        Desk.ADMINISTRATION,
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
    "oversight:keys": Desk.ADMINISTRATION,
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
    "sitecards:edit": Desk.ADMINISTRATION,
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


def test_every_url_is_in_the_matrix() -> None:
    names = set(url_names(get_resolver()))
    assert names == set(MATRIX), "say in MATRIX who may open a new URL"


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_may(operation: Operation, name: str) -> None:
    rule = MATRIX[name]
    url = reverse(name, args=ARGUMENTS.get(name, []))

    def ask(client: Client) -> int:
        if name == "files:upload":
            return client.head(url, headers=HEADERS).status_code
        method = client.post if name in POST_ONLY else client.get
        return method(url, headers=HEADERS).status_code

    visitor, outsider = ask(Client()), ask(signed_in(operation.outsider))
    if rule == ANYBODY:
        assert visitor in (200, 302, 404, 405, 410)
        if visitor == 302:  # what is open to anybody leads to where it leads, not to sign-in first
            target = (Client().post if name in POST_ONLY else Client().get)(url).headers["Location"]
            assert "next=" not in target
        return
    response = Client().get(url)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("accounts:sign_in"))
    assert visitor == 302
    good = ANSWER.get(name, 200)
    assert outsider == (good if rule == SIGNED_IN else 403)
    for desk in Desk:
        allowed = rule in (SIGNED_IN, desk) or (rule == WORKING and desk in AT_WORK)
        assert ask(operation.at(desk)) == (good if allowed else 403), f"{desk} at {name}"
