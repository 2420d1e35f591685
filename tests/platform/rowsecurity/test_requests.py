"""Whose rows a request and a job may touch, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import keys_of_organisations
from marfa.domain.ids import new_id
from marfa.platform.arguments import Schema
from marfa.platform.jobs.registry import EVERY_ORGANISATION, JobType, Retry
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.worker import rows_for
from marfa.platform.rowsecurity.context import (
    NOTHING,
    StreamedAnswerAsksError,
    context_statement,
    current_scope,
    row_context,
)
from marfa.web.middleware import with_actor
from tests.conftest import Operation


def ask(user: User, view: object) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = user
    return with_actor(view)(request)  # type: ignore[arg-type]


def test_a_request_acts_for_the_organisations_of_its_actor(operation: Operation) -> None:
    scopes = []

    def view(request: HttpRequest) -> HttpResponse:
        scopes.append(current_scope())
        return HttpResponse()

    for user in (operation.desks[Desk.PROTECTION], operation.partner, operation.outsider):
        ask(user, view)
        assert current_scope() == NOTHING
    assert scopes == [{operation.controller.pk}, {operation.guest.pk}, NOTHING]


def test_the_context_ends_when_the_view_fails(operation: Operation) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(operation.partner, view)
    assert current_scope() == NOTHING


def test_what_is_streamed_may_not_ask_the_database(operation: Operation) -> None:
    def rows() -> Iterator[bytes]:
        yield b"first"
        yield str(User.objects.count()).encode()

    def view(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(rows())

    parts = iter(ask(operation.partner, view).streaming_content)  # type: ignore[attr-defined]
    assert next(parts) == b"first"
    with pytest.raises(StreamedAnswerAsksError):
        next(parts)
    assert User.objects.exists(), "afterwards the database answers again"


def test_what_was_read_before_is_streamed(operation: Operation) -> None:
    def view(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(iter([b"a", b"b"]))

    response = ask(operation.partner, view)
    assert b"".join(response.streaming_content) == b"ab"  # type: ignore[attr-defined]


@pytest.mark.parametrize("rows", [None, "organisation", EVERY_ORGANISATION])
def test_a_job_touches_the_rows_that_it_said(operation: Operation, rows: str | None) -> None:
    def handler(run: Run, *, organisation: UUID) -> None:
        """Does nothing."""

    kind = JobType("tests.rows", handler, Schema.of(handler, skip=1), Retry(), False, True, rows)
    one = new_id()
    expected = {
        None: NOTHING,
        "organisation": {one},
        EVERY_ORGANISATION: set(keys_of_organisations()),
    }
    with rows_for(kind, {"organisation": one}):
        assert current_scope() == expected[rows]
    assert current_scope() == NOTHING


def test_the_database_is_told_keys_and_a_moment_alone() -> None:
    one = new_id()
    with row_context([one]):
        text = context_statement(current_scope())
    assert str(one) in text
    assert text.count("true)") == 2, "for the transaction alone"
    assert "''" in context_statement(NOTHING)
