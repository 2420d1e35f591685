"""What every answer carries, whoever gives it: a page, a refusal, a failure, a file, the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.views import sign_in
from marfa.apps.manifest import Desk
from marfa.web.connections import bare_answer
from marfa.web.headers import NO_PAGE_ASKS_FOR, STANDING
from tests.conftest import Operation

SOURCES = Path(__file__).parents[2] / "src" / "marfa"


def missing(headers: Mapping[str, str]) -> set[str]:
    return {name for name, value in STANDING.items() if headers.get(name) != value}


def test_pages_redirects_refusals_and_failures(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(sign_in, "choose_language", fail)
    client = operation.at(Desk.RECEPTION)
    client.raise_request_exception = False
    answers = {
        200: client.get(reverse("home")),
        302: Client().get(reverse("home")),
        403: client.get(reverse("organisations:people")),
        404: client.get("/nothing/"),
        405: client.get(reverse("shortcuts")),
        500: client.post(reverse("accounts:language"), {"language": "en"}),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {
        status: status for status in answers
    }
    assert {status: missing(answer.headers) for status, answer in answers.items()} == {
        status: set() for status in answers
    }
    wrong_host = Client(headers={"host": "elsewhere.example"}).get("/")
    assert (wrong_host.status_code, missing(wrong_host.headers)) == (400, set())


def test_files_of_the_pages(db: None) -> None:
    built = next((SOURCES / "web" / "static" / "built").glob("main-*.css"))
    answer = Client().get(f"{settings.STATIC_URL}built/{built.name}")
    answer.close()
    assert (answer.status_code, missing(answer.headers)) == (200, set())


def test_what_the_server_says_itself() -> None:
    head = bare_answer(HTTPStatus.REQUEST_TIMEOUT).decode().partition("\r\n\r\n")[0]
    found = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    assert missing(found) == set()


def test_a_header_that_is_absent_is_seen() -> None:
    without = {name: value for name, value in STANDING.items() if name != "X-Frame-Options"}
    assert missing(without) == {"X-Frame-Options"}
    assert missing({**STANDING, "Permissions-Policy": "camera=*"}) == {"Permissions-Policy"}


def test_no_page_may_ask_for_camera_microphone_or_place() -> None:
    policy = dict(part.split("=") for part in STANDING["Permissions-Policy"].split(", "))
    assert set(policy.values()) == {"()"}
    assert {"camera", "microphone", "geolocation"} <= set(policy) == set(NO_PAGE_ASKS_FOR)


def test_they_stand_in_one_place() -> None:
    """Beside it, the page that is opened by a link alone says something narrower."""
    named = re.compile("|".join(["X_FRAME_OPTIONS", "SECURE_CONTENT_TYPE", *STANDING]))
    found = {
        str(file.relative_to(SOURCES))
        for file in SOURCES.rglob("*.py")
        if named.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"web/headers.py", "apps/referrals/views/one_time_page.py"}
