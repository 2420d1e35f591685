"""Coming in and going out, as a browser does it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import allow_sign_in, issue_sign_in_link
from marfa.apps.manifest import Desk
from tests.conftest import Operation


@pytest.fixture
def secret(operation: Operation) -> str:
    user = operation.desks[Desk.RECEPTION]
    return issue_sign_in_link(user=user, valid_for=timedelta(minutes=5))


def test_opening_a_link_does_not_use_it_up(secret: str) -> None:
    url = reverse("accounts:link", args=[secret])
    for _ in range(3):
        assert Client().get(url).status_code == 200
    client = Client()
    assert client.post(url).status_code == 302
    assert client.get(reverse("home")).status_code == 200


def test_a_used_link_says_so_and_lets_nobody_in(secret: str) -> None:
    url = reverse("accounts:link", args=[secret])
    Client().post(url)
    client = Client()
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 410
        assert "no longer works" in response.content.decode()
    assert client.get(reverse("home")).status_code == 302


def test_unknown_and_used_links_look_the_same(secret: str) -> None:
    url = reverse("accounts:link", args=[secret])
    Client().post(url)
    used = Client().get(url)
    unknown = Client().get(reverse("accounts:link", args=["x" * 43]))
    assert used.status_code == unknown.status_code
    assert _bare(used.content) == _bare(unknown.content)


def _bare(content: bytes) -> list[str]:
    """The page without what is random on each: the form's token, the nonce, the path."""
    lines = content.decode().splitlines()
    return [line for line in lines if not any(word in line for word in ("csrf", "nonce", "next"))]


def test_signing_in_takes_a_new_session(secret: str) -> None:
    client = Client()
    client.get(reverse("accounts:sign_in"))
    session = client.session
    session["left"] = "by somebody else"
    session.save()
    before = session.session_key or ""
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    client.post(reverse("accounts:link", args=[secret]))
    assert client.session.session_key != before
    assert "left" not in client.session


def test_blocking_bites_at_the_next_request(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    assert client.get(reverse("home")).status_code == 200
    allow_sign_in(user=operation.desks[Desk.RECEPTION], allowed=False)
    assert client.get(reverse("home")).status_code == 302


def test_lifting_a_block_does_not_bring_back_sessions(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    user = operation.desks[Desk.RECEPTION]
    allow_sign_in(user=user, allowed=False)
    allow_sign_in(user=user, allowed=True)
    assert client.get(reverse("home")).status_code == 302
    assert operation.at(Desk.PROTECTION).get(reverse("home")).status_code == 200


def test_signing_out_ends_the_session_and_clears_the_browser(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    response = client.post(reverse("accounts:sign_out"))
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert client.get(reverse("home")).status_code == 302


def test_forms_need_their_token(secret: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("accounts:link", args=[secret]))
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


def test_the_language_is_remembered(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    url = reverse("accounts:language")
    assert client.post(url, {"language": "ar", "next": "/"}).headers["Location"] == "/"
    assert 'dir="rtl"' in client.get(reverse("home")).content.decode()
    user = operation.desks[Desk.RECEPTION]
    user.refresh_from_db()
    assert user.language == "ar"
    secret = issue_sign_in_link(user=user, valid_for=timedelta(minutes=5))
    elsewhere = Client()
    elsewhere.post(reverse("accounts:link", args=[secret]))
    assert 'lang="ar"' in elsewhere.get(reverse("home")).content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_the_language_switch_leads_nowhere_else(db: None, target: str) -> None:
    response = Client().post(reverse("accounts:language"), {"language": "ar", "next": target})
    assert response.headers["Location"] == reverse("home")


def test_an_unknown_language_changes_nothing(db: None) -> None:
    response = Client().post(reverse("accounts:language"), {"language": "xx", "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


@pytest.mark.parametrize("name", ["accounts:sign_out", "accounts:language"])
def test_changes_are_not_made_by_links(db: None, name: str) -> None:
    assert Client().get(reverse(name)).status_code == 405


def test_demonstration_users_come_in_with_one_click(operation: Operation) -> None:
    for desk in settings.DESKS:
        client = Client()
        assert client.post(reverse("demo:enter"), {"desk": desk}).status_code == 302
        assert client.get(reverse(f"desk-{desk}")).status_code == 200


def test_the_data_protection_officer_has_a_button_too(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    assert 'name="desk" value="officer"' in client.get(reverse("accounts:sign_in")).content.decode()
    assert client.post(reverse("demo:enter"), {"desk": "officer"}).status_code == 302
    assert client.get(reverse("log:search")).status_code == 200
    monkeypatch.setattr(settings, "DESKS", (Desk.RECEPTION,))
    assert 'value="officer"' not in Client().get(reverse("accounts:sign_in")).content.decode()
    assert Client().post(reverse("demo:enter"), {"desk": "officer"}).status_code == 404


@pytest.mark.parametrize("desk", ["", "outsider", "nothing", "colleague"])
def test_nobody_else_comes_in_by_the_demonstration(operation: Operation, desk: str) -> None:
    client = Client()
    assert client.post(reverse("demo:enter"), {"desk": desk}).status_code == 404
    assert client.get(reverse("home")).status_code == 302


def test_a_live_installation_lets_nobody_in_by_the_demonstration(
    operation: Operation, settings: object
) -> None:
    settings.DEMONSTRATION = False  # type: ignore[attr-defined]
    assert Client().post(reverse("demo:enter"), {"desk": "reception"}).status_code == 404
