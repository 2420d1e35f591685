"""What every answer carries, whoever gives it: a page, a refusal, a failure, a file, the server."""

from __future__ import annotations

import json
import re
import subprocess
import sys
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
from tests.support.installation import environment
from tests.support.shared_copies import Once

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


def test_no_other_origin_is_let_in(db: None) -> None:
    """Whatever origin asks, and whether it asks first."""
    asked = {"origin": "https://elsewhere.example"}
    answers = [Client().get("/sign-in/", headers=asked), Client().options("/", headers=asked)]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("Access-Control-")]


def test_every_answer_says_what_it_is(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    for path in ("/", "/nothing/", reverse("organisations:people")):
        assert client.get(path).headers["Content-Type"] == "text/html; charset=utf-8"
    assert client.get(reverse("health")).headers["Content-Type"].startswith("text/plain")


ORIGIN = """
import json, sys
from marfa.web import settings
wanted = [name for name in vars(settings) if name.startswith("SECURE_")]
json.dump({name: getattr(settings, name) for name in wanted}, sys.stdout)
"""


def test_the_secure_origin_is_kept_to_for_a_year(once: Once) -> None:
    """Where it is set; what watches the server alone is asked over http."""

    def settings_with(**more: str) -> dict[str, object]:
        data = str(once.original())
        ran = subprocess.run(
            [sys.executable, "-c", ORIGIN],
            env=environment(MARFA_DATA=data, **more),
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, object] = json.loads(ran.stdout)
        return found

    found = settings_with(MARFA_ORIGIN="https://marfa.example.org")
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_REDIRECT_EXEMPT"] == ["^health/$"]
    assert "SECURE_HSTS_SECONDS" not in settings_with()


def test_a_manager_of_passwords_knows_the_fields(operation: Operation) -> None:
    page = Client().get(reverse("accounts:sign_in")).content.decode()
    [field] = re.findall(r"<input[^>]*type=\"password\"[^>]*>", page)
    assert 'autocomplete="current-password"' in field
    assert "paste" not in page
