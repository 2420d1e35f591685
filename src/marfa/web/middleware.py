"""What happens around every request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from marfa.apps.access import actor_in
from marfa.apps.form_pages.late_forms import typed_words
from marfa.apps.organisations.queries import zone_of
from marfa.apps.problems import problem_sentences
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.platform.disk_space import is_full
from marfa.platform.revisions.errors import ConflictError
from marfa.platform.rowsecurity.context import no_statements, row_context
from marfa.safeguards.charter.resources import Decision, DeniedError

log = logging.getLogger("marfa.requests")

Handler = Callable[[HttpRequest], HttpResponse]


def kept_nowhere(handle: Handler) -> Handler:
    """No page stays in the browser's cache, where the next person at this machine would find it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def with_actor(handle: Handler) -> Handler:
    """``request.actor``: who asks, with the roles in force now. The database is told for which
    organisations they act, and keeps the rows of others away.

    What is streamed is sent after that has ended, and so must not ask the database.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        actor = actor_in(request)
        request.actor = actor  # type: ignore[attr-defined]
        with row_context(actor.organisations):
            response = handle(request)
        if response.streaming:
            _guard_stream(response)
        return response

    return middleware


def on_the_readers_clocks(handle: Handler) -> Handler:
    """Times are shown, and typed, as the clocks are where somebody works."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return handle(request)
        with timezone.override(ZoneInfo(zone_of(actor_in(request)))):
            return handle(request)

    return middleware


def _guard_stream(response: Any) -> None:
    parts = iter(response.streaming_content)

    def guarded() -> Iterator[bytes]:
        while True:
            with no_statements():
                part = next(parts, None)
            if part is None:
                return
            yield part

    response.streaming_content = guarded()


def no_body_for_head(handle: Handler) -> Handler:
    """A HEAD request is answered without a body; the server warns about one that has it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        if request.method == "HEAD" and not response.streaming:
            length = str(len(response.content))
            response.content = b""
            response.headers["Content-Length"] = length
        return response

    return middleware


def typed_in(request: HttpRequest) -> list[str]:
    """The words that were typed into the form that was sent, to be taken along; not what was
    chosen, nor what the page itself sent, nor a password."""
    return typed_words(request.POST)


def refusal_page(request: HttpRequest, decision: Decision) -> HttpResponse:
    """The page for who may not do it: the charter's own sentence, with the rule where that may be
    said; it tells nothing about the record."""
    said = render_message(decision.message, get_language() or SOURCE_LANGUAGE)
    context = {"said": said, "by_rule": decision.by_rule}
    page = render_to_string("403.html", context, request)
    return HttpResponse(page, status=HTTPStatus.FORBIDDEN)


def bare_page(template: str) -> str:
    """A page that asks the database nothing: it may be the database that failed."""
    return render_to_string(template)


def storage_full() -> HttpResponse:
    """The page for a full disk; whoever reads the server's output sees it too."""
    log.error("storage is full")
    return HttpResponse(bare_page("507.html"), status=HTTPStatus.INSUFFICIENT_STORAGE)


class StorageFull:
    """A full disk is said in a sentence; the transaction was rolled back, so nothing is half done.

    Any other failure is logged by its type and the name of the view, never by its text:
    the text of a database error holds the row.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handle(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DeniedError):
            return refusal_page(request, error.decision)
        if isinstance(error, ConflictError):
            # No page put it beside what was typed, which goes back to whoever typed it.
            typed = typed_in(request)
            said = problem_sentences(error)[""]
            page = render_to_string("409.html", {"said": said, "typed": typed}, request)
            return HttpResponse(page, status=HTTPStatus.CONFLICT)
        if isinstance(error, (Http404, PermissionDenied, SuspiciousOperation)):
            return None  # answers, not failures
        if is_full(error, settings.FOLDER.path):
            return storage_full()
        view = request.resolver_match.view_name if request.resolver_match else "unknown view"
        log.error("%s in %s", type(error).__name__, view)
        return None
