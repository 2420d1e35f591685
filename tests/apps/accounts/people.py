"""People who sign in as a browser does it, in a real installation's rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import resolve, reverse

from marfa.apps.accounts import one_time_codes as codes
from marfa.apps.accounts.actions import issue_sign_in_link
from marfa.apps.accounts.models import Authenticator, User
from marfa.apps.accounts.passwords import set_password
from marfa.crypto.totp import code_at, step_of
from marfa.platform import clock
from tests.support.passkeys import Device

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = "four olive trees by the wall"
HOST = {"HTTP_HOST": "localhost"}


class Person:
    """Somebody at one browser."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user
        self.client = Client(**HOST)  # type: ignore[arg-type]
        self.device = Device()

    def get(self, name: str, /, *arguments: str, **query: str) -> Any:
        return self.client.get(reverse(f"accounts:{name}", args=arguments), query)

    def post(self, name: str, /, *arguments: str, **sent: str) -> Any:
        return self.client.post(reverse(f"accounts:{name}", args=arguments), sent)

    def by_link(self) -> Any:
        assert self.user is not None
        secret = issue_sign_in_link(user=self.user, valid_for=timedelta(minutes=15))
        return self.post("link", secret)

    def by_password(self, password: str = GOOD, username: str = "", **sent: str) -> Any:
        name = username or (self.user.username if self.user else "")
        return self.post("sign_in", username=name, password=password, **sent)

    def by_passkey(self, device: Device | None = None, **sent: str) -> Any:
        question = self.post("passkey_options").json()
        return self.post("passkey", answer=(device or self.device).prove(question), **sent)

    def add_passkey(self, name: str = "work phone", device: Device | None = None) -> Any:
        question = self.post("add_options").json()
        answer = (device or self.device).register(question)
        return self.post("add_passkey", name=name, answer=answer)

    def is_in(self) -> bool:
        """Whether the home page opens: all that is asked for was proved."""
        return bool(self.client.get(reverse("home")).status_code == 200)

    def leads_to(self, answer: Any) -> str:
        """The name of the page that an answer leads to; empty where it leads nowhere."""
        if answer.status_code != 302:
            return ""
        return resolve(answer.headers["Location"].partition("?")[0]).view_name


def with_app(user: User) -> Authenticator:
    """A user's authenticator app, confirmed long ago."""
    before = clock.now() - timedelta(hours=1)
    with clock.set_to(before):
        row = codes.begin_authenticator(user=user)
        code = code_at(codes.seed_of(row), step_of(before.timestamp()))
        assert codes.confirm_authenticator(authenticator=row, code=code)
    return row


def with_password(user: User, password: str = GOOD) -> User:
    set_password(user=user, password=password)
    return user


def code_now(row: Authenticator) -> str:
    return code_at(codes.seed_of(row), step_of(clock.now().timestamp()))
