"""When something breaks: a page that says what was kept, and a log without anybody's data."""

from __future__ import annotations

import errno
import logging
import sqlite3

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.views import sign_in
from marfa.apps.manifest import Desk
from marfa.platform.disk_space import is_full
from marfa.platform.revisions.errors import ConflictError
from marfa.web.settings import LOGGING
from tests.conftest import Operation

NAME = "Canary Al-Hidden"


def raise_in_view(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(sign_in, "choose_language", fail)


def post(operation: Operation) -> tuple[int, str]:
    client = operation.at(Desk.RECEPTION)
    client.raise_request_exception = False
    response = client.post(reverse("accounts:language"), {"language": "en"})
    return response.status_code, response.content.decode()


def full_database() -> OperationalError:
    error = OperationalError("database or disk is full")
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "no space"), full_database()])
def test_a_full_disk_is_said(
    operation: Operation, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    raise_in_view(monkeypatch, error)
    status, page = post(operation)
    assert status == 507
    assert "was not stored" in page


def test_who_was_slower_is_told_and_has_what_they_typed(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no page puts it beside the form."""
    raise_in_view(monkeypatch, ConflictError((), version=2, values={}))
    client = operation.at(Desk.RECEPTION)
    sent = {"language": "en", "text": "She lives <there> now", "password": "harbour and lantern"}
    response = client.post(reverse("accounts:language"), sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Someone else changed this at the same moment" in page
    assert "She lives &lt;there&gt; now" in page
    assert "harbour and lantern" not in page


def test_a_fault_of_ours_is_said_and_its_text_is_not_logged(
    operation: Operation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    raise_in_view(monkeypatch, RuntimeError(f"row for {NAME}"))
    with caplog.at_level(logging.DEBUG):
        status, page = post(operation)
    assert status == 500
    assert "The fault is ours" in page
    assert NAME not in page
    own = [record.getMessage() for record in caplog.records if record.name == "marfa.requests"]
    assert own == ["RuntimeError in accounts:language"]


def test_a_refusal_is_an_answer_and_not_a_failure(
    operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert operation.at(Desk.RECEPTION).get(reverse("organisations:people")).status_code == 403
    assert [record for record in caplog.records if record.name == "marfa.requests"] == []


def test_what_django_would_log_of_a_request_is_kept_out(db: None) -> None:
    for name in ("django.request", "django.security"):
        assert LOGGING["loggers"][name] == {"handlers": ["silent"], "propagate": False}


def test_a_full_disk_is_known_from_its_cause() -> None:
    assert is_full(OSError(errno.EDQUOT, "quota"))
    assert not is_full(OSError(errno.ENOENT, "full of nothing"))
    assert not is_full(sqlite3.OperationalError("syntax error near full"))
    assert not is_full(None)


def test_head_has_no_body(db: None) -> None:
    url = reverse("accounts:sign_in")
    whole, head = Client().get(url), Client().head(url)
    assert head.content == b""
    assert int(head.headers["Content-Length"]) > 0
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


def test_health_answers(db: None) -> None:
    response = Client().get(reverse("health"))
    assert (response.status_code, response.content) == (200, b"ok")
