"""Keeps forms that are sent after their session has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from marfa.apps.accounts.middleware import KEPT, ended_user
from marfa.apps.accounts.models import User
from marfa.apps.accounts.next_page import local_path
from marfa.apps.form_pages.form_refill import form_in, refill_form
from marfa.apps.form_pages.late_forms import (
    KEPT_FOR,
    LARGEST,
    NEVER,
    LateSubmission,
    drop_late,
    keep_late,
    late_form,
    typed_words,
)
from marfa.platform.limits.limiter import Limit, spend_attempt

Handler = Callable[[HttpRequest], HttpResponse]
TOO_LARGE = 413
LIMIT = Limit("form_pages.late_form", burst=10, interval=timedelta(minutes=1))
# What proves who somebody is, and what is sealed, is typed anew.
NEVER_FROM = {"accounts", "sealedtier"}
END = "</main>"
CONTENT = '<div class="wrap stack">'


class LateForms:
    """Keeps what is sent by a browser whose session has ended, and what a page refuses without
    giving it back, and puts it into the form again when the same person opens it there. On a page
    that refuses stands nothing of what was typed, but the way to it.

    It stands behind the check of the token against forged forms, and in front of the refusal of
    visitors.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handle(request)
        if request.method == "POST":
            _keep_refused(request, response)
            return response
        secret = request.COOKIES.get(settings.LATE_FORM_COOKIE_NAME)
        if not secret or not isinstance(request.user, User) or not _is_page(request, response):
            return response
        sent = late_form(user=request.user.pk, secret=secret)
        if sent is not None and sent.page == request.get_full_path():
            _put_back(request, response, sent)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.method != "POST":
            return None
        if isinstance(request.user, User):
            _sent_again(request, request.user)
            return None
        whose = ended_user(request)
        if whose is None or not _may_be_kept(request, view):
            return None
        return _keep(request, whose)


def _may_be_kept(request: HttpRequest, view: Any) -> bool:
    """Sent as a plain form from a page of ours to one that asks for a session."""
    match = request.resolver_match
    return (
        getattr(view, "login_required", True)
        and match is not None
        and not NEVER_FROM.intersection(match.app_names)
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        and _ours(request, request.headers.get("Origin") or request.headers.get("Referer", ""))
        and not request.headers.get("X-Draft")
        and not request.headers.get("HX-Request")
    )


def _keep_refused(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what was refused, where the page that says so has not put it back into its form."""
    user, match = request.user, request.resolver_match
    refused = 400 <= response.status_code < 500 and not response.streaming
    if not refused or not isinstance(user, User) or match is None or not _is_html(response):
        return
    if not _may_be_kept(request, match.func):
        return
    html = response.content.decode()
    if all(_stands_in(each, html) for each in typed_words(request.POST)) or END not in html:
        return
    sent = _sent(request)
    if _is_too_large(sent) or not spend_attempt(LIMIT, str(user.pk)):
        return
    _hold(response, keep_late(user=user.pk, sent=sent))
    said = render_to_string("form_pages/kept.html", {"page": sent.page}, request)
    before, _end, after = html.rpartition(END)
    response.content = before + said + END + after


def _stands_in(text: str, html: str) -> bool:
    """Line by line, since a page may break them in its own way."""
    return all(escape(line.strip()) in html for line in text.splitlines())


def _ours(request: HttpRequest, address: str) -> bool:
    """Whether an address is of this origin; without one nothing is known, and it is not."""
    told = urlsplit(address)
    return (told.scheme, told.netloc) == (request.scheme, request.get_host())


def _sent(request: HttpRequest) -> LateSubmission:
    fields = {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if not NEVER.search(name)
    }
    page = _page_of(request)
    return LateSubmission(page, request.get_full_path(), fields, files=bool(request.FILES))


def _is_too_large(sent: LateSubmission) -> bool:
    return sum(len(each.encode()) for values in sent.fields.values() for each in values) > LARGEST


def _keep(request: HttpRequest, whose: UUID) -> HttpResponse:
    sent = _sent(request)
    if _is_too_large(sent):
        return render(request, "form_pages/too_large.html", status=TOO_LARGE)
    if not spend_attempt(LIMIT, str(whose)):
        return render(request, "form_pages/too_large.html", {"often": True}, status=429)
    secret = keep_late(user=whose, sent=sent)
    request.session[KEPT] = True
    response = redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': sent.page})}")
    _hold(response, secret)
    return response


def _hold(response: HttpResponse, secret: str) -> None:
    """Let this browser alone come back to what is kept."""
    response.set_cookie(
        settings.LATE_FORM_COOKIE_NAME,
        secret,
        max_age=KEPT_FOR,
        secure=True,
        httponly=True,
        samesite="Strict",
    )


def _page_of(request: HttpRequest) -> str:
    """Where the form stood: as the browser says, and otherwise where it was sent to."""
    told = request.headers.get("Referer", "")
    parts = urlsplit(told)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return (local_path(path) if _ours(request, told) else "") or request.get_full_path()


def _sent_again(request: HttpRequest, user: User) -> None:
    secret = request.COOKIES.get(settings.LATE_FORM_COOKIE_NAME)
    sent = late_form(user=user.pk, secret=secret) if secret else None
    if secret and sent is not None and sent.action == request.get_full_path():
        drop_late(user=user.pk, secret=secret)


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and _is_html(response)
    )


def _is_html(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def _put_back(request: HttpRequest, response: HttpResponse, sent: LateSubmission) -> None:
    """The form filled with what was typed; what has no field there any more is shown above it."""
    html = response.content.decode()
    form, placed = form_in(html, sent.page, sent.action, set(sent.fields))
    left = [value for name, values in sent.fields.items() if name not in placed for value in values]
    shown = [value for value in left if len(value) > 1]
    context = {"form": form >= 0, "left": shown, "files": sent.files}
    said = render_to_string("form_pages/late.html", context, request)
    if form >= 0:
        response.content = refill_form(html, form, sent.fields, said)
    else:
        response.content = html.replace(CONTENT, CONTENT + said, 1)
